"""What each setting does, in a sentence. Every setting of the policy has one; a test holds this table to it."""

from __future__ import annotations

from bot.views.words import mark

SENTENCES: dict[str, str] = {
    "quorum": mark("So many independent reviews decide a claim, if they agree."),
    "max_reviews": mark("If they do not agree, more are asked for, up to so many in all."),
    "approval": mark(
        "An editor releases each verdict before it is published. Without, what reviewers agree on is published, also "
        "what waits now."
    ),
    "reviewer_may_adjudicate": mark(
        "Where no other editor can, one who reviewed a disputed claim decides it. The verdict says so."
    ),
    "sources": mark("So many sources a review with this rating must give."),
    "origins": mark("Of so many origins they must be at least; copies of one report count once."),
    "offer_lasts": mark("A reviewer has so long to accept an offer."),
    "ask_again_after": mark("Who passed a claim on may be offered it again after this time, if nobody else is free."),
    "lease_lasts": mark("A reviewer has so long for a claim they took."),
    "lease_renewals": mark("So often a reviewer may take the whole time for a claim again."),
    "idle_offers": mark(
        "Whoever lets so many offers run out and does nothing else is asked whether they are still there; 0: nobody."
    ),
    "idle_answer": mark("Whoever is asked so and does not answer within this time goes off duty."),
    "invite_back_after": mark("Whoever went off duty so is invited back once, after this time."),
    "undo_within": mark(
        "A review, an approval, a closing or a merge can be taken back for so long; others hear of it after that."
    ),
    "capacity": mark("A reviewer may work on so many claims at once."),
    "open_offers": mark("A reviewer may have so many offers that they have not answered."),
    "gather": mark("Messages of one person that come within this time are one text."),
    "submission_lasts": mark("A text waits so long for the word of its sender that it is to be checked."),
    "invite_lasts": mark("An invite is good for so long."),
    "digest_catch_up": mark(
        "After a pause of the desk so many missed digests come one by one; older ones come as one."
    ),
    "target": mark("A claim that came in, or was reopened, longer ago and is not published is overdue."),
    "digest_when_empty": mark("A digest comes even if nothing happened, as one short line."),
    "summary_hour": mark("Whoever wants a daily summary gets it at this hour of their day."),
    "room_cards": mark("The review room shows so many claims at once that somebody could take."),
    "message_sentences": mark("A message of up to so many sentences is one claim; a longer one is an article."),
    "max_claims_per_document": mark("So many claims are taken from one document at most."),
    "triage_worth": mark("Sentences that look so much worth checking are chosen when an editor sorts a document."),
    "queue_from_documents": mark("Claims of a document go to reviewers at once; otherwise an editor sorts them first."),
    "match_same": mark("From this likeness on, a new claim is the same as a known one."),
    "match_similar": mark("From this likeness on, a known claim is shown as similar."),
    "match_lead": mark("A known claim that is so far ahead of all others is shown as similar, too."),
    "match_min_words": mark("Texts of fewer words are matched only if they are equal."),
    "match_shown": mark("So many similar claims are shown at most."),
    "match_merges": mark("What is the same is counted as one claim without asking an editor."),
    "page_size": mark("A list shows so many lines at a time."),
    "source_max": mark("A review has so many sources at most."),
    "text_max": mark("A text that somebody types has so many characters at most."),
    "weight_demand": mark("Priority: points for each doubling of those who asked."),
    "weight_low": mark("Priority: points for a claim that does little harm."),
    "weight_normal": mark("Priority: points for a claim that does normal harm."),
    "weight_high": mark("Priority: points for a claim that does much harm."),
    "weight_critical": mark("Priority: points for a claim that does very much harm."),
    "weight_age_per_day": mark("Priority: points for each day of waiting."),
    "weight_worth": mark("Priority: points for a text that looks most worth checking."),
    "age_counts_for": mark("Priority: waiting counts up to this time."),
}
