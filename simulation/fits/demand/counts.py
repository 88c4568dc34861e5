"""A log as counts: how many arrived in each interval on the clock of each local day, by stream."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from routing.config.calendars import WEEKDAYS, Weekday
from routing.config.errors import ConfigError
from routing.config.roster import local_instant
from routing.model.requirement import AttributeValue
from routing.model.time import DAY_MS, Duration, Instant
from simulation.demand.rates import shared_attributes
from simulation.interactions import RecordedInteraction

Counts = npt.NDArray[np.int64]


class DayGroups(StrEnum):
    """Which days are alike: each weekday by itself, working days and the two of the weekend, or all days."""

    WEEKDAY = "weekday"
    WORKDAY = "workday"
    ALL = "all"

    def of(self, date: dt.date) -> tuple[Weekday, ...]:
        """The weekdays that are alike with a date."""
        own: Weekday = WEEKDAYS[date.weekday()]
        match self:
            case DayGroups.WEEKDAY:
                return (own,)
            case DayGroups.WORKDAY:
                return WEEKDAYS[:5] if own in WEEKDAYS[:5] else (own,)
            case DayGroups.ALL:
                return WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKind:
    """What the interactions of a stream share: channel, type, priority, and the attributes that all of them have."""

    channel: str
    type: str
    priority: int
    attributes: Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Counts by stream, day and interval.

    `counts` has shape (streams, days, intervals); intervals of `interval_ms` are counted on the clock of the zone from midnight. `groups`
    names the weekdays that each day is alike with. `arrivals` are the instants of what was counted, rising, in milliseconds.
    `without` lists the days of the span that were left out, each with the reason.
    """

    name: str
    zone: str
    interval_ms: Duration
    dates: tuple[dt.date, ...]
    groups: tuple[tuple[Weekday, ...], ...]
    streams: tuple[StreamKind, ...]
    counts: Counts
    arrivals: npt.NDArray[np.int64]
    without: tuple[tuple[dt.date, str], ...]

    @property
    def group_of_day(self) -> npt.NDArray[np.int64]:
        """The number of each day's group, shape (days,), in the order of `group_names`."""
        return np.array([self.group_names.index(group) for group in self.groups], dtype=np.int64)

    @property
    def group_names(self) -> tuple[tuple[Weekday, ...], ...]:
        """The groups that occur, in the order of the week."""
        return tuple(sorted(set(self.groups), key=lambda group: WEEKDAYS.index(group[0])))

    @property
    def total(self) -> Counts:
        """Counts of all streams together, shape (days, intervals)."""
        return np.asarray(self.counts.sum(axis=0), dtype=np.int64)

    def starts_at(self, date: dt.date, interval: int) -> Instant:
        """The instant at which an interval of a day begins."""
        return local_instant(date, interval * self.interval_ms, ZoneInfo(self.zone))


def count_table(
    log: Sequence[RecordedInteraction],
    *,
    file: Path,
    zone: str,
    interval_ms: Duration,
    by: DayGroups,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
    without: Collection[dt.date] = (),
) -> CountTable:
    """The counts of a log over whole local days, from the first arrival's day to the last's unless stated otherwise.

    Days on which the clock changes have an hour less or more and are left out, as are those of `without`. `file` is named in errors.

    Raises:
        ConfigError: nothing arrived, the interval does not divide a day, or a group of days alike has a single day.
    """
    if DAY_MS % interval_ms:
        raise ConfigError("does not divide a day", key="interval", value=interval_ms, remedy='Choose "15min", "30min", "1h" or the like.')
    zone_info = ZoneInfo(zone)
    local = [dt.datetime.fromtimestamp(one.arrived_at_ms / 1_000, zone_info) for one in log]
    if not local:
        raise ConfigError("holds no interaction", file=file, remedy="There is nothing to fit.")
    first, last = first_day or min(local).date(), last_day or max(local).date()
    span = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    left_out = {date: "left out as asked" for date in span if date in without}
    left_out |= {date: "the clock changes" for date in span if _length_ms(date, zone_info) != DAY_MS}
    dates = tuple(date for date in span if date not in left_out)
    _check_groups(file, dates, by)
    place = {date: index for index, date in enumerate(dates)}
    members: dict[tuple[str, str, int], list[RecordedInteraction]] = {}
    cells: Counter[tuple[tuple[str, str, int], int, int]] = Counter()
    counted = []
    for one, at in zip(log, local, strict=True):
        if at.date() in place:
            key = (one.channel, one.type, one.priority)
            members.setdefault(key, []).append(one)
            midnight = dt.datetime.combine(at.date(), dt.time(), tzinfo=zone_info)
            cells[key, place[at.date()], (one.arrived_at_ms - int(midnight.timestamp() * 1_000)) // interval_ms] += 1
            counted.append(one.arrived_at_ms)
    keys = sorted(members)
    if not keys:
        raise ConfigError(f"has no interaction from {first} to {last}", file=file, remedy="Check the days and the zone.")
    counts = np.zeros((len(keys), len(dates), DAY_MS // interval_ms), dtype=np.int64)
    for (key, day, interval), count in cells.items():
        counts[keys.index(key), day, interval] = count
    return CountTable(
        name=file.name,
        zone=zone,
        interval_ms=interval_ms,
        dates=dates,
        groups=tuple(by.of(date) for date in dates),
        streams=tuple(StreamKind(channel=key[0], type=key[1], priority=key[2], attributes=shared_attributes(members[key])) for key in keys),
        counts=counts,
        arrivals=np.sort(np.array(counted, dtype=np.int64)),
        without=tuple(sorted(left_out.items())),
    )


def empty_days(table: CountTable) -> tuple[dt.date, ...]:
    """Days on which nothing arrived although something arrives on days like it: closed, or not recorded."""
    by_day = table.total.sum(axis=1)
    busy = {group for group, count in zip(table.groups, by_day, strict=True) if count}
    return tuple(date for date, group, count in zip(table.dates, table.groups, by_day, strict=True) if not count and group in busy)


def _length_ms(date: dt.date, zone: ZoneInfo) -> Duration:
    return local_instant(date, DAY_MS, zone) - local_instant(date, 0, zone)


def _check_groups(file: Path, dates: Sequence[dt.date], by: DayGroups) -> None:
    days = Counter(by.of(date) for date in dates)
    lonely = [group for group, count in days.items() if count < 2]
    if lonely or not dates:
        named = ", ".join(lonely[0]) if lonely else "any kind"
        raise ConfigError(
            f"has a single day like {named}: one day does not tell how much days vary" if lonely else "has no whole day",
            file=file,
            remedy="Bring a longer log, or take more days to be alike with --by workday or --by all.",
        )
