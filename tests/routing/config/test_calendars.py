"""Calendars become instants: weekly hours, holidays and special days, over both changes of the clock."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from routing.config.calendars import CalendarFile

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def a_file(zone: str, first: str, last: str, hours: str, **more: object) -> CalendarFile:
    """A calendar with the same hours on every day of the week."""
    stated = {"zone": zone, "valid_from": first, "valid_until": last, "weekly": dict.fromkeys(DAY, (hours,)), **more}
    return CalendarFile.model_validate(stated)


def shown(file: CalendarFile) -> list[str]:
    """The intervals in UTC."""
    return [
        f"{dt.datetime.fromtimestamp(opens // 1_000, dt.UTC):%d %H:%M}-{dt.datetime.fromtimestamp(closes // 1_000, dt.UTC):%d %H:%M}"
        for opens, closes in file.to_model().intervals
    ]


@pytest.mark.parametrize(
    ("zone", "first", "last", "hours", "expected"),
    [
        # Berlin goes forward on 2026-03-29 at 01:00 UTC and back on 2026-10-25 at 01:00 UTC.
        (BERLIN, "2026-03-28", "2026-03-29", "08:00-18:00", ["28 07:00-28 17:00", "29 06:00-29 16:00"]),
        (BERLIN, "2026-10-24", "2026-10-25", "08:00-18:00", ["24 06:00-24 16:00", "25 07:00-25 17:00"]),
        (BERLIN, "2026-03-28", "2026-03-29", "22:00-06:00", ["28 21:00-29 04:00", "29 20:00-29 22:00"]),
        (BERLIN, "2026-10-24", "2026-10-25", "22:00-06:00", ["24 20:00-25 05:00", "25 21:00-25 23:00"]),
        (BERLIN, "2026-03-29", "2026-03-29", "02:30-02:45", []),
        (BERLIN, "2026-03-29", "2026-03-29", "01:30-02:30", ["29 00:30-29 01:00"]),
        (BERLIN, "2026-03-29", "2026-03-29", "02:30-04:00", ["29 01:00-29 02:00"]),
        (BERLIN, "2026-10-25", "2026-10-25", "02:15-02:45", ["25 00:15-25 01:45"]),
        # New York goes forward on 2026-03-08 at 07:00 UTC and back on 2026-11-01 at 06:00 UTC.
        (NEW_YORK, "2026-03-07", "2026-03-08", "08:00-18:00", ["07 13:00-07 23:00", "08 12:00-08 22:00"]),
        (NEW_YORK, "2026-10-31", "2026-11-01", "08:00-18:00", ["31 12:00-31 22:00", "01 13:00-01 23:00"]),
        (NEW_YORK, "2026-03-07", "2026-03-08", "22:00-06:00", ["08 03:00-08 10:00", "09 02:00-09 04:00"]),
        (NEW_YORK, "2026-10-31", "2026-11-01", "22:00-06:00", ["01 02:00-01 11:00", "02 03:00-02 05:00"]),
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(zone: str, first: str, last: str, hours: str, expected: list[str]) -> None:
    """A night over the change is an hour shorter or longer; the last one is cut where the calendar ends."""
    assert expected == shown(a_file(zone, first, last, hours))


def test_a_holiday_that_moves_is_stated_for_each_year() -> None:
    """Easter Monday of two years; a night shift of the evening before still ends on it."""
    file = a_file(BERLIN, "2026-04-05", "2026-04-07", "22:00-06:00", holidays=("2026-04-06",))
    assert ["05 20:00-06 04:00", "07 20:00-07 22:00"] == shown(file)
    years = a_file(BERLIN, "2026-01-01", "2027-12-31", "08:00-18:00", holidays=("2026-04-06", "2027-03-29")).to_model()
    noon = [int(dt.datetime(*day, 12, tzinfo=ZoneInfo(BERLIN)).timestamp()) * 1_000 for day in ((2026, 4, 6), (2027, 4, 6), (2027, 3, 29))]
    assert [False, True, False] == [years.is_open(at) for at in noon]
    assert 730 - 2 == len(years.intervals)


def test_a_special_day_replaces_the_hours_of_its_weekday_and_spans_that_touch_are_one() -> None:
    """Also where the weekday has none; around the clock is a single interval."""
    special = {"2026-12-24": ("08:00-10:00", "10:00-12:00")}
    assert ["24 07:00-24 11:00"] == shown(a_file(BERLIN, "2026-12-24", "2026-12-24", "08:00-18:00", special_days=special))
    assert ["01 23:00-03 23:00"] == shown(a_file(BERLIN, "2026-12-02", "2026-12-03", "00:00-24:00"))


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"valid_until": "2025-12-31"}, "ends before it begins"),
        ({"valid_until": "2046-01-01"}, "covers 7306 days"),
        ({"holidays": ("2027-01-01",)}, "states 2027-01-01, which it does not cover"),
        ({"holidays": ("2026-05-01",), "special_days": {"2026-05-01": ()}}, "states 2026-05-01 twice"),
    ],
)
def test_a_calendar_that_contradicts_itself_says_how(more: dict[str, object], problem: str) -> None:
    """With a remedy."""
    file = a_file(BERLIN, "2026-01-01", "2026-12-31", "08:00-18:00", **more)
    fault = file.fault()
    assert fault is not None
    assert problem == fault[0]


def test_a_calendar_in_order_has_no_fault() -> None:
    """The plain one."""
    assert a_file(BERLIN, "2026-01-01", "2026-12-31", "08:00-18:00").fault() is None
