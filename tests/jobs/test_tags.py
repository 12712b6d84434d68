"""Tags: those in a text, and those that editors give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.tags import LONGEST, MOST, change_tags, read_changes, tag_of, tags_of
from storage.errors import NotAllowed, Refused
from storage.ledger import Ledger
from tests.support.builders import NOW, a_claim, a_person, an_editor


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("A #flood in #Dhaka_24, again #flood!", ("flood", "dhaka_24")),
        ("#বন্যা (#ফ্যাক্ট_চেক) “#ভাইরাল”", ("বন্যা", "ফ্যাক্ট_চেক", "ভাইরাল")),
        ("#one#two", ("one", "two")),
        ("＃ｆｕｌｌ", ("full",)),
        ("#covid-19", ("covid",)),
        ("claim #42 is C# and a#b, &#39; &#x27;", ()),
        ("https://example.org/#part example.org/page#part /#part", ()),
        ("# #! #_ ##", ()),
        ("#" + "x" * (LONGEST + 1), ()),
    ],
)
def test_the_hashtags_of_a_text(text: str, tags: tuple[str, ...]) -> None:
    assert tags_of(text) == tags


def test_a_text_of_hashtags_brings_its_first_ones() -> None:
    assert tags_of(" ".join(f"#t{n}" for n in range(99))) == tuple(f"t{n}" for n in range(MOST))


@given(st.text(st.characters(codec=None, exclude_categories=())) | st.text("#_a1 \u200d\u0301ক়্😀\ud800&/"))
def test_a_tag_is_its_own_tag_and_can_be_kept(text: str) -> None:
    for tag in tags_of(text):
        tag.encode()
        assert 0 < len(tag) <= LONGEST
        assert tag_of(tag) == tag
        assert tags_of(f"#{tag}") == (tag,)


def test_changes_are_read() -> None:
    assert read_changes("flood #Dhaka -old −#older flood") == (("flood", "dhaka"), ("old", "older"))
    for wrong in ("-", "#", "42", "a.b", "-?"):
        with pytest.raises(Refused, match="tag_invalid"):
            read_changes(f"flood {wrong}")


async def test_an_editor_gives_and_takes_tags_and_it_is_written_down(ledger: Ledger) -> None:
    editor, claim = await an_editor(ledger), await a_claim(ledger)
    assert await change_tags(ledger, editor, claim, ("flood", "old"), (), NOW) == ("flood", "old")
    assert await change_tags(ledger, editor, claim, ("flood", "dhaka"), ("old", "never"), NOW) == ("dhaka", "flood")
    assert await change_tags(ledger, editor, claim, (), (), NOW) == ("dhaka", "flood")
    assert await ledger.tags.list_of(claim.id) == ["dhaka", "flood"]
    entries = await ledger.audit.list_of("claim", claim.id)
    assert [(each.action, each.actor, each.data) for each in entries if each.action == "claim.tagged"] == [
        ("claim.tagged", editor.id, {"added": ["flood", "old"], "removed": []}),
        ("claim.tagged", editor.id, {"added": ["dhaka"], "removed": ["old"]}),
    ]


async def test_tags_are_for_editors_and_not_too_many(ledger: Ledger) -> None:
    editor, claim = await an_editor(ledger), await a_claim(ledger)
    with pytest.raises(NotAllowed, match="role_needed"):
        await change_tags(ledger, await a_person(ledger), claim, ("flood",), (), NOW)
    many = tuple(f"t{n:02}" for n in range(MOST))
    await change_tags(ledger, editor, claim, many, (), NOW)
    with pytest.raises(Refused, match="tag_too_many"):
        await change_tags(ledger, editor, claim, ("one_more",), (), NOW)
    assert len(await change_tags(ledger, editor, claim, ("one_more",), ("t00",), NOW)) == MOST
