"""Lists with their pages, and digests."""

from __future__ import annotations

from dataclasses import replace

from bot.longtext import utf16_length
from bot.views.digests import MOST, digest
from bot.views.lists import mine_shown, queue_shown
from bot.views.searching import search_shown
from bot.views.subscriptions import digest_set, digest_shown, digests_shown, parts_shown
from bot.views.words import words_for
from jobs.digest_content import Section
from storage.kinds import AssignmentState, Audience, Cadence, ClaimState, ReviewState
from storage.model import AssignmentId
from storage.search.query import SearchQuery, Term
from tests.bot.views.facts import (
    LATER,
    a_claim,
    a_content,
    a_full_content,
    a_line,
    a_mine_line,
    a_page,
    a_subscription,
    presses,
    seen,
)

EN, BN = words_for("en", "Asia/Dhaka"), words_for("bn", "Asia/Dhaka")


def test_the_queue_has_a_line_and_a_button_per_claim() -> None:
    shown = queue_shown(a_page([a_line(1), a_line(2, requests=0)]), EN)
    assert "#1 · under review · 2 asked\nThe bridge was closed" in seen(shown)
    assert "#2 · under review\n" in seen(shown)
    assert presses(shown) == ["status:1", "status:2"]
    assert "Nothing is waiting" in seen(queue_shown(a_page([]), EN))


def test_pages_are_turned_as_far_as_there_are_any() -> None:
    lines = [a_line(number) for number in range(1, 6)]
    first = queue_shown(a_page(lines, total=12), EN)
    assert "1 to 5 of 12" in seen(first)
    assert presses(first)[5:] == ["queue:5"]
    query = SearchQuery((Term(("bridge",), begins=True),))
    middle = search_shown(a_page(lines, total=12, offset=5), query, "bridge", EN)
    assert presses(middle)[5:] == ["search:0", "search:10"]
    last = search_shown(a_page(lines[:2], total=12, offset=10), query, "bridge", EN)
    assert presses(last)[2:] == ["search:5"]
    assert "11 to 12 of 12" in seen(last)
    assert "Nothing more" in seen(search_shown(a_page([], total=3, offset=10), query, "bridge", EN))
    assert "Nothing was found" in seen(search_shown(a_page([], total=0), query, "bridge", EN))


def test_a_search_that_found_too_much_to_count_says_so() -> None:
    page = replace(a_page([a_line(number) for number in range(1, 6)], total=100), more=True)
    query = SearchQuery((Term(("bridge",), begins=True),))
    assert seen(search_shown(page, query, "bridge", EN)).startswith("More than 100 claims found for “bridge”")
    assert "1 to 5 of more than 100" in seen(search_shown(page, query, "bridge", EN))
    assert "১০০টির বেশি" in seen(search_shown(page, query, "bridge", BN))


def test_ones_own_list_says_what_is_to_be_done_and_leads_to_the_card() -> None:
    taken = {"assignment": AssignmentState.TAKEN, "assignment_id": AssignmentId(7), "expires_at": LATER}
    page = a_page(
        [
            a_mine_line(1, **taken),
            a_mine_line(2, **{**taken, "assignment": AssignmentState.OFFERED}),
            a_mine_line(3, review=ReviewState.SUBMITTED),
            a_mine_line(4, review=ReviewState.DRAFT),
            a_mine_line(5, asked=True, rating="false", claim=a_claim(5, state=ClaimState.PUBLISHED)),
        ]
    )
    text = seen(mine_shown(page, EN))
    for told in (
        "#1 · yours until 10 March 2025, 15:30",
        "#2 · offered to you until",
        "#3 · reviewed by you",
        "#4 · your draft is kept",
        "#5 · you asked · 🔴 False",
    ):
        assert told in text
    assert presses(mine_shown(page, EN)) == ["work:7", "work:7", "status:3", "status:4", "status:5"]
    assert "nothing of yours" in seen(mine_shown(a_page([]), EN))


def test_a_digest_tells_each_section_with_its_number() -> None:
    text = seen(digest(a_full_content(), EN))
    for told in (
        "Digest, 8 March 2025, 15:30 – 9 March 2025, 15:30",
        "With you: 3\n1 taken · 2 offered\nFirst due: #9, 10 March 2025, 15:30",
        "Verdicts: 1\n🔴 False #42 · Read the post\nThe bridge was closed.\n→ The bridge was closed.",
        "→ The bridge was closed.\nSource: example.org/a",
        "Corrections: 1\n✅ True #40",
        "New claims: 1,200\n• #1 The bridge",
        "… and 1,190 more",
        "Decided, not published yet: 1\n• #43 🎭 Satire",
        "Reviewers disagree: 2\n• #50 The bridge was closed. (ratings far apart)\nAsked: The bridge was closed., ",
        "• #51 The bridge was closed.\n\n",
        "Agreement of reviewers\nThe same rating: 84%\nAlpha, ordinal: 0.71 (−0.10 … 0.90)\n"
        "Claims with two reviews or more: 25",
        "Most asked about: 8\n• #5 The bridge was closed. (7 ask)\n… and 7 more",
        "Waiting for reviewers: 3\nup to a day: 1 · up to a week: 2\nThe oldest: #7, for 5 days",
        "Overdue: 1\n• #7 The bridge was closed. (5 days)",
        "Found to be known claims: 4",
        "Messages that could not be delivered: 2",
    ):
        assert told in text
    assert "নতুন দাবি: ১,২০০" in seen(digest(a_full_content(), BN))


def test_each_number_tells_how_it_changed() -> None:
    content = {**a_full_content(), "before": {"new": 1210, "published": 0, "decided": 1}}
    text = seen(digest(content, EN))
    assert "New claims: 1,200 (−10)" in text
    assert "Verdicts: 1 (+1)" in text
    assert "Decided, not published yet: 1\n" in text, "nothing to tell"
    assert "Overdue: 1\n" in text, "the period before did not count it"


def test_a_posted_digest_opens_the_claims_behind_its_numbers() -> None:
    assert presses(digest(a_full_content(), EN)) == []
    pressed = presses(digest(a_full_content(), EN, 12))
    assert "digopen:12:overdue" in pressed
    assert "digopen:12:undelivered" not in pressed, "no claim is behind it"
    quiet = a_content(new={"total": 1, "lines": [{"id": 1, "text": "x"}]})
    assert presses(digest(quiet, EN, 12)) == ["digopen:12:new"]


def test_a_period_without_news_is_one_line() -> None:
    assert seen(digest(a_content(), EN)) == "Digest, 8 March 2025, 15:30 – 9 March 2025, 15:30: nothing new."


def test_a_preview_says_that_it_is_one() -> None:
    assert seen(digest({**a_full_content(), "preview": True}, EN)).startswith("Digest so far, ")


LIMIT = {"languages": ["bn", "en"] * 5, "topics": ["x" * 64] * 10}


def test_an_intro_is_plain_text_with_the_day_in_it() -> None:
    content = {
        **a_full_content(),
        "intro": "News of {date}: <b>{desk}</b> &",
        "only": {"languages": ["bn"], "topics": []},
    }
    text = digest(content, EN).html
    head = "\nOnly claims in Bangla.\n\nNews of 9 March 2025: &lt;b&gt;{desk}&lt;/b&gt; &amp;\n\n"
    assert head in text


def test_a_digest_that_is_too_long_drops_detail_and_never_a_number() -> None:
    long = "word " * 100
    line = {
        "id": 123456,
        "text": long,
        "rating": "mostly_false",
        "version": 1,
        "source": "x" * 99,
    }
    line |= {"summary": long, "major": True, "since": "2025-01-01T00:00:00+00:00"}
    full = a_full_content(long)["sections"]
    many = {
        name: {**told, "total": 5000, "lines": [{**line, "asked": 9 if name == "demanded" else [long] * 9}] * 10}
        for name, told in full.items()
    }
    for words in (EN, BN):
        text = digest(a_content(**many), words)
        assert utf16_length(seen(text)) <= MOST
        assert seen(text).count(words.number(5000)) == len(many)
        with_intro = digest({**a_content(**many), "intro": "ক" * 500, "only": LIMIT}, words)
        assert utf16_length(seen(with_intro)) <= MOST
        assert "ক" * 500 in seen(with_intro)
        assert seen(with_intro).count(words.number(5000)) == len(many)


def test_what_a_chat_missed_while_the_desk_was_down_is_told_as_such() -> None:
    assert "while the desk was away" in seen(digest({**a_full_content(), "away": True}, EN)).splitlines()[0]


def test_the_digests_of_a_chat_are_told_with_zone_and_next_time() -> None:
    daily = seen(digest_set(a_subscription(), EN))
    assert "every day at 09:00 (Asia/Dhaka)" in daily
    assert "10 March 2025, 15:30 (UTC+6)" in daily
    weekly = a_subscription(cadence=Cadence.WEEKLY, day=6, local_minute=18 * 60 + 5)
    assert "প্রতি রবিবার ১৮:০৫-এ (Asia/Dhaka)" in seen(digests_shown([weekly], BN))
    weekdays = a_subscription(cadence=Cadence.WEEKDAYS)
    assert "(Sunday, Monday, Tuesday, Wednesday, Thursday)" in seen(digest_shown(weekdays, EN))
    assert "last day of each month" in seen(digest_shown(a_subscription(cadence=Cadence.MONTHLY, day=31), EN))
    assert "/digest daily 09:00 Asia/Dhaka" in seen(digests_shown([], EN))


def test_a_digest_is_paused_and_let_go_on_and_one_by_a_cron_line_has_no_time_of_day() -> None:
    assert presses(digest_shown(a_subscription(), EN)) == [
        "digdo:1:pause",
        "digdo:1:time",
        "digdo:1:told",
        "digdo:1:end",
        "digwish:1:limits",
        "digwish:1:intro",
        "digwish:1:order",
        "digs",
    ]
    paused = digest_shown(a_subscription(paused=True), EN)
    assert presses(paused)[0] == "digdo:1:resume"
    assert "Paused" in seen(paused)
    by_line = a_subscription(cadence=Cadence.CRON, local_minute=None, cron="0 9 1,15 * *")
    assert "digdo:1:time" not in presses(digest_shown(by_line, EN))
    assert "0 9 1,15 * *" in seen(digest_shown(by_line, EN))
    assert presses(digest_shown(a_subscription(active=False), EN)) == []


def test_a_digest_shows_what_it_tells_and_lets_each_part_be_switched() -> None:
    shown = parts_shown(a_subscription(audience=Audience.PUBLIC, left_out=[Section.CORRECTED]), EN)
    assert "for: the public" in seen(shown)
    assert presses(shown) == [
        "digfor:1:public",
        "digfor:1:reviewers",
        "digfor:1:editors",
        "digpart:1:published:0",
        "digpart:1:corrected:1",
        "dig:1",
    ]
