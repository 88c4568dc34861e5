"""Which day a date is for demand: its weekday, or the one a holiday is like, and how much more or less than that comes."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from routing.config.calendars import WEEKDAYS, Weekday
from routing.config.document import FileModel
from routing.config.values import CalendarDate, Identifier

DayMultiple = Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)]


class HolidayFile(FileModel):
    """One entry of [[demand.holidays]]: a named date with the rates of another weekday, its own factor, or both."""

    name: Identifier
    date: CalendarDate
    like: Weekday | None = None
    factor: DayMultiple | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "HolidayFile":
        if self.like is None and self.factor is None:
            raise ValueError("a holiday is like a weekday, has a factor, or both")
        return self


class DayKind(NamedTuple):
    """The weekday whose rates hold on a date, and what they are multiplied by."""

    weekday: Weekday
    factor: float


def day_kind(date: dt.date, weekdays: dict[Weekday, float], holidays: Sequence[HolidayFile]) -> DayKind:
    """What a date is: a holiday where one is named, with the factor of the weekday it is like; otherwise its own weekday."""
    holiday = next((one for one in holidays if one.date == date), None)
    own: Weekday = WEEKDAYS[date.weekday()]
    weekday: Weekday = own if holiday is None or holiday.like is None else holiday.like
    factor = weekdays.get(weekday, 1.0)
    return DayKind(weekday, factor if holiday is None or holiday.factor is None else factor * holiday.factor)


def as_it_is(date: dt.date) -> DayKind:
    """A date as its own weekday, neither more nor less."""
    return DayKind(WEEKDAYS[date.weekday()], 1.0)
