"""From an outbox row to a message: one loader per kind reads the facts, one view makes words of them.

`load` is awaited inside the courier's short transaction; what it returns is called after it, and touches nothing. So a
message shows what is so when it is sent, in the language that its reader has then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.views import (
    cards,
    chats,
    commands,
    decisions,
    digests,
    lists,
    notices,
    people,
    practice,
    searching,
    status,
    submissions,
    verdicts,
)
from bot.views.message import Call, Message
from bot.views.words import Words, words_for
from jobs.lookup import mine_page, people_meant, queue_page, search_page
from jobs.policy import Policy
from jobs.search_query import parse
from storage.errors import Refused
from storage.ledger import Ledger
from storage.model import (
    AssignmentId,
    ChatId,
    ClaimId,
    DigestId,
    DocumentId,
    InviteId,
    OutboxMessage,
    Person,
    PersonId,
    Role,
    SubmissionId,
    SubscriptionId,
    VerdictId,
)

Render = Callable[[], Message | Call]


@dataclass(frozen=True, slots=True)
class Deps:
    """What rendering needs to know of the desk. `invite_link` makes an invite's address from its id and creation."""

    policy: Policy
    default_language: str
    default_zone: str
    bot_username: str
    invite_link: Callable[[InviteId, datetime], str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row on its way, with who reads it (None for groups and channels) and in which words."""

    ledger: Ledger
    row: OutboxMessage
    deps: Deps
    now: datetime
    person: Person | None
    words: Words

    def number(self, name: str) -> int:
        """Return a number of the payload."""
        return int(self.row.payload[name])

    @property
    def reader(self) -> Person:
        """The person; kinds that are about their reader go to private chats only."""
        if self.person is None:
            raise ValueError(f"{self.row.kind} is for a person, chat {self.row.chat_id} is none")
        return self.person


Loader = Callable[[Delivery], Awaitable[Render]]


async def load(ledger: Ledger, row: OutboxMessage, deps: Deps, now: datetime) -> Render:
    """Read the facts of a message and return what makes it.

    Raises:
        ValueError: no view for this kind.
        NotFound: what the message is about is gone.
    """
    loader = _LOADERS.get(row.kind)
    if loader is None:
        raise ValueError(f"no view for a message of kind {row.kind!r}")
    person = await _person(ledger, row)
    language, zone = deps.default_language, deps.default_zone
    if person is not None:
        language, zone = person.language or language, person.zone or zone
    elif (chat := await ledger.chats.find(row.chat_id)) is not None:
        language = chat.language or language
    return await loader(Delivery(ledger, row, deps, now, person, words_for(language, zone)))


async def _person(ledger: Ledger, row: OutboxMessage) -> Person | None:
    if row.person_id is not None:
        return await ledger.people.get(row.person_id)
    # A digest set in a private chat is put for the chat; its id is the person's, and groups have negative ones.
    return await ledger.people.find_by_telegram(row.chat_id) if row.chat_id > 0 else None


async def _card(it: Delivery) -> Render:
    facts = await it.ledger.figures.card(AssignmentId(it.number("assignment")))
    if not facts.claim.practice:
        return partial(cards.card, facts, it.words, it.deps.policy)
    case = await it.ledger.practice.get(facts.claim.id)
    progress = await it.ledger.practice.progress(facts.assignment.person_id)
    return partial(practice.card, facts, case, progress, it.words, it.deps.policy)


async def _practice(it: Delivery) -> Render:
    progress = await it.ledger.practice.progress(it.reader.id)
    return partial(practice.practice_shown, progress, it.reader, it.words)


async def _notice(it: Delivery) -> Render:
    data = {name: value for name, value in it.row.payload.items() if name != "code"}
    return partial(notices.notice, notices.Notice(str(it.row.payload["code"]), data), it.words)


async def _welcome(it: Delivery) -> Render:
    return partial(people.welcome, it.reader, it.words)


async def _help(it: Delivery) -> Render:
    role = Role(it.row.payload.get("role", Role.PUBLIC))
    return partial(people.help_text, role, it.words, in_group=it.person is None)


async def _whoami(it: Delivery) -> Render:
    return partial(people.whoami, it.reader, it.words)


async def _language_asked(it: Delivery) -> Render:
    return partial(people.language_asked, it.words)


async def _commands(it: Delivery) -> Render:
    return partial(commands.menu_of, it.row.chat_id, it.reader.role, it.words)


async def _invite(it: Delivery) -> Render:
    invite = await it.ledger.invites.get(InviteId(it.number("invite")))
    # The address holds the secret: it is made when the message goes out and kept nowhere.
    return lambda: people.invite_made(invite, it.deps.invite_link(invite.id, invite.created_at), it.words)


async def _unreachable(it: Delivery) -> Render:
    person = await it.ledger.people.get(PersonId(it.number("person")))
    return partial(people.unreachable, person, int(it.row.payload.get("returned", 0)), it.words)


async def _channel_asked(it: Delivery) -> Render:
    return partial(chats.channel_asked, await it.ledger.chats.get(ChatId(it.number("chat"))), it.words)


async def _channels(it: Delivery) -> Render:
    return partial(chats.channels_shown, await it.ledger.chats.list_channels(), it.words)


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
        alike=await it.ledger.matches.list_lines(shown[0].claim.id) if len(listed) == 1 else (),
    )
    return partial(submissions.submission_confirmed, confirmed, it.words)


async def _decision(it: Delivery) -> Render:
    facts = await it.ledger.figures.decision(ClaimId(it.number("claim")))
    return partial(decisions.decision_due, facts, it.words, it.deps.policy)


async def _reason(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return partial(decisions.reason_asked, claim, str(it.row.payload["rating"]), it.words)


async def _verdict(it: Delivery) -> Render:
    verdict = await it.ledger.verdicts.get(VerdictId(it.number("verdict")))
    sources = await it.ledger.verdicts.list_sources(verdict.id)
    claim = await it.ledger.claims.get(verdict.claim_id)
    document = await it.ledger.documents.get(claim.document_id)
    to_requester = it.row.payload["to"] == "requester"
    return partial(verdicts.verdict_published, verdict, sources, claim, document, it.words, to_requester=to_requester)


async def _status(it: Delivery) -> Render:
    claim_id = ClaimId(it.number("claim"))
    facts = await it.ledger.figures.status(claim_id)
    # In a group nobody is told who asked.
    asked = it.person is not None and it.person.id in await it.ledger.requests.list_requesters(claim_id)
    role = Role(it.row.payload["role"])
    alike = await it.ledger.matches.list_lines(claim_id)
    return partial(status.status_shown, facts, role, it.words, it.deps.policy, asked=asked, alike=alike)


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


async def _digest(it: Delivery) -> Render:
    made = await it.ledger.subscriptions.get_digest(DigestId(it.number("digest")))
    return _of_content(it, made.content)


async def _preview(it: Delivery) -> Render:
    return _of_content(it, it.row.payload["content"])


def _of_content(it: Delivery, content: digests.Content) -> Render:
    return partial(digests.digest, content, words_for(it.words.language, content["zone"]))


async def _digest_set(it: Delivery) -> Render:
    subscription = await it.ledger.subscriptions.get(SubscriptionId(it.number("subscription")))
    return partial(digests.digest_set, subscription, words_for(it.words.language, subscription.zone))


async def _digest_status(it: Delivery) -> Render:
    held = [await it.ledger.subscriptions.get(SubscriptionId(each)) for each in it.row.payload["subscriptions"]]
    zone = held[0].zone if held else it.words.zone
    return partial(digests.digest_status, held, words_for(it.words.language, zone))


_LOADERS: dict[str, Loader] = {
    "notice": _notice,
    "welcome": _welcome,
    "help": _help,
    "whoami": _whoami,
    "language_asked": _language_asked,
    "commands_changed": _commands,
    "invite_made": _invite,
    "person_unreachable": _unreachable,
    "channel_asked": _channel_asked,
    "channels_shown": _channels,
    "submission_gathered": _gathered,
    "submission_confirmed": _confirmed,
    "language_unclear": _language_unclear,
    "claim_offered": _card,
    "work_changed": _card,
    "practice_shown": _practice,
    "decision_due": _decision,
    "reason_asked": _reason,
    "verdict_published": _verdict,
    "status_shown": _status,
    "queue_shown": _queue,
    "mine_shown": _mine,
    "search_shown": _search,
    "search_help": _search_help,
    "tags_shown": _tags,
    "digest_posted": _digest,
    "digest_previewed": _preview,
    "digest_set": _digest_set,
    "digest_status": _digest_status,
}
"""Every kind of message that a job may put into the outbox."""

KINDS = frozenset(_LOADERS)
