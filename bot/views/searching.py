"""The search in words: how it is done, what it found, and what languages, ratings and states may be called in it."""

from __future__ import annotations

from functools import lru_cache

from bot.callbacks import Verb
from bot.views.labels import RATING_KEYS, rating_name, state_name
from bot.views.lists import claim_line, listed, to_status
from bot.views.message import Message, escape
from bot.views.parts import lines, number_of, one_line, paragraphs
from bot.views.snippets import snippet
from bot.views.words import LANGUAGES, Words, mark, words_for
from jobs.lookup import Page
from jobs.policy import Policy
from jobs.search_query import Names, squeezed
from storage.figures import ClaimLine
from storage.kinds import ClaimState, Role
from storage.model import Claim
from storage.search.query import SearchQuery

_QUERY_MOST = 60
_SNIPPET_MOST = 160
_NOT_LISTED = ClaimState.DUPLICATE

_WORDS = (
    (mark("flood Dhaka"), mark("claims with all of these words, or longer ones that begin so")),
    (mark('"heavy rain"'), mark("with exactly these words, one after the other")),
    (mark("flood -old"), mark("without a word; it also works with “phrases”")),
    (mark("#flood"), mark("with a tag")),
)
_FILTERS = (
    ("lang:bn", mark("in a language")),
    ("rating:false", mark("with a verdict of this rating. Ratings: {ratings}")),
    ("state:disputed", mark("where they stand. States: {states}")),
    ("after:2025-05-01", mark("came in on this day or later")),
    ("before:2025-06-01", mark("came in before this day")),
    ("by:me", mark("brought in by you")),
)
_OF_THE_TEAM = ("by:@name", mark("brought in by somebody, by username or name"))


def search_help(role: Role, words: Words, policy: Policy) -> Message:
    """Show how to search, with examples."""
    values = {
        "ratings": escape(", ".join(rating_name(words, rating.key) for rating in policy.scale)),
        "states": ", ".join(state_name(words, state) for state in ClaimState if state is not _NOT_LISTED),
    }
    filters = [*_FILTERS, *([_OF_THE_TEAM] if role.covers(Role.REVIEWER) else [])]
    return Message(
        paragraphs(
            words.text("<b>How to search</b>"),
            lines(
                *(f"<code>/search {escape(words.text(typed))}</code> – {words.text(told)}" for typed, told in _WORDS)
            ),
            words.text("To this, or instead, you can add:"),
            lines(*(f"<code>{typed}</code> – {words.text(told).format(**values)}" for typed, told in filters)),
            words.text("What has several words goes into quotation marks: {example}", example=_of_two_words(words)),
        )
    )


def _of_two_words(words: Words) -> str:
    return f'<code>state:"{state_name(words, ClaimState.IN_REVIEW)}"</code>'


def search_shown(page: Page[ClaimLine], query: SearchQuery, typed: str, words: Words) -> Message:
    """Show what a search found, the best first, with the words that were asked for in bold."""
    asked = escape(one_line(typed, _QUERY_MOST))
    if not page.total:
        return Message(
            words.text(
                "Nothing was found for “{query}”. Try fewer words, or send the statement here to have it checked.",
                query=asked,
            )
        )
    if not page.lines:
        return Message(words.text("Nothing more was found for “{query}”.", query=asked))
    if page.more:
        head = words.count(
            "More than {n} claim found for “{query}”",
            "More than {n} claims found for “{query}”",
            page.total,
            query=asked,
        )
    else:
        head = words.count("{n} claim found for “{query}”", "{n} claims found for “{query}”", page.total, query=asked)
    told = [claim_line(each, words, snippet(each.claim.text, query.terms, _SNIPPET_MOST)) for each in page.lines]
    return listed(head, told, page, to_status(page), Verb.SEARCH, words)


def tags_shown(claim: Claim, tags: list[str], words: Words) -> Message:
    """Show the tags of a claim."""
    number = number_of(claim.id)
    if not tags:
        return Message(words.text("{claim} has no tags.", claim=number), claim_id=claim.id)
    told = escape(" ".join(f"#{tag}" for tag in tags))
    return Message(words.text("Tags of {claim}: {tags}", claim=number, tags=told), claim_id=claim.id)


@lru_cache(maxsize=1)
def search_names() -> Names:
    """Return what ratings, states and languages are called in any language of the desk."""
    ratings: dict[str, str] = {}
    states: dict[str, str] = {}
    for words in map(words_for, LANGUAGES):
        ratings |= {squeezed(rating_name(words, key)): key for key in RATING_KEYS}
        states |= {squeezed(state_name(words, state)): state.value for state in ClaimState}
    return Names(ratings, states, _language_called)


def language_code(name: str) -> str | None:
    """Return the code of a language by its name in any language of the desk, or by the code itself; None if unknown."""
    code = name.lower()
    return code if code in _languages().values() else _languages().get(squeezed(name))


def _language_called(name: str) -> str | None:
    return _languages().get(name)


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - only when somebody writes a language's name

    # The tables of Unicode call it Bangla only.
    return {"bengali": "bn"} | {
        squeezed(name): code
        for language in LANGUAGES
        for code, name in Locale.parse(language).languages.items()
        if code.isalpha()
    }
