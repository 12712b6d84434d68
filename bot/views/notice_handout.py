"""Notices about who has a claim."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

HAND_OUT: Texts = {
    "lease_renewed": mark("You have the whole time again."),
    "lease_just_renewed": mark("You have your whole time for #{claim} already."),
    "lease_renewed_enough": mark(
        "You have had more time {most} times; then somebody else gets a chance. Your draft is kept."
    ),
    "leases_run_out": mark(
        "#{claim} was taken {n} times and not finished. /assign {claim} @name gives it to somebody."
    ),
    "recuse_usage": mark("Please write it like /recuse 42 with the reason behind it"),
    "recuse_reason": mark(
        "Please say why, for the record: /recuse {claim} with the reason behind it. Nothing was changed."
    ),
    "recuse_reviewed": mark("You have handed in a review of #{claim}. An editor can tell you what to do about it."),
    "recuse_known": mark("You stepped back from #{claim} before; it will not be offered to you."),
    "recused": mark("#{claim} will not be offered to you. Thank you for saying so."),
    "pass_usage": mark("Please write it like /pass 42"),
    "pass_nothing": mark("#{claim} is not with you. /mine shows what is."),
    "assign_usage": mark("Please write it like /assign 42 @name"),
    "unassign_usage": mark("Please write it like /unassign 42 @name"),
    "assign_not_open": mark("#{claim} does not wait for reviewers. /status {claim} shows where it stands."),
    "assign_no_reviewer": mark("{name} is no reviewer. /promote makes them one. Nothing was changed."),
    "assign_off_duty": mark("{name} is off duty. Please choose somebody else, or ask them to send /duty on."),
    "assign_full": mark("Enough reviewers have #{claim}. /unassign takes it from one of them. Nothing was changed."),
    "assign_has_it": mark("#{claim} is with {name} already."),
    "assign_reviewed": mark("{name} has reviewed #{claim}. Please choose somebody else."),
    "assign_recused": mark("{name} stepped back from #{claim}. Please choose somebody else."),
    "assign_own": mark("{name} brought in #{claim} or asked about it. Please choose somebody else."),
    "assigned": mark("#{claim} was offered to {name}."),
    "unassigned": mark("#{claim} is not with {name} any more; the draft is kept."),
    "unassign_nothing": mark("#{claim} is not with {name}. Nothing was changed."),
    "profile_usage": mark(
        "Please write /profile alone, or with what to change: /profile languages bn en, /profile topics health, "
        "/profile hours sun-thu 9-17, /profile capacity 2"
    ),
    "profile_language_unknown": mark("I know no language called “{text}”. Nothing was changed."),
    "profile_too_many": mark("At most {most} can be kept. Nothing was changed."),
    "profile_capacity": mark("Please choose a number from 1 to {most}: the desk allows no more. Nothing was changed."),
    "hours_usage": mark(
        "Please write the hours like /profile hours sun-thu 9-17, with a zone behind it if need be: Asia/Dhaka. "
        "/profile hours off ends them."
    ),
    "idle_answered": mark("This is no longer asked. /duty on brings you claims."),
    "glad_you_are_here": mark("Good to know. You get claims as before."),
    "claim_unassigned": mark("An editor gave #{claim} to somebody else. Your draft is kept."),
}
