"""`/stats`: the figures of a stretch of time, and by which formula each is made.

`python -m bot.views.statistics` prints docs/figures.md.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from bot.views.message import Message, escape
from bot.views.objections import voices_line
from bot.views.parts import lines, paragraphs
from bot.views.words import SOURCE_LANGUAGE, Words, mark, words_for
from jobs.agreement import FEWEST, RESAMPLES, SURE, Alpha
from jobs.policy import Policy
from jobs.statistics import Figures
from jobs.survival import Waits
from storage.kinds import AssignmentState, RequestState

WHY: tuple[tuple[str, str], ...] = (
    (
        mark("Times"),
        mark(
            "Median and nine in ten are by Kaplan and Meier, over the claims that came in during the time shown. What "
            "is not done yet counts as “longer than until now”, and so does what was closed or merged before. If less "
            "than half, or nine tenths, are done, there is no number yet. The first look is when a reviewer took the "
            "claim."
        ),
    ),
    (
        mark("Within the target"),
        mark(
            "Claims published within {target} of coming in, divided by all published plus those that wait for longer "
            "than that. Both are of the claims that came in during the time shown."
        ),
    ),
    (
        mark("Disputed, adjudicated"),
        mark(
            "How often reviews disagreed, divided by how often they came to agree or disagree; and how often an editor "
            "decided, divided by the verdicts reached."
        ),
    ),
    (
        mark("Corrected, reopened"),
        mark(
            "Of the claims first published during the time shown, the share corrected or taken back since, and the "
            "share opened again since."
        ),
    ),
    (
        mark("Agreement"),
        mark(
            "Percent: the share of pairs of reviews of one claim with the same rating, each claim counting the same. "
            "Alpha is Krippendorff’s: one is perfect, zero is what chance would give. Ordinal alpha knows that “mostly "
            "true” is nearer to “true” than to “false”, and leaves out ratings that lie on no line. In brackets the "
            "range in which it lies with a certainty of {sure}, from drawing claims anew {times} times. Nothing is "
            "shown for fewer than {fewest} claims with two reviews or more, nor if only one rating was ever given."
        ),
    ),
    (
        mark("Evidence"),
        mark(
            "Sources per verdict, and the share of verdicts with a primary source, with an archived copy, and with "
            "sources of two independent origins or more in one review with the verdict’s rating. Sources that a "
            "reviewer marked as copies of one report are of one origin."
        ),
    ),
    (
        mark("Requests"),
        mark(
            "What became of those who asked during the time shown. Unreachable are those of the waiting who have "
            "blocked the desk; their answer comes when they are back."
        ),
    ),
    (
        mark("Did the answers help"),
        mark("What people said under their answers during the time shown, each person once for each version."),
    ),
)
"""Each figure and how it is made."""


def stats_shown(figures: Figures, words: Words) -> Message:
    """Show the figures of a stretch of time."""
    head = words.text("<b>Figures</b>, {start} – {end}", start=words.date(figures.start), end=words.date(figures.end))
    if not figures.came_in and not figures.decided and not figures.evidence.verdicts:
        return Message(paragraphs(head, words.text("Nothing came in and nothing was decided.")))
    return Message(
        paragraphs(
            head,
            lines(_counts(figures, words), _target(figures, words)),
            lines(
                words.text("<b>Time until …</b> (half of them · nine in ten)"),
                _wait(words.text("first look"), figures.look, words),
                _wait(words.text("first review"), figures.review, words),
                _wait(words.text("decision"), figures.decision, words),
                _wait(words.text("publication"), figures.publication, words),
                _open(figures.publication, words),
            ),
            _rates(figures, words),
            _agreement(figures, words),
            _evidence(figures, words),
            _requests(figures, words),
            voices_line(figures.voices, words),
            words.text("/stats why tells how each figure is made."),
        )
    )


def why_shown(policy: Policy, words: Words) -> Message:
    """Tell how each figure is made."""
    told = [lines(f"<b>{words.text(title)}</b>", _why(text, policy, words)) for title, text in WHY]
    return Message(paragraphs(words.text("<b>How the figures are made</b>"), *told))


def work_shown(name: str, work: dict[AssignmentState, int], start: datetime, end: datetime, words: Words) -> Message:
    """Show what became of the claims offered to one person; only they and editors see it, and there is no ranking."""
    shown = lines(
        words.text("Done: {n}", n=work[AssignmentState.DONE]),
        words.text("Taken now: {n}", n=work[AssignmentState.TAKEN]),
        words.text("Passed on: {n}", n=work[AssignmentState.PASSED]),
        words.text("Time ran out: {n}", n=work[AssignmentState.EXPIRED]),
        words.text("Stepped back: {n}", n=work[AssignmentState.RECUSED]),
    )
    head = words.text("<b>{name}</b>, {start} – {end}", name=escape(name), start=words.date(start), end=words.date(end))
    return Message(paragraphs(head, shown, words.text("Only this person and editors see this.")))


def _counts(figures: Figures, words: Words) -> str:
    return words.text(
        "Came in: {came_in} · published: {published} · closed or merged: {ended} · open: {open}",
        came_in=figures.came_in,
        published=figures.published,
        ended=figures.ended,
        open=figures.open,
    )


def _target(figures: Figures, words: Words) -> str | None:
    if figures.within_target is None:
        return None
    return words.text("Within the target: {share}", share=words.percent(figures.within_target))


def _wait(name: str, waits: Waits, words: Words) -> str:
    unknown = words.text("not yet")
    shown = [
        unknown if seconds is None else words.duration(timedelta(seconds=seconds))
        for seconds in (waits.median, waits.p90)
    ]
    return f"{name}: {' · '.join(shown)}"


def _open(waits: Waits, words: Words) -> str | None:
    if waits.oldest is None:
        return None
    oldest = words.duration(timedelta(seconds=waits.oldest))
    return words.count("{n} open, for {oldest}", "{n} open, the longest for {oldest}", waits.open, oldest=oldest)


def _rates(figures: Figures, words: Words) -> str | None:
    rates = (
        (words.text("Disputed"), figures.disputed),
        (words.text("Adjudicated"), figures.adjudicated),
        (words.text("Corrected"), figures.corrected),
        (words.text("Reopened"), figures.reopened),
    )
    shown = [f"{name}: {words.percent(share)}" for name, share in rates if share is not None]
    return " · ".join(shown) or None


def _agreement(figures: Figures, words: Words) -> str | None:
    if figures.percent is None:
        return words.count(
            "Agreement is shown from {n} claim with two reviews on.",
            "Agreement is shown from {n} claims with two reviews on.",
            FEWEST,
        )
    share, n = figures.percent
    return lines(
        words.text("<b>Agreement</b> ({n} claims)", n=n),
        words.text("The same rating: {share}", share=words.percent(share)),
        _alpha(words.text("Alpha, ordinal"), figures.ordinal, words),
        _alpha(words.text("Alpha, nominal"), figures.nominal, words),
    )


def _alpha(name: str, alpha: Alpha | None, words: Words) -> str | None:
    if alpha is None:
        return None
    value, low, high = (words.digits(f"{each:.2f}".replace("-", "−")) for each in (alpha.value, alpha.low, alpha.high))
    return words.text(
        "{name}: {value} ({low} … {high}; {n} claims)", name=name, value=value, low=low, high=high, n=alpha.n
    )


def _evidence(figures: Figures, words: Words) -> str | None:
    evidence = figures.evidence
    if not evidence.verdicts:
        return None
    return words.text(
        "<b>Evidence</b>: {sources} sources per verdict · with a primary source: {primary} · with an archived copy: "
        "{archived} · of two origins or more: {origins}",
        sources=words.digits(f"{evidence.sources / evidence.verdicts:.1f}"),
        primary=words.percent(evidence.with_primary / evidence.verdicts),
        archived=words.percent(evidence.with_archive / evidence.verdicts),
        origins=words.percent(evidence.with_two_origins / evidence.verdicts),
    )


def _requests(figures: Figures, words: Words) -> str | None:
    requests = figures.requests
    if not any(requests.values()):
        return None
    return words.text(
        "<b>Requests</b>: answered {answered} · waiting {waiting} (unreachable: {unreachable}) · taken "
        "back {withdrawn}",
        answered=requests[RequestState.ANSWERED],
        waiting=requests[RequestState.WAITING],
        withdrawn=requests[RequestState.WITHDRAWN],
        unreachable=figures.unreachable,
    )


def _why(text: str, policy: Policy, words: Words) -> str:
    return words.text(
        text, target=words.length(policy.target), fewest=FEWEST, sure=words.percent(SURE), times=RESAMPLES
    )


def markdown(policy: Policy, words: Words) -> str:
    """Return docs/figures.md."""
    told = [f"## {words.text(title)}\n\n{_why(text, policy, words)}\n" for title, text in WHY]
    head = words.text("How the figures are made").join(("# ", "\n"))
    return "\n".join((head, *told))


if __name__ == "__main__":
    sys.stdout.write(markdown(Policy(), words_for(SOURCE_LANGUAGE)))
