"""Call-backs in the simulated world: customers who hang up, agents who ring them up, and what that does to a peak."""

from pathlib import Path
from typing import Any

import pytest

from routing.config.errors import ConfigError
from routing.core import events
from routing.core.events import Recorded
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from simulation.behaviour_file import load_behaviour
from simulation.coverage import check_callback_habits
from simulation.customers.callback_habits import CallbackHabit
from simulation.demand import Births
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio, Tally
from simulation.kpis.tabulate import tabulate
from simulation.laws import Constant
from simulation.run import RunSummary, run_replication
from simulation.streams import Streams
from tests.builders import CHAT, VOICE, a_calendar, a_channel, a_queue, a_site, an_agent, an_interaction, some_hours
from tests.simulation.worlds import ASSUMED, a_behaviour, a_birth, a_member, a_roster, a_scenario, an_arm, the_births

RULE = CallbackRule(attempts_max=3, spacing_ms=10 * MINUTE_MS)


def a_habit(**overrides: Any) -> CallbackHabit:
    """Everybody takes a call-back after a minute, and answers when it has rung for ten seconds."""
    habit: dict[str, Any] = {
        "when": {},
        "after_ms": MINUTE_MS,
        "taken": 1.0,
        "kind": CallbackKind.AGENT_FIRST,
        "channel": None,
        "answered": 1.0,
        "ring": Constant(value_ms=10 * SECOND_MS),
        "source": ASSUMED,
    }
    return CallbackHabit(**(habit | overrides))


def a_callback_site(rule: CallbackRule = RULE) -> Site:
    """A phone line that takes call-backs."""
    return a_site(channels=[VOICE, CHAT, a_channel("back")], queues=[a_queue(callback=rule, wrap_up_limit_ms=0)])


def a_peak() -> Births:
    """Sixty calls within twenty minutes, of three minutes each, by customers who wait four."""
    return the_births(
        *(
            a_birth(an_interaction(f"i{number}"), at=number * 20 * SECOND_MS, patience_ms=4 * MINUTE_MS, work_ms=3 * MINUTE_MS)
            for number in range(60)
        )
    )


def run(
    *habits: CallbackHabit, births: Births | None = None, site: Site | None = None, agents: int = 4
) -> tuple[RunSummary, list[Recorded]]:
    """The peak with those habits under four agents; the identity of the counts is checked by the run itself."""
    crew = [a_member(an_agent(f"a{number}", channels="voice:1 back:1")) for number in range(agents)]
    behaviour = a_behaviour(callback=habits)
    scenario = a_scenario(a_roster(*crew), site=site or a_callback_site(), behaviour=behaviour, ends_at=2 * HOUR_MS)
    log: list[Recorded] = []
    summary = run_replication(scenario, an_arm(scenario), 0, [log.append], births=births or a_peak())
    return summary, log


def measured(log: list[Recorded]) -> dict[str, Tally]:
    """The overall measures of a log."""
    return dict(tabulate(facts_of(Ledger().read(log))).overall)


@pytest.mark.parametrize("kind", list(CallbackKind))
def test_call_backs_flatten_a_peak_with_the_same_agents(kind: CallbackKind) -> None:
    """Without them a third of the customers hang up for good; with them all are served, later, by the same agents."""
    without, _ = run()
    summary, log = run(a_habit(kind=kind, channel="back"))
    assert without.abandoned > 15
    assert (60, 0, 0) == (summary.handled, summary.abandoned, summary.in_progress)
    row = measured(log)
    called = row["callbacks"]
    assert isinstance(called, Ratio)
    assert called.numerator > 15
    assert Ratio(called.numerator, called.numerator) == row["callbacks_reached"]
    wait = row["callback_wait_s"]
    assert isinstance(wait, Ratio)
    assert wait.numerator // wait.denominator > MINUTE_MS


def test_nobody_hangs_up_where_the_queue_takes_no_call_backs() -> None:
    """The log is that of a world in which nobody has the habit, event for event."""
    site = a_callback_site(CallbackRule())
    assert run(site=site) == run(a_habit(), site=site)


def test_who_would_leave_before_the_offer_leaves_and_who_declines_it_waits_on() -> None:
    """Habits after the patience, or taken by nobody, change nothing."""
    plain = run()
    assert plain == run(a_habit(after_ms=4 * MINUTE_MS)) == run(a_habit(taken=0.0))
    assert plain == run(a_habit(when={"channel": ("chat",)}))


@pytest.mark.parametrize("kind", list(CallbackKind))
def test_customers_who_never_answer_end_as_unreached(kind: CallbackKind) -> None:
    """One agent is busy for an hour; the second caller is tried three times, ten minutes apart, and the agent is free in between."""
    births = the_births(
        a_birth(an_interaction("long"), work_ms=HOUR_MS), a_birth(an_interaction("back"), at=SECOND_MS, patience_ms=HOUR_MS)
    )
    summary, log = run(a_habit(kind=kind, answered=0.0), births=births, agents=1)
    assert (1, 1) == (summary.handled, summary.unreached)
    launched = [(one.at - HOUR_MS, one.event.attempt) for one in log if isinstance(one.event, events.CallbackLaunched)]
    between_ms = 10 * MINUTE_MS + 10 * SECOND_MS
    assert [(0, 1), (between_ms, 2), (2 * between_ms, 3)] == launched
    row = measured(log)
    assert (Ratio(3, 1), Ratio(0, 1), Ratio(1, 1)) == (row["callback_attempts"], row["callbacks_reached"], row["unreached"])


def test_an_attempt_that_rings_longer_than_the_router_waits_is_over() -> None:
    """Customer first, and the telephone rings for two minutes where one is allowed: the report comes too late for each attempt."""
    births = the_births(a_birth(an_interaction("long"), work_ms=HOUR_MS), a_birth(an_interaction("back"), at=SECOND_MS))
    habit = a_habit(kind=CallbackKind.CUSTOMER_FIRST, ring=Constant(value_ms=2 * MINUTE_MS))
    summary, log = run(habit, births=births, agents=1)
    assert 1 == summary.unreached
    outcomes = [one.event.outcome for one in log if isinstance(one.event, events.CallbackAttemptEnded)]
    assert ["timed_out"] * 3 == outcomes


def test_draws_are_the_customers_own() -> None:
    """Taking the offer and answering an attempt depend on the interaction and the attempt's number alone."""
    streams, habit = Streams(seed=1, replication=0), a_habit(taken=0.5, answered=0.5)
    customers = [an_interaction(f"i{number}") for number in range(200)]
    takers = [habit.takes(customer, None, streams) for customer in customers]
    assert takers == [habit.takes(customer, HOUR_MS, streams) for customer in reversed(customers)][::-1]
    assert 70 < sum(takers) < 130
    attempts = [habit.attempt(customers[0], number, streams) for number in range(1, 200)]
    assert 70 < sum(outcome is CallbackOutcome.ANSWERED for _, outcome in attempts) < 130
    assert {10 * SECOND_MS} == {ring_ms for ring_ms, _ in attempts}


def test_a_behaviour_file_with_call_backs_is_read(tmp_path: Path) -> None:
    """Every key of the reference page, with its source in the report."""
    (block,) = [part for part in Path("docs/reference/behaviour.md").read_text().split("```") if part.startswith("toml")]
    file = tmp_path / "behaviour.toml"
    file.write_text(block.removeprefix("toml\n"))
    behaviour = load_behaviour(file)
    (habit,) = behaviour.callback
    assert (2 * MINUTE_MS, 0.6, 0.8, CallbackKind.AGENT_FIRST, None) == (
        habit.after_ms, habit.taken, habit.answered, habit.kind, habit.channel,
    )  # fmt: skip
    assert any(line.startswith("call-backs (channel phone): assumption: six in ten") for line in behaviour.sources())


@pytest.mark.parametrize(("habit", "site", "problem"), [
    (a_habit(channel="telex"), a_callback_site(), r"callback\[0\].channel.*is not a channel of the scenario's site"),
    (a_habit(), a_callback_site(CallbackRule()), "no queue of the scenario's site takes any"),
])  # fmt: skip
def test_habits_that_come_to_nothing_are_refused(habit: CallbackHabit, site: Site, problem: str) -> None:
    """Before anything runs, naming the behaviour file."""
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), site=site, behaviour=a_behaviour(callback=(habit,)))
    with pytest.raises(ConfigError, match=problem):
        check_callback_habits(scenario, Path("behaviour.toml"))
    check_callback_habits(a_scenario(a_roster(), site=site), Path("behaviour.toml"))


def test_no_shows_and_engaged_lines_are_attempts_that_came_to_nothing() -> None:
    """Who is gone answers no attempt; an engaged line ends each attempt at once."""
    births = the_births(
        a_birth(an_interaction("long"), work_ms=HOUR_MS), a_birth(an_interaction("back"), at=SECOND_MS, patience_ms=HOUR_MS)
    )
    for habit, outcome, ring_ms in ((a_habit(gone=1.0), "no_answer", 10 * SECOND_MS), (a_habit(busy=1.0), "busy", 0)):
        summary, log = run(habit, births=births, agents=1)
        assert 1 == summary.unreached
        ended = [(one.at, one.event.outcome.value) for one in log if isinstance(one.event, events.CallbackAttemptEnded)]
        assert [(HOUR_MS + number * (10 * MINUTE_MS + ring_ms) + ring_ms, outcome) for number in range(3)] == ended


def test_a_share_of_no_shows_is_the_customers_own_and_moves_no_other_draw() -> None:
    """Half are gone: each of them for every attempt, and the others answer as they did."""
    streams, plain, habit = Streams(seed=1, replication=0), a_habit(answered=0.7), a_habit(answered=0.7, gone=0.5)
    customers = [an_interaction(f"i{number}") for number in range(200)]
    answers = [[habit.attempt(one, number, streams)[1] is CallbackOutcome.ANSWERED for number in range(1, 9)] for one in customers]
    before = [[plain.attempt(one, number, streams)[1] is CallbackOutcome.ANSWERED for number in range(1, 9)] for one in customers]
    gone = [not any(row) for row in answers]
    assert 70 < sum(gone) < 130
    assert [row for row, is_gone in zip(before, gone, strict=True) if not is_gone] == [row for row in answers if any(row)]


@pytest.mark.parametrize(("agents", "kept", "rung_at"), [(1, 0, HOUR_MS), (2, 1, 31 * MINUTE_MS + SECOND_MS)])
def test_wishes_and_promises_are_made_and_measured(agents: int, kept: int, rung_at: int) -> None:
    """Called no earlier than half an hour after hanging up, and promised ten minutes from then: kept where a second agent is there."""
    births = the_births(
        a_birth(an_interaction("long"), work_ms=HOUR_MS),
        a_birth(an_interaction("other"), work_ms=29 * MINUTE_MS),
        a_birth(an_interaction("back"), at=SECOND_MS, patience_ms=90 * MINUTE_MS),
    )
    habit = a_habit(wished=Constant(value_ms=30 * MINUTE_MS), promised_ms=10 * MINUTE_MS)
    born = births if agents == 2 else the_births(births.births[0], births.births[2])
    _, log = run(habit, births=born, agents=agents)
    assert [rung_at] == [one.at for one in log if isinstance(one.event, events.CallbackLaunched)]
    assert Ratio(kept, 1) == measured(log)["promises_kept"]


def test_nothing_is_promised_for_a_time_at_which_the_queue_is_closed() -> None:
    """The queue closes in ten minutes until the evening: the call-back is made then, without a promise."""
    calendar = a_calendar((0, 10 * MINUTE_MS), (90 * MINUTE_MS, 24 * HOUR_MS))
    queue = a_queue(callback=RULE, wrap_up_limit_ms=0, hours=some_hours())
    site = a_site(channels=[VOICE, CHAT, a_channel("back")], queues=[queue], calendars={"office": calendar})
    births = the_births(
        a_birth(an_interaction("long"), work_ms=5 * MINUTE_MS), a_birth(an_interaction("back"), at=SECOND_MS, patience_ms=HOUR_MS)
    )
    habit = a_habit(wished=Constant(value_ms=30 * MINUTE_MS), promised_ms=10 * MINUTE_MS)
    _, log = run(habit, births=births, site=site, agents=1)
    (requested,) = [one.event for one in log if isinstance(one.event, events.CallbackRequested)]
    assert (90 * MINUTE_MS, None) == (requested.not_before, requested.promised_at)
