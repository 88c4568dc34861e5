"""Lines, balking, redials and repeat contacts against theory.

The world is shown to do, attempt by attempt, what a pool run by hand does with the same draws; the pool by hand, which is quick enough for
many customers, is then held against the exact figures: 99 % intervals with a stated half-width.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import pytest

from routing.core.events import InteractionEnded, InteractionQueued, OfferAccepted, Recorded
from routing.model.interaction import EndCause
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS, Duration, Instant
from simulation.births import births_of
from simulation.customers.balking import Balking
from simulation.customers.coming_again import USUAL_LOSSES, Loss, Redial, Resolution, Return
from simulation.customers.facts import Balked, Blocked, CustomerFact
from simulation.customers.lines import LineGroup
from simulation.kpis.measure import Ratio
from simulation.laws import Exponential
from simulation.run import run_replication
from simulation.streams import Streams
from simulation.theory.erlang import ErlangC, erlang_b
from simulation.theory.patience import ExponentialPatience, PoolWithPatience
from simulation.theory.pools import redials
from tests.simulation.customers.by_hand import Attempt, PoolByHand, Rules, exponential_ms
from tests.simulation.customers.pools import a_pool, interval, misses
from tests.simulation.worlds import ASSUMED, an_arm

AS_THEY_ARE = Return(attributes={})
TENTH_BALKS = Balking(when={}, after_ms=0, share=0.1, steps=(), leave_beyond=None, patience=1.0, source=ASSUMED)
THREE_IN_FOUR_REDIAL = Redial(
    when={},
    after=USUAL_LOSSES,
    share=0.75,
    delay=Exponential(mean_ms=20 * MINUTE_MS),
    attempts_max=1_000,
    shape=AS_THEY_ARE,
    source=ASSUMED,
)
THREE_IN_FOUR_RESOLVED = Resolution(
    when={},
    agent={},
    resolved=0.75,
    returns=1.0,
    delay=Exponential(mean_ms=10 * MINUTE_MS),
    contacts_max=1_000,
    shape=AS_THEY_ARE,
    source=ASSUMED,
)
EVERYTHING = Rules(
    agents=5,
    work=Exponential(mean_ms=3 * MINUTE_MS),
    patience=Exponential(mean_ms=2 * MINUTE_MS),
    lines=7,
    balking=TENTH_BALKS,
    redial=replace(THREE_IN_FOUR_REDIAL, attempts_max=3),
    resolution=replace(THREE_IN_FOUR_RESOLVED, returns=0.9, contacts_max=3),
    ends_at=8 * HOUR_MS,
)
"""Two calls a minute of three minutes for five agents on seven lines: everything happens, and often."""


class Told:
    """The attempts of a world in order of arrival: id, instant, wait and fate, from the router's events and the world's facts."""

    def __init__(self) -> None:
        self.fates: dict[str, tuple[Instant, Duration, str]] = {}
        self.balked: set[str] = set()

    def observe(self, recorded: Recorded) -> None:
        """The next event."""
        _, at, _, event = recorded
        match event:
            case InteractionQueued(interaction=interaction):
                self.fates[interaction.id] = (at, -1, "")
            case OfferAccepted(interaction_id=key):
                self.fates[key] = (self.fates[key][0], at - self.fates[key][0], "served")
            case InteractionEnded(interaction_id=key, cause=EndCause.ABANDONED):
                fate = Loss.BALKED if key in self.balked else Loss.ABANDONED
                self.fates[key] = (self.fates[key][0], at - self.fates[key][0], fate)
            case _:
                pass

    def witness(self, at: Instant, fact: CustomerFact) -> None:
        """The next fact."""
        match fact:
            case Blocked(interaction=interaction):
                self.fates[interaction.id] = (at, 0, Loss.BLOCKED)
            case Balked(interaction_id=key):
                self.balked.add(key)
            case _:
                pass


def test_the_world_does_what_the_pool_by_hand_does() -> None:
    """A day in which customers are blocked, balk, leave, try again and come back: the same attempts, instants and fates."""
    rules = EVERYTHING
    scenario = a_pool(
        per_minute=2,
        agents=rules.agents,
        work=rules.work,
        patience=rules.patience,
        horizon_ms=rules.ends_at,
        behaviour={"balking": (rules.balking,), "redial": (rules.redial,), "resolution": (rules.resolution,)},
        lines=(LineGroup(name="trunks", channels=("voice",), count=7),),
    )
    births, streams, told = births_of(scenario, 0), Streams(seed=scenario.seed, replication=0), Told()
    summary = run_replication(scenario, an_arm(scenario), 0, [told.observe], witnesses=[told.witness], births=births)
    first = [Attempt(birth.interaction.id, birth.at, birth.patience_ms, birth.work_ms) for birth in births.births]
    by_hand = PoolByHand(rules, streams.uniform).run(first)
    assert [(one.id, one.at, one.waited_ms, "" if one.is_waiting else one.fate) for one in by_hand] == [
        (key, *fate) for key, fate in told.fates.items()
    ]
    fates = Counter(one.fate for one in by_hand)
    assert min(fates[fate] for fate in ("served", Loss.ABANDONED, Loss.BLOCKED, Loss.BALKED)) > 20
    assert (summary.blocked, summary.offered) == (fates[Loss.BLOCKED], len(by_hand))
    assert summary.redials == sum(1 for one in by_hand if one.attempt > 1)
    assert summary.repeats == sum(1 for one in by_hand if one.contact > 1 and one.attempt == 1)


Figure: TypeAlias = Callable[[list[Attempt]], tuple[int, int]]
"""Numerator and denominator of a figure, of the attempts of one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A pool with exact figures: by name the exact value, and how a day's attempts tell it."""

    id: str
    per_minute: float
    rules: Rules
    days: int
    exact: Mapping[str, float]
    figures: Mapping[str, Figure]
    half_width_max: float


def share_of(is_one: Callable[[Attempt], bool], is_counted: Callable[[Attempt], bool] = lambda one: True) -> Figure:
    """How many of those who count are such."""
    return lambda day: (sum(1 for one in day if is_one(one)), sum(1 for one in day if is_counted(one)))


def mean_wait(day: list[Attempt]) -> tuple[int, int]:
    """Milliseconds waited by all whose wait is over."""
    waits = [one.waited_ms for one in day if one.waited_ms >= 0]
    return sum(waits), len(waits)


HORIZON = 26 * HOUR_MS
BALKING = PoolWithPatience(arrival_rate=200 / 60, service_rate=0.6, agents=8, patience=ExponentialPatience(mean=1000 / 60, balking=0.1))
REDIALS = redials(arrival_rate=2, service_rate=1 / 5, agents=10, patience_rate=1 / 2, redial_share=0.75, redial_rate=1 / 20)
REPEATS = ErlangC(arrival_rate=2 / 0.75, service_rate=1 / 4, agents=12)
CASES = (
    Case(
        id="erlang-b-01",
        per_minute=7,
        rules=Rules(agents=10, work=Exponential(mean_ms=MINUTE_MS), lines=10, ends_at=HORIZON),
        days=20,
        exact={"blocked": erlang_b(10, 7.0)},
        figures={"blocked": share_of(lambda one: one.fate == Loss.BLOCKED)},
        half_width_max=0.05,
    ),
    Case(
        id="erlang-a-balk-01",
        per_minute=200 / 60,
        rules=Rules(
            agents=8,
            work=Exponential(mean_ms=100 * SECOND_MS),
            patience=Exponential(mean_ms=1_000 * SECOND_MS),
            balking=TENTH_BALKS,
            ends_at=HORIZON,
        ),
        days=30,
        exact={"lost": BALKING.abandoned, "wait": BALKING.mean_wait * MINUTE_MS},
        figures={"lost": share_of(lambda one: one.fate in {Loss.BALKED, Loss.ABANDONED}), "wait": mean_wait},
        half_width_max=0.2,
    ),
    Case(
        id="redial-01",
        per_minute=2,
        rules=Rules(
            agents=10,
            work=Exponential(mean_ms=5 * MINUTE_MS),
            patience=Exponential(mean_ms=2 * MINUTE_MS),
            redial=THREE_IN_FOUR_REDIAL,
            ends_at=HORIZON,
        ),
        days=40,
        exact={"left": REDIALS["abandoned_per_attempt"], "attempts": REDIALS["attempt_rate"] / 2},
        figures={
            "left": share_of(lambda one: one.fate == Loss.ABANDONED),
            "attempts": share_of(lambda one: True, lambda one: one.attempt == 1),
        },
        half_width_max=0.06,
    ),
    Case(
        id="fcr-01",
        per_minute=2,
        rules=Rules(agents=12, work=Exponential(mean_ms=4 * MINUTE_MS), resolution=THREE_IN_FOUR_RESOLVED, ends_at=HORIZON),
        days=40,
        exact={"contacts": 1 / 0.75, "wait": REPEATS.mean_wait * MINUTE_MS},
        figures={"contacts": share_of(lambda one: True, lambda one: one.contact == 1), "wait": mean_wait},
        half_width_max=0.25,
    ),
)


def test_the_cases_are_the_published_ones() -> None:
    """The exact figures that the pools are held against, digit by digit."""
    exact = {case.id: dict(case.exact) for case in CASES}
    assert exact == {
        "erlang-b-01": {"blocked": pytest.approx(0.07874088297, rel=1e-8)},
        "erlang-a-balk-01": {"lost": pytest.approx(0.02735371546, rel=1e-8), "wait": pytest.approx(5_754.386595, rel=1e-8)},
        "redial-01": {"left": pytest.approx(0.2657839368, rel=1e-6), "attempts": pytest.approx(2.497932813 / 2, rel=1e-6)},
        "fcr-01": {"contacts": pytest.approx(2.666666667 / 2, rel=1e-8), "wait": pytest.approx(1.816539451 * MINUTE_MS, rel=1e-8)},
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_figures_agree_with_theory(case: Case) -> None:
    """The 99 % interval of every figure is as narrow as asked for and contains the exact value; the first two hours are not counted."""
    days = [day_by_hand(case, number) for number in range(case.days)]
    found = {name: interval([Ratio(*figure(day)) for day in days]) for name, figure in case.figures.items()}
    assert misses(found, case.exact, half_width_max=case.half_width_max) == []


def day_by_hand(case: Case, number: int) -> list[Attempt]:
    """One independent day of a pool by hand, with chance from Python's own generator."""
    generator, rules = random.Random(number), case.rules
    first, at = list[Attempt](), 0.0
    while (at := at + generator.expovariate(case.per_minute / MINUTE_MS)) < rules.ends_at:
        patience_ms = None if rules.patience is None else exponential_ms(rules.patience, generator.random())
        first.append(Attempt(f"{len(first)}", int(at), patience_ms, exponential_ms(rules.work, generator.random())))
    return [one for one in PoolByHand(rules, lambda purpose, name: generator.random()).run(first) if one.at >= 2 * HOUR_MS]
