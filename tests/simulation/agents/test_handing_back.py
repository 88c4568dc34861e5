"""Shifts that end in the middle of a conversation: it is finished, or handed back."""

import math

import pytest

from routing.core.events import HandlingReturned, InteractionEnded, InteractionQueued, Recorded
from routing.model.interaction import EndCause
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from simulation.agents.holding import HoldRule
from simulation.behaviour import Behaviour, HandingOn, TransferRule
from simulation.demand import Birth, DemandStream, DrawnDemand, RateSpan
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.laws import Constant, Exponential
from simulation.run import run_replication
from simulation.scenario import AtEnd, ShiftEnd
from simulation.theory.many_agents import all_busy, mean_busy_unlimited
from tests.builders import VOICE, a_queue, a_rule, a_site, an_agent, an_interaction
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

SITE = a_site(channels=[VOICE], queues=[a_queue(wrap_up_limit_ms=MINUTE_MS, missed_threshold=0)], rules=[a_rule()])


def run(*births: Birth, rule: ShiftEnd = ShiftEnd.HAND_BACK, behaviour: Behaviour | None = None) -> list[Recorded]:
    """Ana until noon, ben from noon on."""
    members = [
        a_member(an_agent("ana", channels="voice:1"), a_shift(8 * HOUR_MS, 12 * HOUR_MS)),
        a_member(an_agent("ben", channels="voice:1"), a_shift(12 * HOUR_MS, 16 * HOUR_MS)),
    ]
    scenario = a_scenario(a_roster(*members), site=SITE, behaviour=behaviour, at_shift_end=rule)
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(*births))
    return log


def a_call(at: int, **overrides: object) -> Birth:
    """A call of ten minutes."""
    return a_birth(an_interaction(), at=at, **({"work_ms": 10 * MINUTE_MS} | overrides))  # type: ignore[arg-type]  # the builder checks the names


def test_a_conversation_at_the_end_of_a_shift_is_finished_or_handed_back() -> None:
    """Four minutes in, the shift ends: a ghost finishes it, or the next agent does what is left and nobody is a ghost."""
    call = a_call(12 * HOUR_MS - 4 * MINUTE_MS)
    finished, handed_back = story_of(run(call, rule=ShiftEnd.FINISH))["i1"], story_of(run(call))["i1"]
    assert (finished["agent"], finished["end_talk"]) == ("ana", 12 * HOUR_MS + 6 * MINUTE_MS)
    assert (handed_back["agent"], handed_back["start"], handed_back["end_talk"]) == ("ben", 12 * HOUR_MS, 12 * HOUR_MS + 6 * MINUTE_MS)
    ghosts = [int(facts_of(Ledger().read(run(call, rule=rule))).agents.ghost_ms.sum()) for rule in (ShiftEnd.FINISH, ShiftEnd.HAND_BACK)]
    assert ghosts == [6 * MINUTE_MS, 0]


def test_notes_are_finished_by_whoever_writes_them() -> None:
    """Wrap-up that runs past the end of the shift stays with its agent."""
    told = story_of(run(a_call(12 * HOUR_MS - 10 * MINUTE_MS - 20 * SECOND_MS, wrap_up_ms=50 * SECOND_MS)))["i1"]
    assert (told["agent"], told["agent_free"]) == ("ana", 12 * HOUR_MS + 30 * SECOND_MS)


def test_a_customer_on_hold_is_handed_back_with_the_rest_of_the_talk() -> None:
    """Five minutes of talk, on hold until noon and beyond, five minutes left: ben talks for five minutes, and holds nobody."""
    hold = HoldRule(when={}, share=1.0, begins=0.5, law=Constant(value_ms=30 * MINUTE_MS), part=0.0, source=ASSUMED)
    told = story_of(run(a_call(12 * HOUR_MS - 7 * MINUTE_MS), behaviour=a_behaviour(hold=(hold,))))["i1"]
    assert (told["agent"], told["end_talk"]) == ("ben", 12 * HOUR_MS + 5 * MINUTE_MS)


@pytest.mark.parametrize(("patience_ms", "leaves_at_ms"), [(1 * MINUTE_MS, 6 * MINUTE_MS), (45 * MINUTE_MS, 6 * MINUTE_MS)])
def test_whoever_is_handed_back_waits_with_new_patience(patience_ms: int, leaves_at_ms: int) -> None:
    """Nobody comes after noon: the customer leaves six minutes later, however much patience they had at first."""
    members = [a_member(an_agent("ana", channels="voice:1"), a_shift(8 * HOUR_MS, 12 * HOUR_MS))]
    behaviour = a_behaviour(patience=(a_rule_of(Constant(value_ms=6 * MINUTE_MS)),))
    scenario = a_scenario(a_roster(*members), site=SITE, behaviour=behaviour, at_shift_end=ShiftEnd.HAND_BACK)
    log: list[Recorded] = []
    call = a_call(12 * HOUR_MS - 4 * MINUTE_MS, patience_ms=patience_ms)
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(call))
    (left,) = [one.at for one in log if isinstance(one.event, InteractionEnded) and one.event.cause is EndCause.ABANDONED]
    assert left == 12 * HOUR_MS + leaves_at_ms


def test_staffing_that_changes_leaves_the_number_in_the_system_poisson() -> None:
    """Work and patience of one mean: under any staffing the number in the system is that of an unlimited pool, here from empty.

    (Feldman, Mandelbaum, Massey and Whitt 2008.)

    Ten a minute-mean on average, staffed by what is needed and half a root more; the share of instants at which all are busy agrees.
    """
    mean_ms, hours = 10 * MINUTE_MS, 4

    def rate_at(at: float) -> float:
        return 10 + 4 * math.sin(at)  # per mean, with time in means

    means = [mean_busy_unlimited(lambda at: rate_at(at) * (at >= 0), service_rate=1.0, at=float(step)) for step in range(6 * hours + 1)]
    staffed = [math.ceil(mean + 0.5 * math.sqrt(mean)) for mean in means]
    members = []
    for number in range(max(staffed)):
        spans = [(step * mean_ms, (step + 1) * mean_ms) for step, count in enumerate(staffed[:-1]) if number < count]
        members.append(a_member(an_agent(f"a{number:02}", channels="voice:1"), *(a_shift(*span) for span in _joined(spans))))
    rates = tuple(
        RateSpan(starts_at=at, ends_at=at + MINUTE_MS, expected=rate_at((at + MINUTE_MS / 2) / mean_ms) / 10)
        for at in range(0, hours * HOUR_MS, MINUTE_MS)
    )
    demand = DrawnDemand(streams=(DemandStream(channel="voice", type="", attributes={}, spans=rates),), description="waves")
    scenario = a_scenario(
        a_roster(*members),
        site=a_site(channels=[VOICE], queues=[a_queue(wrap_up_limit_ms=0)], rules=[a_rule()]),
        demand=demand,
        behaviour=a_behaviour(work=exponential(mean_ms), patience=exponential(mean_ms)),
        ends_at=hours * HOUR_MS,
        at_end=AtEnd.CUT,
        at_shift_end=ShiftEnd.HAND_BACK,
    )
    steps, replications = range(6, 6 * hours), 24
    expected = sum(all_busy(means[step], staffed[step]) for step in steps) / len(steps)
    busy, numbers, returns = [], [], 0
    for replication in range(replications):
        log: list[Recorded] = []
        run_replication(scenario, an_arm(scenario), replication, [log.append])
        returns += sum(1 for one in log if isinstance(one.event, HandlingReturned))
        changes = [(one.at, 1 if isinstance(one.event, InteractionQueued) else -1) for one in log
                   if isinstance(one.event, InteractionQueued | InteractionEnded)]  # fmt: skip
        inside = [sum(by for at, by in changes if at < step * mean_ms) for step in steps]
        busy.append(sum(number >= staffed[step] for number, step in zip(inside, steps, strict=True)) / len(steps))
        numbers.append(sum(inside) / len(steps))
    assert returns > 100  # otherwise nothing was tried
    for values, exact in ((busy, expected), (numbers, sum(means[step] for step in steps) / len(steps))):
        mean = sum(values) / replications
        deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (replications - 1))
        assert abs(mean - exact) < 2.81 * deviation / math.sqrt(replications)  # 99 %, 23 degrees of freedom


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@pytest.mark.parametrize("kind", HandingOn)
def test_everything_at_once_adds_up(kind: HandingOn) -> None:
    """Half of the calls is handed on, most have a hold, all agents go at odd times: the books of every run balance, twice the same."""
    transfer = TransferRule(
        when={"type": ("first",)}, share=0.5, kind=kind, channel=None, type="second", attributes={},
        consult=Exponential(mean_ms=MINUTE_MS), consult_wait_ms=MINUTE_MS, source=ASSUMED,
    )  # fmt: skip
    behaviour = a_behaviour(
        work=exponential(4 * MINUTE_MS),
        patience=exponential(3 * MINUTE_MS),
        wrap_up=exponential(20_000),
        transfer=(transfer,),
        hold=(HoldRule(when={}, share=0.8, begins=0.3, law=Exponential(mean_ms=MINUTE_MS), part=0.0, source=ASSUMED),),
    )
    shifts = [a_shift(start * 7 * MINUTE_MS, (start * 7 + 60) * MINUTE_MS) for start in range(10)]
    members = [a_member(an_agent(f"a{number}", channels="voice:1"), shift) for number, shift in enumerate(shifts)]
    spans = (RateSpan(starts_at=0, ends_at=2 * HOUR_MS, expected=150),)
    demand = DrawnDemand(streams=(DemandStream(channel="voice", type="first", attributes={}, spans=spans),), description="calls")
    fields = {"site": SITE, "behaviour": behaviour, "demand": demand, "ends_at": 2 * HOUR_MS, "at_shift_end": ShiftEnd.HAND_BACK}
    scenario = a_scenario(a_roster(*members), **fields)  # type: ignore[arg-type]  # the builder checks the names
    logs: list[list[Recorded]] = [[], []]
    for log in logs:
        run_replication(scenario, an_arm(scenario), 0, [log.append])  # checks the identities of the run
    assert logs[0] == logs[1]
    assert sum(isinstance(one.event, HandlingReturned) for one in logs[0]) >= 3
    assert facts_of(Ledger().read(logs[0])).held_ms.sum() > 0
