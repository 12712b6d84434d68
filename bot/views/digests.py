"""Digests: what a period brought. The shape of `content`: jobs/digest_content.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.callbacks import Verb
from bot.longtext import visible_length
from bot.views.labels import rating_label
from bot.views.lists import claim_line, listed, to_status
from bot.views.message import Message, escape
from bot.views.parts import (
    button,
    in_rows,
    is_address,
    lines,
    link,
    number_of,
    one_line,
    paragraphs,
    post_address,
)
from bot.views.words import Words, mark
from jobs.digest_content import Section
from jobs.lookup import Page
from storage.figures import ClaimLine

MOST = 4096
"""What Telegram takes as one message, counted as it counts: UTF-16 units without markup."""

_SOURCE_MOST = 60
_STEPS = ((10, 140), (5, 140), (5, 80), (3, 80), (1, 60), (0, 0))
"""A digest that is too long drops detail in this order: lines of a section, and characters of a claim. Numbers stay."""

_NAME_MOST, _NAMES = 40, 5
_PER_ROW = 3
_DATE = "{date}"
"""Stands in an intro for the day on which the digest comes."""

Content = Mapping[str, Any]
Told = Mapping[str, Any]

NAMES: dict[Section, str] = {
    Section.MINE: mark("With you"),
    Section.PUBLISHED: mark("Verdicts"),
    Section.CORRECTED: mark("Corrections"),
    Section.NEW: mark("New claims"),
    Section.DECIDED: mark("Decided, not published yet"),
    Section.DISPUTED: mark("Reviewers disagree"),
    Section.DEMANDED: mark("Most asked about"),
    Section.WAITING: mark("Waiting for reviewers"),
    Section.PENDING: mark("Waiting for an editor"),
    Section.OVERDUE: mark("Overdue"),
    Section.AGREEMENT: mark("Agreement of reviewers"),
    Section.ABSORBED: mark("Found to be known claims"),
    Section.UNDELIVERED: mark("Messages that could not be delivered"),
    Section.CHART: mark("Chart"),
}

_OPENED = frozenset(Section) - {Section.AGREEMENT, Section.UNDELIVERED, Section.CHART}
"""Sections with claims behind their number."""


def section_name(section: Section, words: Words) -> str:
    """Return what a section is called."""
    return words.text(NAMES[section])


def digest(content: Content, words: Words, digest_id: int | None = None) -> Message:
    """Return a digest; one short line if nothing happened.

    Args:
        digest_id: with it, buttons open the claims behind the numbers.
    """
    start, end = datetime.fromisoformat(content["period_start"]), datetime.fromisoformat(content["period_end"])
    period = words.text("{start} – {end}", start=words.day_time(start), end=words.day_time(end))
    order = [Section(each) for each in content["order"]]
    limit = limit_told(content["only"]["languages"], content["only"]["topics"], words)
    full = [section for section in order if content["sections"][section]["total"]]
    if not full:
        quiet = words.text("<b>Digest</b>, {period}: nothing new.", period=period)
        return Message(lines(quiet, limit))
    intro = intro_told(content, words)
    head = paragraphs(lines(_head(content, period, words), limit), None if intro is None else escape(intro))
    for most, longest in _STEPS:
        told = [_TELL[section](_Part(section, content, most, longest, end, words)) for section in full]
        html = paragraphs(head, *told)
        if visible_length(html) <= MOST:
            break
    buttons = []
    if digest_id is not None:
        for section in full:
            if section in _OPENED:
                total = words.number(content["sections"][section]["total"])
                label = f"{section_name(section, words)} · {total}"
                buttons.append(button(label, Verb.DIGEST_OPEN, digest_id, section))
    return Message(html, in_rows(buttons, _PER_ROW - 1))


def claims_behind(section: Section, page: Page[ClaimLine], digest_id: int, words: Words) -> Message:
    """Show the claims behind a number of a digest."""
    head = f"<b>{section_name(section, words)}</b>"
    if not page.total:
        return Message(paragraphs(head, words.text("Nothing is left of it.")))
    told = [claim_line(line, words) for line in page.lines]
    return listed(head, told, page, to_status(page), Verb.DIGEST_TURN, words, digest_id, section)


def _head(content: Content, period: str, words: Words) -> str:
    if content["preview"]:
        return words.text("<b>Digest so far</b>, {period}", period=period)
    if content["away"]:
        return words.text("<b>What happened while the desk was away</b>, {period}", period=period)
    return words.text("<b>Digest</b>, {period}", period=period)


def limit_told(languages: Sequence[str], topics: Sequence[str], words: Words) -> str | None:
    """Say of which claims a digest tells; None if of all."""
    named = escape(", ".join(map(words.language_name, languages)))
    tags = escape(" ".join(f"#{topic}" for topic in topics))
    if languages and topics:
        return words.text("Only claims in {languages} on {topics}.", languages=named, topics=tags)
    if languages:
        return words.text("Only claims in {languages}.", languages=named)
    return words.text("Only claims on {topics}.", topics=tags) if topics else None


def intro_told(content: Content, words: Words) -> str | None:
    """Return what an editor has it begin with, as plain text."""
    if content["intro"] is None:
        return None
    end = words.date(datetime.fromisoformat(content["period_end"]))
    return str(content["intro"]).replace(_DATE, end)


_REASON_LEAST = 80
"""A verdict that was taken back is never told without a word on why."""


class _Part:
    """A section that is to be told, and in how much detail."""

    def __init__(
        self, section: Section, content: Content, most: int, longest: int, end: datetime, words: Words
    ) -> None:
        self.told: Told = content["sections"][section]
        self.total: int = self.told["total"]
        self.longest, self.end, self.words = longest, end, words
        self._section, self._most = section, most
        self._before = None if content["before"] is None else content["before"].get(section)

    def head(self) -> str:
        """Return the name, the number, and its change against the period before."""
        name, total = section_name(self._section, self.words), self.words.number(self.total)
        if self._before is None or self._before == self.total:
            return f"<b>{name}: {total}</b>"
        change = self.words.number(abs(self.total - self._before))
        return f"<b>{name}: {total}</b> ({'+' if self.total > self._before else '−'}{change})"

    def section(self, one: Callable[[Told], str]) -> str:
        """Return the head, a line for each that is told, and how many there are beside them."""
        shown = [one(each) for each in self.told["lines"][: self._most]]
        rest = self.total - len(shown)
        more = self.words.count("… and {n} more", "… and {n} more", rest) if rest and shown else None
        return lines(self.head(), *shown, more)

    def claim(self, each: Told) -> str:
        """Return the line of a claim."""
        return f"• {number_of(each['id'])} {escape(one_line(each['text'], self.longest))}"


def _mine(part: _Part) -> str:
    words, due = part.words, part.told["due"]
    taken = words.count("{n} taken", "{n} taken", part.told["taken"])
    offered = words.count("{n} offered", "{n} offered", part.told["offered"])
    until = None
    if due is not None:
        until = words.text(
            "First due: {claim}, {moment}",
            claim=number_of(due["id"]),
            moment=words.day_time(datetime.fromisoformat(due["at"])),
        )
    return lines(part.head(), f"{taken} · {offered}", until)


def _verdict(part: _Part, each: Told) -> str:
    words, source = part.words, each["source"]
    if each.get("retracted") is not None:
        rating = f"<s>{escape(rating_label(words, each['rating']))}</s> <b>{number_of(each['id'])}</b>"
        why = escape(one_line(each["retracted"], max(part.longest, _REASON_LEAST)))
        text = escape(one_line(each["text"], part.longest))
        return lines(rating, text, words.text("Taken back: {reason}", reason=why))
    post = post_address(each.get("post"))
    there = None if post is None else link(post, words.text("Read the post"))
    rating = f"<b>{escape(rating_label(words, each['rating']))}</b> {number_of(each['id'])}"
    head = " · ".join(filter(None, (rating, there)))
    given = None
    if source:
        shown = link(source, None) if is_address(source) else escape(one_line(source, _SOURCE_MOST))
        given = words.text("Source: {source}", source=shown)
    summary = escape(one_line(each["summary"], part.longest)) if each.get("summary") and part.longest else None
    return lines(head, escape(one_line(each["text"], part.longest)), None if summary is None else f"→ {summary}", given)


def _verdicts(part: _Part) -> str:
    return part.section(lambda each: _verdict(part, each))


def _decided(part: _Part) -> str:
    return part.section(lambda each: f"• {number_of(each['id'])} {escape(rating_label(part.words, each['rating']))}")


def _disputed(part: _Part) -> str:
    def one(each: Told) -> str:
        shown = part.claim(each)
        far = part.words.text("{claim} (ratings far apart)", claim=shown) if each["major"] else shown
        names = escape(", ".join(one_line(name, _NAME_MOST) for name in each.get("asked", ())[:_NAMES]))
        return lines(far, part.words.text("Asked: {names}", names=names) if names else None)

    return part.section(one)


def _demanded(part: _Part) -> str:
    def one(each: Told) -> str:
        asked = part.words.count("{n} asks", "{n} ask", each["asked"])
        return f"{part.claim(each)} ({asked})"

    return part.section(one)


def _overdue(part: _Part) -> str:
    def one(each: Told) -> str:
        waiting = part.words.duration(part.end - datetime.fromisoformat(each["since"]))
        return f"{part.claim(each)} ({waiting})"

    return part.section(one)


def _waiting(part: _Part) -> str:
    words, oldest = part.words, part.told["oldest"]
    names = (
        words.text("up to a day"),
        words.text("up to three days"),
        words.text("up to a week"),
        words.text("longer"),
    )
    bands = [f"{name}: {words.number(n)}" for name, n in zip(names, part.told["ages"], strict=True) if n]
    since = words.duration(part.end - datetime.fromisoformat(oldest["since"]))
    longest = words.text("The oldest: {claim}, for {duration}", claim=number_of(oldest["id"]), duration=since)
    return lines(part.head(), " · ".join(bands), longest)


def _pending(part: _Part) -> str:
    words, to_approve, to_sort = part.words, part.told["to_approve"], part.told["to_sort"]
    approve = words.count("{n} to be approved", "{n} to be approved", to_approve) if to_approve else None
    sort = words.count("{n} sentence to be sorted", "{n} sentences to be sorted", to_sort) if to_sort else None
    return lines(part.head(), " · ".join(filter(None, (approve, sort))))


def _agreement(part: _Part) -> str:
    words, told = part.words, part.told
    same = words.text("The same rating: {share}", share=words.percent(told["same"]))
    alphas = [
        words.text("{name}: {value} ({low} … {high})", name=name, **_of_alpha(told[kind], words))
        for kind, name in (("ordinal", words.text("Alpha, ordinal")), ("nominal", words.text("Alpha, nominal")))
        if told[kind] is not None
    ]
    count = words.text("Claims with two reviews or more: {n}", n=part.total)
    return lines(f"<b>{section_name(Section.AGREEMENT, words)}</b>", same, *alphas, count)


def _of_alpha(told: Told, words: Words) -> dict[str, str]:
    return {name: words.digits(f"{told[name]:.2f}".replace("-", "−")) for name in ("value", "low", "high")}


def _only_number(part: _Part) -> str:
    return part.head()


_TELL: dict[Section, Callable[[_Part], str]] = {
    Section.MINE: _mine,
    Section.PUBLISHED: _verdicts,
    Section.CORRECTED: _verdicts,
    Section.NEW: lambda part: part.section(part.claim),
    Section.DECIDED: _decided,
    Section.DISPUTED: _disputed,
    Section.DEMANDED: _demanded,
    Section.WAITING: _waiting,
    Section.PENDING: _pending,
    Section.OVERDUE: _overdue,
    Section.AGREEMENT: _agreement,
    Section.ABSORBED: _only_number,
    Section.UNDELIVERED: _only_number,
}
