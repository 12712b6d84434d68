"""The sources of a draft: the step at which they are given, and one source with what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.callbacks import Verb
from bot.views.draft import needed_origins, needed_sources
from bot.views.evidence import file_button
from bot.views.labels import kind_name, stance_name
from bot.views.message import Button, escape
from bot.views.parts import button, in_rows, lines, link, one_line, quote
from bot.views.words import Words
from jobs.drafting import is_complete
from jobs.looking import Look, LookAt
from jobs.origins import independent_origins, likely_copies, origin_of
from jobs.policy import Policy
from storage.figures import CardFacts
from storage.kinds import Awaiting, SourceKind, Stance
from storage.model import AssignmentId, Source

Rows = tuple[tuple[Button, ...], ...]

_SUGGESTED_MOST = 2
_QUOTE_MOST = 300


def go(facts: CardFacts, step: Awaiting, label: str) -> Button:
    """Return a button that leads to a step of the review."""
    return button(label, Verb.STEP, facts.assignment.id, step)


def sources_step(facts: CardFacts, words: Words, policy: Policy, following: Awaiting) -> tuple[str, Rows]:
    """Return what is asked at the step of the sources, and its buttons."""
    back: Rows = ((go(facts, Awaiting.RATING, words.text("← Rating")),),)
    look = Look.read(facts.awaiting, facts.detail)
    for number, source in enumerate(facts.sources, 1):
        if not is_complete(source):
            prompt, rows = _describe(facts.assignment.id, number, source, words)
            return prompt, rows + back
    for number, source in enumerate(facts.sources, 1):
        if look is not None and look.source == source.id:
            return _one(facts, number, source, look.at, words)
    copies = likely_copies(facts.sources)[:_SUGGESTED_MOST]
    return (
        lines(_wanted(facts, words, policy), *(_looks_like(facts, pair, words) for pair in copies)),
        (
            *_onward(facts, following, words),
            *((_copy_button(facts, *pair, words),) for pair in copies),
            *in_rows(_menus(facts, words), 3),
            *back,
        ),
    )


def _wanted(facts: CardFacts, words: Words, policy: Policy) -> str:
    have, needed = len(facts.sources), needed_sources(facts, policy)
    if have < needed:
        return words.count(
            "Send a link, a picture or a file, or describe a source in words. {n} more is needed.",
            "Send a link, a picture or a file, or describe a source in words. {n} more are needed.",
            needed - have,
        )
    origins, wanted = independent_origins(facts.sources), needed_origins(facts, policy)
    if origins < wanted:
        return words.count(
            "Copies of one report count once. {n} more source of another origin is needed.",
            "Copies of one report count once. {n} more sources of other origins are needed.",
            wanted - origins,
        )
    if have:
        return words.text("Send another link or description, or go on.")
    return words.text("This rating needs no source. Send a link if you have one, or go on.")


def _menus(facts: CardFacts, words: Words) -> Iterator[Button]:
    for number, source in enumerate(facts.sources, 1):
        yield _look(facts, source, LookAt.MENU, words.text("✎ Source {n}", n=number))


def _looks_like(facts: CardFacts, pair: tuple[Source, Source], words: Words) -> str:
    one, other = (facts.sources.index(each) + 1 for each in pair)
    return words.text("Source {n} looks like a copy of source {other}. Copies count once.", n=one, other=other)


def _copy_button(facts: CardFacts, source: Source, of: Source, words: Words) -> Button:
    one, other = (facts.sources.index(each) + 1 for each in (source, of))
    label = words.text("Source {n} is a copy of source {other}", n=one, other=other)
    return button(label, Verb.SOURCE_COPY, facts.assignment.id, source.id, of.id)


def _onward(facts: CardFacts, following: Awaiting, words: Words) -> Rows:
    match following:
        case Awaiting.EXPLANATION:
            return ((go(facts, following, words.text("Next: explanation →")),),)
        case Awaiting.PREVIEW:
            return ((go(facts, following, words.text("Next: preview →")),),)
        case _:
            return ()


def _describe(assignment: AssignmentId, number: int, source: Source, words: Words) -> tuple[str, Rows]:
    remove: Rows = ((_remove(assignment, number, source, words),),)
    if source.kind is None:
        kinds = (button(kind_name(words, kind), Verb.SOURCE_KIND, assignment, source.id, kind) for kind in SourceKind)
        return words.text("Source {n}: what kind of source is it?", n=number), in_rows(kinds, 2) + remove
    stances = (
        button(stance_name(words, stance), Verb.SOURCE_STANCE, assignment, source.id, stance) for stance in Stance
    )
    return words.text("Source {n}: what does it say about the claim?", n=number), in_rows(stances, 1) + remove


def _remove(assignment: AssignmentId, number: int, source: Source, words: Words) -> Button:
    return button(words.text("✕ Source {n}", n=number), Verb.SOURCE_REMOVE, assignment, source.id)


def _one(facts: CardFacts, number: int, source: Source, at: LookAt, words: Words) -> tuple[str, Rows]:
    back = _look(facts, source, LookAt.MENU, words.text("← Source {n}", n=number))
    match at:
        case LookAt.QUOTE:
            asked = words.text("Send the words of source {n} that matter, exactly as they stand there.", n=number)
        case LookAt.ARCHIVE:
            asked = words.text("Send the link to a copy of source {n} in a web archive.", n=number)
        case LookAt.PROTECTION:
            asked = words.text(
                "How may others know source {n}? Send a description that does not give it away. Only you will see what "
                "it is; everybody else, editors too, reads the description.",
                n=number,
            )
        case _:
            return _menu(facts, number, source, words)
    return asked, ((back,),)


def _menu(facts: CardFacts, number: int, source: Source, words: Words) -> tuple[str, Rows]:
    assignment = facts.assignment.id
    protection = (
        button(words.text("Show it to everybody"), Verb.SOURCE_SHOWN, assignment, source.id)
        if source.protected
        else _look(facts, source, LookAt.PROTECTION, words.text("🔒 Protect"))
    )
    shown = lines(
        words.text("Source {n}, looked at on {date}.", n=number, date=words.date(source.accessed_at)),
        None if source.quote is None else quote(source.quote, _QUOTE_MOST),
        None
        if source.archived_url is None
        else words.text("Archived copy: {link}", link=link(source.archived_url, None)),
        None
        if source.description is None
        else words.text("🔒 Others read: {description}", description=escape(one_line(source.description, _QUOTE_MOST))),
    )
    return shown, (
        (
            _look(facts, source, LookAt.QUOTE, words.text("❝ Quote")),
            _look(facts, source, LookAt.ARCHIVE, words.text("Archived copy")),
            protection,
        ),
        *in_rows(_origin_buttons(facts, source, words), 2),
        *(() if source.file_kind is None else ((file_button(source, words.text("Show the file")),),)),
        (_remove(assignment, number, source, words),),
        (go(facts, Awaiting.SOURCE, words.text("← Sources")),),
    )


def _origin_buttons(facts: CardFacts, source: Source, words: Words) -> Iterator[Button]:
    """One for each other origin, under its first source; and one to leave the own."""
    mine = origin_of(source)
    if any(origin_of(each) == mine and each.id != source.id for each in facts.sources):
        yield button(words.text("It is a source of its own"), Verb.SOURCE_APART, facts.assignment.id, source.id)
    seen = {mine}
    for number, other in enumerate(facts.sources, 1):
        if origin_of(other) not in seen:
            seen.add(origin_of(other))
            label = words.text("Copy of source {n}", n=number)
            yield button(label, Verb.SOURCE_COPY, facts.assignment.id, source.id, other.id)


def _look(facts: CardFacts, source: Source, at: LookAt, label: str) -> Button:
    return button(label, Verb.SOURCE, facts.assignment.id, source.id, at)
