"""Written times to instants, with the two traps of local time in the open: the hour that repeats and the hour that is skipped."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from routing.model.time import SECOND_MS, Instant

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_YEARS = range(1900, 3000)
_DIGITS_MAX = 15  # milliseconds of thirty thousand years
_MILLISECOND = dt.timedelta(milliseconds=1)

Oddity = Literal["ambiguous", "nonexistent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalInstant:
    """The instant of a local time; an `oddity` says that the clock showed it twice (`ambiguous`) or never (`nonexistent`)."""

    instant: Instant
    oddity: Oddity | None


def parse_written(text: str, formats: tuple[str, ...]) -> dt.datetime | None:
    """The time a text writes in the first format that fits it ("iso" or a `strptime` format); None when none does.

    Years before 1900 and from 3000 on fit none: they are what databases write for "never", not times at which anything happened.
    """
    for pattern in formats:
        try:
            written = dt.datetime.fromisoformat(text) if pattern == "iso" else _by_pattern(text, pattern)
        except ValueError:
            continue
        if written.year in _YEARS:
            return written
    return None


def _by_pattern(text: str, pattern: str) -> dt.datetime:
    return dt.datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the mapping's


def instant_of(written: dt.datetime, zone: ZoneInfo, *, is_later_meant: bool) -> LocalInstant:
    """The instant of a written time: at its own offset if it has one, else on the clocks of `zone`.

    A time shown twice is read as the first or the second showing. A time never shown is read with the offset before the change, which
    moves it forward by the skipped hour. Milliseconds are cut, not rounded.
    """
    if written.tzinfo is not None:
        return LocalInstant(instant=since_epoch(written), oddity=None)
    first = written.replace(tzinfo=zone, fold=0)
    second = written.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return LocalInstant(instant=since_epoch(first), oddity=None)
    if before < after:
        return LocalInstant(instant=since_epoch(first), oddity="nonexistent")
    chosen = second if is_later_meant else first
    return LocalInstant(instant=since_epoch(chosen), oddity="ambiguous")


def since_epoch(moment: dt.datetime) -> Instant:
    """The instant of a time that carries its offset; parts of a millisecond are cut."""
    return (moment - _EPOCH) // _MILLISECOND


def epoch_instant(text: str, unit: Literal["s", "ms"]) -> Instant | None:
    """The instant of a count since 1970 UTC; None for what is not a number. Parts of a millisecond are cut."""
    seconds, _, fraction = text.partition(".")
    digits = seconds.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX) or not (
        fraction == "" or (fraction.isascii() and fraction.isdigit())
    ):
        return None
    if unit == "ms":
        return int(seconds)
    thousandths = int(fraction[:3].ljust(3, "0"))
    return int(seconds) * SECOND_MS + (-thousandths if seconds.startswith("-") else thousandths)
