"""One pool of like agents with Poisson arrivals, whose customers do more than wait: scenarios, and measures with their intervals."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from routing.model.estimate import EstimateMethod
from routing.model.time import DAY_MS, MINUTE_MS, SECOND_MS, Duration
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.experiment import Experiment, run_one
from simulation.kpis.measure import Tally
from simulation.kpis.registry import MEASURES
from simulation.laws import Law, Never
from simulation.scenario import AtEnd, Scenario
from simulation.statistics import replicate
from tests.builders import VOICE, a_policy, a_queue, a_site, an_agent
from tests.simulation.worlds import a_behaviour, a_member, a_roster, a_rule_of, a_scenario, a_shift, an_arm


def a_pool(
    *,
    per_minute: float,
    agents: int,
    work: Law,
    patience: Law | Never | None = None,
    horizon_ms: Duration,
    target_ms: Duration = 20 * SECOND_MS,
    behaviour: Mapping[str, Any] | None = None,
    estimate_by: EstimateMethod | None = None,
    **overrides: Any,
) -> Scenario:
    """A pool that is empty at the start and runs for a horizon; `behaviour` adds rules, `overrides` replaces fields of the scenario."""
    crew = [a_member(an_agent(f"a{number:02}", channels="voice:1"), a_shift(0, 300 * DAY_MS)) for number in range(agents)]
    span = RateSpan(starts_at=0, ends_at=horizon_ms, expected=per_minute * horizon_ms / MINUTE_MS)
    queue = a_queue(wrap_up_limit_ms=0, target_ms=target_ms, estimate=estimate_by)
    return a_scenario(
        a_roster(*crew),
        site=a_site(queues=[queue], channels=[VOICE], policy=a_policy(scorers="longest_idle:1")),
        demand=DrawnDemand(streams=(DemandStream(channel="voice", type="sales", attributes={}, spans=(span,)),), description="Poisson"),
        behaviour=a_behaviour(patience=(a_rule_of(patience or Never()),), work=(a_rule_of(work),), **(behaviour or {})),
        ends_at=horizon_ms,
        at_end=AtEnd.CUT,
        **overrides,
    )


def figures(scenario: Scenario, *names: str, replications: int) -> dict[str, tuple[float, float]]:
    """Overall measures by name, each with the half-width of its 99 % interval; the identities are checked by every run itself."""
    experiment = Experiment(scenario=scenario, arms=(an_arm(scenario),), replications=replications)
    tables = [run_one(experiment, replication).tables[0] for replication in range(replications)]
    return {name: interval([table.overall[name] for table in tables], MEASURES[name].scale) for name in names}


def interval(days: Sequence[Tally], scale: float = 1.0) -> tuple[float, float]:
    """What independent days say together, and the half-width of its 99 % interval."""
    replicated = replicate(days, scale)
    assert replicated.value is not None
    assert replicated.pseudo_values is not None
    spread = float(np.std(replicated.pseudo_values, ddof=1)) / math.sqrt(len(days))
    return replicated.value, float(stats.t.ppf(0.995, len(days) - 1)) * spread


def misses(found: Mapping[str, tuple[float, float]], exact: Mapping[str, float], *, half_width_max: float) -> list[str]:
    """The figures whose interval is wider than that share of the exact value, or does not contain it."""
    return [
        f"{name}: {found[name][0]:.6g} +- {found[name][1]:.2g}, exact {value:.6g}"
        for name, value in exact.items()
        if found[name][1] > half_width_max * value or abs(found[name][0] - value) > found[name][1]
    ]
