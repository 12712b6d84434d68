"""What the commands print for people: plain text in English, the texts of claims as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from bot.views.digests import intro_told, limit_told, section_name
from bot.views.labels import closing_reason, kind_name, rating_name, stance_name, state_name
from bot.views.parts import post_address
from bot.views.words import words_for
from jobs.digest_content import Section
from jobs.indexing import Progress
from storage.indexing import Walk
from storage.integrity import Problem
from storage.kinds import ClaimState, ClosingReason, SourceKind, Stance

_ENGLISH = words_for("en")
_LIST_WIDTH = 100


def many(n: int, one: str, more: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{n} {one if n == 1 else more or one + 's'}"


def when(instant: str, zone: str) -> str:
    """Return an ISO instant as day, time and place."""
    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def cut(text: str, width: int = _LIST_WIDTH) -> str:
    """Return a text on one line, cut to a width."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def intake_text(shape: dict[str, Any]) -> str:
    """`ingest`"""
    claims = shape["claims"]
    new = sum(claim["match"] == "new" for claim in claims)
    if shape["known"]:
        head = f"This document came in before, as document {shape['document']}. Nothing was changed."
    else:
        head = f"Document {shape['document']}: {many(len(claims), 'claim')}, {new} new."
    lines = [
        f"  #{claim['id']} {'new ' if claim['match'] == 'new' else 'same'}  {cut(claim['text'])}" for claim in claims
    ]
    if shape["left_out"]:
        rest = many(shape["left_out"], "more sentence")
        lines.append(f"  {rest} left out: a document brings only so many claims; ingest the rest as a file of its own")
    return "\n".join([head, *lines])


def status_text(shape: dict[str, Any], zone: str) -> str:
    """`status`"""
    merged = f" (#{shape['asked']} is the same claim)" if shape["asked"] != shape["id"] else ""
    document, verdict = shape["document"], shape["verdict"]
    origin = " · ".join(document[key] for key in ("title", "publisher", "url") if document[key])
    lines = [f"#{shape['id']}{merged}: {state_name(_ENGLISH, shape['state'])}", f"  {shape['text']}"]
    if origin:
        lines.append(f"  from {origin}")
    if shape["closing_reason"]:
        lines.append(f"  {closing_reason(_ENGLISH, ClosingReason(shape['closing_reason']))}")
    lines.append(f"  came in {when(shape['created_at'], zone)} · {asked_by(shape['requests'])}")
    if verdict is None:
        if shape["state"] in {ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.AGREED, ClaimState.DISPUTED}:
            lines.append(f"  {_work(shape)}")
        return "\n".join(lines)
    decided = verdict["published_at"] or verdict["decided_at"]
    lines += [
        f"  {rating_name(_ENGLISH, verdict['rating'])}"
        f" (version {verdict['version']}, {verdict['method']}, {when(decided, zone)})",
        f"  {verdict['summary']}",
    ]
    for source in verdict["sources"]:
        about = f"{kind_name(_ENGLISH, SourceKind(source['kind']))}, {stance_name(_ENGLISH, Stance(source['stance']))}"
        lines.append(f"  - {' · '.join(part for part in (source['title'], source['url']) if part)} ({about})")
    return "\n".join(lines)


def _work(shape: dict[str, Any]) -> str:
    return f"{many(shape['taken'], 'reviewer')} at work · {many(shape['submitted'], 'review')} handed in"


def asked_by(requests: int) -> str:
    """Return how many people asked."""
    return "nobody asked" if requests == 0 else f"asked by {many(requests, 'person', 'people')}"


def page_text(shape: dict[str, Any], *, empty: str) -> str:
    """`queue` and `search`"""
    claims = shape["claims"]
    if not shape["total"]:
        return empty
    first, last = shape["offset"] + 1, shape["offset"] + len(claims)
    more = "more than " if shape.get("more") else ""
    shown = f"{first} to {last} of " if 0 < len(claims) < shape["total"] or (claims and more) else ""
    lines = [shown + more + many(shape["total"], "claim") + ("" if claims else f"; none from {shape['offset']} on")]
    for claim in claims:
        parts = [state_name(_ENGLISH, claim["state"])]
        if claim["rating"]:
            parts = [rating_name(_ENGLISH, claim["rating"])]
        elif claim["state"] in {ClaimState.QUEUED, ClaimState.IN_REVIEW}:
            parts += [_work(claim), f"priority {claim['priority']['total']:.1f}"]
        if claim["requests"]:
            parts.append(asked_by(claim["requests"]))
        lines += [f"  #{claim['id']} {cut(claim['text'])}", f"      {' · '.join(parts)}"]
    return "\n".join(lines)


def digest_text(content: dict[str, Any]) -> str:
    """`digest`"""
    zone = content["zone"]
    lines = [f"From {when(content['period_start'], zone)} to {when(content['period_end'], zone)}"]
    limit = limit_told(content["only"]["languages"], content["only"]["topics"], _ENGLISH)
    intro = intro_told(content, words_for("en", zone))
    lines += [] if limit is None else [unescape(limit)]
    lines += [] if intro is None else [intro]
    for name in content["order"]:
        told = content["sections"][name]
        lines.append(f"{section_name(Section(name), _ENGLISH)}: {told['total']}")
        lines += [f"  {_digest_line(each)}" for each in told.get("lines", ())]
    return "\n".join(lines)


def _digest_line(each: dict[str, Any]) -> str:
    rating = rating_name(_ENGLISH, each["rating"]) if "rating" in each else None
    source = f"({each['source']})" if each.get("source") else None
    post = post_address(each.get("post"))
    text = cut(each["text"]) if "text" in each else None
    return " ".join(part for part in (f"#{each['id']}", rating, text, source, post) if part)


_SEMANTIC = {
    "off": "vectors: switched off by FACTDESK_SEMANTIC; claims are not found again in other languages",
    "not_installed": "vectors: none; with `pip install 'factdesk[semantic]'` claims are found again in other languages"
    " and in quite other words",
    "processor_too_old": "vectors: none; to find claims again in other languages needs a processor with AVX2",
}


def check_text(problems: list[Problem], checked: str, walks: Sequence[Progress], semantic: str) -> str:
    """`check`; `semantic` is `on`, or why the extra does nothing."""
    faults = sum(not problem.note for problem in problems)
    lines = [f"{checked}: {many(faults, 'problem') if faults else 'in order'}"]
    for problem in problems:
        sample = ", ".join(str(each) for each in problem.sample)
        more = ", …" if problem.count > len(problem.sample) > 0 else ""
        counted = f" ({many(problem.count, problem.of, _plural(problem.of))}: {sample}{more})" if problem.sample else ""
        lines.append(f"  {'note' if problem.note else 'WRONG'} {problem.code}: {problem.sentence}{counted}")
    lines += [f"  {_walk(walk)}" for walk in walks if walk.name is not Walk.VECTORS or semantic == "on"]
    if semantic in _SEMANTIC and walks:
        lines.append(f"  {_SEMANTIC[semantic]}")
    return "\n".join(lines)


def _walk(walk: Progress) -> str:
    """How far the work on everything that the desk keeps has come: all of it is the usual case."""
    noun = "document" if walk.name is Walk.LINKS else "claim"
    done = "" if walk.ended else f"{walk.done:,} of "
    return f"{_WALKS[walk.name]}: {done}{walk.total:,} {noun}{'' if walk.total == 1 else 's'}"


_WALKS = {Walk.WORDS: "index", Walk.LINKS: "links", Walk.VECTORS: "vectors"}


def _plural(noun: str) -> str:
    return {"person": "people", "audit entry": "audit entries"}.get(noun, noun + "s")
