"""Orders of service that are known exactly: the earliest due first has the least lateness, and a call-back keeps the place in line."""

import itertools
import random

import pytest

from routing.core.events import Recorded
from routing.model.callback import CallbackKind, CallbackRule
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from simulation.demand import Birth, Births
from simulation.laws import Constant
from simulation.run import run_replication
from tests.builders import EMAIL, VOICE, a_queue, a_rule, a_site, an_agent, an_interaction, an_urgency
from tests.simulation.test_callbacks import a_habit
from tests.simulation.worlds import a_behaviour, a_birth, a_member, a_roster, a_scenario, a_shift, an_arm, story_of, the_births


def lateness_min(works: list[int], dues: list[int], begin: int) -> int:
    """The least maximal lateness over all orders, tried one by one."""

    def lateness(order: tuple[int, ...]) -> int:
        ends = itertools.accumulate((works[job] for job in order), initial=begin)
        return max(end - dues[job] for job, end in zip(order, itertools.islice(ends, 1, None), strict=True))

    return min(lateness(order) for order in itertools.permutations(range(len(works))))


@pytest.mark.parametrize("seed", range(12))
def test_deferrable_work_by_its_deadline_is_as_little_late_as_can_be(seed: int) -> None:
    """Six e-mails wait in the morning, and in some order none is late: pressure alone finds Jackson's (1955), the least late of all.

    What is late has no pressure to lose, and then goes by its place in line: so the promise is for days that can be kept.
    """
    rng = random.Random(seed)
    begin = 5 * MINUTE_MS
    works = [rng.randrange(1, 30) * MINUTE_MS for _ in range(6)]
    some_order = rng.sample(range(6), 6)
    starts = dict(zip(some_order, itertools.accumulate((works[job] for job in some_order), initial=begin), strict=False))
    dues = [starts[job] + works[job] + rng.randrange(3) * MINUTE_MS + job for job in range(6)]
    births = [
        a_birth(an_interaction(f"i{job}", channel="email", due_at=due), work_ms=work)
        for job, (work, due) in enumerate(zip(works, dues, strict=True))
    ]
    site = a_site(
        channels=[EMAIL],
        queues=[a_queue(wrap_up_limit_ms=0)],
        rules=[a_rule(urgency=an_urgency(slope_per_mille=0, pressure_weight_ms=HOUR_MS))],
    )
    roster = a_roster(a_member(an_agent(channels="email:1"), a_shift(begin)))
    scenario = a_scenario(roster, site=site, behaviour=a_behaviour())
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(*births))
    told = story_of(log)
    found = max(int(told[f"i{job}"]["agent_free"]) - due for job, due in enumerate(dues))
    assert found == lateness_min(works, dues, begin) <= 0


def callers(seed: int) -> Births:
    """Two hundred callers at one and a half times what two agents can do, none of whom leaves."""
    rng = random.Random(seed)
    at = itertools.accumulate(int(rng.expovariate(1.0) * MINUTE_MS) for _ in range(200))
    return the_births(*(_caller(number, instant, rng) for number, instant in enumerate(at)))


def _caller(number: int, at: int, rng: random.Random) -> Birth:
    return a_birth(an_interaction(f"i{number}"), at=at, work_ms=max(1, int(rng.expovariate(1.0) * 3 * MINUTE_MS)))


@pytest.mark.parametrize("kind", list(CallbackKind))
@pytest.mark.parametrize("seed", range(3))
def test_a_call_back_keeps_its_place(seed: int, kind: CallbackKind) -> None:
    """Called back at once when their turn comes, customers who hang up are served at the same instants as if they had held the line."""
    site = a_site(channels=[VOICE], queues=[a_queue(callback=CallbackRule(attempts_max=1), wrap_up_limit_ms=0)])
    roster = a_roster(*(a_member(an_agent(f"a{number}", channels="voice:1")) for number in range(2)))
    told = []
    for habits in ((), (a_habit(after_ms=20 * SECOND_MS, ring=Constant(value_ms=0), kind=kind),)):
        scenario = a_scenario(roster, site=site, behaviour=a_behaviour(callback=habits))
        log: list[Recorded] = []
        summary = run_replication(scenario, an_arm(scenario), 0, [log.append], births=callers(seed))
        assert summary.handled == 200
        told.append(sorted((row["end_talk"], key) for key, row in story_of(log).items()))
    assert told[0] == told[1]
