"""The tables of a behaviour file that say what agents are like."""

from typing import Annotated

from pydantic import Field, model_validator

from routing.config.document import FileModel
from routing.config.roster import EVERY_DAY
from routing.config.roster_parts import WEEKDAYS, Weekday
from routing.config.values import Identifier, Share, TimeOfDayMs
from routing.model.time import DAY_MS
from simulation.agents.adherence import NO_LAPSE, Adherence, Lapse
from simulation.agents.holding import HoldRule
from simulation.agents.pace import Fatigue, Learning, PaceRule, Period
from simulation.agents.parallel import ONE, Parallel
from simulation.law_files import Conditions, LawFile, Source


class LapseFile(FileModel):
    """How often something happens, and how long it then lasts."""

    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1.0
    draw: LawFile

    def to_lapse(self) -> Lapse:
        """The record of this entry."""
        return Lapse(share=self.share, law=self.draw.to_law())


class AdherenceFile(FileModel):
    """The table [adherence]."""

    late: LapseFile | None = None
    break_overrun: LapseFile | None = None
    early_leave: LapseFile | None = None
    source: Source

    @model_validator(mode="after")
    def _says_something(self) -> "AdherenceFile":
        if self.late is None and self.break_overrun is None and self.early_leave is None:
            raise ValueError("says nothing: write late, break_overrun or early_leave")
        return self

    def to_adherence(self) -> Adherence:
        """The record of this table."""
        late, overrun, early = (
            NO_LAPSE if lapse is None else lapse.to_lapse() for lapse in (self.late, self.break_overrun, self.early_leave)
        )
        return Adherence(late=late, break_overrun=overrun, early_leave=early, source=self.source)


class PaceFile(FileModel):
    """One entry of [[pace]]."""

    agents: tuple[Identifier, ...] = ()
    attributes: Conditions = Field(default_factory=dict)
    when: Conditions = Field(default_factory=dict)
    from_: TimeOfDayMs | None = Field(default=None, alias="from")
    to: TimeOfDayMs | None = None
    days: tuple[Weekday, ...] | None = None
    factor: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    source: Source

    @model_validator(mode="after")
    def _is_a_period(self) -> "PaceFile":
        if (self.from_ is None) != (self.to is None) or (self.from_ is not None and self.from_ == self.to):
            raise ValueError("from and to belong together and differ")
        return self

    def to_rule(self) -> PaceRule:
        """The record of this entry."""
        period = None
        if self.from_ is not None or self.days is not None:
            weekdays = EVERY_DAY if self.days is None else tuple(sorted({WEEKDAYS.index(day) for day in self.days}))
            period = Period(from_ms=self.from_ or 0, to_ms=DAY_MS if self.to is None else self.to, weekdays=weekdays)
        return PaceRule(
            agents=self.agents, attributes=self.attributes, when=self.when, period=period, factor=self.factor, source=self.source
        )


class LearningFile(FileModel):
    """The table [learning]."""

    slower: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
    half_after: Annotated[int, Field(ge=1, le=1_000_000)]
    experience: Identifier | None = None
    source: Source

    def to_learning(self) -> Learning:
        """The record of this table."""
        return Learning(slower=self.slower, half_after=self.half_after, experience=self.experience, source=self.source)


class FatigueFile(FileModel):
    """The table [fatigue]."""

    slower_per_hour: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
    at_most: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
    source: Source

    def to_fatigue(self) -> Fatigue:
        """The record of this table."""
        return Fatigue(per_hour=self.slower_per_hour, most=self.at_most, source=self.source)


class HoldFile(FileModel):
    """One entry of [[hold]]."""

    when: Conditions = Field(default_factory=dict)
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    begins: Share = 0.5
    draw: LawFile | None = None
    part: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = None
    source: Source

    @model_validator(mode="after")
    def _says_how_long(self) -> "HoldFile":
        if (self.draw is None) == (self.part is None):
            raise ValueError("a hold needs draw, how long it is, or part, the share of the work that it is; one of both")
        return self

    def to_rule(self) -> HoldRule:
        """The record of this entry."""
        law = None if self.draw is None else self.draw.to_law()
        return HoldRule(when=self.when, share=self.share, begins=self.begins, law=law, part=self.part or 0.0, source=self.source)


class ParallelFile(FileModel):
    """One entry of [[parallel]]."""

    channels: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    total_rates: Annotated[tuple[Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)], ...], Field(min_length=1, max_length=1_000)]
    source: Source

    @model_validator(mode="after")
    def _are_rates(self) -> "ParallelFile":
        rates = [rate * ONE for rate in self.total_rates]
        if any(abs(rate - round(rate)) > 1e-3 for rate in rates):
            raise ValueError("rates have at most six decimals")
        if round(rates[0]) != ONE:
            raise ValueError("the first rate is 1: that of one conversation alone, which the work says")
        return self

    def to_parallel(self) -> Parallel:
        """The record of this entry."""
        return Parallel(channels=self.channels, total_rates=tuple(round(rate * ONE) for rate in self.total_rates), source=self.source)
