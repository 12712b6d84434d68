"""Notices of the desk's daily work: offers, reviews, decisions, merges, questions, search, chats."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark, mark_plural

_NOT_FOUND: Texts = {
    "person_not_found": mark("The desk does not know this person yet. They have to write to it first."),
    "chat_not_found": mark("The desk is not in this chat. Please add it there and try again."),
    "claim_not_found": mark("There is no claim {claim}. Please check the number, or look for it with /search."),
    "document_not_found": mark("There is no such document."),
    "assignment_not_found": mark("This offer no longer exists. /mine shows what is yours."),
    "review_not_found": mark("There is no draft of yours for this claim. /mine shows what is yours."),
    "source_not_found": mark("This source is no longer on the list. Nothing else was changed."),
    "submission_not_found": mark("This text is no longer here. Please send it again."),
    "subscription_not_found": mark("This digest is no longer set. /digest shows the settings."),
    "digest_not_found": mark("This digest no longer exists. /digest now shows what is new."),
    "verdict_not_found": mark("There is no verdict here that could be used. Nothing was changed."),
}

_WORK: Texts = {
    "offer_gone": mark(
        "This offer is no longer open. You have lost nothing: the next claim will be offered to you by itself."
    ),
    "offer_not_yours": mark("This card is for somebody else. /mine shows what is yours."),
    "already_taken": mark("You already have claim {claim}. /mine brings its card back."),
    "lease_expired": mark(
        "The time for claim {claim} ran out. Your draft is kept: if the claim is offered to you again, you go on there."
    ),
    "lease_not_taken": mark("Please take claim {claim} first; then you can work on it."),
    "at_capacity": (
        *mark_plural(
            "You already have {capacity} claim, and more at a time is not possible. Please finish it or hand it back; "
            "/mine shows it.",
            "You already have {capacity} claims, and more at a time is not possible. Please finish one or hand it "
            "back; /mine shows them.",
        ),
        "capacity",
    ),
    "own_claim": mark("You asked about this claim yourself, so somebody else reviews it."),
    "review_changed": mark(
        "Your review has changed since this preview, so it was not handed in. Please look at the newest card."
    ),
    "review_submitted": mark("Your review of claim {claim} is already handed in. Thank you!"),
    "rating_missing": mark("Please choose a rating first. Your draft is kept."),
    "unknown_rating": mark("The rating “{rating}” is not on the desk's scale. Please choose another one."),
    "sources_missing": (
        *mark_plural(
            "This rating needs {needed} source; there are {have} so far. Please add what is missing. Your draft is "
            "kept.",
            "This rating needs {needed} sources; there are {have} so far. Please add what is missing. Your draft is "
            "kept.",
        ),
        "needed",
    ),
    "source_incomplete": mark(
        "Please say of every source of what kind it is and what it says about the claim. Your draft is kept."
    ),
    "source_known": mark("This source is already on the list. Nothing was changed."),
    "source_too_many": (
        *mark_plural(
            "A review may have {most} source at most. Please remove one first.",
            "A review may have {most} sources at most. Please remove one first.",
        ),
        "most",
    ),
    "explanation_missing": mark("Please write the explanation first. Your draft is kept."),
    "draft_waiting": mark(
        "You are at work on claim {claim}, and this step goes by button: please use its card. To send in something "
        "else, leave it with /cancel first."
    ),
    "nothing_to_cancel": mark("There is nothing to leave: you are not in the middle of anything."),
    "cancelled": mark("You have left claim {claim} for now. Everything so far is kept; its card brings you back."),
    "taken": mark("The claim is yours."),
    "passed": mark("Passed on. Thank you for telling us."),
    "practice_passed": mark("Passed over. It comes again at the end."),
    "handed_back": mark("Handed back. Your draft is kept."),
    "rated": mark("The rating is noted."),
    "source_added": mark("The source is added."),
    "saved": mark("Noted."),
    "submitted": mark("Handed in. Thank you!"),
    "practice_stopped": mark("You have stopped practising. /practice goes on whenever you like."),
    "practice_moved_on": mark(
        "You have gone on since this button was made, so nothing was changed. /practice shows where you are."
    ),
    "practice_done": mark("You have done all practice claims of this round. /practice begins a new one."),
    "duty_on": mark("You are on duty: claims will be offered to you here. /duty off ends it."),
    "duty_off": mark("You are off duty and will get no new offers. What you have taken stays yours."),
    "duty_usage": mark("Please write /duty on or /duty off."),
}

_DECISIONS: Texts = {
    "claim_changed": mark(
        "Something about claim {claim} has changed since this card was made, so nothing was done. Please look at the "
        "newest card."
    ),
    "transition_not_allowed": mark("This is not possible while the claim is “{state}”. Nothing was changed."),
    "approver_only_reviewer": mark("You are the only reviewer of this claim, so another editor has to approve it."),
    "adjudicator_reviewed": mark("You have reviewed this claim yourself, so another editor has to decide."),
    "adjudicator_alone": mark(
        "You have reviewed {claim} yourself, and no other editor can be reached. Please /promote somebody, or permit "
        "it: /settings reviewer_may_adjudicate on. The verdict then says so."
    ),
    "reason_missing": mark("Please write the reason in words. Nothing is decided yet."),
    "approved": mark("Approved and published."),
    "sent_back": mark("Sent back to the reviewers."),
    "adjudicated": mark("Decided and published."),
    "role_needed": mark("This is for people with the role “{role}”. An editor can give you an invite."),
    "only_editor_here": mark("Only an editor can set this here."),
    "person_unreachable": mark("{name} cannot be reached at the moment."),
    "claim_passed_by_all": mark(
        "Nobody on duty can take claim {claim}: they passed it on, or asked about it themselves. It stays in the queue "
        "for whoever comes on duty."
    ),
    "policy_invalid": mark("This value is not possible for the setting “{setting}”. Nothing was changed."),
    "channel_on": mark("From now on verdicts are published in “{title}”."),
    "channel_off": mark("Verdicts are no longer published in “{title}”."),
}

_MERGING: Texts = {
    "merge_usage": mark("Please write the numbers of both claims: /merge 42 17 lets 42 be answered by 17."),
    "unmerge_usage": mark("Please write the number of the claim that was merged, as in /unmerge 42"),
    "merge_into_itself": mark("Claim {claim} cannot be merged into itself. Please write two numbers: /merge 42 17"),
    "merge_in_a_circle": mark(
        "Claim {known} already counts as the same as {claim}. To turn it round, first take it apart with /unmerge."
    ),
    "merged_already": mark("Claim {claim} already counts as the same as {known}. Nothing was changed."),
    "merged_elsewhere": mark(
        "Claim {claim} already counts as the same as {known}. To merge it elsewhere, first take it apart: /unmerge"
    ),
    "merge_of_decided": mark(
        "Claim {claim} has its verdict, so it stays a claim of its own. You can merge {known} into it instead."
    ),
    "merge_of_ended": mark("Claim {claim} is “{state}”, so there is nothing to answer together. Nothing was changed."),
    "merge_into_ended": mark(
        "Claim {known} is “{state}”: whoever asked about {claim} would never get an answer. Nothing was changed."
    ),
    "merge_changed": mark("Something has changed since this button was made. Please look once more, and confirm."),
    "merged": mark("Merged."),
    "unmerged": mark("Taken apart."),
    "not_merged": mark("Claim {claim} counts as a claim of its own already. Nothing was changed."),
    "answer_was_anothers": mark(
        "A correction: the answer you got is about {known}. The desk took your question {claim} for the same, and it "
        "is not. You will get an answer of its own."
    ),
}

_ASKING: Texts = {
    "submit_usage": mark("Please write the text after the command: /submit TEXT. Or reply to a message with /submit."),
    "submission_done": mark("This was done already. Nothing was changed."),
    "document_not_yours": mark("Only whoever sent this text can say in which language it is."),
    "language_known": mark("The language of this text is known already. Nothing was changed."),
    "submission_gone": mark("This text is not waiting any more. If you want it checked, please send it again."),
    "text_empty": mark("There are no words in this message. Please send some text, or a link."),
    "text_too_long": mark("This text is too long: {longest} characters are the most. Nothing was changed."),
    "no_claim_in_text": mark("There is no sentence in this text that could be checked. Please send a statement."),
    "send_text_only": mark(
        "The desk cannot read pictures, voice messages or stickers yet. Please send the words, or a link."
    ),
    "ingest_known": mark("The desk already has this very text. Nothing was changed."),
    "status_usage": mark(
        "Please say which claim, for example /status 42. Or reply with /status to a message about it."
    ),
    "search_usage": mark("Please say what to look for, for example: /search vaccine"),
    "search_too_old": mark("This list is too old to turn its pages. Please search again with /search."),
}

_SEARCH: Texts = {
    "search_too_long": mark(
        "A search has at most {longest} characters. Take a few words of the text, or send it here to have it checked."
    ),
    "search_too_many": mark(
        "A search has at most {most} words. Leave some out, or send the text here to have it checked."
    ),
    "search_unclosed": mark('A quotation mark is not closed: {piece} It should be like this: /search "heavy rain"'),
    "search_filter_unknown": mark(
        "“{filter}:” is no filter. There are lang: rating: state: by: after: before: tag: – /search alone shows how."
    ),
    "search_value_missing": mark(
        "What should stand behind “{filter}:” is missing. No space between, please, as in /search lang:bn"
    ),
    "search_twice": mark(
        "“{filter}:” stands there twice, and a claim has only one. /search alone shows how to search."
    ),
    "search_not_filter": mark(
        "“{piece}” is not possible: a minus leaves out words and “phrases”, as in /search flood -old"
    ),
    "search_only_not": mark("This says only what to leave out. Please add what to look for: /search flood -old"),
    "search_language_unknown": mark("The desk knows no language “{value}”. Its code is best, as in /search lang:bn"),
    "search_rating_unknown": mark(
        "“{value}” is not on the desk's scale. It should be like /search rating:false. /search alone shows them all."
    ),
    "search_state_unknown": mark(
        "No claim is ever “{value}”. It should be like /search state:disputed. /search alone shows them all."
    ),
    "search_date_unknown": mark(
        "“{value}” is no date. It should be like /search after:2025-05-01 or /search before:2026"
    ),
    "search_dates_crossed": mark(
        "No day lies between these dates: after: is the first day that counts, before: the first that does not."
    ),
    "search_by_private": mark("Who brought a claim in can be asked only in the private chat with the desk."),
    "search_by_not_allowed": mark("Who brought a claim in is for the team to know. /search by:me finds your own."),
    "search_person_unknown": mark(
        "The desk knows nobody called “{name}”. Please write by:@username, or the whole name in quotation marks."
    ),
    "why_usage": mark("Please write the claim's number, for example: /why 42"),
    "tag_usage": mark(
        "Please write the claim's number and its tags, with a minus those to take away, for example: /tag 42 flood -old"
    ),
    "tag_invalid": mark(
        "“{tag}” cannot be a tag. A tag is one word of letters and digits, not of digits only, as in /tag 42 flood"
    ),
    "tag_too_many": (
        *mark_plural(
            "A claim may have {most} tag at most. Please take some away first.",
            "A claim may have {most} tags at most. Please take some away first.",
        ),
        "most",
    ),
}

_CHAT: Texts = {
    "button_unknown": mark("This button is out of date. Nothing was changed; /help shows what you can do."),
    "command_in_caption": mark(
        "A command under a picture or a file is not read. Please send it as a message of its own."
    ),
    "anonymous_sender": mark(
        "The desk cannot see who you are: you are anonymous in this group. Please write as yourself, or in private."
    ),
    "command_unknown": mark("The desk does not know this command. /help shows all of them."),
    "only_private": mark("Please use this command in the private chat with the desk."),
    "start_in_private": mark("Please open the private chat with the desk and press Start there."),
    "language_set": mark("The desk now speaks {language} with you."),
    "chat_language_set": mark("The desk now speaks {language} in this chat."),
    "reason_waiting": mark(
        "The desk waits for your written reason for {claim}; a forward is not one. /cancel leaves it."
    ),
    "language_unknown": mark("The desk speaks English (/language en) and Bengali (/language bn)."),
    "joined": mark("Welcome to the team! Your role is now: {role}."),
    "invite_used": mark("This invite has been used; each works once. Please ask for a new one."),
    "invite_expired": mark("This invite has run out. Please ask for a new one."),
    "invite_unknown": mark("This invite is not valid. Please check that the link is complete, or ask for a new one."),
    "invite_weaker": mark("Your role is already “{role}”, so you do not need this invite. It stays good for others."),
    "invite_usage": mark("Please say for which role: /invite reviewer, /invite editor or /invite admin."),
    "digest_usage": mark(
        "Please write it like one of these: /digest daily 09:00 Asia/Dhaka · /digest weekly sun 18:00 · "
        "/digest monthly 31 18:00. /digest alone shows buttons."
    ),
    "digest_off": mark("This chat will get no more digests."),
    "stretch_invalid": mark("“{text}” is no stretch of time. Please write it like /stats 7d or /stats 2025-05."),
    "digest_paused": mark("Paused. /digest resume lets it go on: the next one tells everything since the last."),
    "digest_resumed": mark("It goes on. The next digest tells everything since the last one."),
    "digest_known": mark("This chat has this very digest. /digest shows all that it has."),
    "digest_which": mark("This chat has several digests like that. Please press /digest and choose the one to change."),
    "digest_too_many": mark("A chat has {most} digests at most. /digest shows them; please end one first."),
    "digest_ended": mark("This digest has ended. /digest shows the others."),
    "cron_invalid": mark("“{text}” is no cron line of five fields. An example: /digest cron 0 9 * * 1-5"),
    "cron_too_often": mark(
        "A digest comes once an hour at most: please write one number for the minute, as in /digest cron 0 9 * * 1-5"
    ),
    "cron_never": mark("“{text}” names a day that never comes."),
    "month_day_invalid": mark("“{text}” is no day of the month. Please write it like /digest monthly 31 18:00"),
    "digest_none": mark("This chat has no digest. This sets one: /digest daily 09:00"),
    "local_time_invalid": mark("“{text}” is not a time of day. Please write it like 09:00 or 18:30."),
    "weekday_invalid": mark("“{text}” is not a day of the week. Please write it like sun or sunday."),
    "unknown_zone": mark("“{zone}” is not a known time zone. Please write it like Asia/Dhaka."),
    "already_exists": mark("This is there already. Nothing was changed."),
    "update_failed": mark(
        "Something went wrong at the desk, and nothing was changed. Please try again. If it happens again, give an "
        "editor this reference: {reference}"
    ),
    "database_busy": mark("The desk is very busy right now. Please try again in a moment."),
}

DESK: Texts = {**_NOT_FOUND, **_WORK, **_DECISIONS, **_MERGING, **_ASKING, **_SEARCH, **_CHAT}
