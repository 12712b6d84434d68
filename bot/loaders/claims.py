"""What those who ask are told: their texts, claims, verdicts, lists and searches."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.loaders.corrections import amended
from bot.views import lists, notices, searching, status, submissions, verdicts
from jobs.duplicates import suggestions
from jobs.lookup import mine_page, people_meant, queue_page, search_page
from jobs.search_query import parse
from storage.errors import Refused
from storage.kinds import Role
from storage.model import ClaimId, DocumentId, SubmissionId, VerdictId


async def _gathered(it: Delivery) -> Render:
    submission = await it.ledger.submissions.get(SubmissionId(it.number("submission")))
    return partial(submissions.submission_gathered, submission, it.words)


async def _language_unclear(it: Delivery) -> Render:
    document = await it.ledger.documents.get(DocumentId(it.number("document")))
    text = await it.ledger.documents.text_of(document.id)
    return partial(submissions.language_unclear, document, text, it.words)


async def _confirmed(it: Delivery) -> Render:
    listed = it.row.payload["claims"]
    shown = [await it.ledger.figures.status(ClaimId(each["id"])) for each in listed[: submissions.SHOWN_MOST]]
    confirmed = submissions.Confirmed(
        claims=shown,
        total=len(listed),
        new=frozenset(ClaimId(each["id"]) for each in listed if each["new"]),
        already=bool(it.row.payload["already"]),
        left_out=int(it.row.payload.get("left_out", 0)),
        alike=await suggestions(it.ledger, shown[0].claim) if len(listed) == 1 else (),
    )
    return partial(submissions.submission_confirmed, confirmed, it.words)


async def _verdict(it: Delivery) -> Render:
    verdict = await it.ledger.verdicts.get(VerdictId(it.number("verdict")))
    sources = await it.ledger.verdicts.list_sources(verdict.id)
    claim = await it.ledger.claims.get(verdict.claim_id)
    document = await it.ledger.documents.get(claim.document_id)
    latest = await it.ledger.verdicts.find_published(claim.id)
    if it.row.payload["to"] != "requester":
        if latest is None or latest.id != verdict.id or await it.ledger.corrections.find_released(verdict.id):
            # It was long on its way: what it says was corrected meanwhile.
            return await amended(it, claim.id)
        return partial(verdicts.verdict_published, verdict, sources, claim, document, it.words)
    request = await it.ledger.requests.find_at(claim.id, it.reader.id)
    before = await it.ledger.posts.find_told_before(verdict, it.reader.id)
    asked = claim if request is None else await it.ledger.claims.get(request.asked_id)
    return partial(verdicts.verdict_published, verdict, sources, claim, document, it.words, asked=asked, before=before)


async def _status(it: Delivery) -> Render:
    claim_id = ClaimId(it.number("claim"))
    facts = await it.ledger.figures.status(claim_id)
    # In a group nobody is told who asked.
    asked = it.person is not None and it.person.id in await it.ledger.requests.list_requesters(claim_id)
    role = Role(it.row.payload["role"])
    alike = await suggestions(it.ledger, facts.claim)
    merged = await it.ledger.claims.list_merged(claim_id)
    tags = await it.ledger.tags.list_of(claim_id)
    shown = partial(status.status_shown, facts, role, it.words, it.deps.policy)
    voices = None
    if role.covers(Role.EDITOR) and facts.verdict is not None:
        voices = await it.ledger.objections.voices(facts.verdict.id)
    return partial(shown, asked=asked, alike=alike, merged=merged, tags=tags, voices=voices)


async def _queue(it: Delivery) -> Render:
    page = await queue_page(it.ledger, it.now, it.deps.policy, it.number("offset"))
    return partial(lists.queue_shown, page, it.words)


async def _mine(it: Delivery) -> Render:
    page = await mine_page(it.ledger, it.reader, it.number("offset"), it.deps.policy)
    return partial(lists.mine_shown, page, it.words)


async def _search(it: Delivery) -> Render:
    typed = str(it.row.payload["query"])
    try:
        query = parse(typed, it.deps.policy, it.words.zone, searching.search_names())
        people = await people_meant(it.ledger, query, it.person)
    except Refused as refused:
        # It was possible when it was asked; since then a rating left the scale, say, or a person changed their name.
        return partial(notices.notice, notices.Notice(refused.code, refused.data), it.words)
    page = await search_page(it.ledger, query, people, it.now, it.deps.policy, it.number("offset"))
    return partial(searching.search_shown, page, query, typed, it.words)


async def _search_help(it: Delivery) -> Render:
    return partial(searching.search_help, Role(it.row.payload["role"]), it.words, it.deps.policy)


async def _tags(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return partial(searching.tags_shown, claim, await it.ledger.tags.list_of(claim.id), it.words)


CLAIMS: dict[str, Loader] = {
    "submission_gathered": _gathered,
    "submission_confirmed": _confirmed,
    "language_unclear": _language_unclear,
    "verdict_published": _verdict,
    "status_shown": _status,
    "queue_shown": _queue,
    "mine_shown": _mine,
    "search_shown": _search,
    "search_help": _search_help,
    "tags_shown": _tags,
}
