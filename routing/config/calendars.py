"""Calendars as a site file writes them: weekly hours, holidays and special days in a time zone, expanded to the instants of the router.

Hours are those of the clock on the wall. An interval belongs to the day it begins on; one that ends at or before it begins ends on the next
day. A holiday or special day replaces the hours that begin on it, so that a night shift of the evening before still ends.

When clocks go forward, a time they skip is the instant of the change. When they go back, an hour occurs twice: what opens then opens at its
first occurrence, what closes then closes at its second.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from routing.config.document import FileModel
from routing.config.values import CalendarDate, ZoneName, calendar_date, refused, time_of_day_ms
from routing.model.hours import Calendar, OpenInterval
from routing.model.time import DAY_MS, Duration, Instant

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAYS_MAX = 3_660
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def _span(value: object) -> tuple[Duration, Duration]:
    begins, dash, ends = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise refused("is not a span of hours", 'Write both times in quotes, such as "08:00-18:00"; "22:00-06:00" ends the next day.')
    opens_ms, closes_ms = time_of_day_ms(begins.strip()), time_of_day_ms(ends.strip())
    if opens_ms == DAY_MS:
        raise refused("begins at the end of the day", 'Write it for the next day, from "00:00".')
    return opens_ms, closes_ms if closes_ms > opens_ms else closes_ms + DAY_MS


def _special_days(value: object) -> dict[dt.date, object]:
    if not isinstance(value, dict):
        raise refused("is not a table of days", 'Write 2026-12-24 = ["08:00-12:00"] for each day.')
    return {calendar_date(day): hours for day, hours in value.items()}


Hours = tuple[Annotated[tuple[int, int], BeforeValidator(_span)], ...]
"""Spans of a day, in ms after local midnight; the second beyond a day's where it ends on the next."""


class CalendarFile(FileModel):
    """When something is open. `valid_until` is the last day that the calendar knows."""

    zone: ZoneName
    valid_from: CalendarDate
    valid_until: CalendarDate
    weekly: dict[Weekday, Hours] = Field(default_factory=dict)
    holidays: tuple[CalendarDate, ...] = ()
    special_days: Annotated[dict[dt.date, Hours], BeforeValidator(_special_days)] = Field(default_factory=dict)

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with it as a whole, as (problem, remedy)."""
        days = (self.valid_until - self.valid_from).days + 1
        if days < 1:
            return "ends before it begins", "Let valid_until be valid_from or later."
        if days > _DAYS_MAX:
            return f"covers {days} days", f"Cover at most {_DAYS_MAX} days."
        stated = (*self.holidays, *self.special_days)
        for day in stated:
            if not self.valid_from <= day <= self.valid_until:
                return f"states {day}, which it does not cover", "Move valid_from or valid_until, or remove the day."
            if stated.count(day) > 1:
                return f"states {day} twice", "Keep it either as a holiday or as a special day."
        return None

    def to_model(self) -> Calendar:
        """The calendar as the router takes it, without any time zone."""
        zone = ZoneInfo(self.zone)
        known_from = _instant(self.valid_from, 0, zone, is_end=False)
        known_until = _instant(self.valid_until + dt.timedelta(days=1), 0, zone, is_end=False)
        return Calendar(intervals=_joined(self._spans(zone), known_until), known_from=known_from, known_until=known_until)

    def _spans(self, zone: ZoneInfo) -> Iterator[tuple[Instant, Instant]]:
        """Every span in order of its beginning; those of one day may overlap those of the day before."""
        for number in range((self.valid_until - self.valid_from).days + 1):
            day = self.valid_from + dt.timedelta(days=number)
            hours = () if day in self.holidays else self.special_days.get(day, self.weekly.get(WEEKDAYS[day.weekday()], ()))
            for opens_ms, closes_ms in sorted(hours):
                yield _instant(day, opens_ms, zone, is_end=False), _instant(day, closes_ms, zone, is_end=True)


def _joined(spans: Iterator[tuple[Instant, Instant]], known_until: Instant) -> tuple[OpenInterval, ...]:
    """Spans that touch or overlap are one interval; none reaches beyond what the calendar knows."""
    found: list[OpenInterval] = []
    for opens_at, closes_at in spans:
        ends_at = min(closes_at, known_until)
        if found and opens_at <= found[-1].closes_at:
            found[-1] = OpenInterval(found[-1].opens_at, max(found[-1].closes_at, ends_at))
        elif opens_at < ends_at:
            found.append(OpenInterval(opens_at, ends_at))
    return tuple(found)


def _instant(day: dt.date, after_midnight_ms: Duration, zone: ZoneInfo, *, is_end: bool) -> Instant:
    """The instant of a local time; of one that occurs twice the second for an end, of one that is skipped the change itself."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(milliseconds=after_midnight_ms)
    first, second = (_since_epoch(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if first <= second:
        return second if is_end else first
    # Skipped: read by the clock before the change it comes too late, by the clock after it too early. The change lies between.
    after = _offset(first, zone)
    return second + bisect_left(range(second, first), True, key=lambda at: _offset(at, zone) == after)


def _offset(at: Instant, zone: ZoneInfo) -> dt.timedelta | None:
    return (_EPOCH + at * _MILLISECOND).astimezone(zone).utcoffset()


def _since_epoch(moment: dt.datetime) -> Instant:
    return (moment.astimezone(dt.UTC) - _EPOCH) // _MILLISECOND
