from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import model
from storage.kinds import Awaiting, Role
from storage.ledger import Ledger
from storage.model import ChatId
from storage.rows import Columns, instant, maybe_instant, to_json
from storage.settings import JobRun
from storage.verdicts import VerdictSource
from tests.support.builders import (
    NOW,
    a_chat,
    a_digest,
    a_lease,
    a_message_on_its_way,
    a_person,
    a_request,
    a_review,
    a_submission,
    a_verdict,
    an_editor,
    an_invite,
)

RECORDS = [
    thing
    for thing in vars(model).values()
    if isinstance(thing, type) and hasattr(thing, "__dataclass_fields__") and thing.__module__ == model.__name__
] + [JobRun, VerdictSource]

INSTANTS = st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=6))]),
)


def test_an_instant_is_utc_text_of_fixed_width() -> None:
    dhaka = datetime(2025, 3, 9, 15, 30, tzinfo=ZoneInfo("Asia/Dhaka"))
    assert instant(dhaka) == instant(NOW) == "2025-03-09T09:30:00.000000+00:00"
    assert instant(NOW + timedelta(microseconds=1)) == "2025-03-09T09:30:00.000001+00:00"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        instant(datetime(2025, 3, 9))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="timezone"):
        maybe_instant(datetime(2025, 3, 9))  # noqa: DTZ001
    assert maybe_instant(None) is None
    assert maybe_instant(NOW) == instant(NOW)


@given(INSTANTS, INSTANTS)
def test_the_texts_of_instants_sort_as_the_instants(one: datetime, other: datetime) -> None:
    assert len(instant(one)) == len(instant(other)) == 32
    assert (instant(one) < instant(other)) == (one < other)
    assert datetime.fromisoformat(instant(one)) == one


def test_json_is_canonical() -> None:
    assert to_json({"b": [1, None, True], "a": "এক"}) == '{"a":"এক","b":[1,null,true]}'
    assert to_json({"a": 1, "b": 2}) == to_json({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="JSON"):
        to_json(float("nan"))


def test_columns_are_listed_with_and_without_an_alias() -> None:
    columns = Columns(VerdictSource)
    assert columns.sql == "url, title, kind, stance, accessed_at, archived_url, protected, quote"
    assert columns.of("s").startswith("s.url, s.title, ")


def sample(hint: Any, name: str) -> tuple[Any, Any]:
    """A stored value for a field of a type, and what it must become."""
    if str(hint).startswith("list"):
        return '["b","a"]', ["b", "a"]
    arms = [arm for arm in getattr(hint, "__args__", ()) if arm is not type(None)]
    if arms and not str(hint).startswith("dict"):
        return sample(arms[0], name)
    if str(hint).startswith("dict"):
        return '{"a":[1,"এক"]}', {"a": [1, "এক"]}
    if hint is datetime:
        return instant(NOW), NOW
    if hint is bool:
        return 1, True
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        member = list(hint)[-1]
        return member.value, member
    return (7, 7) if hint is not str else (name, name)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_row_becomes_a_record_of_the_right_types(record: type) -> None:
    columns: Columns[Any] = Columns(record)
    hints = get_type_hints(record)
    pairs = [sample(hints[name], name) for name in columns.names]
    made = columns.record(tuple(stored for stored, _ in pairs))
    for name, (_, expected) in zip(columns.names, pairs, strict=True):
        assert getattr(made, name) == expected, name
        assert type(getattr(made, name)) is type(expected), name


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_null_stays_none_where_a_field_may_be_missing(record: type) -> None:
    columns: Columns[Any] = Columns(record)
    hints = get_type_hints(record)
    row = tuple(
        None if type(None) in getattr(hints[name], "__args__", ()) else sample(hints[name], name)[0]
        for name in columns.names
    )
    made = columns.record(row)
    for name, value in zip(columns.names, row, strict=True):
        assert (getattr(made, name) is None) is (value is None), name


def test_no_row_is_no_record() -> None:
    assert Columns(JobRun).maybe(None) is None
    assert Columns(JobRun).records([]) == []


def test_a_value_outside_an_enum_is_an_error_and_no_guess() -> None:
    columns = Columns(VerdictSource)
    with pytest.raises(KeyError):
        columns.record(("u", "t", "gossip", "supports", instant(NOW), None))


async def test_what_the_database_gives_back_has_the_types_of_its_record(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True, language="bn", username="r")
    review = await a_review(ledger, person=person)
    claim = await ledger.claims.get(review.claim_id)
    await ledger.people.mark_focus(person.id, claim.id, Awaiting.RATING, NOW)
    verdict = await a_verdict(ledger, claim, review=review, by=await an_editor(ledger))
    await ledger.settings.mark_job_started("tidy", NOW)
    await ledger.audit.append("made", "claim", claim.id, NOW, actor=person.id, data={"a": 1})
    found = [
        person,
        await a_chat(ledger),
        await an_invite(ledger, by=person),
        await ledger.documents.get(claim.document_id),
        claim,
        await a_request(ledger, claim),
        await a_submission(ledger),
        await a_lease(ledger),
        review,
        *await ledger.reviews.list_sources(review.id),
        verdict,
        *await ledger.verdicts.list_sources(verdict.id),
        await ledger.people.find_focus(person.id),
        digest := await a_digest(ledger),
        await ledger.subscriptions.get(digest.subscription_id),
        await a_message_on_its_way(ledger, ChatId(9)),
        *await ledger.audit.list_of("claim", claim.id),
        *await ledger.settings.list_job_runs(),
    ]
    assert {type(record) for record in found} == set(RECORDS)
    for record in found:
        hints = get_type_hints(type(record))
        for field in fields(record):
            value, hint = getattr(record, field.name), hints[field.name]
            arms = getattr(hint, "__args__", None) if get_origin(hint) not in {dict, list} else None
            allowed = tuple(getattr(arm, "__supertype__", arm) for arm in (arms or (hint,)))
            plain = tuple(get_origin(arm) or arm for arm in allowed)
            assert type(value) in plain, (record, field.name)
            if isinstance(value, datetime):
                assert value.tzinfo is UTC
    assert person.role is Role.REVIEWER
