"""What an editor is asked before approval, and what reviewers are told whose work comes back."""

from __future__ import annotations

from bot.views.message import Message, escape
from bot.views.parts import number_of, paragraphs, quote
from bot.views.words import Words
from storage.model import Claim


def summary_asked(claim: Claim, summary: str, words: Words) -> Message:
    """Ask an editor for another summary, with the one that would be published."""
    return Message(
        paragraphs(
            words.text("The summary of <b>{claim}</b> so far:", claim=number_of(claim.id)),
            quote(summary),
            words.text("Please send the new one as one message. /cancel leaves it as it is."),
        ),
        claim_id=claim.id,
    )


def comment_asked(claim: Claim, words: Words) -> Message:
    """Ask an editor what the reviewers are to look at again."""
    return Message(
        paragraphs(
            words.text("You send <b>{claim}</b> back to its reviewers.", claim=number_of(claim.id)),
            words.text(
                "Please send as one message what they should look at again. They get it with their reviews, which "
                "become drafts. /cancel leaves everything as it is."
            ),
        ),
        claim_id=claim.id,
    )


def review_returned(claim: Claim, comment: str, words: Words) -> Message:
    """Tell a reviewer that an editor wants the claim looked at again."""
    return Message(
        paragraphs(
            words.text("An editor sends <b>{claim}</b> back to you:", claim=number_of(claim.id)),
            f"<blockquote>{escape(comment)}</blockquote>",
            words.text(
                "Your review is kept as a draft. If you are on duty, you are offered the claim again and go on there."
            ),
        ),
        claim_id=claim.id,
    )
