"""Balking and announced waits: what customers do when they find that they have to wait, and hear for how long."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from routing.config.document import FileModel
from routing.config.values import DurationMs, Share
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration
from simulation.law_files import Conditions, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Balking:
    """How the customers who match `when` take it that no agent is free when they have been in for `after_ms`.

    A share of them leaves then: `share`, or where they were told a wait, that of the last of `steps` (wait told at least, share) which the
    wait reaches. Also whoever was told more than `leave_beyond` times what they would wait. Who stays, and was told a wait, would then wait
    `patience` times as long as before. What they are told is the router's own estimate on arrival.
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    after_ms: Duration
    share: float
    steps: tuple[tuple[Duration, float], ...]
    leave_beyond: float | None
    patience: float
    source: str

    @property
    def listens(self) -> bool:
        """Whether it matters what wait is told."""
        return bool(self.steps) or self.leave_beyond is not None or self.patience != 1

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items())

    def leaves(self, *, draw: float, patience_ms: Duration | None, told_ms: Duration | None) -> bool:
        """Whether a customer leaves, whose draw on (0, 1) this is and who would wait `patience_ms` (None: without end)."""
        if told_ms is None:
            return draw < self.share
        reached = bisect_right(self.steps, told_ms, key=lambda step: step[0])
        if draw < (self.steps[reached - 1][1] if reached else self.share):
            return True
        return self.leave_beyond is not None and patience_ms is not None and told_ms > self.leave_beyond * patience_ms

    def patience_ms(self, patience_ms: Duration | None, told_ms: Duration | None) -> Duration | None:
        """How long a customer who stays waits in all, who would have waited `patience_ms` untold; never less than they have waited."""
        if patience_ms is None or told_ms is None:
            return patience_ms
        return max(self.after_ms, round(patience_ms * self.patience))


class StepFile(FileModel):
    """One step of `told`: who is told a wait of at least `wait` leaves with the chance `share`."""

    wait: DurationMs
    share: Share


class BalkingFile(FileModel):
    """One entry of [[balking]]."""

    when: Conditions = Field(default_factory=dict)
    after: DurationMs = 0
    share: Share = 0.0
    told: tuple[StepFile, ...] = ()
    leave_beyond: Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)] | None = None
    patience: Annotated[float, Field(gt=0, le=1_000, allow_inf_nan=False)] = 1.0
    source: Source

    @model_validator(mode="after")
    def _is_rising(self) -> "BalkingFile":
        if any(second.wait <= first.wait for first, second in pairwise(self.told)):
            raise ValueError("the waits of told are not in rising order")
        return self

    def to_rule(self) -> Balking:
        """The record of this entry."""
        return Balking(
            when=self.when,
            after_ms=self.after,
            share=self.share,
            steps=tuple((step.wait, step.share) for step in self.told),
            leave_beyond=self.leave_beyond,
            patience=self.patience,
            source=self.source,
        )
