"""Notices of triage: sorting sentences, closing claims and taking them up again."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

_SORTING: Texts = {
    "triage_done": mark("This document is sorted already, so nothing was changed. /triage shows what still waits."),
    "triage_sorted": mark("Somebody else has sorted {claim} meanwhile, so nothing was changed. The card shows it."),
    "triage_changed": mark(
        "Something was chosen or sorted since your card was made, so nothing was done. Please look at it once more."
    ),
    "triage_none_chosen": mark("Nothing is chosen. Please tap the sentences that should be checked."),
    "triage_no_rest": mark("Every sentence is chosen, so there is nothing to close. Nothing was changed."),
    "triage_sent": mark("They are in the queue now."),
    "triage_closed": mark("Closed. Whoever asked is told."),
    "closing_taken_back": mark("Taken back: they wait to be sorted again, and nobody was told."),
    "closing_told": mark(
        "It is too late to take this back unheard, or it was done already. /reopen with the number opens one again."
    ),
}

_CLOSING: Texts = {
    "close_usage": mark(
        "Please write the number of the claim: /close 42 shows the reasons, /close 42 opinion is quick."
    ),
    "close_reason_unknown": mark(
        "“{text}” is no reason that the desk knows. /close alone with the number shows them all."
    ),
    "closed_already": mark("Claim {claim} is closed already. /reopen takes it up again."),
    "closing_of_decided": mark(
        "Claim {claim} is “{state}”: reviewers have done their work on it, so it is not closed. Nothing was changed."
    ),
    "closing_of_public": mark(
        "Claim {claim} is checked again, and its public verdict stands until the next one. So it is not closed."
    ),
    "closed": mark("Closed. Whoever asked is told."),
    "severity_changed": mark(
        "Another editor has judged the harm of {claim} since your card was made. Nothing was changed; /status shows it."
    ),
    "severity_of_ended": mark(
        "Claim {claim} is “{state}”, so its harm no longer decides anything. Nothing was changed."
    ),
    "reopen_usage": mark("Please write the number of the closed claim, as in /reopen 42"),
    "not_closed": mark("Claim {claim} is not closed, so there is nothing to take up again. Nothing was changed."),
    "reopened": mark("Taken up again. Whoever asked is told."),
    "claim_reopened": mark("The desk has taken up {claim} again, which you asked about. You will get its answer here."),
}

_REWORDING: Texts = {
    "reword_usage": mark("Please write the number of the claim and its clearer text: /reword 42 TEXT"),
    "reword_same": mark("Claim {claim} reads like this already. Nothing was changed."),
    "reword_known": mark(
        "Claim {known} says exactly this already. Nothing was changed; to answer the two with one verdict: /merge"
    ),
    "reword_of_decided": mark(
        "Claim {claim} is “{state}”: its text is what was decided about, so it stays. Nothing was changed."
    ),
    "claim_reworded": mark(
        "An editor has given {claim} a clearer text. What you have written about it is kept; please see if it still "
        "fits."
    ),
}

_RULES: Texts = {
    "rule_usage": mark(
        "A rule is added like this: /rule add text contains flood then severity high and notify. /rules shows them all."
    ),
    "rule_unreadable": mark(
        "“{piece}” is not understood. For example: /rule add text contains flood then severity high and notify"
    ),
    "rule_unfinished": mark(
        "Something is missing in this rule. For example: /rule add source contains example.org then tag health"
    ),
    "rule_too_long": mark("A rule has at most {longest} characters. Nothing was added; two short rules do the same."),
    "rule_too_many": mark("There are {most} rules already, and more are not possible. /rules lets you remove some."),
    "rule_known": mark("There is this very rule already. /rules shows it."),
    "rule_not_found": mark("This rule no longer exists. /rules shows those that do."),
    "rule_changed": mark("Another editor has changed this rule meanwhile, so nothing was done. /rules shows it."),
    "rules_usage": mark("Please write the number of a claim to test the rules on, as in /rules test 42"),
}

TRIAGE: Texts = {**_SORTING, **_CLOSING, **_REWORDING, **_RULES}
