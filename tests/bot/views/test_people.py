"""Welcome, help, menus, language, invites, channels, and texts that are sent in."""

from __future__ import annotations

import re

import pytest

from bot.handlers import COMMANDS as HANDLED
from bot.views.chats import channel_asked, channels_shown
from bot.views.commands import COMMANDS, commands_for, menu_of, menus
from bot.views.people import help_text, invite_made, language_asked, unreachable, welcome, whoami
from bot.views.submissions import Confirmed, submission_confirmed, submission_gathered
from bot.views.words import LANGUAGES, words_for
from storage.kinds import ClaimState, Role, SubmissionState
from storage.model import ClaimId
from tests.bot.views.facts import (
    a_chat,
    a_claim,
    a_person,
    a_status,
    a_submission,
    a_verdict,
    an_invite,
    presses,
    seen,
)

EN = words_for("en", "Asia/Dhaka")


def test_every_command_is_handled_and_explained() -> None:
    assert {command.name for command in COMMANDS} == set(HANDLED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_help_has_a_line_for_each_command_of_the_role(role: Role, language: str) -> None:
    text = seen(help_text(role, words_for(language)))
    assert re.findall(r"^/([a-z]+)", text, re.MULTILINE) == [command.name for command in commands_for(role)]
    assert ("/invite reviewer" in text) == role.covers(Role.EDITOR), "what is typed is not translated"


def test_help_in_a_group_has_only_what_is_answered_there() -> None:
    text = seen(help_text(Role.PUBLIC, EN, in_group=True))
    assert "/status" in text
    assert "/whoami" not in text


def test_menus_are_what_telegram_takes_in_every_language() -> None:
    made = list(menus())
    assert {(menu["scope"]["type"], menu.get("language_code")) for menu in made} == {
        ("default", None), ("default", "bn"), ("all_private_chats", None), ("all_private_chats", "bn"),
    }  # fmt: skip
    made.append(dict(menu_of(5, Role.ADMIN, words_for("bn")).params))
    assert made[-1]["scope"] == {"type": "chat", "chat_id": 5}
    for menu in made:
        assert 0 < len(menu["commands"]) <= 100
        for command in menu["commands"]:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])
            assert 1 <= len(command["description"]) <= 256


def test_each_role_is_greeted_with_its_first_step() -> None:
    reader = welcome(a_person(role=Role.PUBLIC), EN)
    assert "send me the message" in seen(reader)
    assert not reader.buttons
    reviewer = welcome(a_person(on_duty=False), EN)
    assert "/duty on" in seen(reviewer)
    assert presses(reviewer) == ["duty:1"]
    for role in (Role.EDITOR, Role.ADMIN):
        text = seen(welcome(a_person(role=role), EN))
        assert all(command in text for command in ("/invite", "/digest", "/queue"))


def test_who_never_chose_a_language_may_choose_it_at_once() -> None:
    assert presses(welcome(a_person(role=Role.PUBLIC, language=None), EN)) == ["lang:en", "lang:bn"]
    assert presses(language_asked(EN)) == ["lang:en", "lang:bn"]


def test_whoami_shows_what_is_known_and_turns_duty_over() -> None:
    shown = whoami(a_person(name="Farida"), EN)
    for told in ("Farida", "Role: reviewer", "Language: English", "Asia/Dhaka", "On duty: yes", "1001"):
        assert told in seen(shown)
    assert presses(shown) == ["duty:0"]
    reader = whoami(a_person(role=Role.PUBLIC, on_duty=False), EN)
    assert "duty" not in seen(reader)
    assert not reader.buttons


def test_an_invite_shows_its_link_its_role_and_its_end() -> None:
    text = seen(invite_made(an_invite(Role.EDITOR), "https://t.me/desk_bot?start=secret", EN))
    for told in ("https://t.me/desk_bot?start=secret", "role: editor", "10 March 2025, 15:30 (UTC+6)", "once"):
        assert told in text


def test_editors_hear_who_is_out_of_reach_and_what_went_back() -> None:
    assert "2 claims of theirs went back" in seen(unreachable(a_person(), 2, EN))
    assert "went back" not in seen(unreachable(a_person(), 0, EN))


def test_channels_are_asked_about_and_switched() -> None:
    assert presses(channel_asked(a_chat(), EN)) == ["chan:-100:1", "chan:-100:0"]
    assert presses(channels_shown([a_chat(), a_chat(publishes=True)], EN)) == ["chan:-100:1", "chan:-100:0"]
    assert "not in any channel" in seen(channels_shown([], EN))


def test_a_text_is_quoted_shortened_and_sent_only_if_confirmed() -> None:
    asked = submission_gathered(a_submission("word " * 400), EN)
    assert len(seen(asked)) < 700
    assert presses(asked) == ["send:3", "discard:3"]
    for state in (SubmissionState.CONFIRMED, SubmissionState.DISCARDED):
        assert not submission_gathered(a_submission("word", state), EN).buttons


def confirmed(
    state: ClaimState = ClaimState.QUEUED, *, new: bool = False, already: bool = False, asked: int = 1
) -> str:
    verdict = a_verdict() if state is ClaimState.PUBLISHED else None
    facts = a_status(state, requests=asked, verdict=verdict)
    message = submission_confirmed(Confirmed([facts], 1, frozenset({ClaimId(12)} if new else ()), already), EN)
    assert presses(message) == ["status:12"]
    assert message.claim_id == 12
    return seen(message)


def test_who_asks_learns_the_number_and_that_they_will_be_told() -> None:
    assert confirmed(new=True).startswith("Thank you. This is claim #12.\nAs soon as")
    assert "3 other people have asked" in confirmed(asked=4)
    assert "1 other person has asked" in confirmed(asked=2)
    assert "other" not in confirmed(asked=1)
    assert "Reviewers are checking it" in confirmed(ClaimState.IN_REVIEW)


def test_what_is_checked_already_or_was_asked_before_is_said() -> None:
    assert "the answer is here" in confirmed(ClaimState.PUBLISHED)
    assert "asked this before" in confirmed(already=True)
    assert "Thank you" not in confirmed(already=True)


def test_an_article_lists_its_first_claims_and_counts_the_rest() -> None:
    facts = [
        a_status(ClaimState.QUEUED, claim=a_claim(number, text=f"Claim {number}.", state=ClaimState.QUEUED))
        for number in range(1, 11)
    ]
    facts[0] = a_status(
        ClaimState.PUBLISHED, claim=a_claim(1, text="Claim 1.", state=ClaimState.PUBLISHED), verdict=a_verdict()
    )
    message = submission_confirmed(Confirmed(facts, 14, frozenset(), already=False), EN)
    assert "#1 🔴 False · Claim 1.\n#2 Claim 2." in seen(message)
    assert "… and 4 more" in seen(message)
    assert len(presses(message)) == 10
