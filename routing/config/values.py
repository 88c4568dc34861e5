"""The kinds of values that users' files share: durations with a unit, times of day, dates, time zones and identifiers.

Each is an annotated type for a field of a `FileModel`; each refuses with a problem and a remedy, never with a guess.
"""

import datetime as dt
import re
import zoneinfo
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from routing.config.errors import did_you_mean
from routing.model.leg import LegAge
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

_UNIT_MS: Final = {"ms": 1, "s": SECOND_MS, "min": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,6})?) ?(ms|s|min|h|d)", re.ASCII)
_TIME_OF_DAY = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_DURATION_MS_MAX = 3_660 * DAY_MS
_ID_CHARS_MAX = 128


def refused(problem: str, remedy: str) -> PydanticCustomError:
    """The error a validator raises; `problem` completes "value V ...", `remedy` is a sentence, and both reach the user unchanged."""
    return PydanticCustomError("careroute", "{problem}", {"problem": problem, "remedy": remedy})


def duration_ms(value: object) -> int:
    """Milliseconds of a duration such as "90s", "1.5h" or "0s". Refuses bare numbers, parts of a millisecond and more than ten years."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refused("is not a duration", 'Write a text with a number and its unit, such as "90s", "5min", "2h", "1d" or "1500ms".')
    if not isinstance(value, str):
        raise refused("has no unit", f'Write the unit: "{value}s", "{value}min", "{value}h", "{value}d" or "{value}ms".')
    match = _DURATION.fullmatch(value)
    if match is None:
        raise refused("is not a duration", 'Write one number and its unit (ms, s, min, h or d), such as "90s", "5min" or "1.5h".')
    milliseconds = Decimal(match[1]) * _UNIT_MS[match[2]]
    if milliseconds != int(milliseconds):
        raise refused("is not a whole number of milliseconds", "Round it: the router counts in milliseconds.")
    if milliseconds > _DURATION_MS_MAX:
        raise refused("is longer than ten years", "Check the unit.")
    return int(milliseconds)


def _positive_duration_ms(value: object) -> int:
    milliseconds = duration_ms(value)
    if milliseconds == 0:
        raise refused("is no time at all", "Write a duration longer than zero.")
    return milliseconds


def time_of_day_ms(value: object) -> int:
    """Milliseconds after local midnight of "08:00", "08:00:30" or "24:00" (the end of the day); a TOML local time is taken too."""
    if isinstance(value, dt.time) and value.tzinfo is None and value.microsecond == 0:
        value = value.isoformat()
    match = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise refused("is not a time of day", 'Write hours and minutes on the 24-hour clock in quotes, such as "08:00" or "17:30".')
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    milliseconds = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS
    if minutes > 59 or seconds > 59 or milliseconds > DAY_MS:
        raise refused("is not a time of day", 'Times run from "00:00" to "24:00".')
    return milliseconds


def calendar_date(value: object) -> dt.date:
    """A date, written as a TOML date (2015-08-11) or as the same in quotes."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass  # refused below, with the same words as every other kind of value
    raise refused("is not a date", "Write year, month and day: 2015-08-11.")


def zone_name(value: object) -> str:
    """The name of an IANA time zone known to this machine or to the installed tzdata."""
    if not isinstance(value, str):
        raise refused("is not a time zone", 'Write its IANA name in quotes, such as "America/New_York".')
    known = zoneinfo.available_timezones()
    if value not in known:
        raise refused("is not a known IANA time zone", did_you_mean(value, known))
    return value


def identifier(value: object) -> str:
    """A name that ids and references share: 1 to 128 printable characters without spaces around them."""
    if not isinstance(value, str):
        raise refused("is not a name", "Write it in quotes.")
    fault = identifier_fault(value)
    if fault is not None:
        raise refused(*fault)
    return value


def identifier_fault(value: str) -> tuple[str, str] | None:
    """Why a text cannot be an identifier, as (problem, remedy); None when it can. For rows of tables, where no model reads the value."""
    if not value:
        return "is empty", "Give it a name."
    if len(value) > _ID_CHARS_MAX:
        return f"is {len(value)} characters long", f"Use at most {_ID_CHARS_MAX}."
    if not value.isprintable() or value != value.strip():
        return "has control characters, or spaces around it", "Remove them."
    return None


def _file_name(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise refused("is not the name of a file", "Write it in quotes; relative names start from this file's folder.")


def leg_age(value: object) -> LegAge:
    """How much age goes along to the next leg of a conversation: "keep", "reset", or at most a duration."""
    if isinstance(value, LegAge):
        return value
    if value in ("keep", "reset"):
        return LegAge(limit_ms=None if value == "keep" else 0)
    try:
        return LegAge(limit_ms=duration_ms(value))
    except PydanticCustomError as fault:
        remedy = 'Write "keep", "reset", or the most that goes along, such as "5min".'
        raise refused("is not an age that can go along", remedy) from fault


DurationMs = Annotated[int, BeforeValidator(duration_ms)]
"""A duration with its unit in the file, integer milliseconds in the program; zero allowed."""

LegAgeValue = Annotated[LegAge, BeforeValidator(leg_age)]
"""How much age goes along to the next leg."""

PositiveDurationMs = Annotated[int, BeforeValidator(_positive_duration_ms)]
"""A duration longer than zero."""

TimeOfDayMs = Annotated[int, BeforeValidator(time_of_day_ms)]
"""A local time of day, as milliseconds after midnight on the clock on the wall; 86,400,000 is "24:00"."""

CalendarDate = Annotated[dt.date, BeforeValidator(calendar_date)]
"""A calendar date without a time zone."""

ZoneName = Annotated[str, BeforeValidator(zone_name)]
"""The name of an IANA time zone."""

Identifier = Annotated[str, BeforeValidator(identifier)]
"""An id or a name that other parts of the files refer to."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A part of a whole, from 0 to 1."""

FileName = Annotated[str, BeforeValidator(_file_name)]
"""The name of another file, relative to the folder of the one that names it."""
