"""Scheduled against required: the agents of a roster beside those that the load asks for, interval by interval, and what it costs."""

import math
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from routing.config.errors import ConfigError, did_you_mean
from routing.model.ids import ChannelId
from routing.model.time import HOUR_MS, Duration, Instant
from simulation.arguments import nobody
from simulation.scenario import Scenario
from simulation.staffing.cost import RosterCost, roster_cost
from simulation.staffing.isa import Iterated, iterated
from simulation.staffing.load import Load, loads_of, when_it_comes
from simulation.staffing.queues import QUEUE_COLUMNS, StaffedQueue, queues_by_themselves
from simulation.staffing.required import Aim, Method, agents_required, figures_with, moment_of
from simulation.staffing.rules import Rule, agents_by_square_root, counting_of
from simulation.staffing.scheduled import Scheduled, members_of, scheduled
from simulation.workers import Crew, crew_of

_RULES = {
    Rule.SIPP: "SIPP: every interval is one queue in its long run; no line is carried from one interval to the next.",
    Rule.LAGGED_SIPP: "Lagged SIPP: every interval is one queue in its long run, with the load of one mean handle time before.",
    Rule.MOL: "Modified offered load: every interval is one queue in its long run, with the load that would be if nobody ever waited.",
    Rule.SQUARE_ROOT: "Square root: the load of the interval and a margin that grows with its root, in the limit of many agents.",
    Rule.ISA: "ISA: alike agents, simulated with the site's policy until every interval has the smallest number that reaches the aim.",
}
_LIMITS = (
    "A single-skill view: every agent counted serves everything counted, one at a time, at the pace of the behaviour's laws.",
    "Pace by agent, transfers, call-backs, redials and adherence are left out. Whether a roster really suffices, a comparison says.",
    "Paid are whole shifts of the scenario's days, breaks and illness included.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingRow:
    """One interval. `scheduled` agents are on shift net of breaks, `present` those whom shrinkage leaves of them on average.

    `load_erlangs` is the load that the rule looks at, and `handle_s` the mean handle time of that. `difference` is `present` less
    `required`. `service_level` and `abandonment` are those of the formula with `present`, rounded down.
    """

    starts_at: Instant
    arrivals: float
    handle_s: float
    load_erlangs: float
    required: int
    scheduled: float
    present: float
    difference: float
    service_level: float
    abandonment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingTable:
    """The intervals of a horizon, hours too many and too few, and the cost; the method and its limits belong to every number.

    `penalty` is what the scenario's penalties come to by the formula, None where it states none or a line would grow without end.
    The last interval ends at `ends_at` and may be shorter than `interval_ms`; see `lasts_h`. `queues` has each queue by itself where that
    was asked for, the most work first; by SIPP, whatever the rule.
    """

    scenario: str
    roster: str
    channels: tuple[ChannelId, ...]
    rule: Rule
    method: Method
    target_ms: Duration
    share: float
    rows: tuple[StaffingRow, ...]
    interval_ms: Duration
    ends_at: Instant
    over_h: float
    under_h: float
    cost: RosterCost
    penalty: float | None
    queues: tuple[StaffedQueue, ...]
    zone: str
    notes: tuple[str, ...]

    @property
    def lasts_h(self) -> tuple[float, ...]:
        """How long each interval lasts, hours."""
        return tuple((min(row.starts_at + self.interval_ms, self.ends_at) - row.starts_at) / HOUR_MS for row in self.rows)

    def frame(self) -> pl.DataFrame:
        """The rows as a data frame, with the local time of each beside its instant."""
        data = [asdict(row) for row in self.rows]
        return _with_local_time(pl.DataFrame(data, schema_overrides={"starts_at": pl.Int64}), self.zone)

    def queues_frame(self) -> pl.DataFrame:
        """The rows of every queue as a data frame, with the name of the queue in front; empty unless they were asked for."""
        data = [{"queue": one.queue} | asdict(row) for one in self.queues for row in one.rows]
        return _with_local_time(pl.DataFrame(data, schema=QUEUE_COLUMNS), self.zone)

    def to_html(self) -> str:
        """The page: one file that needs nothing else."""
        from simulation.staffing.page import page_of  # noqa: PLC0415 - the plotting library takes longer to load than the table to make

        return page_of(self)


def _with_local_time(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    local = pl.from_epoch("starts_at", time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return frame.select(local.alias("local"), pl.all())


def scheduled_against_required(
    scenario: Scenario,
    roster: str,
    *,
    channels: Collection[ChannelId] | None = None,
    interval_ms: Duration = HOUR_MS // 2,
    rule: Rule = Rule.SIPP,
    method: Method | None = None,
    target_ms: Duration | None = None,
    share: float | None = None,
    by_queue: bool = False,
    replications: int = 20,
    crew: Crew | None = None,
    on_round: Callable[[], None] = nobody,
) -> StaffingTable:
    """The table of one roster of a scenario, with `by_queue` each queue by itself, too.

    `channels` are the live ones by default. Without `target_ms` and `share` (0 to 1) the strictest of the queues' own count. `method` is
    Erlang A where customers lose patience and Erlang C where none do, unless it is stated. With the rule ISA every round simulates
    `replications` days by the `crew`, by default in this process, and calls `on_round`.

    Raises:
        ConfigError: no such roster or channel, a share that is none, or work of which the behaviour does not say how long it takes.
    """
    wanted = _channels(scenario, channels)
    if roster not in scenario.rosters:
        raise ConfigError("is not a roster of the scenario", value=roster, remedy=did_you_mean(roster, scenario.rosters))
    if share is not None and not 0 < share < 1:
        raise ConfigError("is not a share below 1 that can be reached", key="share", value=share, remedy="Write a number such as 0.8.")
    loads = loads_of(scenario, wanted, interval_ms)
    counting = counting_of(rule)
    load = loads.whole if counting is when_it_comes else loads_of(scenario, wanted, interval_ms, counting).whole
    members = members_of(scenario, scenario.rosters[roster], load.edges)
    there = scheduled(members, wanted, len(load.arrivals))
    target = min((target for target, _ in load.targets), default=20_000) if target_ms is None else target_ms
    goal = min(0.999, max((goal for _, goal in load.targets), default=800) / 1_000) if share is None else share
    chosen = method or (Method.ERLANG_A if load.patience_rate.any() else Method.ERLANG_C)
    aim = Aim(method=chosen, target_ms=target, share=goal)
    found: Iterated | None = None
    if rule is Rule.ISA:
        with nullcontext(crew) if crew is not None else crew_of() as those:
            found = iterated(scenario, roster, wanted, load=load, aim=aim, replications=replications, crew=those, on_round=on_round)
    required = _required(rule, load, aim) if found is None else found.agents
    rows = tuple(
        _row(load, there, position, aim=aim, arrivals=arrivals, required=required[position])
        for position, arrivals in enumerate(loads.whole.arrivals.tolist())
    )
    hours = (np.diff(load.edges) / HOUR_MS).tolist()
    return StaffingTable(
        scenario=scenario.name,
        roster=roster,
        channels=tuple(sorted(wanted)),
        rule=rule,
        method=chosen,
        target_ms=target,
        share=goal,
        rows=rows,
        interval_ms=interval_ms,
        ends_at=scenario.ends_at,
        over_h=math.fsum(max(0.0, row.difference) * length_h for row, length_h in zip(rows, hours, strict=True)),
        under_h=math.fsum(max(0.0, -row.difference) * length_h for row, length_h in zip(rows, hours, strict=True)),
        cost=roster_cost(scenario, scenario.rosters[roster]),
        queues=queues_by_themselves(loads, members, chosen, target_ms=target_ms, share=share) if by_queue else (),
        penalty=_penalty(scenario, load, rows, aim),
        zone=scenario.zone,
        notes=(
            *_rule_notes(rule, found, replications),
            *_notes(load, chosen, is_stated=target_ms is not None or share is not None),
        ),
    )


def _required(rule: Rule, load: Load, aim: Aim) -> tuple[int, ...]:
    by_formula = agents_by_square_root if rule is Rule.SQUARE_ROOT else agents_required
    return tuple(by_formula(moment_of(load, position), aim) for position in range(len(load.arrivals)))


def _channels(scenario: Scenario, channels: Collection[ChannelId] | None) -> frozenset[ChannelId]:
    known = scenario.site.channels
    if channels is None:
        return frozenset(name for name, channel in known.items() if channel.is_live)
    for name in channels:
        if name not in known:
            raise ConfigError("is not a channel of the site", value=name, remedy=did_you_mean(name, known))
    return frozenset(channels)


def _row(load: Load, there: Scheduled, position: int, *, aim: Aim, arrivals: float, required: int) -> StaffingRow:
    moment = moment_of(load, position)
    present = float(there.present[position])
    figures = figures_with(moment, math.floor(present + 1e-9), aim)
    return StaffingRow(
        starts_at=int(load.edges[position]),
        arrivals=arrivals,
        handle_s=float(load.handle_ms[position]) / 1_000,
        load_erlangs=moment.erlangs,
        required=required,
        scheduled=float(there.net_of_breaks[position]),
        present=present,
        difference=present - required,
        service_level=figures.answered_in_time,
        abandonment=figures.abandoned,
    )


def _penalty(scenario: Scenario, load: Load, rows: tuple[StaffingRow, ...], aim: Aim) -> float | None:
    penalties = scenario.penalties
    if penalties is None:
        return None
    amounts = []
    for position, row in enumerate(rows):
        figures = figures_with(moment_of(load, position), math.floor(row.present + 1e-9), aim)
        waited_h = figures.mean_wait_ms / HOUR_MS
        if penalties.waited_hour and math.isinf(waited_h):
            return None
        each = penalties.abandoned * figures.abandoned + penalties.late * (1 - figures.answered_in_time)
        amounts.append(row.arrivals * (each + (penalties.waited_hour * waited_h if penalties.waited_hour else 0.0)))
    return math.fsum(amounts)


def _rule_notes(rule: Rule, found: Iterated | None, replications: int) -> Iterator[str]:
    """What to know about the required numbers, before what to know about the formula of the last columns."""
    yield _RULES[rule]
    if found is None:
        return
    shares = [share for share in found.answered_in_time if not math.isnan(share)]
    worst = f"at worst {100 * min(shares):.1f} % in time in an interval" if shares else "nobody came"
    rest = "the numbers came to rest" if found.is_settled else "THE NUMBERS DID NOT COME TO REST: take more replications"
    yield f"ISA: {found.rounds} rounds of {replications} days; {worst}; {rest}."
    yield "ISA: an agent does what the best of the roster does on each skill and channel, keeps to the second and is never ill."
    if found.out_of_reach > 0:
        yield f"ISA: {100 * found.out_of_reach:.1f} % are not answered in time by any number of agents, and do not count in its aim."


def _notes(load: Load, method: Method, *, is_stated: bool) -> tuple[str, ...]:
    formula = {
        Method.ERLANG_C: "Erlang C: exponential handle times, and nobody leaves.",
        Method.ERLANG_A: "Erlang A: exponential handle times and patience, with the means of the behaviour's laws.",
    }[method]
    strictest = "The queues have different targets or goals; the strictest of each counts for all." if len(load.targets) > 1 else ""
    return (formula, *((strictest,) if strictest and not is_stated else ()), *_LIMITS)
