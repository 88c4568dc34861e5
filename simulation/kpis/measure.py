"""What a measure is: a name, a unit, and one tally a day that days can be added up by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from routing.model.ids import AgentId, QueueId
from simulation.kpis.facts import AgentTimes, Facts, Integers, Rows


class Better(StrEnum):
    """Which way a measure improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A day's part of a ratio of sums. Days are added numerator to numerator and denominator to denominator."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A day's values of which a share lies below the measure: `values` has shape (n,), dtype int64, sorted; days are pooled."""

    values: Integers
    share_per_mille: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A day's ratio for each agent, (numerator, denominator); days are added agent by agent and then compared between agents."""

    by_agent: Mapping[AgentId, tuple[int, int]]


Tally: TypeAlias = Ratio | Sample | Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure over interactions: overall, or over those of one queue, one channel or one half hour of arrival.

    The measure's value is `scale` times what its tallies add up to; `bounds` are the values it can take. `is_of_legs`: it looks at the legs
    of conversations that were handed on, every other one at what came in from outside.
    """

    name: str
    unit: str
    better: Better
    tally: Callable[[Facts, Rows], Tally]
    scale: float = 1.0
    bounds: tuple[float, float] = (0.0, float("inf"))
    is_of_legs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMeasure:
    """A measure over agents' time: overall, or in one half hour of the clock. Agents serve many queues, so it has no value by queue."""

    name: str
    unit: str
    better: Better
    tally: Callable[[tuple[AgentId, ...], AgentTimes], Tally]
    scale: float = 1.0
    bounds: tuple[float, float] = (0.0, float("inf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMeasure:
    """A measure that only a queue has, because it counts visits and not interactions."""

    name: str
    unit: str
    better: Better
    tally: Callable[[Facts, QueueId], Tally]
    scale: float = 1.0
    bounds: tuple[float, float] = (0.0, float("inf"))


AnyMeasure: TypeAlias = Measure | AgentMeasure | QueueMeasure

SHARE_BOUNDS = (0.0, 1.0)
SECONDS = 0.001
"""Scale of a tally in milliseconds whose measure is in seconds."""
