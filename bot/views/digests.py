"""Digests: what a period brought. The shape of `content`: jobs/digests.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.views.labels import rating_label
from bot.views.message import Message, escape
from bot.views.parts import is_address, lines, link, number_of, one_line, paragraphs
from bot.views.words import Words

_LINE_MOST = 140
_SOURCE_MOST = 60
_LISTED = 10
"""Lines of a section; a digest is read on a phone, the rest is a number."""

Content = Mapping[str, Any]


def digest(content: Content, words: Words) -> Message:
    """Return a digest; one short line if nothing happened."""
    start, end = datetime.fromisoformat(content["period_start"]), datetime.fromisoformat(content["period_end"])
    period = words.text("{start} – {end}", start=words.day_time(start), end=words.day_time(end))
    sections = [
        _new(content, words),
        _published(content, words),
        _decided(content, words),
        _disputed(content, words),
    ]
    waiting = _waiting(content, end, words)
    if not any(sections):
        return Message(words.text("<b>Digest</b>, {period}: nothing new. {waiting}", period=period, waiting=waiting))
    if content["preview"]:
        head = words.text("<b>Digest so far</b>, {period}", period=period)
    elif content["away"]:
        head = words.text("<b>What happened while the desk was away</b>, {period}", period=period)
    else:
        head = words.text("<b>Digest</b>, {period}", period=period)
    return Message(paragraphs(head, *sections, waiting))


def _section(head: str, listed: Sequence[str], total: int, words: Words) -> str | None:
    if not total:
        return None
    shown = listed[:_LISTED]
    rest = total - len(shown)
    return lines(head, *shown, words.count("… and {n} more", "… and {n} more", rest) if rest else None)


def _new(content: Content, words: Words) -> str | None:
    listed = [_line(claim["id"], claim["text"]) for claim in content["new"]["claims"]]
    total = content["new"]["total"]
    return _section(words.text("<b>New claims: {total}</b>", total=total), listed, total, words)


def _line(claim_id: int, text: str) -> str:
    return f"• {number_of(claim_id)} {escape(one_line(text, _LINE_MOST))}"


def _published(content: Content, words: Words) -> str | None:
    verdicts = content["published"]
    listed = []
    for verdict in verdicts:
        head = f"<b>{escape(rating_label(words, verdict['rating']))}</b> {number_of(verdict['id'])}"
        if verdict.get("version", 1) > 1:
            head = words.text("{verdict} (corrected)", verdict=head)
        source = verdict["source"]
        given = None
        if source:
            shown = link(source, None) if is_address(source) else escape(one_line(source, _SOURCE_MOST))
            given = words.text("Source: {source}", source=shown)
        listed.append(lines(head, escape(one_line(verdict["text"], _LINE_MOST)), given))
    return _section(words.text("<b>Verdicts: {total}</b>", total=len(verdicts)), listed, len(verdicts), words)


def _decided(content: Content, words: Words) -> str | None:
    """What is decided and not out yet; the rest is listed with its verdict."""
    out = {verdict["id"] for verdict in content["published"]}
    waiting = [each for each in content["decided"] if each["id"] not in out]
    listed = [f"• {number_of(each['id'])} {escape(rating_label(words, each['rating']))}" for each in waiting]
    head = words.text("<b>Decided, not published yet: {total}</b>", total=len(waiting))
    return _section(head, listed, len(waiting), words)


def _disputed(content: Content, words: Words) -> str | None:
    claims = content["disputed"]
    listed = []
    for claim in claims:
        shown = _line(claim["id"], claim["text"])
        listed.append(words.text("{claim} (ratings far apart)", claim=shown) if claim["major"] else shown)
    head = words.text("<b>Reviewers disagree: {total}</b>", total=len(claims))
    return _section(head, listed, len(claims), words)


def _waiting(content: Content, end: datetime, words: Words) -> str:
    waiting = content["waiting"]
    if not waiting["total"]:
        return words.text("No claim is waiting for reviewers.")
    since = datetime.fromisoformat(waiting["oldest_since"])
    return words.count(
        "{n} claim is waiting for reviewers: {claim}, for {duration}.",
        "{n} claims are waiting for reviewers, the oldest, {claim}, for {duration}.",
        waiting["total"],
        claim=number_of(waiting["oldest_id"]),
        duration=words.duration(end - since),
    )
