"""What the commands print with `--json`. Scripts rely on these shapes: fields are added, never renamed or removed.

Instants are ISO 8601 in UTC; what is not known is null; ratings, states and kinds are the words of storage/model.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.dispatch import priority_of
from jobs.indexing import Progress
from jobs.intake.submit import Intake
from jobs.lookup import Page
from jobs.policy import Policy
from storage.figures import ClaimLine, StatusFacts
from storage.integrity import Problem
from storage.rows import instant, maybe_instant
from storage.verdicts import VerdictSource


def intake_shape(intake: Intake) -> dict[str, Any]:
    """`ingest`: each claim once, in the order of the text; `known` if the very same document came in before.

    A claim's `match` is `new`, `similar` to known ones (they are in `similar`, best first), or the `same` as a known
    one.
    """
    claims: dict[int, dict[str, Any]] = {}
    for found in intake.claims:
        claim = found.claim
        claims.setdefault(
            claim.id,
            {
                "id": claim.id,
                "text": claim.text,
                "language": claim.language,
                "worth": claim.worth,
                "match": ("similar" if found.similar else "new") if found.new else "same",
                "similar": [
                    {"id": line.known.id, "score": line.match.score, "rating": line.rating, "parts": line.match.parts}
                    for line in found.similar
                ],
            },
        )
    return {
        "document": intake.document.id,
        "claims": list(claims.values()),
        "known": intake.known,
        "language": intake.document.language,
        "left_out": intake.left_out,
    }


def status_shape(facts: StatusFacts, asked: int) -> dict[str, Any]:
    """`status`: where the claim stands; `asked` is the number that was asked for, of a claim merged into this one."""
    claim, document, verdict = facts.claim, facts.document, facts.verdict
    return {
        "id": claim.id,
        "asked": asked,
        "text": claim.text,
        "quote": claim.quote,
        "language": claim.language,
        "worth": claim.worth,
        "severity": claim.severity,
        "state": claim.state,
        "closing_reason": claim.closing_reason,
        "created_at": instant(claim.created_at),
        "state_at": instant(claim.state_at),
        "requests": facts.requests,
        "taken": facts.taken,
        "submitted": facts.submitted,
        "document": {
            "id": document.id,
            "title": document.title,
            "publisher": document.publisher,
            "url": document.url,
            "published_at": maybe_instant(document.published_at),
        },
        "verdict": None
        if verdict is None
        else {
            "version": verdict.version,
            "rating": verdict.rating,
            "summary": verdict.summary,
            "summary_language": verdict.summary_language,
            "method": verdict.method,
            "by_reviewer": verdict.by_reviewer,
            "reason": verdict.reason,
            "decided_at": instant(verdict.decided_at),
            "published_at": maybe_instant(verdict.published_at),
            "sources": [_source(source) for source in facts.sources],
        },
    }


def _source(source: VerdictSource) -> dict[str, Any]:
    return {
        "url": source.url,
        "title": source.title,
        "kind": source.kind,
        "stance": source.stance,
        "accessed_at": instant(source.accessed_at),
        "archived_url": source.archived_url,
        "quote": source.quote,
    }


def line_shape(line: ClaimLine, now: datetime, policy: Policy) -> dict[str, Any]:
    """A claim in a list; `rating` is that of its published verdict."""
    points = priority_of(line, now, policy)
    return {
        "id": line.claim.id,
        "text": line.claim.text,
        "language": line.claim.language,
        "state": line.claim.state,
        "rating": line.rating,
        "requests": line.requests,
        "taken": line.taken,
        "submitted": line.submitted,
        "created_at": instant(line.claim.created_at),
        "priority": {
            "total": round(points.total, 3),
            "demand": round(points.demand, 3),
            "severity": round(points.severity, 3),
            "age": round(points.age, 3),
            "worth": round(points.worth, 3),
        },
    }


def page_shape(page: Page[ClaimLine], now: datetime, policy: Policy) -> dict[str, Any]:
    """`queue`, and with `more` (there are others) `search`: `total` claims in all, those from `offset` on."""
    return {
        "total": page.total,
        "offset": page.offset,
        "claims": [line_shape(line, now, policy) for line in page.lines],
    }


def problem_shape(problem: Problem) -> dict[str, Any]:
    """A finding of `check`; a `note` is no fault."""
    return {
        "code": problem.code,
        "of": problem.of,
        "count": problem.count,
        "sample": list(problem.sample),
        "sentence": problem.sentence,
        "note": problem.note,
    }


def walk_shape(walk: Progress) -> dict[str, Any]:
    """How far the background work of `check` has come: `done` of `total` numbers of claims or documents."""
    return {"name": walk.name, "done": walk.done, "total": walk.total}
