"""Coming again: what becomes of one customer, told step by step, and what the measures say of it."""

from dataclasses import replace
from typing import Any

import pytest

from routing.config.errors import ConfigError
from routing.core.events import InteractionQueued, Recorded
from routing.model.agent import Agent
from routing.model.interaction import Interaction
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS, Instant
from simulation.behaviour import HandingOn, TransferRule
from simulation.births import births_of
from simulation.customers.coming_again import USUAL_LOSSES, Loss, Redial, Resolution, Return
from simulation.customers.facts import CameAgain, CustomerFact
from simulation.customers.lines import LineGroup
from simulation.demand import BacklogItem, Birth
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.tabulate import Row, Table, tabulate
from simulation.laws import Constant, Exponential, Never
from simulation.run import RunSummary, run_replication
from simulation.scenario import OpenSpan, Scenario
from tests.builders import CHAT, EMAIL, VOICE, a_queue, a_site, an_agent, an_interaction
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
    the_births,
)

SITE = a_site(channels=[VOICE, CHAT, EMAIL], queues=[a_queue(wrap_up_limit_ms=0)])
ANN = an_agent("ann", channels="voice:1 chat:1 email:1")


def a_redial(**overrides: Any) -> Redial:
    """Everybody tries again after a minute, twice."""
    rule = Redial(
        when={},
        after=USUAL_LOSSES,
        share=1.0,
        delay=Constant(value_ms=MINUTE_MS),
        attempts_max=3,
        shape=Return(attributes={}),
        source=ASSUMED,
    )
    return replace(rule, **overrides)


def a_resolution(**overrides: Any) -> Resolution:
    """Nothing is ever resolved, and everybody comes back after ten minutes, once."""
    rule = Resolution(
        when={},
        agent={},
        resolved=0.0,
        returns=1.0,
        delay=Constant(value_ms=10 * MINUTE_MS),
        contacts_max=2,
        shape=Return(attributes={}),
        source=ASSUMED,
    )
    return replace(rule, **overrides)


class Run:
    """One replication of a small world: its summary, what came when, what was told, and its table."""

    def __init__(
        self, *births: Birth, crew: tuple[Agent, ...] = (ANN,), shift: tuple[Instant, Instant] = (0, 24 * HOUR_MS), **overrides: Any
    ) -> None:
        behaviour = {name: overrides.pop(name) for name in ("redial", "resolution", "transfer", "patience") if name in overrides}
        scenario: Scenario = a_scenario(
            a_roster(*(a_member(agent, a_shift(*shift)) for agent in crew)),
            site=SITE,
            behaviour=a_behaviour(**behaviour),
            ends_at=2 * HOUR_MS,
            **overrides,
        )
        self.came: dict[str, tuple[Instant, Interaction]] = {}
        self.told: list[CameAgain] = []
        ledger = Ledger()
        self.summary: RunSummary = run_replication(
            scenario,
            an_arm(scenario),
            0,
            [self.observe, ledger],
            witnesses=[self.witness, ledger.witness],
            births=the_births(*births) if births else None,
        )
        self.table: Table = tabulate(facts_of(ledger, starts_at=0, ends_at=2 * HOUR_MS))

    def observe(self, recorded: Recorded) -> None:
        """The next event."""
        if isinstance(recorded.event, InteractionQueued):
            self.came[recorded.event.interaction.id] = recorded.at, recorded.event.interaction

    def witness(self, at: Instant, fact: CustomerFact) -> None:
        """The next fact."""
        if isinstance(fact, CameAgain):
            self.told.append(fact)

    @property
    def when(self) -> dict[str, Instant]:
        """When what was queued."""
        return {key: at for key, (at, _) in self.came.items()}


def numbers(row: Row, *names: str) -> dict[str, tuple[int, int]]:
    """Numerators and denominators."""
    found = {name: row[name] for name in names}
    return {name: (tally.numerator, tally.denominator) for name, tally in found.items() if isinstance(tally, Ratio)}


def test_attempts_follow_each_other_until_there_were_enough() -> None:
    """Nobody works: three attempts of ten seconds, a minute apart, and one contact lost for good, which counts where it began."""
    patience = (a_rule_of(Constant(value_ms=10 * SECOND_MS)),)
    run = Run(a_birth(patience_ms=10 * SECOND_MS), shift=(HOUR_MS, 2 * HOUR_MS), redial=(a_redial(),), patience=patience)
    assert run.when == {"i1": 0, "i1~2": 70 * SECOND_MS, "i1~3": 140 * SECOND_MS}
    assert run.told == [
        CameAgain(interaction_id="i1~2", after_id="i1", contact=1, attempt=2),
        CameAgain(interaction_id="i1~3", after_id="i1~2", contact=1, attempt=3),
    ]
    assert {interaction.customer_id for _, interaction in run.came.values()} == {None, "i1"}
    assert (run.summary.offered, run.summary.redials, run.summary.abandoned) == (3, 2, 3)
    names = ("offered", "abandoned", "redials", "repeats", "finally_lost", "lost_share", "first_contact_resolution")
    assert numbers(run.table.overall, *names) == {
        "offered": (3, 1),
        "abandoned": (3, 1),
        "redials": (2, 1),
        "repeats": (0, 1),
        "finally_lost": (1, 1),
        "lost_share": (1, 1),
        "first_contact_resolution": (0, 0),
    }


def test_who_is_served_at_last_was_not_lost() -> None:
    """The second attempt finds the agent at work."""
    run = Run(a_birth(patience_ms=10 * SECOND_MS), shift=(MINUTE_MS, 2 * HOUR_MS), redial=(a_redial(),))
    assert run.when == {"i1": 0, "i1~2": 70 * SECOND_MS}
    assert numbers(run.table.overall, "handled", "finally_lost", "lost_share") == {
        "handled": (1, 1),
        "finally_lost": (0, 1),
        "lost_share": (0, 1),
    }


def test_a_busy_tone_leads_to_another_channel() -> None:
    """The second caller is blocked and writes a chat instead; what became of the contact counts on the phone, where it began."""
    run = Run(
        a_birth(an_interaction("first"), work_ms=30 * MINUTE_MS),
        a_birth(an_interaction("second", team="red"), at=SECOND_MS),
        redial=(a_redial(shape=Return(channel="chat", type="billing", attributes={"from": "phone"}), attempts_max=2),),
        lines=(LineGroup(name="trunks", channels=("voice",), count=1),),
        patience=(a_rule_of(Constant(value_ms=5_000), channel="chat"),),
    )
    at, chat = run.came["second~2"]
    assert (at, chat.channel, chat.type, dict(chat.attributes)) == (61 * SECOND_MS, "chat", "billing", {"team": "red", "from": "phone"})
    assert (run.summary.blocked, run.summary.redials, run.summary.abandoned) == (1, 1, 1)
    names = ("offered", "blocked", "redials", "finally_lost")
    on_the_phone = {"offered": (2, 1), "blocked": (1, 1), "redials": (0, 1), "finally_lost": (1, 1)}
    assert numbers(run.table.by_channel["voice"], *names) == on_the_phone
    on_the_chat = {"offered": (1, 1), "blocked": (0, 1), "redials": (1, 1), "finally_lost": (0, 1)}
    assert numbers(run.table.by_channel["chat"], *names) == on_the_chat


def test_only_the_losses_that_a_rule_names_lead_to_another_attempt() -> None:
    """A rule about busy tones says nothing about those who left."""
    run = Run(a_birth(patience_ms=10 * SECOND_MS), shift=(HOUR_MS, 2 * HOUR_MS), redial=(a_redial(after=(Loss.BLOCKED,)),))
    assert run.when == {"i1": 0}


def test_nobody_tries_again_after_hours() -> None:
    """An attempt outside the opening hours, or after the horizon, does not happen and is counted."""
    early = Run(
        a_birth(patience_ms=10 * SECOND_MS),
        shift=(HOUR_MS, 2 * HOUR_MS),
        redial=(a_redial(),),
        opening_hours={"voice": (OpenSpan(starts_at=0, ends_at=MINUTE_MS),)},
    )
    assert early.when == {"i1": 0}
    assert early.summary.excluded == (("voice", "outside opening hours", 1),)
    late = Run(a_birth(patience_ms=10 * SECOND_MS), shift=(HOUR_MS, 2 * HOUR_MS), redial=(a_redial(delay=Constant(value_ms=3 * HOUR_MS)),))
    assert late.summary.excluded == (("voice", "after the horizon", 1),)
    assert numbers(late.table.overall, "finally_lost") == {"finally_lost": (1, 1)}


def test_what_was_not_resolved_comes_back_once() -> None:
    """A contact of a minute, and the second one ten minutes after its end, known as the same customer; then there were enough."""
    run = Run(a_birth(an_interaction(customer_id="mia")), resolution=(a_resolution(),))
    assert run.when == {"i1": 0, "i1/2": 11 * MINUTE_MS}
    assert {interaction.customer_id for _, interaction in run.came.values()} == {"mia"}
    assert (run.summary.offered, run.summary.handled, run.summary.repeats) == (2, 2, 1)
    assert numbers(run.table.overall, "repeats", "repeat_share", "first_contact_resolution") == {
        "repeats": (1, 1),
        "repeat_share": (1, 2),
        "first_contact_resolution": (0, 1),
    }


@pytest.mark.parametrize(("language", "came"), [("es", {"i1"}), ("fr", {"i1", "i1/2"})])
def test_the_agent_makes_a_difference(language: str, came: set[str]) -> None:
    """Who speaks Spanish resolves everything, others nothing: the first rule that matches interaction and agent counts."""
    agent = replace(ANN, attributes={**ANN.attributes, "language": language})
    run = Run(a_birth(), crew=(agent,), resolution=(a_resolution(agent={"language": ("es",)}, resolved=1.0), a_resolution()))
    assert set(run.when) == came
    resolved = 2 - len(came)
    assert numbers(run.table.overall, "first_contact_resolution") == {"first_contact_resolution": (resolved, 1)}


def test_what_no_rule_speaks_of_is_resolved_and_the_lost_are_not() -> None:
    """Billing has no rule; a sales call that nobody answers counts against first contact resolution, though it was never wrong."""
    run = Run(
        a_birth(an_interaction("talks", type="billing"), work_ms=10 * MINUTE_MS),
        a_birth(an_interaction("leaves"), at=SECOND_MS, patience_ms=10 * SECOND_MS),
        resolution=(a_resolution(when={"type": ("sales",)}),),
    )
    assert set(run.when) == {"talks", "leaves"}
    assert numbers(run.table.overall, "first_contact_resolution") == {"first_contact_resolution": (1, 2)}


def test_the_last_agent_of_a_conversation_decides_and_the_customers_own_interaction_comes_back() -> None:
    """A sales call that went on to billing is not resolved by billing: it comes back as the sales call that it was."""
    onward = TransferRule(
        when={"type": ("sales",)},
        share=1.0,
        kind=HandingOn.BLIND,
        channel=None,
        type="billing",
        attributes={},
        consult=Constant(value_ms=0),
        consult_wait_ms=0,
        source=ASSUMED,
    )
    crew = (ANN, replace(ANN, id="bea"))  # no leg goes back to the agent who handed it on
    run = Run(a_birth(), crew=crew, transfer=(onward,), resolution=(a_resolution(when={"type": ("billing",)}),))
    assert [(key, at, interaction.type) for key, (at, interaction) in run.came.items()] == [
        ("i1", 0, "sales"),
        ("i1+", MINUTE_MS, "billing"),
        ("i1/2", 12 * MINUTE_MS, "sales"),
        ("i1/2+", 13 * MINUTE_MS, "billing"),
    ]
    assert numbers(run.table.overall, "offered", "repeats", "legs") == {"offered": (2, 1), "repeats": (1, 1), "legs": (2, 1)}


def test_deferrable_work_comes_back_with_its_due_time_moved_along() -> None:
    """An e-mail due an hour after it came is due an hour after it comes again, and brings no age along."""
    run = Run(a_birth(an_interaction(channel="email", due_at=HOUR_MS, credit_ms=5_000)), resolution=(a_resolution(),))
    at, again = run.came["i1/2"]
    assert (at, again.due_at, again.routing_credit_ms) == (11 * MINUTE_MS, HOUR_MS + 11 * MINUTE_MS, 0)


def test_customers_who_may_come_again_are_known_from_birth() -> None:
    """Drawn and backlog interactions are named after themselves only where a rule lets customers come again."""
    backlog = (BacklogItem(channel="email", type="sales", attributes={}, count=1, waited_ms=0),)
    for rules, name in (({}, None), ({"redial": (a_redial(),)}, "backlog-1-1"), ({"resolution": (a_resolution(),)}, "backlog-1-1")):
        scenario = a_scenario(a_roster(a_member(ANN)), site=SITE, behaviour=a_behaviour(**rules), backlog=backlog)
        (birth,) = births_of(scenario, 0).births
        assert birth.interaction.customer_id == name


def test_an_id_that_the_demand_uses_itself_is_refused() -> None:
    """A second attempt would be called as another interaction is."""
    births = (a_birth(patience_ms=10 * SECOND_MS), a_birth(an_interaction("i1~2"), at=HOUR_MS))
    with pytest.raises(ConfigError, match="comes again as i1~2"):
        Run(*births, shift=(HOUR_MS, 2 * HOUR_MS), redial=(a_redial(),))


def test_luck_is_the_customers_own() -> None:
    """One agent more changes who is lost; whoever tries again in both worlds does so with the same patience and work."""
    rule = a_redial(share=0.5, delay=Exponential(mean_ms=5 * MINUTE_MS))
    born = [a_birth(an_interaction(f"i{number}"), at=number * 7 * SECOND_MS, patience_ms=20 * SECOND_MS) for number in range(300)]
    one, none = (
        Run(*born, shift=shift, redial=(rule,), patience=(a_rule_of(Never(), channel="chat"), a_rule_of(Constant(value_ms=10_000))))
        for shift in ((0, 2 * HOUR_MS), (HOUR_MS, 2 * HOUR_MS))
    )
    lost_in_both = {fact.after_id for fact in one.told if fact.attempt == 2}
    assert len(lost_in_both) > 50
    assert lost_in_both < {fact.after_id for fact in none.told if fact.attempt == 2}
    assert all(none.when[f"{key}~2"] == one.when[f"{key}~2"] for key in lost_in_both)
