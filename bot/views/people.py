"""What a person is told about the desk and about themselves: welcome, help, language, invites."""

from __future__ import annotations

from bot.callbacks import Verb
from bot.views.commands import Command, commands_for
from bot.views.labels import role_name
from bot.views.message import Button, Message, escape
from bot.views.parts import button, lines, one_line, paragraphs
from bot.views.words import LANGUAGES, Words
from storage.kinds import Role
from storage.model import Invite, Person

_NAME_MOST = 64
_SEARCHED = "lang:bn rating:false after:2025-05-01"


def person_name(person: Person) -> str:
    """Return a person's name, safe in HTML."""
    return escape(one_line(person.name, _NAME_MOST))


def author_name(person: Person, words: Words) -> str:
    """Return the name under which a person's reviews are shown, safe in HTML."""
    return escape(author_label(person, words))


def author_label(person: Person, words: Words) -> str:
    """Return the same for a button, whose text is no HTML."""
    if person.alias is None:
        return one_line(person.name, _NAME_MOST)
    return words.text("Former colleague {number}", number=person.alias)


def welcome(person: Person, words: Words) -> Message:
    """Greet by role: what the desk is, and what to do first."""
    hello = words.text("<b>Hello {name}!</b>", name=person_name(person))
    buttons: list[tuple[Button, ...]] = []
    if person.role is Role.PUBLIC:
        told = paragraphs(
            words.text(
                "This desk checks facts. Forward a rumour, or write down what you heard. Reviewers check it "
                "independently of each other against sources, and you get the answer here."
            ),
            words.text("<b>To begin,</b> simply send me the message that you have doubts about."),
            words.text("/help shows what else is possible."),
        )
    elif person.role is Role.REVIEWER:
        told = paragraphs(
            words.text(
                "You are a reviewer at this desk. Claims are offered to you here; you rate them, give your sources and "
                "explain. No other reviewer sees yours before handing in their own."
            ),
            words.text("You are on duty: claims come by themselves.")
            if person.on_duty
            else words.text("<b>To begin,</b> go on duty: /duty on"),
            words.text("/practice lets you try it on claims from the past, where nothing counts."),
            words.text("/mine shows your claims, /help everything else."),
        )
        buttons += [] if person.on_duty else [(_duty_button(person, words),)]
    else:
        told = paragraphs(
            words.text("Your role at this desk: {role}.", role=role_name(words, person.role)),
            lines(
                words.text("<b>To begin:</b>"),
                words.text("• /invite reviewer makes a link with which a colleague joins"),
                words.text("• /digest daily 09:00 in the team's group gives it a digest every morning"),
                words.text("• /queue shows what waits for reviewers, and what for you"),
            ),
            words.text("What needs a decision comes to you here by itself. /help shows everything else."),
        )
    # A person who never chose may not be able to read this.
    if person.language is None:
        buttons.append(_language_buttons())
    return Message(paragraphs(hello, told), tuple(buttons))


def help_text(role: Role, words: Words, *, in_group: bool = False) -> Message:
    """List the commands of a role, one line each."""
    listed = lines(*(_help_line(each, words) for each in commands_for(role, in_group=in_group)))
    example = words.text("A search can be narrowed down: {example}", example=f"<code>/search {_SEARCHED}</code>")
    rest = None if in_group else words.text("To have something checked, simply send it here: as a text or a forward.")
    return Message(paragraphs(words.text("<b>What you can do here</b>"), listed, example, rest))


def _help_line(command: Command, words: Words) -> str:
    usage = command.usage or (words.text(command.blank) if command.blank else "")
    return f"/{command.name}{escape(usage and ' ' + usage)} – {words.text(command.description)}"


def whoami(person: Person, words: Words) -> Message:
    """Show what the desk knows about a person."""
    is_reviewer = person.role.covers(Role.REVIEWER)
    duty = words.text("On duty: yes") if person.on_duty else words.text("On duty: no")
    shown = lines(
        f"<b>{person_name(person)}</b>",
        words.text("Role: {role}", role=role_name(words, person.role)),
        words.text("Language: {language}", language=LANGUAGES[words.language]),
        words.text("Time zone: {zone}", zone=escape(words.zone)),
        duty if is_reviewer else None,
        words.text("Telegram id: {id}", id=f"<code>{person.telegram_id}</code>"),
    )
    return Message(shown, ((_duty_button(person, words),),) if is_reviewer else ())


def _duty_button(person: Person, words: Words) -> Button:
    if person.on_duty:
        return button(words.text("Go off duty"), Verb.DUTY, 0)
    return button(words.text("Go on duty"), Verb.DUTY, 1)


def language_asked(words: Words) -> Message:
    """Ask for the language."""
    return Message(words.text("Which language should the desk speak with you?"), (_language_buttons(),))


def _language_buttons() -> tuple[Button, ...]:
    return tuple(button(name, Verb.LANGUAGE, code) for code, name in LANGUAGES.items())


def invite_made(invite: Invite, address: str, words: Words) -> Message:
    """Show an invite's link, to be passed on."""
    return Message(
        paragraphs(
            words.text(
                "Here is an invite for one person, role: <b>{role}</b>. Please pass it on privately: whoever opens it "
                "first gets the role.",
                role=role_name(words, invite.role),
            ),
            escape(address),
            words.text("Works once, until {moment}.", moment=words.moment(invite.expires_at)),
        )
    )


def unreachable(person: Person, returned: int, words: Words) -> Message:
    """Tell an editor that somebody of the team cannot be written to."""
    told = words.text(
        "<b>{name}</b> cannot be reached: Telegram refuses the desk's messages to them, perhaps because they blocked "
        "it. They are off duty now.",
        name=person_name(person),
    )
    if not returned:
        return Message(told)
    given = words.count(
        "{n} claim of theirs went back to the desk.", "{n} claims of theirs went back to the desk.", returned
    )
    return Message(f"{told} {given}")
