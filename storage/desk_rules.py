"""Rules that editors made, on which claims each has acted, and which claims it would act on, as SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import ClaimState, RuleState
from storage.model import Claim, ClaimId, Document, PersonId
from storage.rows import Columns, instant

RuleId = NewType("RuleId", int)


@dataclass(frozen=True, slots=True)
class DeskRule:
    """A rule of editors. `text` is as jobs/desk_rules.py writes it down."""

    id: RuleId
    text: str
    state: RuleState
    created_by: PersonId | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """A claim in the eyes of a rule."""

    claim: Claim
    document: Document


_RULE = Columns(DeskRule)
_CLAIM = Columns(Claim)
_DOCUMENT = Columns(Document)


class DeskRules:
    """SQL on `desk_rules` and `desk_rule_acts`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, text: str, by: PersonId, now: datetime) -> DeskRule:
        """Keep a rule, switched off."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO desk_rules (text, state, created_by, created_at) VALUES (:text, 'off', :by, :now)
            RETURNING {_RULE.sql}
            """,
            {"text": text, "by": by, "now": instant(now)},
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _RULE.record(row)

    async def find(self, rule_id: RuleId) -> DeskRule | None:
        """Return a rule, if there is one with this number."""
        return _RULE.maybe(
            await self._session.fetch_one(f"SELECT {_RULE.sql} FROM desk_rules WHERE id = :id", {"id": rule_id})
        )

    async def list_all(self) -> list[DeskRule]:
        """Return the rules that are not removed, by number."""
        return _RULE.records(
            await self._session.fetch_all(f"SELECT {_RULE.sql} FROM desk_rules WHERE state <> 'removed' ORDER BY id")
        )

    async def mark_state(self, rule_id: RuleId, state: RuleState) -> None:
        """Switch a rule; NotFound if there is none."""
        params = {"id": rule_id, "state": state}
        if await self._session.execute("UPDATE desk_rules SET state = :state WHERE id = :id", params) != 1:
            raise NotFound("rule_not_found", rule=rule_id)

    async def mark_acted(self, rule_id: RuleId, claim_id: ClaimId, now: datetime, *, to_assign: bool) -> None:
        """Note that a rule has acted on a claim, and whether it is still to be given to whom the rule names."""
        await self._session.execute(
            """
            INSERT INTO desk_rule_acts (rule_id, claim_id, acted_at, to_assign)
            VALUES (:rule_id, :claim_id, :now, :to_assign)
            """,
            {"rule_id": rule_id, "claim_id": claim_id, "now": instant(now), "to_assign": int(to_assign)},
        )

    async def mark_assigned(self, rule_id: RuleId, claim_id: ClaimId) -> None:
        """Note that a rule has given a claim away, or has said why it could not."""
        await self._session.execute(
            "UPDATE desk_rule_acts SET to_assign = 0 WHERE rule_id = :rule_id AND claim_id = :claim_id",
            {"rule_id": rule_id, "claim_id": claim_id},
        )

    async def list_to_assign(self, rule_id: RuleId, states: Sequence[ClaimState], limit: int) -> list[Claim]:
        """Return the claims in some states that a rule is still to give away, by number."""
        return _CLAIM.records(
            await self._session.fetch_all(
                f"""
                SELECT {_CLAIM.of("c")} FROM desk_rule_acts a JOIN claims c ON c.id = a.claim_id
                WHERE a.rule_id = :rule_id AND a.to_assign = 1
                  AND c.state IN (SELECT value FROM json_each(:states))
                ORDER BY a.claim_id LIMIT :limit
                """,
                {"rule_id": rule_id, "states": json.dumps(list(states)), "limit": limit},
            )
        )

    async def list_acted(self, claim_id: ClaimId) -> list[RuleId]:
        """Return the rules that have acted on a claim."""
        rows = await self._session.fetch_all(
            "SELECT rule_id FROM desk_rule_acts WHERE claim_id = :id ORDER BY rule_id", {"id": claim_id}
        )
        return [RuleId(row[0]) for row in rows]

    async def list_subjects(
        self,
        states: Sequence[ClaimState],
        *,
        words: Sequence[str],
        requests: int,
        languages: Sequence[str],
        unless_acted: RuleId | None = None,
        claim_id: ClaimId | None = None,
        never_public: bool = False,
        limit: int,
    ) -> list[Subject]:
        """Return claims in some states that fit, by number.

        Args:
            words: normal forms; each has to begin at the beginning of a word of the claim's text.
            requests: how many people have asked about the claim at least.
            languages: the claim has to be in each of them, so more than one fit nothing.
            unless_acted: leave out the claims on which this rule has acted.
            claim_id: only this claim; None for all.
            never_public: leave out the claims that had a published verdict and are checked again.
        """
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")}, {_DOCUMENT.of("d")}
            FROM json_each(:states) s JOIN claims c ON c.state = s.value
            JOIN documents d ON d.id = c.document_id JOIN claim_words w ON w.rowid = c.id
            WHERE c.practice = 0 AND (:claim_id IS NULL OR c.id = :claim_id)
              AND NOT EXISTS (SELECT 1 FROM json_each(:languages) l WHERE l.value <> c.language)
              AND NOT EXISTS (SELECT 1 FROM json_each(:words) t WHERE instr(' ' || w.words, ' ' || t.value) = 0)
              AND NOT EXISTS (SELECT 1 FROM desk_rule_acts a WHERE a.rule_id = :rule_id AND a.claim_id = c.id)
              AND NOT (:never_public AND EXISTS (
                SELECT 1 FROM verdicts v WHERE v.claim_id = c.id AND v.published_at IS NOT NULL))
              AND (:requests = 0 OR :requests <= (
                SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn'))
            ORDER BY c.id LIMIT :limit
            """,
            {
                "states": json.dumps(list(states)),
                "words": json.dumps(list(words)),
                "languages": json.dumps(list(languages)),
                "requests": requests,
                "rule_id": unless_acted,
                "claim_id": claim_id,
                "never_public": int(never_public),
                "limit": limit,
            },
        )
        width = len(_CLAIM.names)
        return [Subject(_CLAIM.record(row[:width]), _DOCUMENT.record(row[width:])) for row in rows]
