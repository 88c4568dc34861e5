"""Written times to instants, with the hour that repeats and the hour that is skipped."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from simulation.importers.local_time import LocalInstant, epoch_instant, instant_of, parse_written

BOSTON = ZoneInfo("America/New_York")
HOUR_MS = 3_600_000


def utc_ms(text: str) -> int:
    """Milliseconds of an ISO time with its offset."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1_000)


@pytest.mark.parametrize(
    ("written", "expected", "oddity"),
    [
        ("2015-08-11T12:00:00", "2015-08-11T16:00:00+00:00", None),
        ("2015-01-05T12:00:00", "2015-01-05T17:00:00+00:00", None),
        ("2015-11-01T01:16:00", "2015-11-01T05:16:00+00:00", "ambiguous"),
        ("2015-03-08T02:30:00", "2015-03-08T07:30:00+00:00", "nonexistent"),
        ("2015-11-01T01:16:00-05:00", "2015-11-01T06:16:00+00:00", None),
    ],
)
def test_local_times_are_read_on_the_clocks_of_their_zone(written: str, expected: str, oddity: str | None) -> None:
    """Summer and winter differ, the repeated hour is its first showing, a skipped time moves forward, an offset speaks for itself."""
    found = instant_of(dt.datetime.fromisoformat(written), BOSTON, is_later_meant=False)
    assert (found.instant, found.oddity) == (utc_ms(expected), oddity)


def test_the_repeated_hour_can_be_read_as_its_second_showing() -> None:
    """The mapping decides; the second showing is an hour later."""
    written = dt.datetime.fromisoformat("2015-11-01T01:16:00")
    first = instant_of(written, BOSTON, is_later_meant=False)
    assert instant_of(written, BOSTON, is_later_meant=True) == LocalInstant(instant=first.instant + HOUR_MS, oddity="ambiguous")


def test_the_first_format_that_fits_wins() -> None:
    """Formats are tried in the order of the mapping."""
    formats = ("iso", "%m/%d/%Y %I:%M:%S %p")
    noon = dt.datetime.fromisoformat("2015-08-11T12:00:00")
    assert [parse_written(text, formats) for text in ("2015-08-11 12:00", "08/11/2015 12:00:00 PM", "noon", "9999-12-31")] == [
        noon,
        noon,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1439265840", "s", 1_439_265_840_000),
        ("1.25", "s", 1_250),
        ("-1.5", "s", -1_500),
        ("7.9", "ms", 7),
        ("1e3", "s", None),
        ("", "ms", None),
        ("9" * 5_000, "s", None),
    ],
)
def test_counts_since_1970_are_read_exactly(text: str, unit: str, expected: int | None) -> None:
    """No float stands between the text and the instant."""
    assert epoch_instant(text, "s" if unit == "s" else "ms") == expected
