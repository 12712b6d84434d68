"""The team's rooms: the card of a claim to be taken there, and where the rooms are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.labels import rating_label, state_name
from bot.views.message import Message, escape
from bot.views.parts import asked_line, button, document_line, lines, number_of, one_line, paragraphs, quote
from bot.views.people import author_name
from bot.views.words import Words
from jobs.lifecycle import REVIEWABLE_STATES
from storage.kinds import RoomKind
from storage.model import Chat, Claim, Person
from storage.rooms import Room, RoomCard

_TITLE_MOST = 100
_ENDED_QUOTE_MOST = 300


def room_claim(card: RoomCard, places: int, words: Words) -> Message:
    """Return the card of a claim in the review room: who has it and who is done. No rating before it is published.

    Args:
        places: how many more can take it.
    """
    claim, standing = card.claim, card.standing
    number = number_of(claim.id)
    if claim.state not in REVIEWABLE_STATES:
        known = state_name(words, claim.state) if card.rating is None else escape(rating_label(words, card.rating))
        told = paragraphs(lines(f"<b>{number}</b> · {known}", quote(claim.text, _ENDED_QUOTE_MOST)))
        return Message(told, claim_id=claim.id)
    told = paragraphs(
        words.text("<b>{claim}</b> Who would check this claim?", claim=number) if places else f"<b>{number}</b>",
        lines(quote(claim.text), document_line(words, card.document), asked_line(words, card.requests)),
        lines(
            words.text("At work: {names}", names=_names(standing.taken, words)) if standing.taken else None,
            words.text("Handed in: {names}", names=_names(standing.submitted, words)) if standing.submitted else None,
            words.count("{n} more reviewer is needed.", "{n} more reviewers are needed.", places)
            if places
            else words.text("Nobody else is needed at the moment."),
        ),
    )
    take = ((button(words.text("Take it"), Verb.TAKE_CLAIM, claim.id),),) if places else ()
    return Message(told, take, claim_id=claim.id)


def room_card_over(claim: Claim, words: Words) -> Message:
    """Return what is left of a claim's card in a group or topic that is no room of the team any more."""
    over = words.text("This is no room of the team any more. The claim goes on in the private chats.")
    return Message(paragraphs(lines(f"<b>{number_of(claim.id)}</b>", quote(claim.text, _ENDED_QUOTE_MOST)), over))


def _names(people: Sequence[Person], words: Words) -> str:
    return ", ".join(author_name(each, words) for each in people)


def rooms_shown(rooms: Sequence[tuple[Room, Chat]], words: Words) -> Message:
    """Say where the team's rooms are, and how to make one."""
    listed = []
    for room, chat in rooms:
        title = escape(one_line(chat.title, _TITLE_MOST))
        if room.kind is RoomKind.REVIEW:
            listed.append(words.text("• Claims are taken in “{title}”.", title=title))
        else:
            listed.append(words.text("• Disputes are shown in “{title}”.", title=title))
    return Message(
        paragraphs(
            words.text("<b>The team's rooms</b>"),
            lines(*listed) or words.text("There is none yet."),
            lines(
                words.text("In a group, or in one of its topics:"),
                words.text("• /team here shows claims there, to be taken by tapping"),
                words.text("• /team disputes shows claims on which reviewers disagree"),
                words.text("• /team off ends it"),
            ),
        )
    )
