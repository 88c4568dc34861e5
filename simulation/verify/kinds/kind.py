"""What a kind of system is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from routing.model.time import Duration
from simulation.laws import Constant, Exponential, Gamma, Law
from simulation.verify.cases import Parameters
from simulation.verify.model import Model, Rate
from simulation.verify.plain import Pairing

Figures: TypeAlias = Mapping[str, float]
"""The worked-out figures by the names that cases use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How long a replication lasts, and how much of it is not counted; `unit_ms` is the case's unit of time."""

    unit_ms: Duration
    horizon_ms: Duration
    warm_up_ms: Duration

    def rates(self, per_unit: float) -> tuple[Rate, ...]:
        """A constant rate over the horizon."""
        return (Rate(length_ms=self.horizon_ms, arrivals=per_unit * self.horizon_ms / self.unit_ms),)

    def exponential(self, mean: float) -> Exponential:
        """The exponential law with a mean in units."""
        return Exponential(mean_ms=round(mean * self.unit_ms))

    def law(self, mean: float, scv: float) -> Law:
        """A law with a mean in units and a squared coefficient of variation: constant for 0, exponential for 1, Gamma for all else."""
        mean_ms = round(mean * self.unit_ms)
        if scv == 0:
            return Constant(value_ms=mean_ms)
        return Exponential(mean_ms=mean_ms) if scv == 1 else Gamma(mean_ms=mean_ms, cv=scv**0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`calculate` works the figures out, `model` makes the system to simulate; either may be missing.

    `is_line`: the model is one line before like agents, so that the recursion carries its figures. `rule` says who gets whom where the
    plain loop carries them; without one, or where it gives none, the router does. `control` makes of the system one pool of all agents,
    with its known figures: how far the same customers are from them there tells how lucky they were. `other` makes of the system the second
    one of a pair that meets the same customers. `route` lets the router play a trace that is worked out by hand.
    """

    calculate: Callable[[Parameters], Figures] | None = None
    model: Callable[[Parameters, Extent], Model] | None = None
    is_line: bool = False
    rule: Callable[[Parameters], Pairing | None] | None = None
    control: Callable[[Parameters, Model], tuple[Model, Figures]] | None = None
    other: Callable[[Model], Model] | None = None
    route: Callable[[Parameters], Figures] | None = None
