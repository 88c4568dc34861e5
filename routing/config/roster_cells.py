"""What the cells of a roster table mean, one parser a kind of cell; each refuses with a problem and a remedy."""

import re
from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from routing.config.roster import EVERY_DAY
from routing.config.roster_parts import WEEKDAYS
from routing.config.rules import share_per_mille
from routing.config.values import refused, time_of_day_ms
from routing.model.requirement import AttributeValue
from routing.model.time import Duration

DEFAULT_CAPACITY = 100
CAPACITY_MAX = 1_000_000
HOURLY_COST_MAX = 1_000_000.0

_WHOLE_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_DECIMAL_NUMBER = re.compile(r"\d(?:\.\d{1,3})?", re.ASCII)
_MONEY = re.compile(r"\d{1,7}(?:\.\d{1,4})?", re.ASCII)
_HOUR_OF_ONE_DIGIT = re.compile(r"\d:\d\d", re.ASCII)


def clock(text: str) -> Duration:
    """A local time of day in milliseconds after midnight; spreadsheets leave out the first zero of 8:00."""
    return time_of_day_ms(f"0{text}" if _HOUR_OF_ONE_DIGIT.match(text) else text)


def hourly_cost(text: str) -> float | None:
    """An amount of money an hour; an empty cell says nothing."""
    if not text:
        return None
    if not _MONEY.fullmatch(text) or float(text) > HOURLY_COST_MAX:
        raise refused("is not an amount of money", "Write a number with a point and without a currency, such as 28.50.")
    return float(text)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for part in _parts(text):
        name, separator, value = (piece.strip() for piece in part.rpartition(":"))
        if not separator or not name:
            raise refused(_at(part, text, "not name:value"), "Write billing:7;sales:4.")
        if name in seen:
            raise refused(f"names {name} twice", "Remove one.")
        seen.add(name)
        yield name, value


def _at(part: str, text: str, fault: str) -> str:
    return f"is {fault}" if part == text else f'has "{part}", which is {fault}'


def numbers(text: str) -> dict[str, int]:
    """Levels by name: `billing:7;sales:4`."""
    return {name: _whole_number(value) for name, value in _pairs(text)}


def attributes(text: str) -> dict[str, AttributeValue]:
    """Texts and whole numbers by name: `language:es;grade:3`."""
    return {name: int(value) if _WHOLE_NUMBER.fullmatch(value) else value for name, value in _pairs(text)}


def channels(text: str) -> dict[str, int] | tuple[str, ...]:
    """Channels alone, `phone;email`, or with how many at once, `phone:1;email:2`."""
    return numbers(text) if ":" in text else _parts(text)


def _whole_number(text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise refused(f'has "{text}" where a whole number must stand', "Write billing:7;sales:4.")
    return int(text)


def capacity(text: str) -> int:
    """A capacity; an empty cell is the default."""
    capacity = _whole_number(text) if text else DEFAULT_CAPACITY
    if not 1 <= capacity <= CAPACITY_MAX:
        raise refused("is not a capacity", f"Write a number from 1 to {CAPACITY_MAX}.")
    return capacity


def shrinkage(text: str) -> int:
    """A share in thousandths; an empty cell is none."""
    if not text:
        return 0
    if not _DECIMAL_NUMBER.fullmatch(text):
        raise refused("is not a share", "Write a number from 0 to 1 with at most three decimals, such as 0.8.")
    return share_per_mille(float(text))


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of local time, `08:00-16:30;18:00-20:00`, as (start, end) in milliseconds after midnight."""
    spans = []
    for part in _parts(text):
        start, separator, end = (piece.strip() for piece in part.partition("-"))
        try:
            if not separator:
                raise refused("is no span", "")
            spans.append((clock(start), clock(end)))
        except PydanticCustomError as error:
            remedy = "Write 08:00-16:30; several are separated by semicolons."
            raise refused(_at(part, text, "not a span from one time of day to another"), remedy) from error
    return tuple(spans)


def weekdays(text: str) -> tuple[int, ...]:
    """Weekdays, `mon tue wed`, as numbers from 0; an empty cell is every day."""
    names = text.replace(";", " ").lower().split()
    for name in names:
        if name not in WEEKDAYS:
            raise refused(f'has "{name}", which is not a weekday', f"Write {' '.join(WEEKDAYS)}, or leave it empty for every day.")
    return tuple(sorted({WEEKDAYS.index(name) for name in names})) or EVERY_DAY
