"""Entities that Telegram finds by itself."""

import pytest

from bot.sandbox.entities import trimmed, utf16_slice, with_found
from bot.sandbox.model import FormattedText


def found(text: str) -> list[tuple[str, str]]:
    entities = with_found(FormattedText(text)).entities
    return [(e["type"], utf16_slice(text, e["offset"], e["length"])) for e in entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start abc", [("bot_command", "/start")]),
        ("see /status@factdesk_bot now", [("bot_command", "/status@factdesk_bot")]),
        ("😀 /status", [("bot_command", "/status")]),
        ("and/or 1/2 //x", []),
        ("ask @alice_b please", [("mention", "@alice_b")]),
        ("#যাচাই and #42 and #a1", [("hashtag", "#যাচাই"), ("hashtag", "#a1")]),
        ("https://example.com/a?b=1. Next", [("url", "https://example.com/a?b=1")]),
        ("prothomalo.com বলেছে", [("url", "prothomalo.com")]),
        ("mail me@example.org", [("email", "me@example.org")]),
        ("১৫,০০০ জন। এক কথায়", []),
    ],
)
def test_commands_mentions_tags_and_links_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_nothing_is_looked_for_inside_code() -> None:
    formatted = FormattedText("/a /b", [{"type": "code", "offset": 0, "length": 2}])
    assert [e["type"] for e in with_found(formatted).entities] == ["code", "bot_command"]


def test_outer_space_goes_and_the_entities_move_along() -> None:
    formatted = trimmed(FormattedText("  ab  ", [{"type": "bold", "offset": 1, "length": 5}]))
    assert formatted == FormattedText("ab", [{"type": "bold", "offset": 0, "length": 2}])
