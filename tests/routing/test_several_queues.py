"""One interaction in several queues: whoever meets the requirements of one of them may serve, and each ladder runs by its own time."""

from dataclasses import replace

import pytest

from routing.core import commands, events
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import OfferMade, RequirementRelaxed, RouteChanged, StepCause
from routing.core.ladder import as_early_as, led_by, steps_taken_until
from routing.core.validate import check_site
from routing.model.agent import Presence
from routing.model.queue import Queue
from routing.model.route import RouteRule
from routing.model.site import Site
from routing.policy.classify import RuleClassifier
from simulation.kpis.ledger import Ledger
from tests.builders import (
    a_further_queue,
    a_policy,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_admission,
    an_agent,
    an_empty_rule,
    an_interaction,
    some_needs,
)
from tests.routing.core.desk import START, a_desk
from tests.routing.policy.floor import Floor, a_floor, callers

SECOND_MS = 1_000
BASIC, EXPERT = a_queue("basic", offer_timeout_ms=10_000, wrap_up_limit_ms=0), a_queue("expert", offer_timeout_ms=20_000)
TIERS = a_rule(
    queue="basic",
    needs="support>=9:expiring",
    steps=[a_step(30 * SECOND_MS, lower="support:5"), a_step(90 * SECOND_MS, drop="support", class_rank=2)],
    also=[a_further_queue("expert", needs="expert>=8:expiring", steps=[a_step(60 * SECOND_MS, lower="expert:4")])],
)


ALSO = "site.rules[any].also"


def a_tiered_site(rule: RouteRule = TIERS, **overrides: object) -> Site:
    """Two queues, one rule that leads to both."""
    return a_site(**({"queues": [BASIC, EXPERT], "rules": [rule]} | overrides))  # type: ignore[arg-type]  # the builder checks the names


def queues_of_offers(floor: Floor) -> list[tuple[str, str]]:
    """Which agent was offered something through which queue."""
    return [(item.event.agent_id, item.event.queue_id) for item in floor.log if isinstance(item.event, OfferMade)]


def test_each_ladder_is_walked_by_its_own_time() -> None:
    """Three steps in two queues: each relaxes its own queue's requirements, and what it adds to the urgency counts for both."""
    desk = a_desk(a_tiered_site(), an_agent(skills=""))
    desk.enqueue()
    taken = []
    for event in desk.wait(120 * SECOND_MS):
        assert isinstance(event, RequirementRelaxed)
        needs = [" ".join(f"{need.attribute}{need.wanted}" for need in branch.requirements) for branch in event.route.branches]
        taken.append(((event.due_at - START) // SECOND_MS, event.queue_id, needs, event.route.urgency.class_rank))
    assert [
        (30, "basic", ["support5", "expert8"], 0),
        (60, "expert", ["support5", "expert4"], 0),
        (90, "basic", ["", "expert4"], 2),
    ] == taken
    assert desk.state.interactions["i1"].route.next_due_at is None


def test_whoever_meets_one_of_them_may_serve_and_the_offer_says_through_which() -> None:
    """The first queue that takes the agent counts; its lease, its wrap-up and the end are that queue's."""
    floor = a_floor(a_tiered_site(), *callers("expert:9"))
    floor.enqueue(an_interaction())
    (made,) = [item.event for item in floor.log if isinstance(item.event, OfferMade)]
    assert ("a1", "expert", floor.now + 20_000) == (made.agent_id, made.queue_id, made.expires_at)
    assert "basic" == floor.router.state.interactions["i1"].route.queue_id
    floor.accept("i1")
    assert ["expert", "basic"] == [branch.queue_id for branch in floor.router.state.interactions["i1"].route.branches]
    floor.end("i1")
    floor.wait(10_000)
    assert "expert" == floor.router.state.ended["i1"].queue_id
    floor.staff(an_agent("a2", skills="support:9 expert:9", channels="voice:1"))
    floor.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    floor.enqueue(an_interaction("i2"))
    assert [("a1", "expert"), ("a2", "basic")] == queues_of_offers(floor)


def test_what_comes_back_waits_on_in_both() -> None:
    """Taken by an expert whose line fails: both ladders go on where they would be."""
    floor = a_floor(a_tiered_site(), *callers("expert:9"))
    floor.enqueue(an_interaction())
    floor.accept("i1")
    floor.wait(40 * SECOND_MS)
    happened = floor.do(commands.FailConnect(interaction_id="i1", reason="no answer"))
    assert [("basic", 30 * SECOND_MS)] == [
        (event.queue_id, event.due_at - floor.log[-1].at + 40 * SECOND_MS) for event in happened if isinstance(event, RequirementRelaxed)
    ]
    floor.staff(an_agent("a2", skills="support:5", channels="voice:1"))
    assert ("a2", "basic") == queues_of_offers(floor)[-1]


def test_explain_tells_what_is_missing_in_each_queue() -> None:
    """And in which queues it waits."""
    floor = a_floor(a_tiered_site(), *callers("support:3"))
    floor.enqueue(an_interaction())
    explanation = floor.router.explain("i1", floor.now)
    assert "waits in basic and expert: nobody can take it (1 by skill)" == explanation.summary
    assert "basic: support >= 9: has 3; or expert: expert >= 8: has none" == explanation.standings[0].remedy


def test_an_early_step_looks_at_its_own_queue() -> None:
    """No expert is there: the expert queue's step is early, the other queue waits; when its last agent goes, its own step comes."""
    rule = a_rule(
        queue="basic",
        needs="support>=9:expiring",
        steps=[a_step(50_000, drop="support", early="available:watched")],
        also=[a_further_queue("expert", needs="expert>=8:expiring", steps=[a_step(60_000, lower="expert:4", early="available:watched")])],
    )
    desk = a_desk(a_tiered_site(rule), an_agent("a1", skills="support:9"))
    desk.enqueue()
    gone = desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    relaxed = [item.event for item in desk.log if isinstance(item.event, RequirementRelaxed)]
    assert [("expert", StepCause.NOBODY_AVAILABLE), ("basic", StepCause.NOBODY_AVAILABLE)] == [(one.queue_id, one.cause) for one in relaxed]
    assert relaxed[1] in gone
    assert [50_000, 60_000] == [branch.brought_forward_ms for branch in desk.state.interactions["i1"].route.branches]
    updated = desk.do(commands.UpdateInteraction(interaction_id="i1", attributes={"note": 1}, overwrite=True))
    assert [] == [event for event in updated if isinstance(event, RouteChanged)]


def test_an_offer_is_taken_back_when_no_queue_takes_the_agent_or_its_queue_is_gone() -> None:
    """An agent's new record that fits the other queue keeps the offer; a site without the queue of the offer does not."""
    floor = a_floor(a_tiered_site(), *callers("expert:9"))
    floor.enqueue(an_interaction())
    (kept,) = floor.do(commands.PutAgents(agents=tuple(callers("support:9"))))
    assert isinstance(kept, events.AgentPut)
    happened = floor.do(commands.PutAgents(agents=tuple(callers("support:1"))))
    assert ["AgentPut", "OfferWithdrawn"] == [type(event).__name__ for event in happened]
    floor.do(commands.PutAgents(agents=tuple(callers("expert:9"))))
    gone = floor.do(commands.ApplySite(site=a_tiered_site(a_rule(queue="basic"), queues=[BASIC])))
    assert ["SiteApplied", "RouteChanged", "OfferWithdrawn", "OfferMade"] == [type(event).__name__ for event in gone]
    assert ("a1", "") == queues_of_offers(floor)[-1]


def test_an_offer_through_a_queue_that_its_route_has_left_counts_for_the_route() -> None:
    """The rule changes while the agent is rung: taken then, the work is of the queue of the new route, for the state and the measures."""
    floor = a_floor(a_tiered_site(), *callers("expert:9"))
    floor.enqueue(an_interaction())
    assert [("a1", "expert")] == queues_of_offers(floor)
    floor.do(commands.ApplySite(site=a_tiered_site(a_rule(queue="basic"))))
    floor.accept("i1")
    ledger = Ledger().read(floor.log)
    assert "basic" == floor.router.state.interactions["i1"].route.queue_id
    assert ["basic"] == ledger.queue


def test_work_in_progress_keeps_all_its_queues_in_the_site() -> None:
    """It may have to wait in each of them again."""
    desk = a_desk(a_tiered_site(), an_agent(skills="support:9"))
    desk.enqueue()
    desk.take()
    assert RefusalReason.STILL_IN_USE == desk.refuses(commands.ApplySite(site=a_tiered_site(a_rule(queue="basic"), queues=[BASIC])))


def test_classification_gives_each_queue_what_the_interaction_asks_itself() -> None:
    """With its steps at absolute times."""
    route = RuleClassifier()(an_interaction(needs="expert>=1 english>=3"), START, a_tiered_site())
    assert route is not None
    basic, expert = route.branches
    assert some_needs("support>=9:expiring expert>=1 english>=3") == basic.requirements
    assert some_needs("expert>=1 english>=3") == expert.requirements
    assert [START + 60_000] == [step.due_at for step in expert.steps]


def test_a_route_led_by_another_of_its_queues_is_the_same_route() -> None:
    """Twice is as before, an unknown queue changes nothing, and a fresh one catches up with one that is led by another."""
    fresh = RuleClassifier()(an_interaction(), START, a_tiered_site())
    assert fresh is not None
    turned = led_by(fresh, "expert")
    assert (["expert", "basic"], fresh) == ([branch.queue_id for branch in turned.branches], led_by(turned, "basic"))
    assert fresh is led_by(fresh, "nowhere")
    present = steps_taken_until(turned, START + 60_000)
    assert present == as_early_as(fresh, present)


@pytest.mark.parametrize(
    ("rule", "reason", "field"),
    [
        (replace(TIERS, also=(a_further_queue("nowhere"),)), RefusalReason.UNKNOWN_QUEUE, "site.rules[any].also[0].queue_id"),
        (replace(TIERS, also=(a_further_queue("basic"),)), RefusalReason.INVALID_VALUE, "site.rules[any].also[0].queue_id"),
        (replace(TIERS, also=TIERS.also * 2), RefusalReason.INVALID_VALUE, "site.rules[any].also[1].queue_id"),
        (
            replace(TIERS, also=(a_further_queue("expert", needs="a>=b"),)),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].also[0].requirements[0]",
        ),
        (replace(TIERS, steps=(a_step(5, overflow_to="expert"),)), RefusalReason.INVALID_VALUE, "site.rules[any].also"),
        (
            replace(TIERS, also=(a_further_queue("expert", steps=[a_step(5, overflow_to="basic")]),)),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].also",
        ),
    ],
)
def test_queues_that_cannot_stand_beside_each_other_are_refused(rule: RouteRule, reason: RefusalReason, field: str) -> None:
    """Each once, each known, and none is left for another."""
    with pytest.raises(CommandRefused) as refusal:
        check_site(a_tiered_site(rule))
    assert (reason, field) == (refusal.value.reason, refusal.value.field)


@pytest.mark.parametrize(
    "queues",
    [
        [replace(BASIC, empty=an_empty_rule(join="offline")), EXPERT],
        [BASIC, replace(EXPERT, empty=an_empty_rule(leave="offline"))],
        [BASIC, replace(EXPERT, admission=an_admission(waiting_max=5))],
    ],
)
def test_a_queue_with_a_door_of_its_own_does_not_stand_beside_others(queues: list[Queue]) -> None:
    """Who may go in and must leave there cannot be said of one queue of several; the rule's own may limit its line."""
    with pytest.raises(CommandRefused) as refusal:
        check_site(a_tiered_site(queues=queues))
    assert (RefusalReason.INVALID_VALUE, ALSO) == (refusal.value.reason, refusal.value.field)
    check_site(a_tiered_site(queues=[replace(BASIC, admission=an_admission(waiting_max=5)), EXPERT]))


def test_a_window_matches_through_the_queue_that_takes_the_agent() -> None:
    """Also where pairs are decided jointly, and costs are those of the queue that takes the agent."""
    policy = a_policy(assigner="min_cost_flow", match_interval_ms=1_000, scorers="skill_fit:1000")
    floor = a_floor(a_tiered_site(policy=policy), *callers("expert:8", "support:9", "expert:10"))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    floor.wait(1_000)
    assert [("a2", "basic"), ("a3", "expert")] == sorted(queues_of_offers(floor))
