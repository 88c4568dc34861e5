"""Handling: hold, failure of the media leg, end, wrap-up."""

import pytest

from routing.core import commands, events
from routing.core.decide.closing import holder_of
from routing.core.errors import InvariantBroken
from routing.core.events import ReturnCause
from routing.core.kept import Ended
from routing.core.lifecycle import InteractionPhase
from routing.model.interaction import EndCause
from tests.builders import a_queue, a_route_step, a_rule, a_site, a_step, an_agent, some_needs
from tests.routing.core.desk import START, a_desk, a_desk_in


def test_wrap_up_uses_capacity_until_its_limit() -> None:
    """The limit ends it as handled, and says why."""
    desk = a_desk_in(InteractionPhase.WRAP_UP)
    assert 100 == desk.state.agents["a1"].used
    (ended,) = desk.wait(10_000)
    assert isinstance(ended, events.InteractionEnded)
    assert (EndCause.HANDLED, "a1", "wrap_up_limit") == (ended.cause, ended.agent_id, ended.reason)
    assert {"i1": Ended(START + 10_000, EndCause.HANDLED, "main", "a1")} == desk.state.ended
    assert START + 10_000 == desk.state.agents["a1"].free_since


def test_a_queue_without_wrap_up_ends_at_once() -> None:
    """Both facts are recorded, at the same instant."""
    desk = a_desk_in(InteractionPhase.HANDLING, a_site(queues=[a_queue(wrap_up_limit_ms=0)]))
    happened = desk.do(commands.EndHandling(interaction_id="i1"))
    assert [events.HandlingEnded, events.InteractionEnded] == [type(event) for event in happened]
    assert None is desk.state.deadlines.first()


def test_hold_and_resume_keep_the_agent() -> None:
    """Capacity stays used throughout, and handling may end on hold."""
    desk = a_desk_in(InteractionPhase.HELD)
    assert 100 == desk.state.agents["a1"].used
    desk.do(commands.ResumeHandling(interaction_id="i1"))
    desk.do(commands.HoldHandling(interaction_id="i1"))
    assert [events.HandlingEnded] == [type(event) for event in desk.do(commands.EndHandling(interaction_id="i1"))]


def test_after_a_failed_connect_the_interaction_waits_with_its_age() -> None:
    """The agent is free again and left out for the cooldown."""
    desk = a_desk_in(InteractionPhase.HANDLING)
    desk.wait(3_000)
    (returned,) = desk.do(commands.FailConnect(interaction_id="i1", reason="no media"))
    assert isinstance(returned, events.HandlingReturned)
    assert (ReturnCause.CONNECT_FAILED, "no media") == (returned.cause, returned.reason)
    row = desk.state.interactions["i1"]
    assert (START, {"a1": START + 13_000}, 0) == (row.enqueued_at, row.exclusions, desk.state.agents["a1"].used)


def test_a_ladder_is_caught_up_when_the_interaction_waits_again() -> None:
    """Steps that fell due during handling are taken at the return, later ones keep their instants."""
    steps = [a_step(10_000, lower="english:4"), a_step(20_000, drop="english"), a_step(90_000, raise_base_ms=1)]
    desk = a_desk_in(InteractionPhase.HANDLING, a_site(rules=[a_rule(needs="english>=5:expiring sales>=1", steps=steps)]))
    assert [] == desk.wait(50_000)
    returned, first, second = desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    assert isinstance(returned, events.HandlingReturned)
    assert isinstance(first, events.RequirementRelaxed)
    assert isinstance(second, events.RequirementRelaxed)
    assert (START + 10_000, START + 20_000) == (first.due_at, second.due_at)
    route = desk.state.interactions["i1"].route
    assert (some_needs("sales>=1"), (a_route_step(START + 90_000, raise_base_ms=1),)) == (route.requirements, route.steps)


def test_exclusions_sleep_during_handling() -> None:
    """Those that ran out meanwhile are over at the return, the others end at their own instants."""
    desk = a_desk(a_site(queues=[a_queue(connect_failed_ms=0, wrap_up_limit_ms=0)]), an_agent("a1"), an_agent("a2"), an_agent("a3"))
    desk.enqueue()
    desk.do(commands.DeclineOffer(offer_id=desk.offer("i1", "a2"), retry_at=START + 5_000))
    desk.do(commands.DeclineOffer(offer_id=desk.offer("i1", "a3"), retry_at=START + 50_000))
    desk.take("i1", "a1")
    assert [] == desk.wait(20_000)
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    assert {"a3": START + 50_000} == desk.state.interactions["i1"].exclusions
    assert [events.ExclusionEnded(interaction_id="i1", agent_id="a3", due_at=START + 50_000)] == desk.wait(30_000)


def test_work_in_progress_without_an_agent_is_a_contradiction() -> None:
    """The core stops rather than guess."""
    desk = a_desk_in(InteractionPhase.WAITING)
    with pytest.raises(InvariantBroken, match="without an agent"):
        holder_of(desk.state.interactions["i1"])
