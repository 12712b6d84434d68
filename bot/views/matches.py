"""What a claim was found to be like, and why: the evidence of `jobs/likeness.py` in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.callbacks import Verb
from bot.views.labels import rating_label
from bot.views.message import Button, escape
from bot.views.parts import button, in_rows, lines, number_of, one_line
from bot.views.words import Words
from jobs.duplicates import mergeable
from storage.matches import Match, MatchLevel, MatchLine, MatchMethod
from storage.model import Claim

_TEXT_MOST = 120
_WORD_MOST = 30
_SHOWN_MOST = 3


def match_lines(alike: Sequence[MatchLine], words: Words) -> str | None:
    """Return the known claims that one is like, each with rating, text and reason; None if there is none."""
    if not alike:
        return None
    shown = (_line(each, words) for each in alike[:_SHOWN_MOST])
    return lines(words.text("<b>Like claims that the desk knows:</b>"), *shown)


def merge_buttons(claim: Claim, alike: Sequence[MatchLine], words: Words) -> tuple[tuple[Button, ...], ...]:
    """Return, for editors, a button for each known claim that a claim may be merged into."""
    return in_rows(
        (
            button(
                words.text("Same as {claim}", claim=number_of(line.known.id)),
                Verb.MERGE,
                *(claim.id, claim.revision, line.known.id, line.known.revision),
            )
            for line in mergeable(claim, alike[:_SHOWN_MOST])
        ),
        2,
    )


def _line(line: MatchLine, words: Words) -> str:
    known = line.known
    rating = "" if line.rating is None else f" {escape(rating_label(words, line.rating))} ·"
    return lines(
        f"<b>{number_of(known.id)}</b>{rating} {escape(one_line(known.text, _TEXT_MOST))}",
        f"<i>{why(line.match, words)}</i>",
    )


def why(match: Match, words: Words) -> str:
    """Return why two claims are alike, and what tells them apart, in one line."""
    if match.method is MatchMethod.MEANING:
        if "language" not in match.parts:
            return words.text("seems to say the same in other words")
        language = escape(words.language_name(str(match.parts["language"])))
        return words.text("seems to say the same in another language: {language}", language=language)
    return _by_words(match.level, match.parts, words)


def _by_words(level: MatchLevel, parts: Mapping[str, Any], words: Words) -> str:
    said = [words.text("{shared} of {total} words", shared=int(parts["shared"]), total=int(parts["total"]))]
    if parts["names"]:
        said.append(words.text("both say {names}", names=_listed(parts["names"])))
    new, known = parts["new_numbers"], parts["known_numbers"]
    if new and known:
        said.append(words.text("numbers differ: {new} / {known}", new=_listed(new), known=_listed(known)))
    elif new or known:
        said.append(words.text("only one says {numbers}", numbers=_listed(new or known)))
    if parts["negated"]:
        said.append(words.text("only one says “not”"))
    if level is MatchLevel.SAME:
        said.append(words.text("the same in other words"))
    return ", ".join(said)


def _listed(written: Sequence[str]) -> str:
    return ", ".join(escape(one_line(each, _WORD_MOST)) for each in written)
