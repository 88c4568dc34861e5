"""The kinds of values that users' files share."""

import datetime as dt
from collections.abc import Callable

import pytest
from pydantic_core import PydanticCustomError

from routing.config.values import calendar_date, duration_ms, identifier, time_of_day_ms, zone_name


@pytest.mark.parametrize(
    ("text", "expected"), [("0s", 0), ("1500ms", 1_500), ("90s", 90_000), ("5min", 300_000), ("1.5h", 5_400_000), ("1 d", 86_400_000)]
)
def test_a_duration_is_a_number_and_its_unit(text: str, expected: int) -> None:
    """Durations become whole milliseconds."""
    assert duration_ms(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("00:00", 0), ("08:30", 30_600_000), ("08:00:30", 28_830_000), ("24:00", 86_400_000), (dt.time(8), 28_800_000)]
)
def test_a_time_of_day_counts_from_midnight(value: object, expected: int) -> None:
    """Times of day are quoted or TOML's own, and the end of the day can be written."""
    assert time_of_day_ms(value) == expected


def test_dates_zones_and_names_are_kept_as_written() -> None:
    """Sound values pass unchanged, a date also in quotes."""
    day = dt.date(2015, 8, 11)
    assert (calendar_date(day), calendar_date("2015-08-11")) == (day, day)
    assert (zone_name("America/New_York"), identifier("Heat - Excessive  Insufficient")) == (
        "America/New_York",
        "Heat - Excessive  Insufficient",
    )


@pytest.mark.parametrize(
    ("read", "value", "problem", "remedy"),
    [
        (duration_ms, 90, "has no unit", '"90s"'),
        (duration_ms, True, "is not a duration", "unit"),
        (duration_ms, "5 minutes", "is not a duration", "5min"),
        (duration_ms, "-5s", "is not a duration", "ms, s, min, h or d"),
        (duration_ms, "0.5ms", "is not a whole number of milliseconds", "Round"),
        (duration_ms, "99999d", "is longer than ten years", "unit"),
        (time_of_day_ms, "8am", "is not a time of day", "24-hour"),
        (time_of_day_ms, "24:01", "is not a time of day", "24:00"),
        (time_of_day_ms, "10:61", "is not a time of day", "24:00"),
        (calendar_date, "11/08/2015", "is not a date", "2015-08-11"),
        (calendar_date, dt.datetime(2015, 8, 11, tzinfo=dt.UTC), "is not a date", "2015-08-11"),
        (zone_name, "America/New_Yrk", "is not a known IANA time zone", "America/New_York"),
        (zone_name, -5, "is not a time zone", "IANA"),
        (identifier, "", "is empty", "name"),
        (identifier, "x" * 129, "is 129 characters long", "128"),
        (identifier, "a\tb", "has control characters, or spaces around it", "Remove"),
        (identifier, " a", "has control characters, or spaces around it", "Remove"),
        (identifier, 7, "is not a name", "quotes"),
    ],
)
def test_a_value_is_refused_with_its_remedy(read: Callable[[object], object], value: object, problem: str, remedy: str) -> None:
    """What is not plainly meant is refused, with what to write instead."""
    with pytest.raises(PydanticCustomError) as caught:
        read(value)
    context = caught.value.context or {}
    assert (context["problem"], remedy in context["remedy"]) == (problem, True)
