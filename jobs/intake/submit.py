"""Documents in, claims out; and the way of a message from a chat to a request."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from jobs.dispatch import hand_out
from jobs.indexing import note_link
from jobs.intake.language import detect
from jobs.intake.sentences import split
from jobs.intake.unclear import ask_language
from jobs.intake.worth import score
from jobs.lifecycle import Action
from jobs.notify import private_chat, tell
from jobs.policy import Policy
from jobs.recognise import recognise
from jobs.requests import ask, canonical
from jobs.tags import tags_of
from jobs.transitions import advance
from jobs.triage import announce, take_asked
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import DocumentKind, SubmissionState
from storage.ledger import Ledger
from storage.matches import MatchLine
from storage.model import Claim, Document, DocumentId, Person, Submission, SubmissionId
from storage.search import claim_key, normal_form
from storage.search.urls import canonical_url


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text that comes in. `language` None: to be detected. `whole`: one claim, not a claim per sentence."""

    kind: DocumentKind
    text: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in a document; `new` if the document brought it, and then what it is `similar` to, best first.

    `said`: the claim in the document's own words, which differs from `claim` if it was merged into that.
    """

    claim: Claim
    said: Claim
    new: bool
    similar: tuple[MatchLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a text; `known` if the very same came in before, and nothing was changed.

    `left_out`: how many of its sentences were beyond `policy.max_claims_per_document`.
    """

    document: Document
    claims: list[Found]
    known: bool
    left_out: int = 0


async def take_in(ledger: Ledger, incoming: Incoming, person: Person | None, now: datetime, policy: Policy) -> Intake:
    """Keep a document and its claims. The same text twice changes nothing.

    Raises:
        Refused: `text_empty`, `no_claim_in_text`.
    """
    text = unicodedata.normalize("NFC", incoming.text).strip()
    if not text:
        raise Refused("text_empty")
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    known = await ledger.documents.find_by_hash(content_hash)
    if known is not None:
        return Intake(known, await _known_claims(ledger, known.id), known=True)
    sentences = [text] if incoming.whole else [sentence.text for sentence in split(incoming.text)]
    quotes = sentences[: policy.max_claims_per_document]
    if not quotes:
        raise Refused("no_claim_in_text")
    document = await ledger.documents.add(
        kind=incoming.kind,
        content_hash=content_hash,
        text=incoming.text,
        title=incoming.title,
        publisher=incoming.publisher,
        url=incoming.url,
        language=incoming.language or detect(text),
        submitted_by=None if person is None else person.id,
        published_at=incoming.published_at,
        now=now,
    )
    await note_link(ledger, document)
    await ledger.audit.append(
        "document.added", "document", document.id, now, actor=document.submitted_by, data={"hash": content_hash}
    )
    found = [await _claim_at(ledger, document, position, quote, now, policy) for position, quote in enumerate(quotes)]
    await announce(ledger, [each.said for each in found if each.new], now)
    return Intake(document, found, known=False, left_out=len(sentences) - len(quotes))


async def _claim_at(
    ledger: Ledger, document: Document, position: int, quote: str, now: datetime, policy: Policy
) -> Found:
    key = claim_key(quote)
    claim = await ledger.claims.find_by_key(key)
    new = claim is None
    if claim is None:
        language = detect(quote)
        if language == "und":
            language = document.language
        claim = await ledger.claims.add(
            document_id=document.id,
            position=position,
            quote=quote,
            text=quote,
            key=key,
            words=normal_form(quote),
            language=language,
            worth=score(quote, language).value,
            now=now,
        )
        await ledger.tags.add(claim.id, tags_of(quote))
        known = await recognise(ledger, claim, now, policy)
        if known is not None:
            claim = await advance(ledger, claim, Action.MERGE, now, duplicate_of=known.id, known=known.id)
            await ledger.documents.add_appearance(document.id, position, claim.id, quote)
            return Found(known, claim, new=False)
        queued = policy.queue_from_documents or document.kind is DocumentKind.MESSAGE
        claim = await advance(
            ledger, claim, Action.QUEUE if queued else Action.TRIAGE, now, actor=document.submitted_by
        )
    await ledger.documents.add_appearance(document.id, position, claim.id, quote)
    similar = tuple(await ledger.matches.list_lines(claim.id)) if new else ()
    return Found(await canonical(ledger, claim), claim, new, similar)


async def _known_claims(ledger: Ledger, document_id: DocumentId) -> list[Found]:
    said = [await ledger.claims.get(claim_id) for claim_id in await ledger.documents.list_claims(document_id)]
    return [Found(await canonical(ledger, claim), claim, new=False) for claim in said]


async def ingest(ledger: Ledger, incoming: Incoming, person: Person | None, now: datetime, policy: Policy) -> Intake:
    """`take_in`, and offer what is new to reviewers."""
    intake = await take_in(ledger, incoming, person, now, policy)
    if not intake.known:
        await hand_out(ledger, now, policy)
    return intake


async def gather(ledger: Ledger, person: Person, text: str, source: str | None, now: datetime, policy: Policy) -> None:
    """Add a message to the person's submission, begun if none is growing, and ask them to confirm it.

    The question is asked once no message came for `policy.gather`, so that three quick forwards get one question.
    """
    text = _fit(text, policy)
    growing = await ledger.submissions.find_gathering(person.id, now - policy.gather)
    if growing is None:
        submission_id = (await ledger.submissions.add(person.id, private_chat(person), text, source, now)).id
    else:
        submission_id = growing.id
        joined = _fit(f"{growing.text}\n\n{text}", policy)
        await ledger.submissions.mark_text(submission_id, joined, source, now)
    await ledger.outbox.enqueue(
        private_chat(person),
        "submission_gathered",
        {"submission": submission_id},
        now,
        person_id=person.id,
        card=f"submission:{submission_id}",
        due_at=now + policy.gather,
    )


def _fit(text: str, policy: Policy) -> str:
    text = text.strip()
    if not text:
        raise Refused("text_empty")
    # An article forwarded in parts is longer than a single message may be, and is still one submission.
    if len(text) > policy.text_max * 10:
        raise Refused("text_too_long", longest=policy.text_max * 10)
    return text


async def confirm(ledger: Ledger, person: Person, submission_id: SubmissionId, now: datetime, policy: Policy) -> None:
    """Make a submission a request, as its sender wished."""
    submission = await _own(ledger, person, submission_id, SubmissionState.CONFIRMED)
    await request_text(ledger, person, submission.text, submission.source, now, policy)
    await _end(ledger, submission, SubmissionState.CONFIRMED, now)


async def discard(ledger: Ledger, person: Person, submission_id: SubmissionId, now: datetime) -> None:
    """Drop a submission, as its sender wished."""
    await _end(
        ledger, await _own(ledger, person, submission_id, SubmissionState.DISCARDED), SubmissionState.DISCARDED, now
    )


async def _own(ledger: Ledger, person: Person, submission_id: SubmissionId, wanted: SubmissionState) -> Submission:
    submission = await ledger.submissions.get(submission_id)
    if submission.person_id != person.id:
        raise NotAllowed("submission_gone")
    if submission.state is not SubmissionState.GATHERING:
        raise Stale("submission_done" if submission.state is wanted else "submission_gone")
    return submission


async def _end(ledger: Ledger, submission: Submission, state: SubmissionState, now: datetime) -> None:
    await ledger.submissions.mark_state(submission.id, state, now)
    await ledger.outbox.enqueue(
        submission.chat_id,
        "submission_gathered",
        {"submission": submission.id},
        now,
        person_id=submission.person_id,
        card=f"submission:{submission.id}",
    )


async def request_text(
    ledger: Ledger, person: Person, text: str, source: str | None, now: datetime, policy: Policy
) -> None:
    """Take in a text from a chat and note that the person wants to know; they are told what became of it.

    A text of a few sentences is one claim; a longer one is an article, and they are asking about each of its claims. A
    link alone, to a page that the desk has, asks about the claims of that page.
    """
    text = _fit(text, policy)
    linked = await _linked(ledger, text)
    if linked:
        await _note_asked(ledger, person, linked, 0, now, policy)
        return
    whole = len(split(text)) <= policy.message_sentences
    incoming = Incoming(DocumentKind.MESSAGE if whole else DocumentKind.ARTICLE, text, url=source, whole=whole)
    intake = await take_in(ledger, incoming, person, now, policy)
    if whole:
        for found in intake.claims:
            await take_asked(ledger, found.claim, person, now)
    await _note_asked(ledger, person, intake.claims, intake.left_out, now, policy)
    await ask_language(ledger, person, intake.document, text, now)


async def _note_asked(
    ledger: Ledger, person: Person, claims: list[Found], left_out: int, now: datetime, policy: Policy
) -> None:
    asked = [await ask(ledger, person, found.said, now) for found in claims]
    await hand_out(ledger, now, policy)
    await tell(
        ledger,
        person,
        "submission_confirmed",
        now,
        claims=[{"id": found.claim.id, "new": found.new} for found in _once(claims)],
        already=not any(asked),
        left_out=left_out,
    )


async def _linked(ledger: Ledger, text: str) -> list[Found]:
    """Return the claims of the page to which a text that is a link and nothing else leads, if the desk has it."""
    page = canonical_url(text) if len(text.split()) == 1 else None
    documents = [] if page is None else await ledger.indexing.list_linked(page)
    if not documents:
        return []
    return await _known_claims(ledger, documents[0])


def _once(claims: list[Found]) -> list[Found]:
    return list({found.claim.id: found for found in claims}.values())
