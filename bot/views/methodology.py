"""How the desk works, as a reader of it would want to know: the rules in plain words, with the numbers in force.

`python -m bot.views.methodology` prints docs/methodology.md, with the numbers that a new desk has.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bot.views.labels import rating_name
from bot.views.message import Message, escape
from bot.views.words import SOURCE_LANGUAGE, Words, words_for
from jobs.policy import Policy


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, as plain text."""

    title: str
    paragraphs: tuple[str, ...]


def sections(policy: Policy, words: Words) -> Iterator[Section]:
    """Yield the rules, in the order in which a claim meets them."""
    yield Section(words.text("What is checked"), tuple(_what(policy, words)))
    yield Section(words.text("Who checks"), tuple(_who(policy, words)))
    yield Section(words.text("When a rating stands"), tuple(_quorum(policy, words)))
    yield Section(words.text("When reviewers disagree"), tuple(_disagreement(policy, words)))
    yield Section(words.text("Evidence"), tuple(_evidence(policy, words)))
    yield Section(words.text("From rating to verdict"), tuple(_publication(policy, words)))
    yield Section(words.text("When a verdict was wrong"), tuple(_corrections(policy, words)))
    yield Section(words.text("The same claim again"), tuple(_again(policy, words)))


def _what(policy: Policy, words: Words) -> Iterator[str]:
    yield words.text("Anybody may send a claim. It gets a number, under which everybody can see where it stands.")
    yield words.text(
        "Claims are worked on in the order of a priority: how many people asked, how much harm an editor sees in the "
        "claim, how long it has waited, and how much its text looks like a statement of fact. Age counts for {days} at "
        "most. The team sees the parts of each claim's priority.",
        days=words.length(policy.age_counts_for),
    )
    if not policy.queue_from_documents:
        yield words.text(
            "The sentences of an article wait for an editor, who chooses those to be checked. The desk suggests the "
            "ones that look like statements of fact; the choice is the editor's."
        )
    yield words.text("Opinions, spam and what the desk cannot check are closed with a reason, and who asked is told.")
    yield words.text(
        "A claim that was closed can be taken up again. It goes on where its reviews put it, and who asked is told."
    )


def _who(policy: Policy, words: Words) -> Iterator[str]:
    yield words.text("Nobody reviews a claim that they brought in or asked about, or from which they stepped back.")
    yield words.text("Reviewers work blind: nobody sees what others found before their own review is handed in.")
    yield words.text("An editor who was shown the reviews of a claim is not asked for one, unless by another editor.")
    yield words.text(
        "Who takes a claim has {time} for it; then it goes to somebody else, and the draft is kept.",
        time=words.length(policy.lease_lasts),
    )


def _quorum(policy: Policy, words: Words) -> Iterator[str]:
    yield words.count(
        "{n} independent review is needed.",
        "{n} independent reviews are needed; if all give the same rating, it stands.",
        policy.quorum,
    )
    if policy.max_reviews > policy.quorum:
        yield words.count(
            "Otherwise one more reviewer is asked at a time, until there is {n} review. A rating that more than half "
            "of the reviewers gave stands then, and what the others think is kept with it.",
            "Otherwise one more reviewer is asked at a time, until there are {n} reviews. A rating that more than half "
            "of the reviewers gave stands then, and what the others think is kept with it.",
            policy.max_reviews,
        )


def _disagreement(policy: Policy, words: Words) -> Iterator[str]:
    yield words.text(
        "Until there is a decision, reviewers may change their mind: their review is a draft again, what rested on it "
        "is in review again, and editors are told if an agreement ends so. Every revision is kept."
    )
    yield words.text("Without such a rating the claim is disputed, and an editor decides, with a written reason.")
    yield words.text(
        "The disagreement is minor if all ratings lie next to each other between false and true, and major otherwise."
    )
    if policy.reviewer_may_adjudicate:
        yield words.text(
            "An editor who reviewed the claim does not decide it, unless every editor who can be reached has reviewed "
            "it; the verdict then says so."
        )
    else:
        yield words.text("An editor who reviewed the claim does not decide it.")


def _evidence(policy: Policy, words: Words) -> Iterator[str]:
    yield words.text("Each source is kept with its kind, what it says about the claim, and the day it was looked at.")
    for needed in sorted({rating.sources for rating in policy.scale}, reverse=True):
        named = ", ".join(rating_name(words, each.key) for each in policy.scale if each.sources == needed)
        if needed:
            yield words.count(
                "At least {n} source: {ratings}.", "At least {n} sources: {ratings}.", needed, ratings=named
            )
        else:
            yield words.text("Without a source, too: {ratings}.", ratings=named)
    yield words.text(
        "Sources that repeat one report are of one origin, and count once: the reviewer marks them as copies, and the "
        "desk points out sources on one site or in nearly the same words."
    )
    yield words.text(
        "Photos and documents can be sources: the desk keeps the SHA-256 of their bytes, and tells editors if two "
        "reviewers sent the same file."
    )
    for needed in sorted({rating.origins for rating in policy.scale} - {0, 1}, reverse=True):
        named = ", ".join(rating_name(words, each.key) for each in policy.scale if each.origins == needed)
        yield words.text("Sources of at least {n} origins: {ratings}.", n=needed, ratings=named)
    yield words.text(
        "A source that has to be protected is published by a description alone. Only its reviewer sees what it is."
    )


def _publication(policy: Policy, words: Words) -> Iterator[str]:
    if policy.approval:
        yield words.text(
            "An editor approves each verdict before it is published. Whoever was the only reviewer may not approve."
        )
    else:
        yield words.text("What the reviewers agree on is published without an editor.")
    yield words.text(
        "The verdict goes to everybody who asked, each once, and to the desk's channels, with its sources."
    )
    if policy.undo_within:
        yield words.text(
            "What an editor approves, closes or merges can be taken back for {time}. A verdict is published, and who "
            "asked is told, only after that, so that nobody is told a slip.",
            time=words.length(policy.undo_within),
        )


def _corrections(policy: Policy, words: Words) -> Iterator[str]:
    yield words.text(
        "A published verdict is never changed in silence. A correction is a new version with a written reason, and the "
        "earlier ones are kept; /history shows them all."
    )
    if policy.approval:
        yield words.text(
            "An editor proposes a correction, or to take a verdict back, and another one releases it, unless there is "
            "only one."
        )
    else:
        yield words.text("An editor makes a correction, or takes a verdict back, without another editor.")
    yield words.text(
        "Everybody who got the verdict is told what changed and why, each once. Posts in the desk's channels are "
        "changed, with a note below them; /corrections lists them all."
    )
    yield words.text(
        "Who got a verdict can answer it with new evidence. An editor has the claim checked anew or declines, and they "
        "are told either way; until there is a new version, the present one stands."
    )


def _again(policy: Policy, words: Words) -> Iterator[str]:
    yield words.text(
        "A claim that says the same in the same words as an earlier one gets the earlier one's answer. If a number is "
        "different, it is never taken for the same."
    )
    yield words.count(
        "Texts of fewer than {n} word are never matched by themselves.",
        "Texts of fewer than {n} words are never matched by themselves.",
        policy.match_min_words,
    )
    yield words.text(
        "Editors can merge claims that say the same, and take them apart again; nobody's question is lost."
    )


def method_shown(policy: Policy, words: Words) -> Message:
    """Show the rules in a chat."""
    parts = [
        f"<b>{escape(each.title)}</b>\n" + "\n".join(map(escape, each.paragraphs)) for each in sections(policy, words)
    ]
    return Message("\n\n".join(parts))


def markdown(policy: Policy, words: Words) -> str:
    """Return the rules as a page of Markdown."""
    title = words.text("How the desk works")
    lines = [f"# {title}"]
    for each in sections(policy, words):
        lines += ["", f"## {each.title}", ""]
        lines += "\n\n".join(each.paragraphs).split("\n")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(markdown(Policy(), words_for(SOURCE_LANGUAGE)))
