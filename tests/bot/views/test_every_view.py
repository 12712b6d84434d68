"""What holds for every view, whatever people wrote into the facts that it shows."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.callbacks import LONGEST, decode
from bot.sandbox.html import parse_html
from bot.views.message import Message
from bot.views.submissions import TEXT_LANGUAGES
from bot.views.words import LANGUAGES, own_name, words_for
from jobs.tuning import list_settings
from tests.bot.views.facts import POLICY, every_view, labels, presses, seen

_WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(lambda text: f"w{text}w")
_HOSTILE = st.sampled_from(
    ["w</b></i><a href='http://evil.example'>w", "w&lt;b&gt;w", 'w"onclick="w', "w<blockquote><pre>w", "w{0}{claim}w"]
)

OWN_NAMES = "|".join(sorted(map(own_name, {*LANGUAGES, *TEXT_LANGUAGES})))
"""What languages call themselves, on the buttons to choose one."""

_CARD = ("take:", "back:", "approve:", "judge:", "send:", "prac:")


def markup(message: Message) -> Counter[str]:
    return Counter(entity["type"] for entity in parse_html(message.html).entities)


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=_WORDS | _HOSTILE)
@settings(max_examples=40, deadline=None)
def test_what_people_write_is_shown_and_never_read_as_markup(language: str, text: str) -> None:
    words = words_for(language, "Asia/Dhaka")
    shown = list(every_view(text, words))
    for message, plain in zip(shown, every_view("plain", words), strict=True):
        assert markup(message) == markup(plain), message.html
    line = " ".join(text.split())
    assert sum(line in " ".join(seen(message).split()) for message in shown) > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_says_something_and_carries_what_can_be_read_back(language: str) -> None:
    for message in every_view("plain", words_for(language)):
        for row in message.buttons:
            assert 0 < len(row) <= 5
            for button in row:
                assert button.text.strip()
                assert button.data is not None
                assert len(button.data.encode()) <= LONGEST
                decode(button.data)


def test_bengali_views_speak_bengali_with_its_own_digits() -> None:
    """Western digits and Latin letters are left to what people type, tap or copy (bot/locales/README.md)."""
    # Settings are named and typed alike in every language.
    setting = "|".join(each.name for each in list_settings(POLICY))
    value = r"on|off|[0-9.]+(?:s|min|h|d)?"
    typed = re.compile(
        rf"(?:{setting})(?::? (?:{value}))?|(?:নতুন ডেস্কে|আগের মতো): (?:{value})|/settings(?: কথা (?:off|3|12h))?|"
        rf"https?://\S+|example\.org\S*|(?:#|🎓)\d+|1001|Asia/Dhaka|{OWN_NAMES}|Start|\((?:/language (?:en|bn))\)"
        r"|(?:lang|rating|state|by|after|before|tag):[a-z0-9@-]*|/tag 42(?: flood -old)?"
        r"|/digest channel(?: @name daily 09:00)?"
        r"|/digest [12] (?:languages(?: bn en)?|topics(?: off)?|intro)|\{date\}"
        r"|/team (?:here\|disputes\|off|here|disputes|off)|№\d+"
        r"|/profile (?:languages bn en|topics health(?: flood)?|hours (?:sun-thu 9-17|off)|capacity 2)"
        r"|/quiet (?:22-07|22:30-06:45 Asia/Dhaka|off)|@[a-z]+(?: editor)?"
        r"|/[a-z]+(?: (?:on\|off|on|off|test 42|add|now|why|42 17|30d|7d|[0-9]+|reviewer|editor|admin))?"
        r"(?: বা /stats 2025-05)?"
        r"|(?: (?:daily 09:00|weekdays 08:30|weekly sun 18:00|monthly 31 18:00|resume)|cron)"
        r"|0 9 (?:1,15 \* \*|\* \* 1-5)"
    )
    for message in every_view("কথা", words_for("bn", "Asia/Dhaka")):
        for shown in (seen(message), *labels(message)):
            assert not re.search(r"[A-Za-z0-9]", typed.sub("", shown)), shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_outgrows_one_message_so_that_it_can_be_edited(language: str) -> None:
    """But for the preview, which shows everything exactly as it will be handed in."""
    long = "অনেক কথা " * 1000
    for message in every_view(long, words_for(language)):
        on_card = any(press.startswith(_CARD) for press in presses(message))
        if on_card and not any(press.startswith("submit:") for press in presses(message)):
            assert len(seen(message)) < 4096
