"""Conversations that are handed on in the simulator: stories to the millisecond, everybody's luck, and theory."""

from dataclasses import replace
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.core import events
from routing.core.events import Event, Recorded
from routing.model.agent import Agent
from routing.model.interaction import EndCause
from routing.model.leg import LegAge
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS
from routing.store.words import interaction_of as interaction_id_of
from simulation.behaviour import Behaviour, HandingOn, TransferRule
from simulation.behaviour_file import load_behaviour
from simulation.coverage import check_covered
from simulation.demand import Birth, DemandStream, DrawnDemand, RateSpan
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.tabulate import tabulate
from simulation.laws import Constant, Exponential
from simulation.recorded import interactions_of
from simulation.run import run_replication
from simulation.scenario import Scenario
from tests.builders import VOICE, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.kpis.test_measures import value
from tests.simulation.worlds import (
    ASSUMED,
    a_behaviour,
    a_birth,
    a_member,
    a_roster,
    a_rule_of,
    a_scenario,
    an_arm,
    exponential,
    the_births,
)

SECOND_MS = 1_000


def a_transfer(*, share: float = 1.0, kind: HandingOn = HandingOn.BLIND, consult_ms: int = 0, consult_wait_ms: int = 0) -> TransferRule:
    """Sales hands on to billing."""
    return TransferRule(
        when={"type": ("sales",)},
        share=share,
        kind=kind,
        channel=None,
        type="billing",
        attributes={"invoice": 1},
        consult=Constant(value_ms=consult_ms),
        consult_wait_ms=consult_wait_ms,
        source=ASSUMED,
    )


def two_queues(**overrides: object) -> Site:
    """Sales and billing, each with agents of its own and no wrap-up."""
    queues = [a_queue("main", wrap_up_limit_ms=0), a_queue("billing", wrap_up_limit_ms=0)]
    rules = [a_rule("billing", queue="billing", when="type=billing", needs="billing>=1"), a_rule("any", queue="main", needs="sales>=1")]
    return a_site(queues=queues, rules=rules, channels=[VOICE], policy=a_policy(), skills="sales billing", **overrides)


def sellers_and_billers(sellers: int, billers: int) -> list[Agent]:
    """Agents of one skill each."""
    return [
        *(an_agent(f"seller-{number}", skills="sales:5", channels="voice:1") for number in range(sellers)),
        *(an_agent(f"biller-{number}", skills="billing:5", channels="voice:1") for number in range(billers)),
    ]


def a_day(rule: TransferRule, *, sellers: int = 1, billers: int = 1, **behaviour: object) -> Scenario:
    """A scenario in which the rule holds."""
    members = [a_member(agent) for agent in sellers_and_billers(sellers, billers)]
    return a_scenario(a_roster(*members), site=two_queues(), behaviour=a_behaviour(transfer=(rule,), **behaviour))


def played(scenario: Scenario, *births: Birth) -> list[Recorded]:
    """The log of these births."""
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(*births))
    return log


def facts(log: list[Recorded], *kinds: type[Event]) -> list[tuple[int, str, str | None]]:
    """Instant, kind and interaction of some events."""
    return [(at, type(event).__name__, interaction_id_of(event)) for _, at, _, event in log if isinstance(event, kinds)]


HANDED: tuple[type[Event], ...] = (events.OfferAccepted, events.InteractionTransferred, events.ConsultStarted, events.HandlingEnded)


def test_a_blind_transfer_is_one_piece_of_work_after_the_other() -> None:
    """Ten seconds of sales, then the leg's own minute of billing."""
    log = played(a_day(a_transfer()), a_birth(work_ms=10 * SECOND_MS))
    assert facts(log, *HANDED) == [
        (0, "OfferAccepted", "i1"),
        (10_000, "InteractionTransferred", "i1"),
        (10_000, "HandlingEnded", "i1"),
        (10_000, "OfferAccepted", "i1+"),
        (70_000, "HandlingEnded", "i1+"),
    ]


def test_a_consultation_talks_before_the_customer_changes_hands() -> None:
    """The biller takes it at once, both talk for five seconds, and his minute begins when the seller has left."""
    rule = a_transfer(kind=HandingOn.CONSULT, consult_ms=5_000, consult_wait_ms=MINUTE_MS)
    log = played(a_day(rule), a_birth(work_ms=10 * SECOND_MS))
    assert facts(log, *HANDED) == [
        (0, "OfferAccepted", "i1"),
        (10_000, "ConsultStarted", "i1"),
        (10_000, "OfferAccepted", "i1+"),
        (15_000, "InteractionTransferred", "i1"),
        (15_000, "HandlingEnded", "i1"),
        (75_001, "HandlingEnded", "i1+"),
    ]


def test_who_finds_nobody_to_ask_leaves_the_customer_to_the_queue() -> None:
    """After twenty seconds the seller goes, and the customer's patience begins: nobody bills, and they leave."""
    rule = a_transfer(kind=HandingOn.CONSULT, consult_ms=5_000, consult_wait_ms=20 * SECOND_MS)
    scenario = a_day(rule, billers=0, patience=(a_rule_of(Constant(value_ms=30_000)),))
    log = played(scenario, a_birth(work_ms=10 * SECOND_MS))
    assert facts(log, events.InteractionTransferred, events.InteractionEnded) == [
        (30_000, "InteractionTransferred", "i1"),
        (30_000, "InteractionEnded", "i1"),
        (60_000, "InteractionEnded", "i1+"),
    ]
    causes = [event.cause for _, _, _, event in log if isinstance(event, events.InteractionEnded)]
    assert causes == [EndCause.TRANSFERRED, EndCause.ABANDONED]


def test_work_without_length_ends_after_the_one_who_asked_has_left() -> None:
    """Neither the talk nor the leg's work lasts: the order of equal instants must not break the story."""
    rule = a_transfer(kind=HandingOn.CONSULT, consult_ms=0, consult_wait_ms=MINUTE_MS)
    log = played(a_day(rule, work=(a_rule_of(Constant(value_ms=0)),)), a_birth(work_ms=0))
    assert facts(log, events.InteractionEnded) == [(0, "InteractionEnded", "i1"), (1, "InteractionEnded", "i1+")]


def test_a_share_of_none_changes_nothing_and_a_share_decides_for_each_by_name() -> None:
    """The log is the one without the rule; with a share, the same customers are handed on whatever the policy and the staffing."""
    demand = DrawnDemand(streams=(a_stream(2.0),), description="two a minute")
    without = a_scenario(a_roster(*map(a_member, sellers_and_billers(6, 3))), site=two_queues(), demand=demand, ends_at=HOUR_MS)
    with_none = replace(without, behaviour=replace(without.behaviour, transfer=(a_transfer(share=0.0),)))
    logs = []
    for scenario in (without, with_none):
        log: list[Recorded] = []
        run_replication(scenario, an_arm(scenario), 0, [log.append])
        logs.append(log)
    assert logs[0] == logs[1]
    some = replace(without, behaviour=replace(without.behaviour, transfer=(a_transfer(share=0.3),)))
    fewer = replace(some, rosters={"planned": a_roster(*map(a_member, sellers_and_billers(4, 2)))})
    handed = [legs_of(some, an_arm(some)), legs_of(some, an_arm(some, a_policy(assigner="min_cost_flow"))), legs_of(fewer, an_arm(fewer))]
    assert handed[0] == handed[1] == handed[2]
    assert 20 < len(handed[0]) < 55


def legs_of(scenario: Scenario, arm: object) -> dict[str, int]:
    """Every leg with its handling time."""
    begun: dict[str, int] = {}
    taken: dict[str, int] = {}

    def observe(recorded: Recorded) -> None:
        match recorded.event:
            case events.OfferAccepted(interaction_id=key) if key.endswith("+"):
                begun[key] = recorded.at
            case events.HandlingEnded(interaction_id=key) if key in begun:
                taken[key] = recorded.at - begun[key]
            case _:
                pass

    run_replication(scenario, arm, 0, [observe])  # type: ignore[arg-type]  # an arm of the worlds
    return dict(sorted(taken.items()))


def a_stream(per_minute: float, hours: int = 1) -> DemandStream:
    """Sales calls at a constant rate."""
    span = RateSpan(starts_at=0, ends_at=hours * HOUR_MS, expected=per_minute * 60 * hours)
    return DemandStream(channel="voice", type="sales", attributes={}, spans=(span,))


def test_the_second_queue_is_fed_by_the_first() -> None:
    """Its offered load is the share of the first one's, and every leg waits as a first-come first-served queue of three servers has it.

    No age goes along: a leg that kept it would overtake those who came before it.
    The waits come from the recursion of Kiefer and Wolfowitz (1955) over the instants at which legs came about: it knows no router.
    """
    site = two_queues(transfer_age=LegAge(limit_ms=0))
    demand = DrawnDemand(streams=(a_stream(3.2, 10),), description="3.2 a minute")
    scenario = a_scenario(a_roster(*map(a_member, sellers_and_billers(9, 3))), site=site, demand=demand, ends_at=10 * HOUR_MS)
    work = (a_rule_of(Exponential(mean_ms=150_000), type="billing"), *exponential(120_000))
    scenario = replace(scenario, behaviour=a_behaviour(work=work, transfer=(a_transfer(share=0.25),)))
    log: list[Recorded] = []
    summary = run_replication(scenario, an_arm(scenario), 0, [log.append])
    legs = [(at, interaction_id) for at, _, interaction_id in facts(log, events.InteractionQueued) if (interaction_id or "").endswith("+")]
    begun = {interaction_id: at for at, _, interaction_id in facts(log, events.OfferAccepted)}
    worked = legs_of(scenario, an_arm(scenario))
    free = [0, 0, 0]
    expected = []
    for at, leg_id in legs:
        free.sort()
        start = max(at, free[0])
        expected.append(start - at)
        free[0] = start + worked[leg_id or ""]
    waits = [begun[leg_id] - at for at, leg_id in legs]
    assert waits == expected
    assert sum(wait > 0 for wait in waits) > 100
    assert len(legs) == summary.legs == summary.transferred
    assert abs(summary.legs - 0.25 * summary.offered) < 2.58 * (summary.offered * 0.25 * 0.75) ** 0.5  # 99 % of a binomial


def test_a_chain_is_counted_once_as_a_customer_and_leg_by_leg_apart() -> None:
    """Offered, answered and the wait are those of the customer's own interaction; the leg's wait stands in its queue."""
    log = played(a_day(a_transfer(), sellers=2), a_birth(work_ms=10 * SECOND_MS), a_birth(an_interaction("i2"), work_ms=10 * SECOND_MS))
    table = tabulate(facts_of(Ledger().read(log), starts_at=0, ends_at=HOUR_MS))
    names = ("offered", "transferred", "handled", "legs", "asa_s", "leg_asa_s", "service_level", "leg_service_level", "legs_abandoned")
    assert [value(table.overall, name) for name in names] == [2, 2, 0, 2, 0, 30, 1, 0.5, 0]
    assert [value(table.by_queue["billing"], name) for name in ("offered", "legs", "entries")] == [0, 2, 2]
    assert [value(row, "offered") for row in table.by_interval[:1]] == [2]
    assert [one.id for one in interactions_of(log)] == ["i1", "i2"]


def test_a_leg_that_cannot_be_routed_is_told_before_the_run_and_in_it(tmp_path: Path) -> None:
    """The check follows every conversation to its last leg; without the check the story names the interaction."""
    scenario = a_day(a_transfer())
    nowhere = replace(scenario, site=replace(scenario.site, rules=(a_rule("sales", when="type=sales"),)))
    with pytest.raises(ConfigError, match="interaction i1 cannot be handed on"):
        played(nowhere, a_birth())
    drawn = replace(nowhere, demand=DrawnDemand(streams=(a_stream(1.0),), description="one a minute"))
    with pytest.raises(ConfigError, match="of type billing"):
        check_covered(drawn, tmp_path)
    round_and_round = replace(a_transfer(), when={}, type=None)
    check_covered(replace(scenario, demand=drawn.demand, behaviour=a_behaviour(transfer=(round_and_round,))), tmp_path)


TRANSFER = """\
[[transfer]]
when = { type = "sales" }
share = 0.2
kind = "consult"
type = "billing"
attributes = { why = "invoice" }
consult = { law = "constant", value = "40s" }
consult_wait = "2min"
source = "assumption: a fifth"
"""


def a_file(tmp_path: Path, transfer: str) -> Behaviour:
    """A behaviour file with these entries."""
    path = tmp_path / "behaviour.toml"
    minute = '{ law = "constant", value = "1min" }'
    rest = "\n".join(f'{table}\ndraw = {minute}\nsource = "assumption: x"' for table in ("[[work]]", "[return_after]"))
    path.write_text(f'schema = "careroute/behaviour/1"\n{transfer}\n{rest}\n')
    return load_behaviour(path)


def test_a_file_says_who_is_handed_on(tmp_path: Path) -> None:
    """Every key, with its source in the report's list."""
    behaviour = a_file(tmp_path, TRANSFER.replace('"sales"', '["sales"]'))
    (rule,) = behaviour.transfer
    assert rule == TransferRule(
        when={"type": ("sales",)},
        share=0.2,
        kind=HandingOn.CONSULT,
        channel=None,
        type="billing",
        attributes={"why": "invoice"},
        consult=Constant(value_ms=40_000),
        consult_wait_ms=120_000,
        source="assumption: a fifth",
    )
    assert "handing on (type sales): assumption: a fifth" in behaviour.sources()
    (blind,) = a_file(tmp_path, '[[transfer]]\nshare = 1\nsource = "assumption: all"\n').transfer
    assert (blind.kind, blind.consult, blind.when, blind.type) == (HandingOn.BLIND, Constant(value_ms=0), {}, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("share = 0.2", "share = 1.2"),
        ('consult_wait = "2min"\n', ""),
        ('kind = "consult"', 'kind = "blind"'),
        ('kind = "consult"', 'kind = "warm"'),
        ('source = "assumption: a fifth"', ""),
    ],
)
def test_a_rule_that_does_not_hang_together_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """A share above one, a consultation without its wait, a blind one with it, another kind, no source."""
    with pytest.raises(ConfigError, match="transfer"):
        a_file(tmp_path, TRANSFER.replace('"sales"', '["sales"]').replace(old, new))


def test_a_rule_behind_one_without_conditions_is_never_reached(tmp_path: Path) -> None:
    """As with every other kind of rule."""
    both = '[[transfer]]\nshare = 1\nsource = "assumption: all"\n' * 2
    with pytest.raises(ConfigError, match="never reached"):
        a_file(tmp_path, both)
