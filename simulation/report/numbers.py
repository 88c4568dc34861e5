"""Numbers as a planner reads them: shares in per cent, their differences in points, times in seconds."""

from routing.model.time import Duration
from simulation.comparison import Judged
from simulation.kpis.measure import AnyMeasure
from simulation.statistics import Interval

MISSING = "-"
_MINUS = "\N{MINUS SIGN}"


def value_text(measure: AnyMeasure, interval: Interval | None) -> str:
    """A value with its interval, such as "81.3 % (80.1 to 82.5)"; "-" where it is undefined."""
    if interval is None:
        return MISSING
    if interval.low is None or interval.high is None or interval.low == interval.high:
        return _with_unit(measure, number(measure, interval.mean))
    return f"{_with_unit(measure, number(measure, interval.mean))} ({number(measure, interval.low)} to {number(measure, interval.high)})"


def mean_text(measure: AnyMeasure, interval: Interval | None) -> str:
    """A value alone."""
    return MISSING if interval is None else _with_unit(measure, number(measure, interval.mean))


def difference_text(measure: AnyMeasure, tested: Judged | None, *, is_joint: bool = False) -> str:
    """A difference with its sign and interval, such as "+4.2 points (+3.1 to +5.3)"; `is_joint`: the one that holds beside all others'."""
    if tested is None:
        return MISSING
    return interval_text(measure, tested.joint if is_joint and tested.joint is not None else tested.difference.interval)


def interval_text(measure: AnyMeasure, interval: Interval | None) -> str:
    """The interval of a difference with its mean in front, as `difference_text` has it."""
    if interval is None:
        return MISSING
    text = f"{number(measure, interval.mean, signed=True)}{_difference_unit(measure)}"
    if interval.low is None or interval.high is None:
        return text
    return f"{text} ({number(measure, interval.low, signed=True)} to {number(measure, interval.high, signed=True)})"


def number(measure: AnyMeasure, value: float, *, signed: bool = False) -> str:
    """A bare number in the unit it is read in: per cent for shares, else the measure's own; zero never carries a sign."""
    shown = value * 100 if measure.unit == "share" else value
    decimals = _decimals(measure.unit, abs(shown))
    text = f"{abs(shown):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return f"{_MINUS if shown < 0 else '+' if signed else ''}{text}"


def compact_text(measure: AnyMeasure, interval: Interval | None, *, is_difference: bool = False) -> str:
    """A value with the half-width of its interval, such as "81.3 +-1.2 %", for narrow tables; the wider half where it is cut."""
    if interval is None:
        return MISSING
    text = number(measure, interval.mean, signed=is_difference)
    if interval.low is not None and interval.high is not None and interval.low != interval.high:
        text += f" \N{PLUS-MINUS SIGN}{number(measure, max(interval.high - interval.mean, interval.mean - interval.low))}"
    return f"{text}{_difference_unit(measure)}" if is_difference else _with_unit(measure, text)


def _decimals(unit: str, size: float) -> int:
    match unit:
        case "gini":
            return 3
        case "s":
            return 2 if size < 10 else 1 if size < 100 else 0
        case "money":
            return 2 if size < 100 else 0
        case "interactions":
            return 0 if size >= 100 or size == int(size) else 1
        case _:
            return 1


def duration_text(duration_ms: Duration) -> str:
    """A duration in the largest unit that keeps it whole, such as "20 s", "90 s" or "4 h"."""
    for length, unit in ((3_600_000, "h"), (60_000, "min"), (1_000, "s")):
        if duration_ms and duration_ms % length == 0:
            return f"{duration_ms // length} {unit}"
    return f"{duration_ms} ms"


def _with_unit(measure: AnyMeasure, text: str) -> str:
    unit = {"share": " %", "gini": "", "interactions": "", "money": ""}.get(measure.unit, f" {measure.unit}")
    return f"{text}{unit}"


def _difference_unit(measure: AnyMeasure) -> str:
    return {"share": " points", "gini": "", "interactions": "", "money": ""}.get(measure.unit, f" {measure.unit}")
