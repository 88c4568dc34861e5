"""Rules that make requirements over a day: against figures that are known exactly, against each other, and by simulation."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from routing.config.errors import ConfigError
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation import laws
from simulation.agents.holding import HoldRule
from simulation.laws import Constant, Exponential
from simulation.scenario import OpenSpan, Scenario
from simulation.staffing.load import Arriving, Kind, load_of
from simulation.staffing.pooled import pooled_agent, pooled_roster
from simulation.staffing.required import Aim, Method, Moment, agents_required
from simulation.staffing.rules import Rule, agents_by_square_root, one_handle_time_later, while_it_is_done
from simulation.staffing.table import StaffingTable, scheduled_against_required
from simulation.theory.many_agents import all_busy, garnett_delayed, square_root_agents, square_root_answered
from simulation.theory.patience import ExponentialPatience, PoolWithPatience
from simulation.workers import Task
from tests.builders import CHAT, EMAIL, VOICE, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.staffing.test_staffing import PHONE, a_demand
from tests.simulation.worlds import ASSUMED, a_behaviour, a_member, a_roster, a_rule_of, a_scenario, exponential

KNOWN_BUSY = (90.0, 103.0116868, 113.2544426, 111.311125, 98.96841126, 87.5741354, 87.60414215)
KNOWN_ALL_BUSY = (0.3128048133, 0.2903552776, 0.3068740431, 0.3072145097, 0.3196242209, 0.2948671522, 0.2959850388)


class Backwards:
    """A crew that computes the last task first."""

    def __enter__(self) -> "Backwards":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        pass

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Every task with its result."""
        for task in reversed(list(tasks)):
            yield task, task.run()


def a_day(*per_hour: float, mean_ms: int = 6 * MINUTE_MS, **overrides: object) -> Scenario:
    """So many calls in the first hour and so on, each of six minutes by an exponential law, and customers who wait five."""
    site = a_site(channels=[VOICE, CHAT, EMAIL], queues=[a_queue(target_ms=20_000)], rules=[a_rule()])
    behaviour = a_behaviour(work=exponential(mean_ms), patience=exponential(5 * MINUTE_MS))
    fields = {"site": site, "behaviour": behaviour, "demand": a_demand(*per_hour), "ends_at": len(per_hour) * HOUR_MS} | overrides
    return a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), **fields)  # type: ignore[arg-type]  # the builder checks the names


def required(scenario: Scenario, rule: Rule, **options: Any) -> list[int]:
    """The numbers of a rule, by quarter of an hour."""
    return [row.required for row in table(scenario, rule, **options).rows]


def table(scenario: Scenario, rule: Rule, **options: Any) -> StaffingTable:
    """The table of a rule, by quarter of an hour."""
    every: dict[str, Any] = {"interval_ms": 15 * MINUTE_MS} | options
    return scheduled_against_required(scenario, "planned", rule=rule, **every)


def a_kind(mean_ms: float) -> Kind:
    """Calls of an exponential length."""
    times = laws.durations_ms(Exponential(mean_ms=round(mean_ms)), (np.arange(2_000) + 0.5) / 2_000).astype(np.float64)
    times *= mean_ms / times.mean()
    return Kind("voice", mean_ms, 1 / mean_ms, a_queue().service_level, "queue", None, times)


def test_square_root_staffing_has_the_known_beta() -> None:
    """100 Erlangs of patient customers of whom a fifth may wait: beta 1.061516275, 111 agents, as many as Erlang C asks for."""
    assert square_root_answered(1.061516275, load=100, patience=math.inf, target=0) == pytest.approx(0.8, rel=1e-9)
    assert square_root_agents(100, patience=math.inf, target=0, share=0.8) == 111
    moment = Moment(arrival_rate=100.0, service_rate=1.0, patience_rate=0.0)
    aim = Aim(method=Method.ERLANG_C, target_ms=0, share=0.8)
    assert agents_by_square_root(moment, aim) == agents_required(moment, aim) == 111
    assert agents_by_square_root(replace(moment, arrival_rate=0.0), aim) == 0
    assert agents_by_square_root(replace(moment, arrival_rate=0.01), replace(aim, share=0.01)) == 1


def test_the_limit_with_patience_is_near_the_exact_formula() -> None:
    """No wait: Garnett's function. A wait: within a point of M/M/n+M with 400 agents, at loads below and above their number."""
    beta = 0.2886751345948129
    known = garnett_delayed(beta, service_rate=1.0, patience_rate=0.5)
    assert known == pytest.approx(0.4507608401, rel=1e-9)
    assert square_root_answered(beta, load=48, patience=2.0, target=0) == pytest.approx(1 - known, rel=1e-12)
    for load in (380.0, 410.0):
        pool = PoolWithPatience(arrival_rate=load, service_rate=1.0, agents=400, patience=ExponentialPatience(mean=2.0))
        near = square_root_answered((400 - load) / math.sqrt(load), load=load, patience=2.0, target=0.05)
        assert near == pytest.approx(pool.answered_within(0.05), abs=0.01)
    for patience in (0.5, 2.0, 1e6):  # little, and hardly any end: neither overflows
        agents = square_root_agents(400, patience=patience, target=0.05, share=0.8)
        assert 0.8 * 400 < agents < 430


def test_the_modified_load_is_the_one_that_is_known() -> None:
    """Arrivals of 100 + 20 sin t: m(t), and with patience of the same law the share of time in which all are busy."""
    unit, step = float(HOUR_MS), 0.01
    kind = a_kind(unit)
    sample = an_interaction()
    for at, busy, all_are in zip(range(7), KNOWN_BUSY, KNOWN_ALL_BUSY, strict=True):
        edges = np.array([round((at - 0.005) * unit), round((at + 0.005) * unit)], dtype=np.int64)
        counted = sum(
            float(
                while_it_is_done(
                    Arriving(sample, round(t * unit), round((t + step) * unit), step * (100 + 20 * math.sin(t + step / 2))), kind, edges
                )[0]
            )
            for t in np.arange(at - 12, at + 0.02, step).tolist()
        )
        mean = counted * unit / float(edges[1] - edges[0])
        assert mean == pytest.approx(busy, rel=3e-4)
        assert all_busy(mean, math.ceil(busy + 0.5 * math.sqrt(busy))) == pytest.approx(all_are, abs=2e-3)
        # Erlang A with patience of the law of service finds the same: the number in the system is Poisson whatever the staffing.
        pool = Moment(arrival_rate=mean, service_rate=1.0, patience_rate=1.0)
        found = agents_required(pool, Aim(method=Method.ERLANG_A, target_ms=0, share=0.7))
        assert all_busy(mean, found) <= 0.3 < all_busy(mean, found - 1)


def test_counting_later_loses_nobody() -> None:
    """All who arrive count in the end, one handle time later or over their handle time."""
    edges = np.arange(0, 40 * MINUTE_MS + 1, MINUTE_MS, dtype=np.int64)
    one = Arriving(an_interaction(), 5 * MINUTE_MS, 7 * MINUTE_MS, 12.0)
    kind = a_kind(3.0 * MINUTE_MS)._replace(handle_times_ms=np.array([2.0, 4.0]) * MINUTE_MS)
    late = one_handle_time_later(one, kind, edges)
    assert late[8:10].tolist() == pytest.approx([6, 6])
    done = while_it_is_done(one, kind, edges)
    assert (late.sum(), done.sum()) == (pytest.approx(12), pytest.approx(12))
    # By hand: 6 a minute; in the first minute half of those who came so far are there on average.
    assert (done[5] * 3, done[6] * 3) == (pytest.approx(3), pytest.approx(9))
    assert not done[11:].any()


def test_constant_rates_need_the_same_by_every_formula() -> None:
    """Once the first calls have ended, all rules look at the same load; the square root may be one off."""
    scenario = a_day(100, 100, 100)
    agreed = required(scenario, Rule.SIPP)
    assert len(set(agreed)) == 1
    for rule in (Rule.LAGGED_SIPP, Rule.MOL):
        assert required(scenario, rule)[4:] == agreed[4:]
    assert all(abs(one - agreed[0]) <= 1 for one in required(scenario, Rule.SQUARE_ROOT))


def test_a_rising_day_is_staffed_later_by_what_looks_back() -> None:
    """Lagged SIPP and the modified load never ask for more while arrivals rise, for less at some time, and for more as they fall."""
    scenario = a_day(20, 60, 120, 180, 120, 60, 20, mean_ms=15 * MINUTE_MS)
    plain = required(scenario, Rule.SIPP)
    for rule in (Rule.LAGGED_SIPP, Rule.MOL):
        later = required(scenario, rule)
        assert all(mine <= its for mine, its in zip(later[:16], plain[:16], strict=True))
        assert sum(later[:16]) < sum(plain[:16])
        assert all(mine >= its for mine, its in zip(later[16:], plain[16:], strict=True))
        assert sum(later[16:]) > sum(plain[16:])


def test_handle_times_have_all_their_parts() -> None:
    """The mean of the mixture is that of the laws, and its spread that of independent parts."""
    behaviour = a_behaviour(
        work=exponential(MINUTE_MS),
        wrap_up=(a_rule_of(Exponential(mean_ms=20_000)),),
        hold=(HoldRule(when={}, share=0.3, begins=0.5, law=Constant(value_ms=30_000), part=0.0, source=ASSUMED),),
    )
    site = a_site(channels=[VOICE], queues=[a_queue(wrap_up_limit_ms=10 * MINUTE_MS)], rules=[a_rule()])
    seen: list[Kind] = []

    def counting(one: Arriving, kind: Kind, edges: Any) -> Any:
        seen.append(kind)
        return np.zeros(len(edges) - 1)

    load_of(a_day(10, site=site, behaviour=behaviour), PHONE, HOUR_MS, counting)
    times = seen[0].handle_times_ms / 1_000
    assert times.mean() == pytest.approx(60 + 0.3 * 30 + 20, rel=1e-4)
    assert times.var() == pytest.approx(60**2 + 0.21 * 30**2 + 20**2, rel=0.02)


def test_isa_finds_the_numbers_of_the_formula_where_it_holds() -> None:
    """Exponential laws and a constant rate: within one agent of Erlang A, and the simulated share reaches the aim in every interval."""
    scenario = a_day(80, 80)
    plain = required(scenario, Rule.SIPP, interval_ms=HOUR_MS)
    rounds: list[int] = []
    found = table(scenario, Rule.ISA, interval_ms=HOUR_MS, replications=8, on_round=lambda: rounds.append(1))
    assert all(abs(row.required - its) <= 1 for row, its in zip(found.rows, plain, strict=True))
    told = next(note for note in found.notes if "rounds" in note)
    assert told.startswith(f"ISA: {len(rounds)} rounds of 8 days")
    assert told.endswith("the numbers came to rest.")
    worst = float(told.split("at worst ")[1].split(" %")[0])
    assert worst >= 80


def test_isa_does_not_depend_on_who_computes() -> None:
    """The last day first gives the same table."""
    scenario = a_day(30)
    assert table(scenario, Rule.ISA, replications=3) == table(scenario, Rule.ISA, replications=3, crew=Backwards())


def test_isa_leaves_out_whom_nobody_can_help() -> None:
    """Work that the pooled agents may not have does not count, and is told; where that is all, the question is refused."""
    open_late = {"voice": (OpenSpan(starts_at=HOUR_MS, ends_at=2 * HOUR_MS),)}
    assert required(a_day(10, 10, opening_hours=open_late), Rule.ISA, interval_ms=HOUR_MS, replications=2)[0] == 0
    site = a_site(channels=[VOICE], queues=[a_queue()], rules=[a_rule(needs="law>=5")])
    with pytest.raises(ConfigError, match="answers nobody in time"):
        required(a_day(5, site=site), Rule.ISA, replications=1)


def test_a_pooled_roster_is_as_many_alike_agents_as_asked_for() -> None:
    """The best of every skill, who works when; nobody who serves the channels is refused."""
    roster = a_roster(
        a_member(an_agent("ana", skills="sales:3 law:5", channels="voice:1 chat:2")),
        a_member(an_agent("ben", skills="sales:8", channels="chat:3")),
        a_member(an_agent("eve", skills="mail:9", channels="email:9")),
    )
    agent = pooled_agent(roster, frozenset({"voice", "chat"}))
    assert (dict(agent.attributes), dict(agent.channel_maxima)) == ({"sales": 8, "law": 5}, {"voice": 1, "chat": 3})
    pooled = pooled_roster(agent, [1, 0, 2, 2], [0, 10, 20, 30, 50])
    spans = [[(one.start_ms, one.end_ms) for day in member.dated.values() for one in day] for member in pooled.members]
    assert spans == [[(0, 10), (20, 50)], [(20, 50)]]
    with pytest.raises(ConfigError, match="has nobody who serves the channels"):
        pooled_agent(roster, frozenset({"fax"}))
