import pytest

from jobs.calendar import parse_local_time, parse_weekday, parse_zone
from storage.errors import Refused


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("09:00", 540), ("9:05", 545), ("০৯:০০", 540), ("२३:५९", 1439), (" 00:00 ", 0), ("٠٧:٣٠", 450)],
)
def test_local_times_are_read_in_any_digits(text: str, minutes: int) -> None:
    assert parse_local_time(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "9", "24:00", "12:60", "9.00", "9:5", "09:00:00", "-1:00", "9:00am", "¹²:³⁰", "a"]
)
def test_what_is_no_local_time_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="local_time_invalid"):
        parse_local_time(text)


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["mon", "Monday", "সোম", "সোমবার"], 0),
        (["tue", "TUES", "মঙ্গল", "মঙ্গলবার"], 1),
        (["wed", "wednesday", "বুধ", "বুধবার"], 2),
        (["thu", "Thurs.", "বৃহস্পতি", "বৃহস্পতিবার"], 3),
        (["fri", "friday", "শুক্র", "শুক্রবার"], 4),
        (["sat", " saturday ", "শনি", "শনিবার"], 5),
        (["sun", "Sunday", "রবি", "রবিবার"], 6),
    ],
)
def test_weekdays_are_read_in_english_and_bengali(texts: list[str], day: int) -> None:
    assert {parse_weekday(text) for text in texts} == {day}


@pytest.mark.parametrize("text", ["", "m", "someday", "বার", "7"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="weekday_invalid"):
        parse_weekday(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Asia/Dhaka", "Asia/Dhaka"),
        ("asia/dhaka", "Asia/Dhaka"),
        (" america/new york ", "America/New_York"),
        ("utc", "UTC"),
        ("AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"),
    ],
)
def test_zones_are_matched_to_their_canonical_name(text: str, name: str) -> None:
    assert parse_zone(text) == name


@pytest.mark.parametrize("text", ["", "Dhaka", "Mars/Olympus", "../etc/passwd", "Factory", "localtime", "GMT+25"])
def test_what_is_no_zone_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_zone(text)
    assert (refused.value.code, refused.value.data) == ("unknown_zone", {"zone": text})
