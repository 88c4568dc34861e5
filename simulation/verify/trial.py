"""What a worker does: works a setting's figures out, or runs some of its replications through the router or the recursion."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar, assert_never

import numpy as np

from routing.config.plugins import registry_with_plugins
from simulation.births import births_of
from simulation.kpis.facts import INTERVAL_MS
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Sample, Tally
from simulation.run import run_replication
from simulation.verify import recursion
from simulation.verify.cases import Case, Setting
from simulation.verify.figures import Seen, is_figure, seen_by, tallies_of
from simulation.verify.identities import Books
from simulation.verify.kinds import KINDS
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.model import Model, arm_of, scenario_of

T = TypeVar("T")

OTHER = "other "
"""What the figures of the second arm of a pair begin with."""


class Role(Enum):
    """What is done with a setting."""

    CALCULATE = "calculate"
    ROUTE = "route"
    """A trace small enough to be worked out by hand, through the router."""
    SIMULATE = "simulate"
    RECUR = "recur"
    AGREE = "agree"
    """The world and the recursion are compared, customer by customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work; `first` and `last` (not included) bound its replications."""

    case: Case
    setting: Setting
    role: Role
    seed: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a job: figures, or the tallies of each replication, and how many customers they are of. `differences` lists where the
    world and the recursion disagree, and the identities that do not hold.
    """

    figures: Figures
    tallies: tuple[dict[str, Tally], ...] = ()
    customers: int = 0
    differences: tuple[str, ...] = ()


def carry_out(job: Job) -> Done:
    """Do a job; a pure function of it."""
    kind = KINDS[job.case.kind]
    match job.role:
        case Role.CALCULATE:
            return Done(figures=_called(kind.calculate, job.case)(job.setting.parameters))
        case Role.ROUTE:
            return Done(figures=_called(kind.route, job.case)(job.setting.parameters))
        case Role.SIMULATE:
            return _simulated(job, kind)
        case Role.RECUR:
            return _recurred(job)
        case Role.AGREE:
            return _compared(job)
        case unreachable:
            assert_never(unreachable)


def simulated_names(setting: Setting) -> list[str]:
    """The figures of a setting that a run can be asked for."""
    return [name for name in (setting.only or setting.expected) if is_figure(name)]


def model_of(case: Case, setting: Setting, *, part: float = 1.0) -> Model:
    """The system of a setting over its case's horizon, or over a part of it in whole half hours and without a warm-up.

    The warm-up is a whole number of half hours, as measures by the clock are.

    Raises:
        ValueError: the case is not one that is simulated.
    """
    if case.simulation is None:
        raise ValueError(f"the case {case.id} is not simulated")
    warm_up_ms = 0 if part < 1 else -(-round(case.simulation.warm_up * case.unit_ms) // INTERVAL_MS) * INTERVAL_MS
    horizon_ms = round(case.simulation.horizon * case.unit_ms)
    if part < 1:
        horizon_ms = max(1, round(horizon_ms * part / INTERVAL_MS)) * INTERVAL_MS
    extent = Extent(unit_ms=case.unit_ms, horizon_ms=horizon_ms, warm_up_ms=warm_up_ms)
    return _called(KINDS[case.kind].model, case)(setting.parameters, extent)


def customers_a_replication(model: Model) -> float:
    """How many are expected to arrive."""
    bursts = [model.horizon_ms / one.bursts.mean_ms for one in model.streams if one.bursts is not None]
    return sum(rate.arrivals for stream in model.streams for rate in stream.rates) + sum(bursts)


def run_model(model: Model, *, seed: int, replication: int) -> Seen:
    """One replication of a system through the simulated world and the whole router, measured."""
    scenario = scenario_of(model, seed=seed, replication=replication)
    registry = registry_with_plugins()
    if model.parts is not None:
        model.parts(registry)
    ledger, books = Ledger(), Books()
    births = births_of(scenario, replication)
    run_replication(scenario, arm_of(model), replication, [ledger, books], witnesses=[ledger.witness], births=births, registry=registry)
    return seen_by(ledger, books, model)


def _called(function: Callable[..., T] | None, case: Case) -> Callable[..., T]:
    if function is None:
        raise ValueError(f"the kind of the case {case.id} cannot do that")
    return function


def _simulated(job: Job, kind: Kind) -> Done:
    model, names = model_of(job.case, job.setting), simulated_names(job.setting)
    tallies, customers, broken = [], 0, list[str]()
    for replication in range(job.first, job.last):
        seen = run_model(model, seed=job.seed, replication=replication)
        customers += len(seen.queued_at)
        broken += seen.broken
        found = tallies_of(seen, names)
        if kind.other is not None:
            also = run_model(kind.other(model), seed=job.seed, replication=replication)
            found |= {f"{OTHER}{name}": tally for name, tally in tallies_of(also, names).items()}
            customers += len(also.queued_at)
            broken += also.broken
        tallies.append(found)
    return Done(figures={}, tallies=tuple(tallies), customers=customers, differences=tuple(broken))


def _recurred(job: Job) -> Done:
    model, names = model_of(job.case, job.setting), simulated_names(job.setting)
    outcomes = recursion.recursion(model, seed=job.seed, replications=range(job.first, job.last))
    return Done(figures={}, tallies=tuple(recursion.tallies_of(outcomes, model, names)), customers=int(outcomes.is_real.sum()))


def _compared(job: Job) -> Done:
    """As many customers as the case says, through both: every wait, who was answered, and every figure."""
    whole = model_of(job.case, job.setting)
    wanted = job.case.simulation.agreeing if job.case.simulation is not None else 0
    part = min(0.999, wanted / customers_a_replication(whole))
    model = model_of(job.case, job.setting, part=part)
    names = simulated_names(job.setting)
    seen = run_model(model, seed=job.seed, replication=0)
    differences = list(seen.broken)
    outcomes = recursion.recursion(model, seed=job.seed, replications=range(1))
    told = list(zip(seen.queued_at.tolist(), seen.facts.waited_ms.tolist(), seen.facts.is_answered.tolist(), strict=True))
    worked_out = list(zip(outcomes.arrived_at[0].tolist(), outcomes.wait_ms[0].tolist(), outcomes.is_answered[0].tolist(), strict=True))
    for place, (one, other) in enumerate(zip(told, worked_out, strict=False)):
        if one != other:
            differences.append(f"customer {place}: (arrival, wait in ms, answered) is {one} in the world and {other} in the recursion")
            break
    if len(told) != len(worked_out):
        differences.append(f"{len(told)} customers in the world, {len(worked_out)} in the recursion")
    (independent,) = recursion.tallies_of(outcomes, model, names)
    for name, tally in tallies_of(seen, names).items():
        if not _is_same(tally, independent[name]):
            differences.append(f"{name} of the same customers is {tally} as measured and {independent[name]} as worked out")
    return Done(figures={}, customers=len(told), differences=tuple(differences))


def _is_same(one: Tally, other: Tally) -> bool:
    if isinstance(one, Sample) and isinstance(other, Sample):
        return one.share_per_mille == other.share_per_mille and bool(np.array_equal(one.values, other.values))
    return one == other
