"""Reads the parts of [demand] that speak of chance: busyness, interval factors, over-dispersion, spikes."""

from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field, model_validator

from routing.config.document import Document, FileModel
from routing.config.roster import local_instant
from routing.config.values import CalendarDate, Identifier, PositiveDurationMs, Share, TimeOfDayMs
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.demand.chance import DayFactor, Factor, Happening, IntervalFactors, OverDispersion, Scope, Spike
from simulation.demand.stream import DemandStream, RateSpan
from simulation.demand.unit_laws import UnitKind, UnitLaw, score_correlation
from simulation.law_files import Conditions, Source, Variation
from simulation.scenario import Calendar

_INTERVALS_MAX: Final = 1_440

UnitKindName = Literal["gamma", "lognormal"]
Correlation = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class ScopeFile(FileModel):
    """The keys of every factor: for whom it holds, whether all of them share it, and where it comes from."""

    name: Identifier | None = None
    when: Conditions = Field(default_factory=dict)
    per: Literal["site", "stream"] = "site"
    source: Source

    def scope(self, default: str) -> Scope:
        """The record of these keys; `default` is the name of an entry that states none."""
        return Scope(name=self.name or default, when=self.when, is_common=self.per == "site", source=self.source)


class BusynessFile(ScopeFile):
    """One entry of [[demand.busyness]]."""

    law: UnitKindName = "gamma"
    cv: Variation | None = None
    shape: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _is_determined(self) -> "BusynessFile":
        if (self.cv is None) == (self.shape is None) or (self.shape is not None and self.law != "gamma"):
            raise ValueError("busyness needs either cv or, for a gamma law, shape (its cv is 1 / sqrt(shape))")
        return self

    def to_factor(self, default: str) -> DayFactor:
        """The record of this entry."""
        cv = self.cv if self.cv is not None else float(self.shape or 1) ** -0.5
        return DayFactor(scope=self.scope(default), law=UnitLaw(kind=UnitKind(self.law), cv=cv))


class IntervalFactorsFile(ScopeFile):
    """One entry of [[demand.interval_factors]]: one cv and correlation for all intervals, or one for each and a matrix."""

    every: PositiveDurationMs = 30 * MINUTE_MS
    from_: TimeOfDayMs = Field(default=0, alias="from")
    to: TimeOfDayMs = DAY_MS
    law: UnitKindName = "gamma"
    cv: Variation | tuple[Variation, ...]
    correlation: Correlation | tuple[tuple[Correlation, ...], ...] = 0.0

    @model_validator(mode="after")
    def _fits(self) -> "IntervalFactorsFile":
        count = self.count
        if (self.to - self.from_) % self.every or not 1 <= count <= _INTERVALS_MAX:
            raise ValueError(f"from, to and every must make 1 to {_INTERVALS_MAX} whole intervals")
        if isinstance(self.cv, tuple) and len(self.cv) != count:
            raise ValueError(f"cv lists {len(self.cv)} values for {count} intervals")
        if isinstance(self.correlation, tuple):
            if [count] * count != [len(row) for row in self.correlation]:
                raise ValueError(f"correlation is not a table of {count} rows and columns")
            matrix = np.array(self.correlation)
            if not (matrix == matrix.T).all() or not (np.diag(matrix) == 1).all():
                raise ValueError("correlation is not symmetric with 1 on its diagonal")
        return self

    @property
    def count(self) -> int:
        """How many intervals a day has."""
        return (self.to - self.from_) // self.every

    def to_factor(self, default: str) -> IntervalFactors:
        """The record of this entry.

        Raises:
            ValueError: such factors cannot have these correlations.
        """
        cvs = self.cv if isinstance(self.cv, tuple) else (self.cv,) * self.count
        laws = tuple(UnitLaw(kind=UnitKind(self.law), cv=cv) for cv in cvs)
        return IntervalFactors(
            scope=self.scope(default), from_ms=self.from_, every_ms=self.every, laws=laws, root=root_of(laws, self.correlation)
        )


def root_of(laws: tuple[UnitLaw, ...], correlation: float | tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    """The lower triangular root of the correlations of normal scores that give factors these `correlation`s.

    A number is the correlation of neighbours: the scores are then those of a process that forgets, r^k for intervals k apart, with r taken
    from the first law (the same for all in a file that gives a number).

    Raises:
        ValueError: such factors cannot have these correlations.
    """
    count = len(laws)
    if isinstance(correlation, tuple):
        scores = np.eye(count)
        for row in range(count):
            for column in range(row):
                scores[row, column] = scores[column, row] = score_correlation(laws[row], laws[column], correlation[row][column])
    else:
        lag_one = score_correlation(laws[0], laws[0], correlation)
        scores = lag_one ** np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    try:
        root = np.linalg.cholesky(scores)
    except np.linalg.LinAlgError:
        lowest = float(np.linalg.eigvalsh(scores)[0])
        raise ValueError(f"these correlations contradict each other (the smallest eigenvalue is {lowest:.3g})") from None
    return tuple(tuple(row) for row in root.tolist())


class OverDispersionFile(FileModel):
    """One entry of [[demand.overdispersion]]."""

    name: Identifier | None = None
    when: Conditions = Field(default_factory=dict)
    every: PositiveDurationMs = 30 * MINUTE_MS
    variance_over_mean: Annotated[float, Field(gt=1, le=10_000, allow_inf_nan=False)]
    source: Source

    def to_factor(self, default: str) -> OverDispersion:
        """The record of this entry."""
        scope = Scope(name=self.name or default, when=self.when, is_common=False, source=self.source)
        return OverDispersion(scope=scope, every_ms=self.every, variance_over_mean=self.variance_over_mean)


class SpikeFile(FileModel):
    """One entry of [[demand.spikes]]: additional arrivals an hour of one kind, or a factor on what comes anyway."""

    name: Identifier
    dates: tuple[CalendarDate, ...] = ()
    from_: TimeOfDayMs = Field(alias="from")
    to: TimeOfDayMs
    probability: Share = 1.0
    factor: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)] | None = None
    when: Conditions = Field(default_factory=dict)
    per_hour: Annotated[float, Field(gt=0, le=10_000_000, allow_inf_nan=False)] | None = None
    channel: Identifier | None = None
    type: Identifier | None = None
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    source: Source

    @model_validator(mode="after")
    def _is_one_of_two(self) -> "SpikeFile":
        if self.from_ >= self.to:
            raise ValueError("from is not before to; write a span past midnight as two")
        brings = (self.per_hour is not None, self.channel is not None, self.type is not None)
        if brings not in ((True, True, True), (False, False, False)) or (self.factor is None) != brings[0]:
            raise ValueError("a spike brings per_hour arrivals of a channel and a type, or it has a factor, and not both")
        if (brings[0] and self.when) or (not brings[0] and self.attributes):
            raise ValueError("when belongs to a factor, attributes to arrivals of its own")
        return self

    def to_spike(self, calendar: Calendar) -> tuple[Spike, tuple[DemandStream, ...]]:
        """The record of this entry over the calendar's days, and the stream of its own arrivals where it brings some."""
        happenings = tuple(
            Happening(date=date, starts_at=starts_at, ends_at=ends_at)
            for date in calendar.dates
            if not self.dates or date in self.dates
            for starts_at, ends_at in [tuple(local_instant(date, time_ms, calendar.zone_info) for time_ms in (self.from_, self.to))]
            if starts_at < ends_at
        )
        scope = Scope(name=self.name, when=self.when, is_common=True, source=self.source)
        if self.per_hour is None or self.channel is None or self.type is None:
            factor = 1.0 if self.factor is None else self.factor
            return Spike(scope=scope, happenings=happenings, probability=self.probability, factor=factor, otherwise=1.0), ()
        spans = tuple(
            RateSpan(starts_at=one.starts_at, ends_at=one.ends_at, expected=self.per_hour * (one.ends_at - one.starts_at) / HOUR_MS)
            for one in happenings
        )
        stream = DemandStream(channel=self.channel, type=self.type, attributes=self.attributes, spans=spans, label=self.name)
        spike = Spike(scope=scope, happenings=happenings, probability=self.probability, factor=1.0, otherwise=0.0, label=self.name)
        return spike, (stream,)


class ChanceFile(FileModel):
    """The keys of [demand] that speak of chance."""

    busyness: tuple[BusynessFile, ...] = ()
    interval_factors: tuple[IntervalFactorsFile, ...] = ()
    overdispersion: tuple[OverDispersionFile, ...] = ()
    spikes: tuple[SpikeFile, ...] = ()


def factors_of(
    document: Document, table: tuple[str, ...], stated: ChanceFile, calendar: Calendar
) -> tuple[tuple[Factor, ...], tuple[DemandStream, ...]]:
    """The factors in the order in which they are applied, and the streams that spikes bring; `table` is the key the entries stand under.

    Raises:
        ConfigError: a name is used twice, interval factors cannot have their correlations, or a scenario's spike falls on none of its days.
    """
    factors: list[Factor] = [one.to_factor(f"busyness {index + 1}") for index, one in enumerate(stated.busyness)]
    brought: list[DemandStream] = []
    for index, intervals in enumerate(stated.interval_factors):
        try:
            factors.append(intervals.to_factor(f"interval factors {index + 1}"))
        except ValueError as error:
            remedy = "State a weaker correlation, a smaller cv, or the lognormal law."
            raise document.error((*table, "interval_factors", index, "correlation"), str(error), remedy=remedy) from error
    for index, event in enumerate(stated.spikes):
        spike, streams = event.to_spike(calendar)
        if spike.happenings:
            factors.append(spike)
            brought += streams
        elif table:  # in a scenario; a file for several may name the events of other days
            problem, remedy = "falls on none of the scenario's days", "Correct its dates, or remove it."
            raise document.error((*table, "spikes", index), problem, value=event.name, remedy=remedy)
    factors += [one.to_factor(f"overdispersion {index + 1}") for index, one in enumerate(stated.overdispersion)]
    names = [factor.scope.name for factor in factors]
    for name in names:
        if names.count(name) > 1:
            remedy = "Names key what is drawn: give each its own."
            raise document.error(table, "has two factors of one name", value=name, remedy=remedy)
    return tuple(factors), tuple(brought)
