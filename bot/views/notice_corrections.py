"""Notices of corrections and retractions."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

CORRECTIONS: Texts = {
    "correct_usage": mark("Please write the number of the claim, as in /correct 42"),
    "retract_usage": mark("Please write the number of the claim, as in /retract 42"),
    "history_usage": mark("Please write the number of the claim, as in /history 42"),
    "nothing_published": mark("Claim {claim} has no published verdict, so there is nothing to change."),
    "correction_not_found": mark("This card is out of date. Nothing was changed."),
    "correction_gone": mark(
        "This has been changed or decided meanwhile, so nothing was done. The newest card says how."
    ),
    "correction_waits": mark(
        "A change of {claim} waits for an editor already. Your draft is kept until that one is decided."
    ),
    "correction_changes_nothing": mark("Rating and text are as before. Please change one of them first."),
    "correction_is_yours": mark("You proposed this yourself, so another editor has to release it. It is kept."),
    "correction_proposed": mark("Put before the other editors. Nothing is public yet."),
    "correction_published": mark("Released. Everybody who got the answer is told."),
    "correction_left": mark("Dropped. What is published stays as it is."),
    "correction_released": mark("What you proposed for {claim} is published. Everybody who got the answer is told."),
    "correction_dropped": mark("What you proposed for {claim} was dropped. What is published stays as it is."),
}
