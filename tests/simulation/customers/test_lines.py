"""Lines: who takes one and until when, and who hears a busy tone."""

from typing import Any

import pytest

from routing.core import events
from routing.core.events import Recorded
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from simulation.behaviour import HandingOn, TransferRule
from simulation.customers.callback_habits import CallbackHabit
from simulation.customers.facts import Blocked, CustomerFact
from simulation.customers.lines import LineGroup
from simulation.demand import Births
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.tabulate import tabulate
from simulation.laws import Constant
from simulation.run import RunSummary, run_replication
from tests.builders import CHAT, VOICE, a_channel, a_queue, a_site, an_agent, an_interaction
from tests.simulation.worlds import ASSUMED, a_behaviour, a_birth, a_member, a_roster, a_scenario, an_arm, the_births

SITE = a_site(
    channels=[VOICE, CHAT, a_channel("back")], queues=[a_queue(callback=CallbackRule(attempts_max=2), wrap_up_limit_ms=MINUTE_MS)]
)


def run(
    births: Births, *, agents: str = "voice:1 back:1", crew: int = 1, lines: int = 1, **behaviour: Any
) -> tuple[RunSummary, list[str], list[Recorded], Ledger]:
    """What became of the births on so many lines for calls: the summary, who was blocked, the log and its ledger."""
    scenario = a_scenario(
        a_roster(*(a_member(an_agent(f"a{number}", channels=agents)) for number in range(crew))),
        site=SITE,
        behaviour=a_behaviour(**behaviour),
        ends_at=2 * HOUR_MS,
        lines=(LineGroup(name="trunks", channels=("voice", "back"), count=lines),),
    )
    blocked: list[str] = []
    log: list[Recorded] = []
    ledger = Ledger()

    def witness(at: int, fact: CustomerFact) -> None:
        assert isinstance(fact, Blocked)
        assert fact.lines == "trunks"
        blocked.append(fact.interaction.id)

    summary = run_replication(scenario, an_arm(scenario), 0, [log.append, ledger], witnesses=[witness, ledger.witness], births=births)
    return summary, blocked, log, ledger


def test_all_lines_taken_is_a_busy_tone_though_an_agent_is_idle() -> None:
    """Two agents, one line: the second caller is blocked beside an idle agent; the third comes when the line is free again."""
    births = the_births(
        a_birth(an_interaction("first")),
        a_birth(an_interaction("second"), at=30 * SECOND_MS),
        a_birth(an_interaction("third"), at=61 * SECOND_MS),
    )
    summary, blocked, log, ledger = run(births, crew=2)
    assert blocked == ["second"]
    assert (summary.offered, summary.handled, summary.blocked) == (3, 2, 1)
    assert "second" not in {one.event.interaction.id for one in log if isinstance(one.event, events.InteractionQueued)}
    table = tabulate(facts_of(ledger))
    for row in (table.overall, table.by_channel["voice"], table.by_kind["live"], table.by_interval[0]):
        assert (row["offered"], row["handled"], row["blocked"]) == (Ratio(3, 1), Ratio(2, 1), Ratio(1, 1))
        assert (row["service_level"], row["wait_mean_s"]) == (Ratio(2, 3), Ratio(0, 2))
    assert (table.by_queue["main"]["offered"], table.by_queue["main"]["service_level"]) == (Ratio(2, 1), Ratio(2, 2))


def test_the_line_is_free_at_the_end_of_the_talk_and_before_wrap_up() -> None:
    """Wrap-up of a minute holds the agent, not the line: who comes then waits on the line, and the next one is blocked."""
    births = the_births(
        a_birth(an_interaction("talks"), wrap_up_ms=50 * SECOND_MS),
        a_birth(an_interaction("waits"), at=70 * SECOND_MS),
        a_birth(an_interaction("blocked"), at=80 * SECOND_MS),
    )
    summary, blocked, _, _ = run(births)
    assert blocked == ["blocked"]
    assert summary.handled == 2


def test_who_leaves_gives_the_line_back_and_other_channels_need_none() -> None:
    """The second caller's patience ends after ten seconds; a chat needs no line."""
    births = the_births(
        a_birth(an_interaction("talks"), work_ms=HOUR_MS),
        a_birth(an_interaction("leaves"), at=SECOND_MS, patience_ms=10 * SECOND_MS),
        a_birth(an_interaction("chats", channel="chat"), at=2 * SECOND_MS),
        a_birth(an_interaction("blocked"), at=10 * SECOND_MS),
        a_birth(an_interaction("waits"), at=12 * SECOND_MS),
    )
    summary, blocked, _, _ = run(births, lines=2)
    assert blocked == ["blocked"]
    assert summary.abandoned == 1


@pytest.mark.parametrize("kind", list(HandingOn))
def test_a_conversation_that_is_handed_on_keeps_its_line(kind: HandingOn) -> None:
    """A minute with the first agent and one with the second are one call on one line, however it is handed on."""
    rule = TransferRule(
        when={"type": ("sales",)},
        share=1.0,
        kind=kind,
        channel=None,
        type="billing",
        attributes={},
        consult=Constant(value_ms=20 * SECOND_MS),
        consult_wait_ms=MINUTE_MS,
        source=ASSUMED,
    )
    consulted_ms = 20 * SECOND_MS if kind is HandingOn.CONSULT else 0
    births = the_births(
        a_birth(an_interaction("goes on", type="sales")),
        a_birth(an_interaction("during", type="billing"), at=110 * SECOND_MS + consulted_ms),
        a_birth(an_interaction("after", type="billing"), at=121 * SECOND_MS + consulted_ms),
    )
    summary, blocked, _, _ = run(births, crew=3, transfer=(rule,))
    assert blocked == ["during"]
    assert (summary.legs, summary.transferred, summary.handled) == (1, 1, 2)


def test_who_hangs_up_for_a_call_back_frees_the_line_and_being_rung_up_takes_one() -> None:
    """A first attempt finds both lines taken and fails at once; a second one reaches the customer on a line of its own."""
    habit = CallbackHabit(
        when={"type": ("sales",)},
        after_ms=MINUTE_MS,
        taken=1.0,
        kind=CallbackKind.CUSTOMER_FIRST,
        channel="back",
        answered=1.0,
        ring=Constant(value_ms=10 * SECOND_MS),
        source=ASSUMED,
    )
    births = the_births(
        a_birth(an_interaction("talks", type="other"), work_ms=10 * MINUTE_MS, wrap_up_ms=50 * SECOND_MS),
        a_birth(an_interaction("wants a call", type="sales"), at=SECOND_MS),
        a_birth(an_interaction("in its place", type="other"), at=2 * MINUTE_MS),
        a_birth(an_interaction("blocked", type="other"), at=3 * MINUTE_MS),
        a_birth(an_interaction("during wrap-up", type="other"), at=10 * MINUTE_MS + SECOND_MS),
    )
    summary, blocked, log, _ = run(births, lines=2, callback=(habit,))
    assert blocked == ["blocked"]
    ended = [(one.at, one.event.outcome) for one in log if isinstance(one.event, events.CallbackAttemptEnded)]
    assert ended == [(10 * MINUTE_MS + 50 * SECOND_MS, CallbackOutcome.FAILED)]
    assert (summary.handled, summary.unreached) == (4, 0)
