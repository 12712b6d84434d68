"""Notices of corrections and retractions."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

CORRECTIONS: Texts = {
    "correct_usage": mark("Please write the number of the claim, as in /correct 42"),
    "retract_usage": mark("Please write the number of the claim, as in /retract 42"),
    "history_usage": mark("Please write the number of the claim, as in /history 42"),
    "nothing_published": mark("Claim {claim} has no published verdict, so there is nothing to change."),
    "objection_not_found": mark("This card is out of date. Nothing was changed."),
    "objection_decided": mark("This has been decided meanwhile, so nothing was done. The newest card says how."),
    "answer_not_yours": mark("This is for people who got the answer. You can ask about the claim by its number."),
    "evidence_waits": mark("What you sent about {claim} waits for an editor already. You are told what comes of it."),
    "evidence_not_now": mark("Claim {claim} is being checked again already, so this is not needed now."),
    "evidence_received": mark("Thank you. An editor reads what you sent about {claim}, and you are told either way."),
    "evidence_accepted": mark(
        "Because of what you and others sent, {claim} is checked again. You get the new answer here."
    ),
    "evidence_declined": mark("An editor has read what you sent about {claim}; the verdict stays as it is. Thank you."),
    "feedback_yes": mark("Noted: it answered you. Thank you!"),
    "feedback_no": mark("Noted: it did not answer you. Thank you! If you know more, send it as new evidence."),
    "undo_too_late": mark(
        "This can no longer be taken back: the claim is decided, or nothing is left to change. It stays handed in."
    ),
    "undo_over": mark(
        "It is too late to take this back: it is published, or was taken back already. /correct changes a verdict."
    ),
    "approved_for_now": mark("Approved. It is published in a moment; until then the card takes it back."),
    "approval_taken_back": mark("Taken back. Nothing was published, and nobody was told."),
    "agreement_broken": mark(
        "A reviewer of {claim} has changed their mind, so the agreement no longer stands. It is in review again."
    ),
    "taken_back": mark("Taken back: your review is a draft again. Hand it in when it is ready."),
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
