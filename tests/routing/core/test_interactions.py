"""Arriving, changing, leaving."""

import pytest

from routing.core import commands, events
from routing.core.errors import RefusalReason
from routing.core.lifecycle import InteractionPhase
from routing.model.interaction import EndCause
from routing.model.time import SECOND_MS
from tests.builders import a_queue, a_route, a_rule, a_site, a_step, an_agent, an_interaction, some_needs
from tests.routing.core.desk import START, Desk, a_desk, a_desk_in


def test_an_arrival_carries_its_whole_route() -> None:
    """The event holds the interaction as given and the route with absolute step times."""
    desk = a_desk(a_site(rules=[a_rule(steps=[a_step(30 * SECOND_MS, drop="english")])]))
    arrival = an_interaction(needs="english>=3:expiring", correlation_id="call-7", opaque={"line": "2"}, tier="gold")
    desk.enqueue(arrival)
    queued = desk.log[-1].event
    assert isinstance(queued, events.InteractionQueued)
    assert arrival == queued.interaction
    assert [START + 30 * SECOND_MS] == [step.due_at for step in queued.route.steps]
    assert START == desk.state.interactions["i1"].enqueued_at


def test_an_interaction_without_an_id_gets_one() -> None:
    """Issued ids count arrivals and can not be claimed from outside."""
    desk = a_desk()
    desk.enqueue(an_interaction("mine"))
    desk.enqueue(an_interaction(""))
    assert ["mine", "auto-2"] == list(desk.state.interactions)
    assert RefusalReason.INVALID_VALUE == desk.refuses(commands.EnqueueInteraction(interaction=an_interaction("auto-3")))


def test_an_id_is_not_used_twice() -> None:
    """Neither beside a live interaction nor after an ended one."""
    desk = a_desk_in(InteractionPhase.WAITING)
    again = commands.EnqueueInteraction(interaction=an_interaction())
    assert RefusalReason.DUPLICATE_INTERACTION == desk.refuses(again)
    desk.do(commands.AbandonInteraction(interaction_id="i1"))
    assert RefusalReason.DUPLICATE_INTERACTION == desk.refuses(again)


def test_an_ended_interaction_is_forgotten_after_the_retention() -> None:
    """The next end after the retention forgets it, and its id is free again."""
    desk = a_desk(a_site(retention_ms=1_000))
    for name in ("i1", "i2"):
        desk.enqueue(an_interaction(name))
        desk.do(commands.AbandonInteraction(interaction_id=name))
        desk.wait(1_001)
    assert ["i2"] == list(desk.state.ended)
    desk.enqueue(an_interaction("i1"))
    assert {EndCause.ABANDONED: 2} == desk.state.ended_by_cause


def test_without_a_site_or_a_rule_nothing_is_routed() -> None:
    """Both are refusals with their own names."""
    arrival = commands.EnqueueInteraction(interaction=an_interaction())
    assert RefusalReason.NO_SITE == Desk().refuses(arrival)
    assert RefusalReason.NO_ROUTE == a_desk(a_site(rules=[a_rule(when="channel=chat")])).refuses(arrival)


def test_leaving_withdraws_every_live_offer_first() -> None:
    """An agent is not left ringing for somebody who is gone."""
    desk = a_desk(None, an_agent("a1"), an_agent("a2"))
    desk.do(commands.ApplySite(site=a_site(queues=[a_queue(max_live_offers=2)])))
    desk.enqueue()
    desk.offer("i1", "a1")
    desk.offer("i1", "a2")
    happened = desk.do(commands.AbandonInteraction(interaction_id="i1"))
    assert [events.OfferWithdrawn, events.OfferWithdrawn, events.InteractionEnded] == [type(event) for event in happened]
    assert [0, 0] == [row.used for row in desk.state.agents.values()]


def test_an_update_needs_the_present_version_or_says_that_it_overwrites() -> None:
    """A stale writer is told, and changes nothing."""
    desk = a_desk_in(InteractionPhase.WAITING)
    assert RefusalReason.INVALID_VALUE == desk.refuses(commands.UpdateInteraction(interaction_id="i1"))
    assert RefusalReason.VERSION_CONFLICT == desk.refuses(commands.UpdateInteraction(interaction_id="i1", expected_version=2))
    desk.do(commands.UpdateInteraction(interaction_id="i1", overwrite=True, attributes={"tier": "gold"}))
    assert 2 == desk.state.interactions["i1"].version
    desk.do(commands.UpdateInteraction(interaction_id="i1", expected_version=2, attributes={"floor": 3}, credit_ms=5))
    row = desk.state.interactions["i1"]
    assert ({"tier": "gold", "floor": 3}, 5, 3) == (row.interaction.attributes, row.interaction.routing_credit_ms, row.version)


def test_new_requirements_withdraw_only_the_offers_that_no_longer_fit() -> None:
    """The route changes with its old and new self on record."""
    desk = a_desk(a_site(queues=[a_queue(max_live_offers=2)]), an_agent("a1", skills="sales:7"), an_agent("a2", skills="sales:3"))
    desk.enqueue()
    desk.offer("i1", "a1")
    desk.offer("i1", "a2")
    updated, changed, withdrawn = desk.do(
        commands.UpdateInteraction(interaction_id="i1", overwrite=True, requirements=some_needs("sales>=5 french>=1:prefer"))
    )
    assert isinstance(updated, events.InteractionUpdated)
    assert isinstance(changed, events.RouteChanged)
    assert (a_route(), a_route(needs="sales>=5 french>=1:prefer")) == (changed.old, changed.new)
    assert isinstance(withdrawn, events.OfferWithdrawn)
    assert ("a2", events.WithdrawCause.ROUTE_CHANGED) == (withdrawn.agent_id, withdrawn.cause)


def test_an_update_never_restarts_the_ladder() -> None:
    """Steps that are due stay taken when the interaction is classified again."""
    steps = [a_step(10_000, lower="english:2"), a_step(20_000, drop="english")]
    desk = a_desk(a_site(rules=[a_rule(needs="english>=8:expiring", steps=steps)]))
    desk.enqueue()
    assert [events.RequirementRelaxed] == [type(event) for event in desk.wait(10_000)]
    before = desk.state.interactions["i1"].route
    assert some_needs("english>=2:expiring") == before.requirements
    desk.do(commands.UpdateInteraction(interaction_id="i1", overwrite=True, attributes={"note": "x"}))
    assert before == desk.state.interactions["i1"].route


@pytest.mark.parametrize("credit_ms", [-1, 367 * 86_400_000])
def test_a_routing_credit_stays_within_bounds(credit_ms: int) -> None:
    """The sum counts, not the change."""
    desk = a_desk_in(InteractionPhase.WAITING)
    refused = commands.UpdateInteraction(interaction_id="i1", overwrite=True, credit_ms=credit_ms)
    assert RefusalReason.INVALID_VALUE == desk.refuses(refused)
