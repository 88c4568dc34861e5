"""The filters of a mapping: tests of a row's cells, made once a table."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from simulation.importers.local_time import parse_written
from simulation.importers.mapping import Clock, Keep
from simulation.importers.sources import Cells, ColumnFinder, LeftOut


def keep_test(finder: ColumnFinder, clock: Clock, position: int, keep: Keep) -> Callable[[Cells], bool]:
    """Whether a row stays; one without a value passes `none_of` only. A value that cannot be compared with the range is dirty."""
    read = finder.cell(("keep", position, "column"), keep.column)
    if keep.none_of is not None:
        unwanted = frozenset(keep.none_of)
        return lambda cells: read(cells) not in unwanted
    if keep.start is None and keep.end is None:
        wanted = frozenset((keep.equals,)) if keep.one_of is None else frozenset(keep.one_of)
        return lambda cells: read(cells) in wanted
    is_inside = _time_range(clock, keep) if isinstance(keep.start or keep.end, dt.datetime) else _number_range(keep)

    def is_kept(cells: Cells) -> bool:
        text = read(cells)
        if text is None:
            return False
        inside = is_inside(text)
        if inside is None:
            raise LeftOut("dirty", f"keep[{position}]: {keep.column} cannot be compared with the range", text)
        return inside

    return is_kept


def _time_range(clock: Clock, keep: Keep) -> Callable[[str], bool | None]:
    zone = ZoneInfo(clock.zone)
    start = keep.start if isinstance(keep.start, dt.datetime) else None
    end = keep.end if isinstance(keep.end, dt.datetime) else None

    def is_inside(text: str) -> bool | None:
        written = parse_written(text, clock.formats)
        if written is None:
            return None
        local = written if written.tzinfo is None else written.astimezone(zone).replace(tzinfo=None)
        return (start is None or start <= local) and (end is None or local < end)

    return is_inside


def _number_range(keep: Keep) -> Callable[[str], bool | None]:
    start = keep.start if isinstance(keep.start, Decimal) else Decimal("-Infinity")
    end = keep.end if isinstance(keep.end, Decimal) else Decimal("Infinity")

    def is_inside(text: str) -> bool | None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        return start <= number < end if number.is_finite() else None

    return is_inside
