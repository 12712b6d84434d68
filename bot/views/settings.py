"""The desk's settings: a page of them, and one with its buttons."""

from __future__ import annotations

from bot.callbacks import Verb
from bot.views.labels import rating_name
from bot.views.message import Message
from bot.views.parts import button, lines, paragraphs
from bot.views.setting_texts import SENTENCES
from bot.views.words import Words
from jobs.policy import Policy
from jobs.tuning import BACK, Setting, find_setting, list_settings, of_rating

PER_PAGE = 8


def settings_shown(policy: Policy, offset: int, words: Words) -> Message:
    """Show a page of the settings, from `offset` on."""
    every = list_settings(policy)
    # A page from an older version may begin behind the end.
    offset = max(0, min(offset, len(every) - 1)) // PER_PAGE * PER_PAGE
    page = every[offset : offset + PER_PAGE]
    turns = []
    if offset:
        turns.append(button("‹", Verb.SETTINGS, offset - PER_PAGE))
    if offset + PER_PAGE < len(every):
        turns.append(button("›", Verb.SETTINGS, offset + PER_PAGE))
    place = words.text("{first} to {last} of {total}", first=offset + 1, last=offset + len(page), total=len(every))
    return Message(
        paragraphs(
            words.text("<b>The settings of the desk</b>"),
            *(lines(_value_line(each, words), _sentence(each, words)) for each in page),
            words.text("To change one: {example}", example="<code>/settings quorum 3</code>"),
            place,
        ),
        (tuple(turns),),
    )


def setting_shown(name: str, policy: Policy, words: Words) -> Message:
    """Show one setting, with the buttons that switch it or put it back."""
    setting = find_setting(name, policy)
    buttons = []
    if setting.is_switch:
        other = "off" if setting.value == "on" else "on"
        label = words.text("Switch off") if other == "off" else words.text("Switch on")
        buttons.append((button(label, Verb.SETTING, setting.name, other, setting.value),))
    elif setting.is_changed:
        label = words.text("Back to {value}", value=setting.default)
        buttons.append((button(label, Verb.SETTING, setting.name, BACK, setting.value),))
    example = None
    if not setting.is_switch:
        example = words.text(
            "To change it: {example}", example=f"<code>/settings {setting.name} {setting.default}</code>"
        )
    return Message(lines(_value_line(setting, words), _sentence(setting, words), example), tuple(buttons))


def _value_line(setting: Setting, words: Words) -> str:
    shown = f"<code>{setting.name}</code>: <b>{setting.value}</b>"
    if not setting.is_changed:
        return shown
    return words.text("{setting} (in a new desk: {default})", setting=shown, default=setting.default)


def _sentence(setting: Setting, words: Words) -> str:
    found = of_rating(setting.name)
    if found is None:
        return words.text(SENTENCES[setting.name])
    part, key = found
    return f"{rating_name(words, key)}: {words.text(SENTENCES[part])}"
