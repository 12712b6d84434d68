"""The notices about sources."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark, mark_plural

EVIDENCE: Texts = {
    "origins_missing": (
        *mark_plural(
            "This rating needs sources of {needed} origin; copies of one report count once. You have {have}. Your "
            "draft is kept.",
            "This rating needs sources of {needed} origins; copies of one report count once. You have {have}. Your "
            "draft is kept.",
        ),
        "needed",
    ),
    "file_needs_caption": mark(
        "Please send the file once more, with a line under it that says what it shows. What you wrote is kept."
    ),
    "file_not_yours": mark(
        "Only its reviewer can see this file: it is protected, or the review is not handed in. Nothing was changed."
    ),
    "archive_not_address": mark(
        "This is no web address, so nothing was changed. Please send one link and nothing else."
    ),
    "description_has_address": mark(
        "There is a link in this description, and it would give the source away. Please describe it without one."
    ),
}
