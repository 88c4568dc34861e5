"""How many agents a load needs for a service level, by a formula of one queue in its long run."""

import math
from dataclasses import dataclass
from enum import StrEnum

from simulation.staffing.load import Load
from simulation.theory.erlang import ErlangC, agents_for_service_level
from simulation.theory.patience import ExponentialPatience, PoolWithPatience


class Method(StrEnum):
    """The formula."""

    ERLANG_C = "erlang_c"
    """M/M/n: nobody leaves."""
    ERLANG_A = "erlang_a"
    """M/M/n+M: customers leave after an exponential patience of the same mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The load of one interval as rates a millisecond: arrivals, services of one agent, and loss of patience (0: nobody leaves)."""

    arrival_rate: float
    service_rate: float
    patience_rate: float

    @property
    def erlangs(self) -> float:
        """The offered load: how many agents the work alone keeps busy."""
        return self.arrival_rate / self.service_rate


def moment_of(load: Load, position: int) -> Moment:
    """The load of one interval by its position."""
    handle_ms = float(load.handle_ms[position])
    return Moment(
        arrival_rate=float(load.arrivals[position]) / int(load.edges[position + 1] - load.edges[position]) if handle_ms else 0.0,
        service_rate=1 / handle_ms if handle_ms else 1.0,
        patience_rate=float(load.patience_rate[position]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a number of agents makes of a load in the long run; the wait is that of all customers, infinite where the line would grow."""

    answered_in_time: float
    abandoned: float
    mean_wait_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The service level aimed at, `share` (below 1) of all customers answered within `target_ms`, and the formula that tells it."""

    method: Method
    target_ms: float
    share: float


def agents_required(moment: Moment, aim: Aim) -> int:
    """The smallest number of agents with which the aim is reached."""
    if moment.arrival_rate <= 0:
        return 0
    if aim.method is Method.ERLANG_C or moment.patience_rate == 0:
        return agents_for_service_level(
            arrival_rate=moment.arrival_rate, service_rate=moment.service_rate, target=aim.target_ms, share=aim.share
        )
    most = max(1, math.ceil(moment.erlangs))
    while figures_with(moment, most, aim).answered_in_time < aim.share:
        most *= 2
    least = most // 2 if most > 1 else 0
    while most - least > 1:
        middle = (least + most) // 2
        if figures_with(moment, middle, aim).answered_in_time >= aim.share:
            most = middle
        else:
            least = middle
    return most


def figures_with(moment: Moment, agents: int, aim: Aim) -> Figures:
    """What so many agents make of the load; nobody at all answers nobody."""
    if moment.arrival_rate <= 0:
        return Figures(answered_in_time=1.0, abandoned=0.0, mean_wait_ms=0.0)
    is_patient = aim.method is Method.ERLANG_C or moment.patience_rate == 0
    if agents == 0:
        return Figures(
            answered_in_time=0.0, abandoned=0.0 if is_patient else 1.0, mean_wait_ms=math.inf if is_patient else 1 / moment.patience_rate
        )
    if is_patient:
        if moment.erlangs >= agents:
            return Figures(answered_in_time=0.0, abandoned=0.0, mean_wait_ms=math.inf)
        patient = ErlangC(arrival_rate=moment.arrival_rate, service_rate=moment.service_rate, agents=agents)
        return Figures(answered_in_time=patient.answered_within(aim.target_ms), abandoned=0.0, mean_wait_ms=patient.mean_wait)
    # In units of the mean service: the integrals are made for numbers of about one.
    unit_ms = 1 / moment.service_rate
    pool = PoolWithPatience(
        arrival_rate=moment.erlangs,
        service_rate=1.0,
        agents=agents,
        patience=ExponentialPatience(mean=1 / (moment.patience_rate * unit_ms)),
    )
    return Figures(
        answered_in_time=pool.answered_within(aim.target_ms / unit_ms), abandoned=pool.abandoned, mean_wait_ms=pool.mean_wait * unit_ms
    )
