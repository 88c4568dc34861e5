"""The steady state of a comparison: every arm's half hours after the warm-up, over replications or over batches of one long run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from routing.config.errors import ConfigError
from routing.model.time import Duration
from simulation.comparison import Judged, Values, are_two_kinds, tested_measure
from simulation.demand.records import DrawnDemand
from simulation.experiment import ReplicationResult
from simulation.kpis.facts import INTERVAL_MS
from simulation.kpis.measure import Ratio
from simulation.kpis.registry import INTERVAL_MEASURES, MEASURES
from simulation.kpis.tabulate import Row
from simulation.scenario import Arm, Scenario
from simulation.statistics.estimates import Replicated, interval, replicate
from simulation.statistics.warm_up import BATCHES, added, are_independent, batches, mser_5

_WATCHED = ("wait_mean_s", "busy_agents")
"""The series that the warm-up is found by; the later cut holds, and the latest of all arms for all of them."""

Series: TypeAlias = Mapping[str, tuple[Ratio, ...]]
"""The tallies of every measure by half hour, of one replication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """What holds after `warm_up_ms`. `batches` is 0 where the intervals are over replications.

    `is_settled`: the rule found a balance. `are_independent`: neighbouring batches of the watched series are not correlated.
    """

    warm_up_ms: Duration
    is_settled: bool
    batches: int
    are_independent: bool
    values: Mapping[str, Values]
    differences: Mapping[str, Mapping[str, Judged | None]]


def steady_state(scenario: Scenario, arms: Sequence[Arm], results: Sequence[ReplicationResult]) -> Steady:
    """The steady state of every arm, and how it differs from the first one's.

    Raises:
        ConfigError: the horizon is too short to find one, or there is none because rates or staffing change.
    """
    is_of_two_kinds = are_two_kinds(results)
    series = {arm.name: [_series(result, place, is_of_two_kinds) for result in results] for place, arm in enumerate(arms)}
    _check_stationary(scenario, series)
    cuts = [cut for days in series.values() for name in _WATCHED if (cut := mser_5(_mean(name, days))) is not None]
    if not cuts:
        remedy = "Simulate at least 25 hours, better some days: write `days` or a later `ends` in the scenario."
        raise ConfigError("is too short to find where its start has worn off", file=scenario.name, key="--steady-state", remedy=remedy)
    length = max(cut.length for cut in cuts)
    parted = {arm: _parts(days, length) for arm, days in series.items()}
    found = {arm: _replicated(parts) for arm, parts in parted.items()}
    baseline, *others = found.values()
    names = [arm.name for arm in arms][1:]
    tested = {name: tested_measure(baseline[name], {arm: one[name] for arm, one in zip(names, others, strict=True)}) for name in baseline}
    return Steady(
        warm_up_ms=length * INTERVAL_MS,
        is_settled=all(cut.is_settled for cut in cuts),
        batches=BATCHES if len(results) == 1 else 0,
        are_independent=len(results) > 1 or all(_is_independent(one[name]) for one in found.values() for name in _WATCHED),
        values={arm: {name: interval(one, MEASURES[name].bounds) for name, one in group.items()} for arm, group in found.items()},
        differences={arm: {name: of_arm[arm] for name, of_arm in tested.items()} for arm in names},
    )


def _series(result: ReplicationResult, place: int, is_of_two_kinds: bool) -> Series:
    table = result.tables[place]
    rows: list[Row] = [
        {**whole, **live} if is_of_two_kinds else whole for whole, live in zip(table.by_interval, table.live_by_interval, strict=True)
    ]
    return {measure.name: tuple(tally for row in rows if isinstance(tally := row[measure.name], Ratio)) for measure in INTERVAL_MEASURES}


def _mean(name: str, days: Sequence[Series]) -> list[float]:
    """The measure by half hour over all replications; where nobody came it is as in the half hour before."""
    found: list[float] = []
    for parts in zip(*(day[name] for day in days), strict=True):
        whole = added(parts)
        found.append(whole.numerator / whole.denominator if whole.denominator else found[-1] if found else 0.0)
    return found


def _parts(days: Sequence[Series], cut: int) -> list[Mapping[str, Ratio]]:
    """What is as good as independent: the replications from the cut on, or the batches of the only one."""
    if len(days) > 1:
        return [{name: added(parts[cut:]) for name, parts in day.items()} for day in days]
    in_batches = {name: batches(parts[cut:]) for name, parts in days[0].items()}
    return [{name: parts[place] for name, parts in in_batches.items()} for place in range(BATCHES)]


def _replicated(parts: Sequence[Mapping[str, Ratio]]) -> dict[str, Replicated]:
    return {name: replicate([part[name] for part in parts], MEASURES[name].scale) for name in parts[0]}


def _is_independent(one: Replicated) -> bool:
    return one.pseudo_values is None or are_independent(one.pseudo_values)


def _check_stationary(scenario: Scenario, series: Mapping[str, Sequence[Series]]) -> None:
    remedy = "Ask for the steady state where rates and staffing never change; otherwise compare by replications."
    if not isinstance(scenario.demand, DrawnDemand):
        raise ConfigError("replays a log, which has no steady state", file=scenario.name, key="--steady-state", remedy=remedy)
    if scenario.demand.factors:
        problem = "has rates with chance of their own by day or hour, and so no steady state"
        raise ConfigError(problem, file=scenario.name, key="--steady-state", remedy=remedy)
    for stream in scenario.demand.streams:
        rates = {round(span.expected / (span.ends_at - span.starts_at), 12) for span in stream.spans}
        if len(rates) > 1:
            problem = f"has rates that change over the horizon ({stream.channel}, {stream.type}), and so no steady state"
            raise ConfigError(problem, file=scenario.name, key="--steady-state", remedy=remedy)
    for arm, days in series.items():
        if len({(part.numerator, part.denominator) for day in days for part in day["staffing"]}) > 1:
            problem = f"has another number of agents in some half hours ({arm}), and so no steady state"
            raise ConfigError(problem, file=scenario.name, key="--steady-state", remedy=remedy)
