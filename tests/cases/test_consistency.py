"""Behaviour cases: what must hold when messages are repeated, late or stale, and when what waits changes."""

from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from routing.core.canonical import state_digest
from routing.core.commands import AcceptOffer, ApplySite, Command, EndHandling, EnqueueInteraction, PutAgents, UpdateInteraction
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import OfferExpired, OfferMade, RouteChanged
from routing.engine import Router
from routing.model.interaction import EndCause
from routing.model.requirement import Operator, Requirement
from routing.model.time import DAY_MS
from routing.policy.registry import default_registry
from routing.v1 import agents_pb2, interactions_pb2, types_pb2
from tests.builders import a_queue, a_rule, an_interaction, some_needs
from tests.cases.centers import MINUTE_MS, SECOND_MS, a_default_site
from tests.routing.policy.floor import Floor, a_floor, callers
from tests.routing.server.harness import a_desk, refused


def is_refused(floor: Floor, command: Command) -> RefusalReason:
    """Why a command is refused, which must change nothing."""
    before = state_digest(floor.router.state)
    with pytest.raises(CommandRefused) as refusal:
        floor.do(command)
    assert before == state_digest(floor.router.state)
    return refusal.value.reason


def test_at_89_a_stale_version_is_a_conflict_and_changes_nothing() -> None:
    """Two writers read version 1 and the second is refused; without a version the last one wins only if it says so."""
    floor = a_floor(a_default_site())
    floor.enqueue(an_interaction())
    stale = UpdateInteraction(interaction_id="i1", attributes={"city": "Bern"}, expected_version=1)
    floor.do(replace(stale, attributes={"city": "Rome"}))
    assert RefusalReason.VERSION_CONFLICT is is_refused(floor, stale)
    blind = replace(stale, expected_version=None)
    assert RefusalReason.INVALID_VALUE is is_refused(floor, blind)
    floor.do(replace(blind, overwrite=True))
    assert {"city": "Bern"} == floor.router.state.interactions["i1"].interaction.attributes


async def test_at_89_a_stale_version_over_the_wire(tmp_path: Path) -> None:
    """The platform is told that it read an older version, as a failed precondition."""
    async with a_desk(tmp_path, site=a_default_site(), agents=callers("")) as desk:
        await desk.enqueue()
        request = interactions_pb2.UpdateInteractionRequest(request_id="first", interaction_id="i1", expected_version=1, credit_ms=1)
        await desk.interactions.UpdateInteraction(request)
        request.request_id = "second"
        conflict = (grpc.StatusCode.FAILED_PRECONDITION, "VERSION_CONFLICT", "expected_version")
        assert conflict == await refused(desk.interactions.UpdateInteraction(request))


def test_at_90_one_request_id_is_one_interaction_for_seven_days() -> None:
    """Repeated up to the last millisecond it adds nothing and the id it was answered with is still known; another content is refused."""
    floor = a_floor(a_default_site())
    request = EnqueueInteraction(interaction=an_interaction(""), request_id="once")
    floor.do(request)
    floor.wait(7 * DAY_MS)
    assert [] == floor.do(request)
    assert (1, "auto-1") == (floor.router.state.arrived, floor.router.state.requests["once"].subject)
    other = replace(request, interaction=an_interaction("", type="other"))
    assert RefusalReason.REQUEST_ID_REUSED is is_refused(floor, other)


async def test_at_90_one_request_id_over_the_wire(tmp_path: Path) -> None:
    """The same answer with the same issued id, and one interaction, also from a server that was started again in between."""
    interaction = types_pb2.Interaction(channel="voice", type="sales")
    request = interactions_pb2.EnqueueInteractionRequest(request_id="once", interaction=interaction)
    async with a_desk(tmp_path, site=a_default_site(), agents=callers("")) as desk:
        first = await desk.interactions.EnqueueInteraction(request)
        assert first == await desk.interactions.EnqueueInteraction(request)
    async with a_desk(tmp_path, site=a_default_site(), agents=callers("")) as desk:
        assert first == await desk.interactions.EnqueueInteraction(request)
        assert (1, "auto-1") == (desk.state.arrived, first.interaction_id)


def test_at_91_a_lease_that_runs_out_frees_both_sides() -> None:
    """After 60 s the item is offered to another agent, and the first one's capacity is free again."""
    floor = a_floor(a_default_site(queues=[a_queue(offer_timeout_ms=MINUTE_MS, missed_threshold=0)]), *callers("", ""))
    floor.enqueue(an_interaction())
    floor.wait(MINUTE_MS - 1)
    assert {"i1": ["a1"]} == floor.offered
    floor.wait(1)
    assert {"i1": ["a2"]} == floor.offered
    assert 0 == floor.router.state.agents["a1"].used


def test_at_91_after_a_crash_every_lease_that_ran_out_is_released() -> None:
    """Restored from the log an hour later, one tick ends them all, and what waits is offered anew."""
    queue = a_queue(offer_timeout_ms=MINUTE_MS, missed_threshold=0, expired_ms=0)
    floor = a_floor(a_default_site(queues=[queue]), *callers("", "", ""))
    floor.enqueue(*(an_interaction(f"i{number}") for number in (1, 2, 3)))
    crashed = Floor(Router.restore(default_registry(), floor.log), floor.now + 60 * MINUTE_MS)
    happened = crashed.wait(0)
    assert [3, 3] == [sum(isinstance(event, kind) for event in happened) for kind in (OfferExpired, OfferMade)]
    with pytest.raises(CommandRefused) as late:
        crashed.do(AcceptOffer(offer_id="offer-1"))
    assert RefusalReason.OFFER_NOT_PENDING is late.value.reason


@pytest.mark.parametrize("second_id", ["end", "end-again", None])
def test_at_93_a_completion_delivered_twice_counts_once(second_id: str | None) -> None:
    """With the same request id it is answered as before, with another or none it is refused; one interaction ended, one place is free."""
    floor = a_floor(a_default_site(), *callers(""))
    floor.enqueue(an_interaction())
    floor.accept("i1")
    floor.do(EndHandling(interaction_id="i1", request_id="end"))
    again = EndHandling(interaction_id="i1", request_id=second_id)
    if second_id == "end":
        assert [] == floor.do(again)
    else:
        assert RefusalReason.NOT_HANDLING is is_refused(floor, again)
    assert {EndCause.HANDLED: 1} == floor.router.state.ended_by_cause
    assert 0 == floor.router.state.agents["a1"].used


async def test_at_93_a_completion_delivered_twice_over_the_wire(tmp_path: Path) -> None:
    """The retry of a desktop that heard no answer gets that answer."""
    async with a_desk(tmp_path, site=a_default_site(), agents=callers("")) as desk:
        await desk.set_presence()
        await desk.enqueue()
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id="accept", offer_id=desk.offered()))
        request = agents_pb2.EndHandlingRequest(request_id="end", interaction_id="i1")
        assert await desk.agents.EndHandling(request) == await desk.agents.EndHandling(request)
        assert {EndCause.HANDLED: 1} == desk.state.ended_by_cause


def test_at_95_what_was_never_offered_in_eleven_minutes_is_still_routed() -> None:
    """There is no age beyond which work is looked at no more."""
    for waited_ms in (11 * MINUTE_MS, 30 * DAY_MS):
        floor = a_floor(a_default_site())
        floor.enqueue(an_interaction())
        floor.wait(waited_ms)
        floor.staff(*callers(""))
        assert {"i1": ["a1"]} == floor.offered


def test_at_96_changed_data_are_looked_at_at_once_with_both_routes_on_record() -> None:
    """An item nobody can take is classified again by its new data, offered in the same step, and both requirements are in the log."""
    rules = [a_rule("hard", when="topic=hard", needs="sales>=9"), a_rule("easy", needs="sales>=3")]
    floor = a_floor(a_default_site(rules=rules), *callers("sales:5"))
    floor.enqueue(an_interaction(topic="hard"))
    floor.wait(SECOND_MS)
    happened = floor.do(UpdateInteraction(interaction_id="i1", attributes={"topic": "easy"}, expected_version=1))
    (changed,) = [event for event in happened if isinstance(event, RouteChanged)]
    assert (some_needs("sales>=9"), some_needs("sales>=3")) == (changed.old.requirements, changed.new.requirements)
    assert {"i1": ["a1"]} == floor.offered


def test_at_96_an_agent_who_learns_a_skill_gets_the_work_at_once() -> None:
    """And one who loses it loses the offer."""
    floor = a_floor(a_default_site(rules=[a_rule(needs="sales>=6")]), *callers("sales:5"))
    floor.enqueue(an_interaction())
    floor.do(PutAgents(agents=tuple(callers("sales:6"))))
    assert {"i1": ["a1"]} == floor.offered
    floor.do(PutAgents(agents=tuple(callers("sales:5"))))
    assert {} == floor.offered


def test_at_96_an_edited_rule_counts_for_what_waits() -> None:
    """The record of the change names the item, the requirement it had and the one it has."""
    site = a_default_site(rules=[a_rule("any", needs="sales>=9")])
    floor = a_floor(site, *callers("sales:5"))
    floor.enqueue(an_interaction())
    happened = floor.do(ApplySite(site=replace(site, rules=(a_rule("any", needs="sales>=4"),))))
    (changed,) = [event for event in happened if isinstance(event, RouteChanged)]
    (new,) = changed.new.requirements
    assert ("i1", Requirement(attribute="sales", operator=Operator.AT_LEAST, value=4)) == (changed.interaction_id, new)
    assert {"i1": ["a1"]} == floor.offered
