"""What a digest tells: its sections, for whom, and the numbers of the period before beside them.

The content is JSON, frozen when the digest is made. `sections` maps each section that was asked for to its `total` and
what is told of it; `order` lists them as they are shown; `chart` says whether a picture goes with them; `before` has
the totals of the digest before, or is null.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from jobs.consensus import Disagreement, Disputed
from jobs.digest_figures import agreement_in, asked_about
from jobs.dispatch import judgement_of
from jobs.lifecycle import OPEN_STATES, REVIEWABLE_STATES
from jobs.policy import Policy
from storage.digest_wishes import DigestWishes, Limit
from storage.kinds import AssignmentState, Audience, ClaimState, Role, SourceKind
from storage.ledger import Ledger
from storage.model import ChatId, Claim, Person, Verdict
from storage.rows import instant
from storage.values import Marks


class Section(StrEnum):
    """A part of a digest, in the order in which they are shown."""

    MINE = "mine"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    NEW = "new"
    DECIDED = "decided"
    DISPUTED = "disputed"
    DEMANDED = "demanded"
    WAITING = "waiting"
    PENDING = "pending"
    OVERDUE = "overdue"
    AGREEMENT = "agreement"
    ABSORBED = "absorbed"
    UNDELIVERED = "undelivered"
    CHART = "chart"


LISTED = 10
"""Lines of a section at most; a digest is read on a phone, the rest is a number and one tap away."""

KEPT = 200
"""Claims behind a number that are kept with a digest, where the log does not tell them later."""

AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""The bands of the backlog: up to a day old, up to three, up to a week, older."""

_PUBLIC = (Section.PUBLISHED, Section.CORRECTED)
_TEAM = (Section.MINE, *_PUBLIC, Section.NEW, Section.DECIDED, Section.DISPUTED, Section.DEMANDED, Section.WAITING)
SECTIONS: dict[Audience, tuple[Section, ...]] = {
    Audience.PUBLIC: _PUBLIC,
    Audience.REVIEWERS: (*_TEAM, Section.ABSORBED, Section.CHART),
    Audience.EDITORS: tuple(Section),
}
"""What each audience may see."""

_OF_THE_DESK = frozenset({Section.AGREEMENT, Section.UNDELIVERED, Section.CHART})
"""Sections that are about the desk as a whole."""

_PLAIN = DigestWishes()

_ROLES = {Audience.PUBLIC: Role.PUBLIC, Audience.REVIEWERS: Role.REVIEWER, Audience.EDITORS: Role.EDITOR}


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) as it is told to people in `zone`, and the marks between which its news lie."""

    start: datetime
    end: datetime
    after: Marks
    upto: Marks
    zone: str


async def content_of(
    ledger: Ledger,
    period: Period,
    policy: Policy,
    audience: Audience = Audience.EDITORS,
    *,
    chat_id: ChatId | None = None,
    left_out: Collection[str] = (),
    wishes: DigestWishes = _PLAIN,
) -> dict[str, Any]:
    """Return the content of a digest as JSON types.

    Args:
        chat_id: the chat that gets it. A person in private sees what their role may see, and what waits for them.
        left_out: sections that are not wanted.
        wishes: what else the chat wants. With a limit, every section tells of the claims that fit and no others, so
            those that are not about claims are left out.
    """
    reader = None if chat_id is None else await ledger.people.find_by_telegram(chat_id)
    audience = _seen_by(reader, audience)
    order = [each for each in arranged(SECTIONS[audience], wishes.arranged) if each not in left_out]
    if wishes.only:
        order = [each for each in order if each not in _OF_THE_DESK]
    chart = Section.CHART in order
    # A picture is a message of its own (jobs/charts.py) and has no place among the words.
    order = [each for each in order if each is not Section.CHART]
    if reader is None or not reader.role.covers(Role.REVIEWER):
        order = [each for each in order if each is not Section.MINE]
    told = _Telling(ledger, period, policy, audience, reader, chat_id, wishes.only)
    return {
        "period_start": instant(period.start),
        "period_end": instant(period.end),
        "zone": period.zone,
        "audience": audience,
        "order": order,
        "chart": chart,
        "sections": {section: await told.of(section) for section in order},
        "after": {"event": period.after.event, "claim": period.after.claim},
        "only": {"languages": list(wishes.only.languages), "topics": list(wishes.only.topics)},
        "intro": wishes.intro,
        "before": None,
        "preview": False,
        "away": False,
    }


def arranged(sections: Sequence[Section], first: Sequence[str]) -> list[Section]:
    """Return the sections with those that are to come first before the others, which keep their order."""
    named = [each for each in dict.fromkeys(first) if each in sections]
    return [*map(Section, named), *(each for each in sections if each not in named)]


def is_empty(content: dict[str, Any]) -> bool:
    """True if nothing happened and nothing is disputed or overdue; a backlog or a figure alone is no news."""
    quiet = {Section.WAITING, Section.DEMANDED, Section.AGREEMENT}
    return not any(told["total"] for section, told in content["sections"].items() if section not in quiet)


def _seen_by(reader: Person | None, audience: Audience) -> Audience:
    if reader is None or reader.role.covers(_ROLES[audience]):
        return audience
    return [each for each in Audience if reader.role.covers(_ROLES[each])][-1]


class _Telling:
    def __init__(
        self,
        ledger: Ledger,
        period: Period,
        policy: Policy,
        audience: Audience,
        reader: Person | None,
        chat_id: ChatId | None,
        only: Limit,
    ) -> None:
        self._ledger, self._period, self._policy, self._audience = ledger, period, policy, audience
        self._reader, self._chat_id = reader, chat_id
        # Tags are given and taken later on, so which claims fitted is kept.
        self._only, self._most = only, KEPT if only else LISTED
        self._tell: dict[Section, Callable[[], Awaitable[dict[str, Any]]]] = {
            Section.MINE: self._mine,
            Section.PUBLISHED: self._published,
            Section.CORRECTED: self._corrected,
            Section.NEW: self._new,
            Section.DECIDED: self._decided,
            Section.DISPUTED: self._disputed,
            Section.DEMANDED: self._demanded,
            Section.WAITING: self._waiting,
            Section.PENDING: self._pending,
            Section.OVERDUE: self._overdue,
            Section.AGREEMENT: self._agreement,
            Section.ABSORBED: self._absorbed,
            Section.UNDELIVERED: self._undelivered,
        }

    async def of(self, section: Section) -> dict[str, Any]:
        return await self._tell[section]()

    async def _mine(self) -> dict[str, Any]:
        if self._reader is None:
            return {"total": 0}
        live = await self._ledger.assignments.list_live_of(self._reader.id, only=self._only)
        leases = [each for each in live if each.state is AssignmentState.TAKEN]
        first = min(leases, key=lambda each: each.expires_at, default=None)
        due = None if first is None else {"id": first.claim_id, "at": instant(first.expires_at)}
        return {
            "total": len(live),
            "taken": len(leases),
            "offered": len(live) - len(leases),
            "due": due,
            "ids": [each.claim_id for each in live],
        }

    async def _published(self) -> dict[str, Any]:
        return await self._verdicts(corrections=False)

    async def _corrected(self) -> dict[str, Any]:
        told = await self._verdicts(corrections=True)
        taken_back, total = await self._ledger.news.list_retracted(
            self._period.after, self._period.upto, only=self._only, limit=self._most
        )
        lines = [{**await self._verdict(verdict), "retracted": reason} for verdict, reason in taken_back[:LISTED]]
        both = {"total": told["total"] + total, "lines": [*lines, *told["lines"]][:LISTED]}
        return both | self._kept([*(verdict.claim_id for verdict, _ in taken_back), *told.get("ids", ())])

    async def _verdicts(self, *, corrections: bool) -> dict[str, Any]:
        found, total = await self._ledger.news.list_published(
            self._period.after, self._period.upto, corrections=corrections, only=self._only, limit=self._most
        )
        told = {"total": total, "lines": [await self._verdict(each) for each in found[:LISTED]]}
        return told | self._kept([verdict.claim_id for verdict in found])

    def _kept(self, found: Sequence[int]) -> dict[str, Any]:
        return {"ids": list(found)} if self._only else {}

    async def _verdict(self, verdict: Verdict) -> dict[str, Any]:
        claim = await self._ledger.claims.get(verdict.claim_id)
        sources = await self._ledger.verdicts.list_sources(verdict.id)
        best = min(sources, key=lambda source: source.kind is not SourceKind.PRIMARY, default=None)
        inside = self._audience is not Audience.PUBLIC
        post = await self._ledger.posts.find_linked(verdict.id, self._chat_id, inside=inside)
        return {
            "id": claim.id,
            "text": claim.text,
            "rating": verdict.rating,
            "version": verdict.version,
            "summary": verdict.summary,
            "source": None if best is None else best.url or best.title,
            "post": None if post is None else asdict(post),
        }

    async def _new(self) -> dict[str, Any]:
        found, total = await self._ledger.news.list_claims(
            self._period.after, self._period.upto, only=self._only, limit=self._most
        )
        told = {"total": total, "lines": [_line(claim) for claim in found[:LISTED]]}
        return told | self._kept([claim.id for claim in found])

    async def _decided(self) -> dict[str, Any]:
        found, total = await self._ledger.news.list_decided(
            self._period.after, self._period.upto, only=self._only, limit=self._most
        )
        told = {"total": total, "lines": [{"id": claim_id, "rating": rating} for claim_id, rating in found[:LISTED]]}
        return told | self._kept([claim_id for claim_id, _ in found])

    async def _disputed(self) -> dict[str, Any]:
        found, total = await self._ledger.backlog.list_waiting((ClaimState.DISPUTED,), only=self._only, limit=KEPT)
        lines = []
        for claim in found[:LISTED]:
            judgement = await judgement_of(self._ledger, claim.id, self._policy)
            major = isinstance(judgement, Disputed) and judgement.severity is Disagreement.MAJOR
            asked = await asked_about(self._ledger, claim.id) if self._audience is Audience.EDITORS else []
            lines.append({**_line(claim), "major": major, "asked": asked})
        return {"total": total, "lines": lines, "ids": [claim.id for claim in found]}

    async def _demanded(self) -> dict[str, Any]:
        found, total = await self._ledger.backlog.list_demanded(OPEN_STATES, only=self._only, limit=KEPT)
        lines = [{**_line(claim), "asked": asked} for claim, asked in found[:LISTED]]
        return {"total": total, "lines": lines, "ids": [claim.id for claim, _ in found]}

    async def _waiting(self) -> dict[str, Any]:
        found, total = await self._ledger.backlog.list_waiting(REVIEWABLE_STATES, only=self._only, limit=KEPT)
        since = [self._period.end - age for age in AGES]
        ages = await self._ledger.backlog.count_ages(REVIEWABLE_STATES, since, only=self._only)
        oldest = {"id": found[0].id, "since": instant(found[0].owed_since)} if found else None
        return {"total": total, "ages": ages, "oldest": oldest, "ids": [claim.id for claim in found]}

    async def _pending(self) -> dict[str, Any]:
        backlog = self._ledger.backlog
        agreed, to_approve = await backlog.list_waiting((ClaimState.AGREED,), only=self._only, limit=KEPT)
        unsorted, to_sort = await backlog.list_waiting((ClaimState.TRIAGE,), only=self._only, limit=KEPT)
        ids = [claim.id for claim in (*agreed, *unsorted)][:KEPT]
        return {"total": to_approve + to_sort, "to_approve": to_approve, "to_sort": to_sort, "ids": ids}

    async def _overdue(self) -> dict[str, Any]:
        before = self._period.end - self._policy.target
        found, total = await self._ledger.backlog.list_waiting(OPEN_STATES, before=before, only=self._only, limit=KEPT)
        lines = [{**_line(claim), "since": instant(claim.owed_since)} for claim in found[:LISTED]]
        return {"total": total, "lines": lines, "ids": [claim.id for claim in found]}

    async def _agreement(self) -> dict[str, Any]:
        return await agreement_in(self._ledger, self._period.start, self._period.end, self._policy)

    async def _absorbed(self) -> dict[str, Any]:
        news, span = self._ledger.news, (self._period.after, self._period.upto)
        total = await news.count("claim.merge", *span, only=self._only)
        found = await news.list_subjects("claim.merge", *span, only=self._only, limit=KEPT) if self._only else []
        return {"total": total} | self._kept(found)

    async def _undelivered(self) -> dict[str, Any]:
        return {"total": await self._ledger.backlog.count_undelivered(self._period.start, self._period.end)}


def _line(claim: Claim) -> dict[str, Any]:
    return {"id": claim.id, "text": claim.text}
