"""The chance that lies over arrival rates: busy days, busy hours, counts that vary more than Poisson's, errors of forecasts, events.

Each is a factor with mean 1 (an event: of a stated size) on the expected number of arrivals of the streams it holds for. Given all
factors, arrivals are Poisson. What is common to several streams is drawn once, under the name of the factor and the date; what each
stream has for itself is drawn under its name as well. So every policy meets the same customers, and another stream, another factor or
another day changes none of these draws.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, assert_never

import numpy as np
from scipy import special

from routing.model.requirement import AttributeValue
from routing.model.time import MINUTE_MS, Duration, Instant
from simulation.demand.stream import DemandStream
from simulation.demand.unit_laws import Floats, UnitKind, UnitLaw
from simulation.streams import Purpose, Streams, open_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a factor is called and for whom it holds.

    `when` maps "channel", "type" or an attribute to the values that match; empty matches every stream. A factor that `is_common` has one
    value for all of them, otherwise each stream has its own. `source` begins with "assumption: " or "data: " and is repeated in reports.
    """

    name: str
    when: Mapping[str, tuple[AttributeValue, ...]]
    is_common: bool
    source: str

    def holds_for(self, stream: DemandStream) -> bool:
        """Whether every condition holds."""
        return all(_field(stream, name) in values for name, values in self.when.items())

    def key(self, stream: DemandStream, date: dt.date) -> str:
        """The name under which the factor of one day is drawn."""
        return f"{self.name}\n{date.isoformat()}" + ("" if self.is_common else f"\n{stream.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFactor:
    """How busy a day is: one factor for a local day."""

    scope: Scope
    law: UnitLaw


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalFactors:
    """A factor for each interval of a local day, tied to each other.

    Intervals of `every_ms` are counted on the clock from `from_ms` after midnight; there are `len(laws)` of them, and outside them the
    factor is 1. The normal scores are `root` times independent ones: `root` is the lower triangular root of their correlation matrix.
    """

    scope: Scope
    from_ms: Duration
    every_ms: Duration
    laws: tuple[UnitLaw, ...]
    root: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastError:
    """How far a forecast is off: a factor for each of its intervals, whose cv the forecast states (`cvs`, by stream and start).

    The normal scores of a day follow each other with `correlation` from one interval to the next: with 1, the whole day is off together.
    """

    scope: Scope
    every_ms: Duration
    kind: UnitKind
    correlation: float
    cvs: Mapping[str, Mapping[Instant, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverDispersion:
    """Counts of each stream and interval that vary more than Poisson's: negative binomial, with `variance_over_mean` (> 1)."""

    scope: Scope
    every_ms: Duration
    variance_over_mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """When an event falls on a date, if it happens then: [starts_at, ends_at)."""

    date: dt.date
    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """An event: on each of its dates it happens with `probability`, for all streams it holds for or for none.

    Within its span the factor is then `factor`; where it does not happen, `otherwise`. Outside the spans it is 1. With `label` it holds
    for the streams of that label alone: the additional arrivals that the event brings.
    """

    scope: Scope
    happenings: tuple[Happening, ...]
    probability: float
    factor: float
    otherwise: float
    label: str = ""


Factor: TypeAlias = DayFactor | IntervalFactors | ForecastError | Spike | OverDispersion
"""In the order in which they are applied: over-dispersion comes last, for it depends on what is expected by then."""


class Steps(NamedTuple):
    """A function of time that is constant between `edges` (milliseconds, rising, shape (n + 1,)): `values` of shape (n,), 1 outside."""

    edges: Floats
    values: Floats

    def at(self, instants: Floats) -> Floats:
        """The values at instants of shape (k,)."""
        places = np.searchsorted(self.edges, instants, side="right") - 1
        inside = (places >= 0) & (places < len(self.values))
        return np.where(inside, self.values[np.clip(places, 0, len(self.values) - 1)], 1.0)


def day_value(factor: DayFactor, stream: DemandStream, date: dt.date, streams: Streams) -> float:
    """The factor of one day."""
    draw = streams.uniform(Purpose.BUSYNESS, factor.scope.key(stream, date))
    return float(factor.law.factors(np.array([special.ndtri(draw)]))[0])


def interval_values(factor: IntervalFactors, stream: DemandStream, date: dt.date, streams: Streams) -> Floats:
    """The factors of the intervals of one day, shape (intervals,)."""
    independent = streams.generator(Purpose.INTERVAL_FACTORS, factor.scope.key(stream, date)).standard_normal(len(factor.laws))
    scores = np.array(factor.root) @ independent
    return np.array([law.factors(score) for law, score in zip(factor.laws, scores, strict=True)])


def forecast_scores(factor: ForecastError, stream: DemandStream, date: dt.date, count: int, streams: Streams) -> Floats:
    """The normal scores of the first `count` intervals of one day, shape (count,), each tied to the one before."""
    independent = streams.generator(Purpose.FORECAST_ERROR, factor.scope.key(stream, date)).standard_normal(count)
    scores, own = np.empty(count), np.sqrt(1 - factor.correlation**2)
    last = independent[0]
    for place in range(count):
        last = scores[place] = independent[0] if not place else factor.correlation * last + own * independent[place]
    return scores


def dispersion_values(factor: OverDispersion, stream: DemandStream, date: dt.date, expected: Floats, streams: Streams) -> Floats:
    """Gamma factors that make Poisson counts negative binomial, shape of `expected` (what the intervals of the day expect).

    A Poisson count whose mean m is multiplied by a Gamma factor of variance (D - 1) / m has variance D m.
    """
    name = f"{factor.scope.name}\n{date.isoformat()}\n{stream.name}"
    draws = open_unit(streams.generator(Purpose.OVERDISPERSION, name).random(len(expected)))
    shapes = np.where(expected > 0, expected, 1.0) / (factor.variance_over_mean - 1)
    return np.where(expected > 0, special.gammaincinv(shapes, draws) / shapes, 1.0)


def spike_value(spike: Spike, happening: Happening, streams: Streams) -> float:
    """The factor within the span of one date."""
    happens = spike.probability >= 1 or streams.uniform(Purpose.SPIKE, f"{spike.scope.name}\n{happening.date}") < spike.probability
    return spike.factor if happens else spike.otherwise


def in_words(factor: Factor) -> str:
    """What a factor does, as a clause for reports."""
    whom = "common to the streams it holds for" if factor.scope.is_common else "for each stream by itself"
    match factor:
        case DayFactor(law=law):
            return f"{factor.scope.name}: a factor for each day ({law.kind.value}, cv {law.cv:.3g}), {whom}"
        case IntervalFactors():
            minutes, cvs = f"{factor.every_ms / MINUTE_MS:g}", sorted({law.cv for law in factor.laws})
            cv = f"{cvs[0]:.3g}" if len(cvs) == 1 else f"{cvs[0]:.3g} to {cvs[-1]:.3g}"
            return f"{factor.scope.name}: a factor for each {minutes} minutes ({factor.laws[0].kind.value}, cv {cv}), {whom}"
        case ForecastError():
            return f"{factor.scope.name}: {factor.kind.value}, as wide as the forecast says, {whom}"
        case Spike(label=label):
            size = "arrivals of its own" if label else f"a factor of {factor.factor:g}"
            return f"{factor.scope.name}: {size}" + ("" if factor.probability >= 1 else f" with probability {factor.probability:g} a day")
        case OverDispersion(variance_over_mean=ratio):
            minutes = f"{factor.every_ms / MINUTE_MS:g}"
            return f"{factor.scope.name}: counts of {minutes} minutes are negative binomial, variance {ratio:.3g} times the mean"
    assert_never(factor)


def _field(stream: DemandStream, name: str) -> AttributeValue | None:
    match name:
        case "channel":
            return stream.channel
        case "type":
            return stream.type
        case _:
            return stream.attributes.get(name)
