"""The team as editors see it, and what somebody is told who leaves it."""

from __future__ import annotations

from bot.callbacks import Verb
from bot.views.labels import role_name
from bot.views.lists import listed
from bot.views.message import Message, escape
from bot.views.parts import button, paragraphs
from bot.views.people import author_name, person_name
from bot.views.words import Words
from jobs.lookup import Page
from storage.kinds import Role
from storage.model import Person
from storage.team import Member


def members_shown(page: Page[Member], words: Words) -> Message:
    """List the team: number, name, role, and whether they can get claims."""
    head = words.count("<b>The team</b>: {n} person", "<b>The team</b>: {n} people", page.total)
    return listed(head, [_line(each, words) for each in page.lines], page, [], Verb.MEMBERS, words)


def _line(member: Member, words: Words) -> str:
    person = member.person
    # The number is typed in commands, so its digits are the same in every language.
    shown = [f"№<code>{person.id}</code>", f"<b>{person_name(person)}</b>"]
    if person.username:
        shown.append(f"@{escape(person.username)}")
    notes = [role_name(words, person.suspended_role or person.role), *_duty(person, words)]
    if member.leases:
        notes.append(words.count("has {n} claim", "has {n} claims", member.leases))
    return f"{' '.join(shown)}\n{' · '.join(notes)}"


def _duty(person: Person, words: Words) -> list[str]:
    if person.suspended_role is not None:
        return [words.text("suspended")]
    if not person.reachable:
        return [words.text("cannot be reached")]
    return [words.text("on duty") if person.on_duty else words.text("off duty")]


def removal_asked(member: Member, words: Words) -> Message:
    """Ask whether to remove somebody, saying what it means; once it is done, say that."""
    person = member.person
    role = person.suspended_role or person.role
    if role is Role.PUBLIC:
        return Message(_removed(member, words))
    held = words.count(
        "{n} claim of theirs goes back to the desk.", "{n} claims of theirs go back to the desk.", member.leases
    )
    told = paragraphs(
        words.text("<b>Remove {name} from the team?</b>", name=person_name(person)),
        words.text("Role: {role}", role=role_name(words, role)),
        held if member.leases else None,
        _kept(member, words),
    )
    rows = [(button(words.text("Remove"), Verb.REMOVE, person.id, role, 0),)]
    if member.reviews:
        rows.append((button(words.text("Remove, reviews under a pseudonym"), Verb.REMOVE, person.id, role, 1),))
    return Message(told, tuple(rows))


def _kept(member: Member, words: Words) -> str | None:
    if not member.reviews:
        return None
    return words.count("{n} review that they handed in stays.", "{n} reviews that they handed in stay.", member.reviews)


def _removed(member: Member, words: Words) -> str:
    person = member.person
    gone = words.text("<b>{name}</b> is no longer in the team.", name=person_name(person))
    if person.alias is None:
        return paragraphs(gone, _kept(member, words))
    hidden = words.text("Their reviews are shown under the name “{name}”.", name=author_name(person, words))
    return paragraphs(gone, hidden)


def membership_ended(member: Member, words: Words) -> Message:
    """Tell somebody that they are no longer in the team, and offer to hide their name."""
    person = member.person
    told = words.text(
        "You are no longer in the team. What you had went back to the desk. You can still send in what you have doubts "
        "about. Thank you for your work!"
    )
    if not member.reviews:
        return Message(told)
    if person.alias is not None:
        hidden = words.text(
            "Your reviews stay, and are shown under the name “{name}”.", name=author_name(person, words)
        )
        return Message(paragraphs(told, hidden))
    kept = words.count(
        "{n} review of yours stays, under your name. If you want it under a pseudonym, press the button.",
        "{n} reviews of yours stay, under your name. If you want them under a pseudonym, press the button.",
        member.reviews,
    )
    label = words.text("Under a pseudonym")
    return Message(paragraphs(told, kept), ((button(label, Verb.PSEUDONYM, person.id),),))
