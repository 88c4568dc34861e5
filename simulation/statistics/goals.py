"""Goals of precision: how narrow an interval shall be before a comparison stops, as `service_level:0.5pp` says it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from routing.config.errors import ConfigError, did_you_mean
from simulation.kpis.measure import AnyMeasure
from simulation.kpis.registry import AGENT_MEASURES, INTERACTION_MEASURES, PRICED_MEASURES

_STATED = re.compile(r"(?P<measure>\w+):(?P<number>\d+(\.\d+)?)(?P<unit>pp|%|s|)")
_ALL: tuple[AnyMeasure, ...] = (*INTERACTION_MEASURES, *PRICED_MEASURES, *AGENT_MEASURES)
_MEASURES = {measure.name: measure for measure in _ALL}
_REMEDY = "Write a measure and a half-width, such as service_level:0.5pp, asa_s:2s or asa_s:5%."


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A half-width of the 95 % interval of `measure`, in the measure's own unit, or as a share of the baseline's value."""

    measure: str
    half_width: float
    is_relative: bool

    def wanted(self, baseline: float | None) -> float:
        """The half-width in the measure's unit; endless where it is a share of nothing."""
        if not self.is_relative:
            return self.half_width
        return math.inf if baseline is None else self.half_width * abs(baseline)

    def __str__(self) -> str:
        """As it was written."""
        if self.is_relative:
            return f"{self.measure}:{100 * self.half_width:g}%"
        unit = _MEASURES[self.measure].unit
        return f"{self.measure}:{100 * self.half_width:g}pp" if unit == "share" else f"{self.measure}:{self.half_width:g}{_suffix(unit)}"


def parse_goals(text: str, *, key: str) -> tuple[Goal, ...]:
    """The goals of an option's text, with commas between them.

    Raises:
        ConfigError: one is not a goal, names no measure over all interactions, or has a unit that the measure does not have.
    """
    return tuple(_goal(part.strip(), key) for part in text.split(","))


def parse_measure(name: str, *, key: str) -> AnyMeasure:
    """The measure over all interactions or agents that has this name.

    Raises:
        ConfigError: there is none.
    """
    if name not in _MEASURES:
        raise ConfigError("is not a measure of all interactions or agents", key=key, value=name, remedy=did_you_mean(name, _MEASURES))
    return _MEASURES[name]


def parse_width(text: str, measure: AnyMeasure, *, key: str) -> float:
    """A difference in the unit of a measure, above zero, such as 1pp or 2s.

    Raises:
        ConfigError: it is something else.
    """
    goal = _goal(f"{measure.name}:{text}", key)
    if goal.is_relative:
        raise ConfigError("is relative", key=key, value=text, remedy=f"Write it in the measure's unit ({measure.unit}), as 1pp or 2s.")
    return goal.half_width


def _goal(text: str, key: str) -> Goal:
    stated = _STATED.fullmatch(text)
    if stated is None:
        raise ConfigError("is not a goal", key=key, value=text, remedy=_REMEDY)
    measure, number, unit = parse_measure(stated["measure"], key=key), float(stated["number"]), stated["unit"]
    if not number:
        raise ConfigError("can never be reached", key=key, value=text, remedy="Write a number above zero.")
    if unit == "%":
        return Goal(measure=measure.name, half_width=number / 100, is_relative=True)
    expected = "pp" if measure.unit == "share" else _suffix(measure.unit)
    if unit != expected:
        remedy = f"Write {measure.name}:{number:g}{expected}, or {measure.name}:{number:g}% for a share of the baseline's."
        raise ConfigError(f"has another unit than the measure ({measure.unit})", key=key, value=text, remedy=remedy)
    return Goal(measure=measure.name, half_width=number / 100 if unit == "pp" else number, is_relative=False)


def _suffix(unit: str) -> str:
    return "s" if unit == "s" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Replications in batches until every goal is reached, at least two and `batch` at a time, and never more than `at_most`."""

    goals: Sequence[Goal]
    batch: int
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """How a comparison with goals came to its end."""

    until: Until
    is_reached: bool
