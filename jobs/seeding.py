"""Loading the sample material of `seeds/`: past fact-checks, articles, people. Twice is the same as once.

A past fact-check is loaded as what it is: a claim that was published before this desk had any review of it. It gets no
made-up reviews and no made-up moves: one audit entry, `claim.imported`, says when and from where it came, and its
verdict is `adjudicated` with the reason written in the seed. Its records carry the time of its decision, so that it is
not news in the next digest; the audit log carries the time of the loading.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from jobs.intake.submit import Incoming, ingest
from jobs.intake.worth import score
from jobs.notify import tell
from jobs.policy import Policy
from storage.kinds import ChatKind, ClaimState, DocumentKind, Method, Role, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import ChatId, ReviewId, Source, SourceId
from storage.search import claim_key, normal_form


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records were new."""

    verdicts: int
    articles: int
    people: int
    chats: int


def read_seed(name: str) -> Any:
    """Return what a JSON file of `seeds/` holds."""
    return json.loads(files("seeds").joinpath(name).read_text("utf-8"))


def read_article(name: str) -> str:
    """Return the text of an article of `seeds/articles/`."""
    return files("seeds").joinpath("articles", name).read_text("utf-8")


async def load_seeds(
    ledger: Ledger,
    now: datetime,
    policy: Policy,
    *,
    verdicts: bool = True,
    articles: Collection[str] = (),
    people: bool = False,
) -> Loaded:
    """Load what is asked for and not there yet; what is there is left as it is.

    Args:
        verdicts: the past fact-checks.
        articles: file names of `seeds/articles/`; their claims are offered to whoever is on duty.
        people: the people with their roles and the two chats; only for a sandbox, their Telegram ids are invented.
    """
    made, met = await _load_people(ledger, now) if people else (0, 0)
    return Loaded(
        people=made,
        chats=met,
        verdicts=await _load_verdicts(ledger, now, policy) if verdicts else 0,
        articles=await _load_articles(ledger, now, policy, articles) if articles else 0,
    )


async def _load_verdicts(ledger: Ledger, now: datetime, policy: Policy) -> int:
    return sum([await _load_verdict(ledger, seed, now, policy) for seed in read_seed("verdicts.json")])


async def _load_verdict(ledger: Ledger, seed: dict[str, Any], now: datetime, policy: Policy) -> bool:
    text, language = seed["claim"], seed["language"]
    policy.rating(seed["rating"])
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    key = claim_key(text)
    # A claim that the desk knows from elsewhere has a life of its own here.
    if await ledger.documents.find_by_hash(content_hash) or await ledger.claims.find_by_key(key):
        return False
    decided_at = datetime.fromisoformat(seed["decided_at"])
    document = await ledger.documents.add(
        kind=DocumentKind.SEED,
        content_hash=content_hash,
        text=text,
        title=None,
        publisher=None,
        url=None,
        language=language,
        submitted_by=None,
        published_at=None,
        now=decided_at,
    )
    claim = await ledger.claims.add(
        document_id=document.id,
        position=0,
        quote=text,
        text=text,
        key=key,
        words=normal_form(text),
        language=language,
        worth=score(text, language).value,
        now=decided_at,
        about=seed["summary"],
    )
    await ledger.documents.add_appearance(document.id, 0, claim.id, text)
    verdict = await ledger.verdicts.add(
        claim_id=claim.id,
        rating=seed["rating"],
        summary=seed["summary"],
        summary_language=language,
        method=Method.ADJUDICATED,
        reason=seed["reason"],
        decided_by=None,
        decided_at=decided_at,
        sources=[_source(source, decided_at) for source in seed["sources"]],
    )
    await ledger.verdicts.mark_published(verdict.id, decided_at)
    await ledger.claims.mark_state(claim, ClaimState.PUBLISHED, decided_at)
    await ledger.milestones.forget(claim.id)
    await ledger.audit.append(
        "claim.imported",
        "claim",
        claim.id,
        now,
        data={
            "from": ClaimState.NEW,
            "to": ClaimState.PUBLISHED,
            "document": document.id,
            "verdict": verdict.id,
            "rating": verdict.rating,
            "decided_at": seed["decided_at"],
        },
    )
    return True


def _source(seed: dict[str, str], accessed_at: datetime) -> Source:
    return Source(
        id=SourceId(0),
        review_id=ReviewId(0),
        url=seed["url"],
        title=seed["title"],
        kind=SourceKind(seed["kind"]),
        stance=Stance(seed["stance"]),
        quote=None,
        accessed_at=accessed_at,
        archived_url=None,
    )


async def _load_articles(ledger: Ledger, now: datetime, policy: Policy, wanted: Collection[str]) -> int:
    known = {seed["file"]: seed for seed in read_seed("documents.json")}
    loaded = 0
    for name in wanted:
        seed = known[name]
        incoming = Incoming(
            DocumentKind.ARTICLE,
            read_article(name),
            title=seed["title"],
            publisher=seed["publisher"],
            url=seed["url"],
            language=seed["language"],
            published_at=datetime.fromisoformat(seed["published_at"]),
        )
        loaded += not (await ingest(ledger, incoming, None, now, policy)).known
    return loaded


async def _load_people(ledger: Ledger, now: datetime) -> tuple[int, int]:
    seeds = read_seed("people.json")
    made = sum([await _load_person(ledger, seed, now) for seed in seeds["people"]])
    met = sum([await _load_chat(ledger, seed, now) for seed in seeds["chats"]])
    return made, met


async def _load_person(ledger: Ledger, seed: dict[str, Any], now: datetime) -> bool:
    if await ledger.people.find_by_telegram(seed["telegram_id"]) is not None:
        return False
    name, role = f"{seed['first_name']} {seed['last_name']}", Role(seed["role"])
    person = await ledger.people.meet(seed["telegram_id"], name, seed["username"], now, role=role)
    await ledger.people.mark_language(person.id, seed["language"])
    if seed["on_duty"]:
        await ledger.people.mark_duty(person.id, on_duty=True)
    await ledger.audit.append(
        "person.role", "person", person.id, now, data={"from": Role.PUBLIC, "to": role, "how": "seed"}
    )
    await tell(ledger, person, "commands_changed", now)
    return True


async def _load_chat(ledger: Ledger, seed: dict[str, Any], now: datetime) -> bool:
    chat_id = ChatId(seed["telegram_id"])
    if await ledger.chats.find(chat_id) is not None:
        return False
    await ledger.chats.meet(chat_id, ChatKind(seed["kind"]), seed["title"], now)
    await ledger.chats.mark(chat_id, language=seed["language"], is_team=seed["is_team"], publishes=seed["publishes"])
    return True
