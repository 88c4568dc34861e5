"""Instants as people read them: local dates and times in an IANA time zone."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from routing.config.errors import ConfigError, did_you_mean
from routing.model.time import Instant


def zone_of(name: str, key: str) -> ZoneInfo:
    """The time zone of that name; `key` is named where there is none.

    Raises:
        ConfigError: nobody knows it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # an OSError for a name that is a folder of the database
        raise ConfigError("is not a time zone", key=key, value=name, remedy=did_you_mean(name, available_timezones())) from error


def date_and_time(zone: ZoneInfo) -> Callable[[Instant], str]:
    """Writes an instant to the millisecond: `2015-08-11 10:01:02.000`."""
    return lambda instant: f"{_local(instant, zone):%Y-%m-%d %H:%M:%S}.{instant % 1_000:03d}"


def time_of_day(zone: ZoneInfo, near: Instant) -> Callable[[Instant], str]:
    """Writes an instant as the clock on the wall shows it, `10:01:02`, with the date where it is another than that of `near`."""
    today = _local(near, zone).date()

    def shown(instant: Instant) -> str:
        local = _local(instant, zone)
        fraction = f".{instant % 1_000:03d}" if instant % 1_000 else ""
        return f"{'' if local.date() == today else f'{local:%Y-%m-%d} '}{local:%H:%M:%S}{fraction}"

    return shown


def _local(instant: Instant, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant // 1_000, tz=zone)  # whole seconds: a float of milliseconds would round
