"""A comparison: what the replications of every arm add up to, and how the arms differ, with what is not known said as well."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from routing.model.ids import AgentId, ChannelId, QueueId
from simulation import statistics
from simulation.experiment import ReplicationResult
from simulation.kpis.breakdown import WAITS_S, Breakdown
from simulation.kpis.facts import INTERVAL_MS
from simulation.kpis.measure import SHARE_BOUNDS, AnyMeasure, Ratio, Tally
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import LIVE, Row, Table
from simulation.scenario import Arm, Scenario
from simulation.statistics import Difference, Interval, Replicated
from simulation.statistics.goals import Stopped

if TYPE_CHECKING:
    from simulation.studies.controlling import ControlledValue
    from simulation.studies.steady import Steady

SIGNIFICANCE = 0.05

HEADLINE = "service_level"
"""The measure that the answer is about."""

Values: TypeAlias = Mapping[str, Interval | None]
"""The interval of every measure of one group by name; None where the measure is undefined, as a mean wait of nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmValues:
    """The measures of one arm. `by_interval` pairs the start of each half hour, in the scenario's zone, with its measures.

    `live_by_interval` is the same for interactions on live channels. `level_by_queue`: the service level by half hour.
    `occupancy_by_agent`: of everybody who was at work. `waits_longer`: the share of live ones that waited longer than each of `WAITS_S`.
    """

    overall: Values
    by_queue: Mapping[QueueId, Values]
    by_channel: Mapping[ChannelId, Values]
    by_kind: Mapping[str, Values]
    by_interval: tuple[tuple[dt.datetime, Values], ...]
    live_by_interval: tuple[tuple[dt.datetime, Values], ...]
    level_by_queue: Mapping[QueueId, tuple[Interval | None, ...]]
    occupancy_by_agent: Mapping[AgentId, Interval | None]
    waits_longer: tuple[Interval | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A paired difference with its p-value after Holm's correction over the arms compared with the same baseline.

    `joint` is its interval when the intervals of all those arms shall hold together with 95 % (Bonferroni).
    """

    difference: Difference
    p_adjusted: float | None
    joint: Interval | None = None

    @property
    def is_significant(self) -> bool:
        """Whether it is established at 5 %, all arms together."""
        return self.p_adjusted is not None and self.p_adjusted < SIGNIFICANCE


Differences: TypeAlias = Mapping[str, Judged | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmDifferences:
    """How one arm differs from the baseline, the first arm: arm minus baseline on the same customers."""

    arm: str
    baseline: str
    overall: Differences
    by_queue: Mapping[QueueId, Differences]
    by_channel: Mapping[ChannelId, Differences]
    by_kind: Mapping[str, Differences]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTwo:
    """The arm with the highest service level and the next one that did not come out as it did: the first minus the second."""

    first: str
    second: str
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The results of an experiment, in the order of its arms. `daily` is the overall value of every measure by arm and replication, and
    `daily_headline` that of the interactions that the answer is about.

    `first_two` is None where no two arms differ. `stopped`, `steady` and `controlled` are there where they were asked for.
    """

    scenario: Scenario
    arms: tuple[Arm, ...]
    replications: int
    values: Mapping[str, ArmValues]
    differences: tuple[ArmDifferences, ...]
    daily: Mapping[str, tuple[Mapping[str, float | None], ...]]
    daily_headline: Mapping[str, tuple[Mapping[str, float | None], ...]]
    excluded: Mapping[tuple[ChannelId, str], float]
    carried_over: float
    first_two: FirstTwo | None
    stopped: Stopped | None = None
    steady: "Steady | None" = None
    controlled: "tuple[ControlledValue, ...] | None" = None

    @property
    def baseline(self) -> Arm:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def has_two_kinds(self) -> bool:
        """Whether both live and deferrable work was offered, so that figures over both mean little."""
        offered = [kind["offered"] for kind in self.values[self.baseline.name].by_kind.values()]
        return sum(1 for interval in offered if interval is not None and interval.mean) > 1

    def headline(self, arm: str) -> Values:
        """The measures the answer is about: of live interactions where there is deferrable work beside them, with the agents' own."""
        values = self.values[arm]
        return {**values.overall, **values.by_kind[LIVE]} if self.has_two_kinds else values.overall

    def headline_differences(self, arm: ArmDifferences) -> Differences:
        """The differences the answer is about; see `headline`."""
        return {**arm.overall, **arm.by_kind[LIVE]} if self.has_two_kinds else arm.overall

    def pairing(self, arm: str, measure: str) -> float | None:
        """How many times as many replications with customers of their own would be as good; see `Difference.pairing`."""
        tested = next(self.headline_differences(one)[measure] for one in self.differences if one.arm == arm)
        return None if tested is None else tested.difference.pairing


def compared(scenario: Scenario, arms: tuple[Arm, ...], results: Sequence[ReplicationResult]) -> Comparison:
    """The comparison of the results of one experiment, given in the order of replications."""
    tables = {arm.name: [result.tables[position] for result in results] for position, arm in enumerate(arms)}
    replicated = {name: _Replicated.of(days) for name, days in tables.items()}
    days = len(results)
    rows = headline_rows(arms, results)
    excluded = sorted({key for result in results for key in result.excluded})
    return Comparison(
        scenario=scenario,
        arms=arms,
        replications=days,
        values={name: _values(scenario, arm, [table.breakdown for table in tables[name]]) for name, arm in replicated.items()},
        differences=_all_differences([(arm.name, replicated[arm.name]) for arm in arms]),
        daily={name: tuple(_one_day(table.overall) for table in days_of_arm) for name, days_of_arm in tables.items()},
        daily_headline={name: tuple(_one_day(row) for row in of_arm) for name, of_arm in rows.items()},
        excluded={key: sum(result.excluded.get(key, 0) for result in results) / days for key in excluded},
        carried_over=sum(result.carried_over for result in results) / days,
        first_two=_first_two(rows),
    )


def values_of_one_day(scenario: Scenario, table: Table) -> ArmValues:
    """The measures of one day by themselves, without intervals."""
    return _values(scenario, _Replicated.of([table]), [table.breakdown])


def are_two_kinds(results: Sequence[ReplicationResult]) -> bool:
    """Whether both live and deferrable work was offered, so that figures over both mean little."""
    kinds = {kind for result in results for kind, row in result.tables[0].by_kind.items() if _is_offered(row)}
    return len(kinds) > 1


def headline_rows(arms: Sequence[Arm], results: Sequence[ReplicationResult]) -> Mapping[str, list[Row]]:
    """By arm, each day's tallies of the measures that the answer is about, as in `Comparison.headline`."""
    is_live_only = are_two_kinds(results)
    tables = {arm.name: [result.tables[place] for result in results] for place, arm in enumerate(arms)}
    return {
        arm: [{**table.overall, **table.by_kind[LIVE]} if is_live_only else table.overall for table in days] for arm, days in tables.items()
    }


def _is_offered(row: Row) -> bool:
    offered = row["offered"]
    return isinstance(offered, Ratio) and offered.numerator > 0


def _first_two(rows: Mapping[str, list[Row]]) -> FirstTwo | None:
    found = {arm: _over_days(MEASURES[HEADLINE], [row[HEADLINE] for row in days]) for arm, days in rows.items()}
    ranked = sorted((arm for arm in found if found[arm].value is not None), key=lambda arm: -(found[arm].value or 0.0))
    for second in ranked[1:]:
        gap = statistics.difference(found[ranked[0]], found[second])
        if gap is not None and found[ranked[0]] != found[second]:
            return FirstTwo(first=ranked[0], second=second, difference=gap)
    return None


_Group: TypeAlias = Mapping[str, Replicated]


@dataclass(frozen=True, slots=True)
class _Replicated:
    """Every measure of one arm over all replications, in the shape of a table."""

    overall: _Group
    by_queue: Mapping[str, _Group]
    by_channel: Mapping[str, _Group]
    by_kind: Mapping[str, _Group]
    by_interval: tuple[_Group, ...]
    live_by_interval: tuple[_Group, ...]

    @classmethod
    def of(cls, days: Sequence[Table]) -> "_Replicated":
        first = days[0]
        return cls(
            _group([day.overall for day in days]),
            {name: _group([day.by_queue[name] for day in days]) for name in first.by_queue},
            {name: _group([day.by_channel[name] for day in days]) for name in first.by_channel},
            {name: _group([day.by_kind[name] for day in days]) for name in first.by_kind},
            tuple(_group([day.by_interval[position] for day in days]) for position in range(len(first.by_interval))),
            tuple(_group([day.live_by_interval[position] for day in days]) for position in range(len(first.by_interval))),
        )


def _group(rows: Sequence[Row]) -> _Group:
    return {name: _over_days(MEASURES[name], [row[name] for row in rows]) for name in rows[0]}


def _over_days(measure: AnyMeasure, tallies: Sequence[Tally]) -> Replicated:
    return statistics.replicate(tallies, measure.scale)


def _one_day(row: Row) -> Mapping[str, float | None]:
    return {name: _over_days(MEASURES[name], [tally]).value for name, tally in row.items()}


# ---- intervals ----


def _values(scenario: Scenario, arm: _Replicated, days: Sequence[Breakdown]) -> ArmValues:
    return ArmValues(
        overall=_intervals(arm.overall),
        by_queue={name: _intervals(group) for name, group in arm.by_queue.items()},
        by_channel={name: _intervals(group) for name, group in arm.by_channel.items()},
        by_kind={name: _intervals(group) for name, group in arm.by_kind.items()},
        by_interval=tuple((_local(scenario, position), _intervals(group)) for position, group in enumerate(arm.by_interval)),
        live_by_interval=tuple((_local(scenario, position), _intervals(group)) for position, group in enumerate(arm.live_by_interval)),
        level_by_queue={
            name: tuple(_share([day.service_level[name][place] for day in days]) for place in range(len(first)))
            for name, first in days[0].service_level.items()
        },
        occupancy_by_agent={
            name: _share([day.occupancy.get(name, Ratio(0, 0)) for day in days])
            for name in dict.fromkeys(name for day in days for name in day.occupancy)
        },
        waits_longer=tuple(_share([day.waits_longer[place] for day in days]) for place in range(len(WAITS_S))),
    )


def _share(days: Sequence[Ratio]) -> Interval | None:
    return statistics.interval(statistics.replicate(days), SHARE_BOUNDS)


def _intervals(group: _Group) -> Values:
    return {name: statistics.interval(replicated, MEASURES[name].bounds) for name, replicated in group.items()}


def _local(scenario: Scenario, interval: int) -> dt.datetime:
    return dt.datetime.fromtimestamp((scenario.starts_at + interval * INTERVAL_MS) / 1_000, scenario.calendar.zone_info)


# ---- differences ----


def _all_differences(arms: Sequence[tuple[str, _Replicated]]) -> tuple[ArmDifferences, ...]:
    (baseline, its), *others = arms

    def tested(part: Callable[[_Replicated], Mapping[str, _Group]]) -> Mapping[str, Mapping[str, Differences]]:
        return {name: _tested(group, {arm: part(mine)[name] for arm, mine in others}) for name, group in part(its).items()}

    overall = _tested(its.overall, {arm: mine.overall for arm, mine in others})
    queues, channels, kinds = tested(lambda arm: arm.by_queue), tested(lambda arm: arm.by_channel), tested(lambda arm: arm.by_kind)
    return tuple(
        ArmDifferences(
            arm=arm,
            baseline=baseline,
            overall=overall[arm],
            by_queue={name: group[arm] for name, group in queues.items()},
            by_channel={name: group[arm] for name, group in channels.items()},
            by_kind={name: group[arm] for name, group in kinds.items()},
        )
        for arm, _ in others
    )


def _tested(baseline: _Group, others: Mapping[str, _Group]) -> Mapping[str, Differences]:
    """The differences of one group by arm and measure; each measure is corrected over the arms."""
    by_measure = {name: tested_measure(its, {arm: group[name] for arm, group in others.items()}) for name, its in baseline.items()}
    return {arm: {measure: tested[arm] for measure, tested in by_measure.items()} for arm in others}


def tested_measure(baseline: Replicated, others: Mapping[str, Replicated]) -> Differences:
    """The differences of one measure by arm, corrected over the arms."""
    found = {arm: statistics.difference(mine, baseline) for arm, mine in others.items()}
    corrected = statistics.holm({arm: one.p for arm, one in found.items() if one is not None and one.p is not None})
    days = len(baseline.pseudo_values or ())
    return {
        arm: None
        if one is None
        else Judged(difference=one, p_adjusted=corrected.get(arm), joint=statistics.joint_interval(one, days, len(found)))
        for arm, one in found.items()
    }
