import json
import re
import unicodedata
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from storage.kinds import ChatKind, Role, SourceKind, Stance

SEEDS = files("seeds")
RATINGS = {"true", "mostly_true", "mixed", "mostly_false", "false", "misleading", "unverifiable", "satire"}
ARTICLES = {"munitions.bn.txt": 14, "munitions.en.txt": 14, "munitions-second.bn.txt": 10}
ARTICLES |= {"munitions.hi.txt": 5, "munitions.ar.txt": 5}
JSON_FILES = ("documents.json", "people.json", "verdicts.json", "practice.json", "rumours.json", "demo.json")
SLIPS = {
    "shell as the kernel of a nut": ("শাঁস", {1, 3}),
    "Kim as King": ("কিং", {3}),
    "the father's name": ("কিম জং ইল", {5}),
    "half a think tank": ("চিন্তা ট্যাঙ্ক", {11}),
}


def read(name: str) -> str:
    return SEEDS.joinpath(name).read_bytes().decode("utf-8")


def load(name: str) -> Any:
    return json.loads(read(name))


def sentences(name: str) -> list[str]:
    return re.split(r"(?<=[।.?؟])\s+", read(f"articles/{name}"))


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def checked_source(source: dict[str, str]) -> None:
    assert source.keys() == {"url", "title", "kind", "stance"}
    assert source["kind"] in set(SourceKind)
    assert source["stance"] in set(Stance)
    url = urlsplit(source["url"])
    assert url.scheme in {"http", "https"}
    assert url.hostname is not None
    assert ("(sample)" in source["title"]) == (url.hostname == "example.org")


def utc(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at.astimezone(UTC)


@pytest.mark.parametrize("name", [*(f"articles/{name}" for name in ARTICLES), *JSON_FILES, "README.md", "__init__.py"])
def test_every_file_is_in_normal_form_without_invisible_characters(name: str) -> None:
    text = read(name)
    assert text == nfc(text)
    assert "\r" not in text
    assert not [char for char in text if unicodedata.category(char) == "Cf" or char == "\N{NO-BREAK SPACE}"]


@pytest.mark.parametrize(("name", "count"), ARTICLES.items())
def test_article_has_its_sentences_and_one_blank_line_and_no_newline_at_the_end(name: str, count: int) -> None:
    text = read(f"articles/{name}")
    assert len(sentences(name)) == count
    assert text.count("\n") == 2
    assert text.count("\n\n") == 1
    assert text == text.strip()
    assert "  " not in text


@pytest.mark.parametrize("name", ["munitions.bn.txt", "munitions-second.bn.txt"])
def test_every_bengali_sentence_ends_in_the_danda_and_has_it_nowhere_else(name: str) -> None:
    assert read(f"articles/{name}").count("।") == ARTICLES[name]
    for sentence in sentences(name):
        assert sentence.endswith("।")
    assert not re.search(r"[0-9A-Za-z|.]", read(f"articles/{name}"))


def test_hindi_ends_in_danda_and_arabic_in_full_stop_and_both_ask_once() -> None:
    assert [sentence[-1] for sentence in sentences("munitions.hi.txt")] == ["।", "।", "।", "?", "।"]
    assert [sentence[-1] for sentence in sentences("munitions.ar.txt")] == [".", ".", ".", "؟", "."]


def test_sentences_6_and_12_share_a_number_but_speak_of_soldiers_and_of_workers() -> None:
    troops, workers = sentences("munitions.bn.txt")[5], sentences("munitions.bn.txt")[11]
    assert re.findall(r"[০-৯][০-৯,]*[০-৯]", troops) == ["১৫,০০০", "৫,০০০"]
    assert re.findall(r"[০-৯][০-৯,]*[০-৯]", workers) == ["১৫,০০০"]
    assert "সেনা" in troops
    assert "শ্রমিক" not in troops
    assert "শ্রমিক" in workers
    assert "সেনা" not in workers


def test_the_english_version_has_the_same_numbers_in_the_same_sentences() -> None:
    digits = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
    for bengali, english in zip(sentences("munitions.bn.txt"), sentences("munitions.en.txt"), strict=True):
        assert re.findall(r"\d[\d,]*\d", bengali.translate(digits)) == re.findall(r"\d[\d,]*\d", english)


@pytest.mark.parametrize(("slip", "places"), SLIPS.values(), ids=SLIPS.keys())
def test_each_slip_stands_in_its_sentences_and_nowhere_else(slip: str, places: set[int]) -> None:
    word = re.compile(rf"(?<![\u0980-\u09ff]){re.escape(nfc(slip))}")
    found = {place for place, text in enumerate(sentences("munitions.bn.txt"), 1) if word.search(text)}
    assert found == places
    assert not word.search(read("articles/munitions-second.bn.txt"))


def test_the_seed_article_has_quotation_marks_an_abbreviation_in_brackets_and_long_sentences() -> None:
    text = read("articles/munitions.bn.txt")
    assert text.count("“") == text.count("”") == 2
    assert nfc("(কেসিএনএ)") in text
    assert sum(len(sentence.split()) >= 30 for sentence in sentences("munitions.bn.txt")) >= 2


def test_documents_name_every_article_once_with_a_sample_publisher() -> None:
    documents = load("documents.json")
    assert [document["file"] for document in documents] == list(ARTICLES)
    assert {path.name for path in SEEDS.joinpath("articles").iterdir()} == set(ARTICLES)
    for document in documents:
        assert document.keys() == {"file", "title", "publisher", "url", "language", "published_at"}
        assert document["publisher"].endswith(" (sample)")
        assert urlsplit(document["url"])[:2] == ("https", "example.org")
        assert document["file"].split(".")[1] == document["language"]
        assert (utc(document["published_at"]).year, utc(document["published_at"]).month) == (2025, 5)
    assert len({document["url"] for document in documents}) == len(documents)


def test_people_have_artificial_ids_known_roles_and_real_zones() -> None:
    people = load("people.json")["people"]
    assert [person["telegram_id"] for person in people] == [7001, 7002, 7003, 7004, 7005]
    assert sorted(person["role"] for person in people) == ["admin", "public", "reviewer", "reviewer", "reviewer"]
    assert {person["language"] for person in people if person["role"] == "reviewer"} == {"bn", "en"}
    for person in people:
        Role(person["role"])
        ZoneInfo(person["zone"])
        assert re.fullmatch(r"[a-z][a-z0-9_]{4,31}", person["username"])
        assert not (person["on_duty"] and person["role"] == "public")


def test_chats_are_one_team_group_and_one_publishing_channel() -> None:
    group, channel = load("people.json")["chats"]
    assert (group["telegram_id"], ChatKind(group["kind"])) == (-4001, ChatKind.GROUP)
    assert (group["is_team"], group["publishes"]) == (True, False)
    assert (channel["telegram_id"], ChatKind(channel["kind"])) == (-1001000004001, ChatKind.CHANNEL)
    assert (channel["is_team"], channel["publishes"]) == (False, True)


def test_past_verdicts_use_the_scale_and_carry_a_short_summary_and_sources() -> None:
    verdicts = load("verdicts.json")
    assert len({verdict["claim"] for verdict in verdicts}) == 6
    assert {verdict["language"] for verdict in verdicts} == {"bn", "en"}
    assert {"false", "mostly_true", "satire", "unverifiable"} <= {verdict["rating"] for verdict in verdicts}
    for verdict in verdicts:
        assert verdict.keys() == {"claim", "language", "rating", "summary", "reason", "sources", "decided_at"}
        assert ("।" in verdict["reason"]) == (verdict["language"] == "bn")
        assert verdict["rating"] in RATINGS
        assert ("।" in verdict["claim"]) == (verdict["language"] == "bn")
        assert len(re.findall(r"[।.](?=\s|$)", verdict["claim"])) == 1
        assert 2 <= len(re.findall(r"[।.](?=\s|$)", verdict["summary"])) <= 3
        assert verdict["sources"]
        for source in verdict["sources"]:
            checked_source(source)
        assert utc(verdict["decided_at"]) < utc(load("documents.json")[0]["published_at"])


def test_rumours_repeat_sentence_6_in_the_same_and_in_other_code_points() -> None:
    rumours = {rumour["name"]: rumour for rumour in load("rumours.json")}
    sixth = sentences("munitions.bn.txt")[5]
    assert rumours["same_words"]["text"] == sixth
    other = rumours["same_words_other_code_points"]["text"]
    for odd in ("\u09df", "\u09c7\u09be", "\u200c", "\u00a0", "  "):
        assert odd in other
    assert other != nfc(other) != sixth
    assert " ".join(nfc(other).replace("\u200c", "").split()) == sixth


def test_new_rumours_are_in_no_article_and_no_past_verdict() -> None:
    known = {sentence for name in ARTICLES for sentence in sentences(name)}
    known |= {verdict["claim"] for verdict in load("verdicts.json")}
    new = [rumour for rumour in load("rumours.json") if rumour["expect"] == "new"]
    assert [rumour["language"] for rumour in new] == ["bn", "en"]
    assert not known & {rumour["text"] for rumour in new}
    for rumour in load("rumours.json"):
        assert rumour.keys() == {"name", "person", "language", "text", "expect", "of"}
        expected = {"document": "munitions.bn.txt", "sentence": 6} if rumour["expect"] == "same" else None
        assert rumour["of"] == expected


def test_the_demo_quotes_the_article_and_everybody_acts_within_their_role() -> None:
    demo = load("demo.json")
    people = {person["telegram_id"]: person for person in load("people.json")["people"]}
    assert demo.keys() == {"document", "sentence", "quote", "request", "reviews", "approval", "rewordings"}
    assert sentences(demo["document"])[demo["sentence"] - 1] == demo["quote"] == demo["request"]["text"]
    assert people[demo["request"]["person"]]["role"] == "public"
    reviewers = [people[review["person"]] for review in demo["reviews"]]
    assert [(reviewer["role"], reviewer["on_duty"]) for reviewer in reviewers] == [("reviewer", True)] * 2
    assert [reviewer["language"] for reviewer in reviewers] == ["bn", "en"]
    assert Role(people[demo["approval"]["person"]]["role"]).covers(Role.EDITOR)
    assert demo["approval"]["decision"] == "approve"


def test_the_demo_reviews_agree_and_are_complete() -> None:
    reviews = load("demo.json")["reviews"]
    assert {review["rating"] for review in reviews} == {"mostly_true"}
    for review in reviews:
        assert review.keys() == {"person", "rating", "language", "sources", "explanation"}
        assert review["sources"]
        for source in review["sources"]:
            checked_source(source)
        assert ("।" in review["explanation"]) == (review["language"] == "bn")
        assert len(review["explanation"]) > 100


def test_rewordings_mend_every_slip_and_leave_the_rest_of_the_sentence() -> None:
    article = sentences("munitions.bn.txt")
    rewordings = {rewording["sentence"]: rewording["text"] for rewording in load("demo.json")["rewordings"]}
    assert rewordings.keys() == set().union(*(places for _, places in SLIPS.values()))
    for place, text in rewordings.items():
        assert not [slip for slip, _ in SLIPS.values() if nfc(slip) in text]
        before, after = article[place - 1].split(), text.split()
        assert len(before) == len(after)
        assert 1 <= sum(old != new for old, new in zip(before, after, strict=True)) <= 2
