"""The memory of customers: who served them last, the place of one who gave up, and how all of it is forgotten."""

from dataclasses import replace
from typing import Any

import pytest

from routing.core import commands
from routing.core.errors import RefusalReason
from routing.core.events import CustomerRemembered, Event, InteractionQueued
from routing.model.memory import MemoryRule
from tests.builders import a_queue, a_site, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk

HOUR_MS = 3_600_000
RULE = MemoryRule(last_agent_ms=HOUR_MS, last_agent_score=70, return_within_ms=60_000, customers_max=2)


def remembering(rule: MemoryRule | None = RULE) -> Desk:
    """A desk of two agents, without wrap-up."""
    return a_desk(a_site(queues=[a_queue(wrap_up_limit_ms=0)], memory=rule), an_agent("a1"), an_agent("a2"))


def arrives(desk: Desk, name: str, customer_id: str | None = "kim", **more: Any) -> InteractionQueued:
    """An interaction of a customer; the fact."""
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction(name, customer_id=customer_id, **more)))
    (queued,) = [event for event in happened if isinstance(event, InteractionQueued)]
    return queued


def is_served(desk: Desk, name: str, agent_id: str = "a1") -> list[Event]:
    """An agent takes it and ends it."""
    desk.take(name, agent_id)
    return desk.do(commands.EndHandling(interaction_id=name))


def gives_up(desk: Desk, name: str) -> list[Event]:
    """The customer leaves."""
    return desk.do(commands.AbandonInteraction(interaction_id=name))


def test_the_last_agent_is_preferred_for_as_long_as_the_site_says() -> None:
    """With the site's score, beside whom the platform prefers; the fact names them. A millisecond later they are forgotten."""
    desk = remembering()
    assert arrives(desk, "i1").last_agent_id is None
    is_served(desk, "i1", "a2")
    desk.wait(HOUR_MS)
    queued = arrives(desk, "i2", preferred="a1:90")
    assert ("a2", {"a1": 90, "a2": 70}) == (queued.last_agent_id, queued.interaction.preferred_agents)
    desk.wait(1)
    assert arrives(desk, "i3").last_agent_id is None


def test_what_the_platform_says_of_that_agent_itself_stands() -> None:
    """Its score is not replaced, and sixty-four preferred agents are enough."""
    desk = remembering()
    arrives(desk, "i1")
    is_served(desk, "i1")
    assert {"a1": 5} == arrives(desk, "i2", preferred="a1:5").interaction.preferred_agents
    many = " ".join(f"b{number}:1" for number in range(64))
    assert arrives(desk, "i3", preferred=many).last_agent_id is None


def test_an_agent_who_is_no_longer_registered_is_not_preferred() -> None:
    """A stranger, somebody without a name, and a site without a memory are treated as ever."""
    desk = remembering()
    arrives(desk, "i1")
    is_served(desk, "i1", "a2")
    desk.do(commands.RemoveAgents(agent_ids=("a2",)))
    assert arrives(desk, "i2").last_agent_id is None
    assert arrives(desk, "i3", None).interaction.preferred_agents is None
    desk.do(commands.AbandonInteraction(interaction_id="i3"))
    assert ["kim"] == list(desk.state.customers)
    without = remembering(None)
    arrives(without, "i1")
    assert [] == [event for event in is_served(without, "i1") if isinstance(event, CustomerRemembered)]


@pytest.mark.parametrize(("away_ms", "kept_ms"), [(60_000, 90_000), (60_001, 0)])
def test_who_gave_up_and_returns_in_time_keeps_their_place(away_ms: int, kept_ms: int) -> None:
    """As a credit of routing age from their first arrival on; the true wait begins anew. The place is given once."""
    desk = remembering()
    arrives(desk, "i1")
    desk.wait(30_000)
    gives_up(desk, "i1")
    desk.wait(away_ms)
    queued = arrives(desk, "i2")
    assert (kept_ms, kept_ms) == (queued.kept_place_ms, queued.interaction.routing_credit_ms)
    assert desk.now == desk.state.interactions["i2"].enqueued_at
    assert 0 == arrives(desk, "i3").kept_place_ms


def test_a_place_is_kept_over_several_returns() -> None:
    """Who gives up again has the age of the very first arrival; once served it is over."""
    desk = remembering()
    arrives(desk, "i1", credit_ms=1_000)
    for name, following in (("i1", "i2"), ("i2", "i3")):
        desk.wait(10_000)
        gives_up(desk, name)
        desk.wait(5_000)
        arrives(desk, following)
    assert START - 1_000 == desk.now - desk.state.interactions["i3"].interaction.routing_credit_ms
    is_served(desk, "i3")
    assert 0 == arrives(desk, "i9").kept_place_ms


def test_a_credit_of_the_platform_is_not_added_to_the_place() -> None:
    """The greater of both counts: the platform may say the same."""
    desk = remembering()
    arrives(desk, "i1")
    desk.wait(30_000)
    gives_up(desk, "i1")
    queued = arrives(desk, "i2", credit_ms=25_000)
    assert (5_000, 30_000) == (queued.kept_place_ms, queued.interaction.routing_credit_ms)
    gives_up(desk, "i2")
    more = arrives(desk, "i3", credit_ms=80_000)
    assert (0, 80_000) == (more.kept_place_ms, more.interaction.routing_credit_ms)


def test_who_was_only_asked_has_not_served_them() -> None:
    """Who keeps the customer is the last, though the consulted agent ends the leg; once the customer goes on with it, it is the other."""
    for goes_on, last in ((False, "a1"), (True, "a2")):
        desk = remembering()
        arrives(desk, "i1")
        desk.take("i1", "a1")
        desk.do(commands.StartConsult(interaction_id="i1", leg=commands.NextLeg(id="leg")))
        desk.take("leg", "a2")
        if goes_on:
            desk.do(commands.CompleteConsult(interaction_id="i1"))
        happened = desk.do(commands.EndHandling(interaction_id="leg"))
        assert goes_on == any(isinstance(event, CustomerRemembered) for event in happened)
        if not goes_on:
            desk.do(commands.EndHandling(interaction_id="i1"))
        assert last == arrives(desk, "i2").last_agent_id


def test_without_a_time_to_return_no_place_is_kept() -> None:
    """Leaving is not even noted; being cancelled never is."""
    desk = remembering(replace(RULE, return_within_ms=0))
    arrives(desk, "i1")
    gives_up(desk, "i1")
    arrives(desk, "i2")
    desk.do(commands.CancelInteraction(interaction_id="i2", reason=""))
    assert {} == desk.state.customers


def test_the_oldest_is_forgotten_first_and_everybody_in_the_end() -> None:
    """Two are remembered at most, nobody beyond the longer of both times, and nobody at all by a site without a memory."""
    desk = remembering()
    for number, customer_id in enumerate(("kim", "lee", "kim", "max")):
        arrives(desk, f"i{number}", customer_id)
        gives_up(desk, f"i{number}")
        desk.wait(1_000)
    assert ["kim", "max"] == list(desk.state.customers)
    desk.wait(HOUR_MS)
    arrives(desk, "i9", "ann")
    gives_up(desk, "i9")
    assert ["ann"] == list(desk.state.customers)
    desk.do(commands.ApplySite(site=a_site()))
    assert {} == desk.state.customers


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULE, last_agent_ms=-1),
        replace(RULE, last_agent_score=0),
        replace(RULE, return_within_ms=-1),
        replace(RULE, customers_max=0),
    ],
)
def test_a_rule_out_of_range_is_refused(rule: MemoryRule) -> None:
    """Each of its numbers."""
    assert RefusalReason.INVALID_VALUE is remembering().refuses(commands.ApplySite(site=a_site(memory=rule)))
