"""What a worker does: works a setting's figures out, or runs some of its replications through the router or what stands in for it."""

from collections.abc import Callable, Iterator
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
from simulation.verify import worked_out
from simulation.verify.cases import Case, Setting
from simulation.verify.figures import Seen, is_figure, seen_by, tallies_of
from simulation.verify.identities import Books
from simulation.verify.kinds import KINDS
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.model import Model, arm_of, scenario_of
from simulation.verify.plain import plain
from simulation.verify.recursion import recursion
from simulation.verify.worked_out import Outcomes

T = TypeVar("T")

OTHER = "other "
"""What the figures of the second arm of a pair begin with."""
CONTROL = "control "
"""What the figures of the control begin with."""


class Carrier(Enum):
    """What gives the intervals of a setting's figures. All but the router are compared with it, customer by customer."""

    ROUTER = "router"
    RECURSION = "recursion"
    LOOP = "loop"


class Role(Enum):
    """What is done with a setting."""

    CALCULATE = "calculate"
    ROUTE = "route"
    """A trace small enough to be worked out by hand, through the router."""
    SIMULATE = "simulate"
    STAND_IN = "stand in"
    """Without the world, by the recursion or the loop."""
    AGREE = "agree"
    """The world and what stands in for it are compared, customer by customer."""


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
    world and what stands in for it disagree, and the identities that do not hold.
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
        case Role.STAND_IN:
            return _stood_in(job, kind)
        case Role.AGREE:
            return _compared(job, kind)
        case unreachable:
            assert_never(unreachable)


def carrier_of(case: Case, setting: Setting) -> Carrier:
    """What gives the intervals of a setting."""
    kind = KINDS[case.kind]
    if kind.is_line:
        return Carrier.RECURSION
    return Carrier.LOOP if kind.rule is not None and kind.rule(setting.parameters) is not None else Carrier.ROUTER


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
    return seen_by(ledger, books, model, births)


def work_out(job: Job, model: Model, replications: range) -> list[Outcomes]:
    """Some replications of a system without the world and the router."""
    if carrier_of(job.case, job.setting) is Carrier.RECURSION:
        return recursion(model, seed=job.seed, replications=replications)
    rule = _called(KINDS[job.case.kind].rule, job.case)(job.setting.parameters)
    if rule is None:
        raise ValueError(f"nothing stands in for the router in the case {job.case.id}")
    return [plain(model, rule, seed=job.seed, replication=one) for one in replications]


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


def _stood_in(job: Job, kind: Kind) -> Done:
    model, names, replications = model_of(job.case, job.setting), simulated_names(job.setting), range(job.first, job.last)
    outcomes = work_out(job, model, replications)
    tallies = [worked_out.tallies_of(one, model, names) for one in outcomes]
    customers = sum(len(one.line) for one in outcomes)
    if kind.other is not None:
        also = kind.other(model)
        others = work_out(job, also, replications)
        customers += sum(len(one.line) for one in others)
        _add(tallies, OTHER, [worked_out.tallies_of(one, also, names) for one in others])
    if kind.control is not None:
        pool, known = kind.control(job.setting.parameters, model)
        controls = recursion(pool, seed=job.seed, replications=replications)
        _add(tallies, CONTROL, [worked_out.tallies_of(one, pool, list(known)) for one in controls])
    return Done(figures={}, tallies=tuple(tallies), customers=customers)


def _add(tallies: list[dict[str, Tally]], prefix: str, more: list[dict[str, Tally]]) -> None:
    for one, other in zip(tallies, more, strict=True):
        one |= {f"{prefix}{name}": tally for name, tally in other.items()}


def _compared(job: Job, kind: Kind) -> Done:
    """As many customers as the case says through both, in whole replications where these are shorter: every wait, who was answered, by
    whom where that is known, and every figure.
    """
    whole = model_of(job.case, job.setting)
    wanted = job.case.simulation.agreeing if job.case.simulation is not None else 0
    size = customers_a_replication(whole)
    model = whole if size <= wanted else model_of(job.case, job.setting, part=wanted / size)
    models = [model] if kind.other is None else [model, kind.other(model)]
    names, customers, differences = simulated_names(job.setting), 0, list[str]()
    for one in models:
        for replication in range(max(1, int(wanted / size))):
            seen = run_model(one, seed=job.seed, replication=replication)
            (outcomes,) = work_out(job, one, range(replication, replication + 1))
            customers += len(outcomes.line)
            differences += [*seen.broken, *_differences(seen, outcomes, one, names)]
    return Done(figures={}, customers=customers, differences=tuple(differences))


def _differences(seen: Seen, outcomes: Outcomes, model: Model, names: list[str]) -> Iterator[str]:
    """Where the world and what stands in for it disagree on the same customers."""
    told = [seen.queued_at.tolist(), seen.facts.waited_ms.tolist(), seen.facts.is_answered.tolist()]
    known = [outcomes.arrived_at.tolist(), outcomes.wait_ms.tolist(), outcomes.is_answered.tolist()]
    if len(seen.agent) and bool((outcomes.agent >= 0).any()):
        told, known = [*told, seen.agent.tolist()], [*known, outcomes.agent.tolist()]
    what = "(arrival, wait in ms, answered, by whom)"
    for place, (one, other) in enumerate(zip(zip(*told, strict=True), zip(*known, strict=True), strict=False)):
        if one != other:
            yield f"customer {place}: {what} is {one} in the world and {other} as worked out"
            break
    if len(told[0]) != len(known[0]):
        yield f"{len(told[0])} customers in the world, {len(known[0])} as worked out"
    independent = worked_out.tallies_of(outcomes, model, names)
    for name, tally in tallies_of(seen, names).items():
        if not _is_same(tally, independent[name]):
            yield f"{name} of the same customers is {tally} as measured and {independent[name]} as worked out"


def _is_same(one: Tally, other: Tally) -> bool:
    if isinstance(one, Sample) and isinstance(other, Sample):
        return one.share_per_mille == other.share_per_mille and bool(np.array_equal(one.values, other.values))
    return one == other
