"""Conversations that share an agent's attention: exact to the millisecond, and as theory says."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from routing.core.events import InteractionQueued, Recorded
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.agents.parallel import ONE, Bench, Parallel, work_of
from simulation.behaviour import Behaviour
from simulation.births import births_of
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.laws import Never
from simulation.run import run_replication
from simulation.scenario import AtEnd, Scenario
from simulation.theory.pools import ChatPool
from tests.builders import VOICE, a_channel, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.worlds import (
    ASSUMED,
    a_behaviour,
    a_birth,
    a_member,
    a_roster,
    a_rule_of,
    a_scenario,
    a_shift,
    an_arm,
    exponential,
    story_of,
    the_births,
)

CHAT = a_channel("chat", is_live=True, capacity_cost=30, agent_maximum=3)
MAIL = a_channel("email", is_live=False, capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))
SLOWED = Parallel(channels=("chat",), total_rates=(ONE, 1_600_000, 1_950_000), source=ASSUMED)


def by_the_millisecond(jobs: Sequence[tuple[int, int]], rates: Sequence[Fraction]) -> list[int]:
    """When each of (start, work) ends, found by doing a millisecond's work at a time."""
    rest: dict[int, Fraction] = {}
    ends = [0] * len(jobs)
    now = 0
    while rest or any(start >= now for start, _ in jobs):
        for number in [number for number, left in rest.items() if left <= 0]:
            ends[number] = now
            del rest[number]
        rest.update({number: Fraction(work) for number, (start, work) in enumerate(jobs) if start == now})
        count = len(rest)
        for number in rest:
            rest[number] -= rates[min(count, len(rates)) - 1] / count
        now += 1
    return ends


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), min_size=1, max_size=7),
    st.lists(st.integers(200_000, 3_000_000), max_size=4),
)
def test_a_bench_agrees_with_a_millisecond_at_a_time(jobs: list[tuple[int, int]], more: list[int]) -> None:
    """However often the pace changes, everything ends in the first whole millisecond at which all of its work is done."""
    total_rates = (ONE, *more)
    bench, ends = Bench(total_rates, 0), [0] * len(jobs)
    starts = sorted(range(len(jobs)), key=lambda number: jobs[number][0])
    while starts or bench.due_at() is not None:
        due_at = bench.due_at()
        if due_at is not None and (not starts or due_at <= jobs[starts[0]][0]):
            for interaction_id in bench.take_done(due_at):
                ends[int(interaction_id)] = due_at
        else:
            number = starts.pop(0)
            bench.add(str(number), work_of(jobs[number][1]), jobs[number][0])
    assert ends == by_the_millisecond(jobs, [Fraction(rate, ONE) for rate in total_rates])


def a_chat_site(**policy: object) -> Site:
    """Chats, three to an agent."""
    queue = a_queue(wrap_up_limit_ms=0, missed_threshold=0)
    return a_site(channels=[VOICE, CHAT, MAIL], queues=[queue], rules=[a_rule()], policy=a_policy(**policy))  # type: ignore[arg-type]  # the builder checks the names


def run(scenario: Scenario, *births: object, replication: int = 0) -> list[Recorded]:
    """The log of one replication."""
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), replication, [log.append], births=the_births(*births) if births else None)  # type: ignore[arg-type]  # every one is a birth
    return log


def test_chats_slow_each_other_and_calls_do_not() -> None:
    """Ten minutes alone: the second chat slows the first from its start on, until it is done; the third does the same."""
    roster = a_roster(a_member(an_agent(capacity=200, channels="voice:1 chat:3 email:2")))
    scenario = a_scenario(roster, site=a_chat_site(), behaviour=a_behaviour(parallel=(SLOWED,)))
    chats = [
        a_birth(an_interaction(f"c{number}", channel="chat"), at=HOUR_MS + at_min * MINUTE_MS, work_ms=work_min * MINUTE_MS)
        for number, at_min, work_min in ((1, 0, 10), (2, 4, 4), (3, 6, 13))
    ]
    call = a_birth(an_interaction("call"), at=HOUR_MS + MINUTE_MS, work_ms=5 * MINUTE_MS)
    told = story_of(run(scenario, chats[0], call, *chats[1:]))
    # c1 alone 4 min: 6 left. Two at .8: at 6 min 4.4 and 2.4 left. Three at .65: c2 is done 2.4 / .65 min later, c1 has 2.0, c3 10.6 left.
    # Two at .8: c1 is done 2.5 min later, c3 has 8.6 left, alone.
    c2 = 6 * MINUTE_MS + math.ceil(Fraction(24, 10) / Fraction(65, 100) * MINUTE_MS)
    c1 = 6 * MINUTE_MS + Fraction(240, 65) * MINUTE_MS + Fraction(25, 10) * MINUTE_MS
    expected = {"c2": Fraction(c2), "c1": c1, "c3": c1 + Fraction(86, 10) * MINUTE_MS}
    for name, ends_at in expected.items():
        assert 0 <= int(told[name]["end_talk"]) - HOUR_MS - ends_at <= 1
    assert int(told["call"]["end_talk"]) - HOUR_MS == 6 * MINUTE_MS


def test_what_is_set_aside_slows_nothing() -> None:
    """Two emails share an agent; while both lie aside for a call neither goes on, and then both do, at half the pace."""
    roster = a_roster(a_member(an_agent(channels="voice:1 email:2")))
    shared = Parallel(channels=("email",), total_rates=(ONE,), source=ASSUMED)
    scenario = a_scenario(roster, site=a_chat_site(), behaviour=a_behaviour(parallel=(shared,)))
    mails = [a_birth(an_interaction(f"m{number}", channel="email"), at=HOUR_MS, work_ms=10 * MINUTE_MS) for number in (1, 2)]
    call = a_birth(an_interaction("call"), at=HOUR_MS + 5 * MINUTE_MS, work_ms=3 * MINUTE_MS)
    told = story_of(run(scenario, *mails, call))
    assert [int(told[name]["end_talk"]) - HOUR_MS for name in ("m1", "m2")] == [23 * MINUTE_MS, 23 * MINUTE_MS]


def a_pool(behaviour: Behaviour, *, agents: int, chats: int, per_minute: float, hours: int, **policy: object) -> Scenario:
    """Poisson chats for a pool of agents who hold as many at once."""
    channel = a_channel("chat", is_live=True, capacity_cost=1, agent_maximum=chats)
    members = [a_member(an_agent(f"a{number}", capacity=chats, channels=f"chat:{chats}"), a_shift()) for number in range(agents)]
    span = RateSpan(starts_at=0, ends_at=hours * HOUR_MS, expected=per_minute * 60 * hours)
    demand = DrawnDemand(streams=(DemandStream(channel="chat", type="", attributes={}, spans=(span,)),), description="a pool")
    site = a_site(channels=[channel], queues=[a_queue(wrap_up_limit_ms=0)], rules=[a_rule()], policy=a_policy(**policy))  # type: ignore[arg-type]  # the builder checks the names
    return a_scenario(a_roster(*members), site=site, behaviour=behaviour, demand=demand, ends_at=hours * HOUR_MS, at_end=AtEnd.CUT)


def test_a_pool_of_chatting_agents_is_the_chain_of_theory() -> None:
    """Total rates .10, .16 and .195 a minute, least loaded first: the 99 % interval of the share that leaves holds the chain's value."""
    exact = ChatPool(arrival_rate=0.6, patience_rate=1 / 3, agents=4, agent_rates=(0.10, 0.16, 0.195)).figures(is_least_loaded_first=True)
    behaviour = a_behaviour(work=exponential(10 * MINUTE_MS), patience=exponential(3 * MINUTE_MS), parallel=(SLOWED,))
    scenario = a_pool(behaviour, agents=4, chats=3, per_minute=0.6, hours=22, scorers="load_ratio:1000")
    warm, figures = 2 * HOUR_MS, []
    for replication in range(6):
        log = run(scenario, replication=replication)
        late = {one.event.interaction.id for one in log if isinstance(one.event, InteractionQueued) and one.at >= warm}
        told = [one for name, one in story_of(log).items() if name in late]
        done = [int(one["agent_free"]) - int(one["start"]) for one in told if "agent_free" in one]
        figures.append((sum("abandoned_at" in one for one in told) / len(told), sum(done) / len(done) / MINUTE_MS))
    for name, values in (("abandoned", [one for one, _ in figures]), ("mean_handle_time", [one for _, one in figures])):
        mean, half_width = _interval(values)
        assert abs(mean - exact[name]) <= half_width, (name, mean, half_width)


def test_processor_sharing_takes_a_customer_as_long_as_theory_says() -> None:
    """One agent at a total rate of one, load .7: E[T] = E[S] / (1 - rho), whatever the law of the work (here: constant).

    The world ends every customer where a count of work in virtual time does, up to rounding; that count, over many days, is as theory says.
    """
    shared = Parallel(channels=("chat",), total_rates=(ONE,), source=ASSUMED)
    behaviour = a_behaviour(patience=(a_rule_of(Never()),), parallel=(shared,))
    scenario = a_pool(behaviour, agents=1, chats=200, per_minute=0.7, hours=10)
    births = births_of(scenario, 0).births
    expected = shared_server([birth.at for birth in births], MINUTE_MS)
    told = story_of(run(scenario))
    off_ms = [int(told[birth.interaction.id]["end_talk"]) - end for birth, end in zip(births, expected, strict=True) if end < 10 * HOUR_MS]
    assert len(off_ms) > 350
    assert max(map(abs, off_ms)) < 100
    means = []
    for replication in range(20):
        arrivals = [birth.at for birth in births_of(replace(scenario, **a_long_day(200)), replication).births]
        spans = [end - at for at, end in zip(arrivals, shared_server(arrivals, MINUTE_MS), strict=True)]
        means.append(math.fsum(spans) / len(spans))
    mean, half_width = _interval(means)
    assert half_width < 0.05 * mean
    assert abs(mean - MINUTE_MS / 0.3) <= half_width


def a_long_day(hours: int) -> dict[str, Any]:
    """The fields of the scenario with as many hours of the same demand."""
    span = RateSpan(starts_at=0, ends_at=hours * HOUR_MS, expected=42 * hours)
    demand = DrawnDemand(streams=(DemandStream(channel="chat", type="", attributes={}, spans=(span,)),), description="a pool")
    return {"demand": demand, "ends_at": hours * HOUR_MS}


def shared_server(arrivals: Sequence[int], work_ms: int) -> list[float]:
    """When each of equal jobs leaves a server that parts itself evenly among all that are there, first in, first out.

    In virtual time, which advances by 1/n a millisecond with n jobs inside, every job takes its work.
    """
    ends: list[float] = []
    waiting: deque[float] = deque()  # the virtual times at which they leave
    now = virtual = 0.0
    for at in [*arrivals, math.inf]:
        while waiting and now + (waiting[0] - virtual) * len(waiting) <= at:
            now += (waiting[0] - virtual) * len(waiting)
            virtual = waiting.popleft()
            ends.append(now)
        virtual += (at - now) / len(waiting) if waiting else 0.0
        now = at
        waiting.append(virtual + work_ms)
    return ends


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean and the half-width of its 99 % interval."""
    count, mean = len(values), math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    return mean, float(stats.t.ppf(0.995, count - 1)) * deviation / math.sqrt(count)
