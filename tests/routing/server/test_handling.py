"""Conversations of several legs over a real socket: every call, what both desktops hear, and what a platform sees of the chain."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from routing.core import commands
from routing.core.commands import NextLeg
from routing.model.leg import Barred, LegAge
from routing.server.convert.commands import command_of
from routing.server.errors import Refused
from routing.v1 import agents_pb2, handling_pb2, interactions_pb2, operators_pb2, types_pb2
from tests.builders import a_queue, a_rule, a_site, an_agent, some_needs
from tests.routing.server.harness import Desk, DesktopStream, a_desk, refused

SITE = a_site(
    queues=[a_queue("main"), a_queue("billing", wrap_up_limit_ms=0)],
    rules=[a_rule("billing", queue="billing", when="type=billing", needs="billing>=1"), a_rule("any", queue="main", needs="sales>=1")],
    skills="sales billing",
)
AGENTS = (an_agent("ann", skills="sales:7"), an_agent("bob", skills="billing:5"))
LEG = handling_pb2.NextLeg(id="leg", type="billing")
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION


@asynccontextmanager
async def a_call(data: Path) -> AsyncIterator[Desk]:
    """Ann handles `i1`; bob can bill and is available."""
    async with a_desk(data, site=SITE, agents=AGENTS) as desk:
        for agent in AGENTS:
            await desk.set_presence(agent.id)
        await desk.enqueue()
        await take(desk, "ann")
        yield desk


async def take(desk: Desk, agent_id: str) -> None:
    """Accept the one offer an agent has."""
    await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id=desk.request_id(), offer_id=desk.offered(agent_id)))


async def consult(desk: Desk, *, is_taken: bool = True) -> None:
    """Ann asks, and bob may have taken it."""
    request = handling_pb2.StartConsultRequest(request_id=desk.request_id(), interaction_id="i1", leg=LEG)
    assert (await desk.handling.StartConsult(request)).leg_id == "leg"
    if is_taken:
        await take(desk, "bob")


async def test_a_transfer_over_the_wire(tmp_path: Path) -> None:
    """The answer names the leg, also when the request is sent again; both ends of the chain show it."""
    async with a_call(tmp_path) as desk:
        request = handling_pb2.TransferInteractionRequest(
            request_id="t1", interaction_id="i1", leg=handling_pb2.NextLeg(type="billing", age=types_pb2.LegAge(limit_ms=0))
        )
        answer = await desk.handling.TransferInteraction(request)
        assert (answer.leg_id, answer) == ("auto-2", await desk.handling.TransferInteraction(request))
        parent, leg = await desk.status("i1"), await desk.status("auto-2")
        assert (parent.phase, parent.tie, parent.leg_id) == (types_pb2.INTERACTION_PHASE_WRAP_UP, types_pb2.TIE_TRANSFERRED, "auto-2")
        origin = leg.interaction.leg
        assert (origin.parent_id, origin.first_id, origin.number, origin.kind) == ("i1", "i1", 1, types_pb2.TRANSFER_KIND_BLIND)
        assert (list(origin.agent_ids), list(origin.barred_agent_ids), leg.interaction.routing_credit_ms) == (["ann"], ["ann"], 0)
        assert [("i1", "ann"), ("auto-2", "")] == [(one.interaction_id, one.agent_id) for one in parent.conversation]
        assert list(parent.conversation) == list(leg.conversation)
        await desk.agents.EndWrapUp(agents_pb2.EndWrapUpRequest(request_id=desk.request_id(), interaction_id="i1"))
        ended = await desk.status("i1")
        assert (ended.cause, ended.leg_id) == (types_pb2.END_CAUSE_TRANSFERRED, "auto-2")
        assert [types_pb2.END_CAUSE_TRANSFERRED, types_pb2.END_CAUSE_UNSPECIFIED] == [one.cause for one in ended.conversation]
        assert (await desk.operators.GetStatus(operators_pb2.GetStatusRequest())).transferred == 1


async def test_an_interaction_of_one_leg_shows_no_conversation(tmp_path: Path) -> None:
    """Neither before nor after a consultation that was cancelled."""
    async with a_call(tmp_path) as desk:
        await consult(desk, is_taken=False)
        assert [one.interaction_id for one in (await desk.status("i1")).conversation] == ["i1", "leg"]
        await desk.handling.CancelConsult(handling_pb2.CancelConsultRequest(request_id="c", interaction_id="i1"))
        status = await desk.status("i1")
        assert (len(status.conversation), status.tie, status.leg_id) == (0, types_pb2.TIE_UNSPECIFIED, "")
        assert [one.interaction_id for one in (await desk.status("leg")).conversation] == ["i1", "leg"]


async def test_both_desktops_hear_of_a_conference(tmp_path: Path) -> None:
    """Ann asks, hears that bob took it, brings all together and leaves; bob hears that the customer is his."""
    async with a_call(tmp_path) as desk:
        ann, bob = DesktopStream(desk), DesktopStream(desk)
        (before,) = await ann.open("ann")
        await bob.open("bob", session_id="s2")
        assert before.work[0].tie == types_pb2.TIE_UNSPECIFIED
        start = handling_pb2.StartConsultRequest(request_id="c1", interaction_id="i1", leg=LEG)
        await ann.send(agents_pb2.AgentCommand(start_consult=start))
        assert told(await ann.next("tie_changed")) == ("i1", "ann", "leg", types_pb2.TIE_CONSULT, "")
        offer = (await bob.next("offer_made")).offer_made.offer
        assert offer.interaction.leg.parent_id == "i1"
        await bob.send(agents_pb2.AgentCommand(accept_offer=agents_pb2.AcceptOfferRequest(request_id="a", offer_id=offer.id)))
        assert told(await ann.next("tie_changed")) == ("i1", "ann", "leg", types_pb2.TIE_CONSULT, "bob")
        await ann.send(agents_pb2.AgentCommand(start_conference=handling_pb2.StartConferenceRequest(request_id="c2", interaction_id="i1")))
        assert told(await ann.next("tie_changed")) == ("i1", "ann", "leg", types_pb2.TIE_CONFERENCE, "bob")
        assert told(await bob.next("tie_changed")) == ("i1", "bob", "leg", types_pb2.TIE_CONFERENCE, "ann")
        await ann.send(agents_pb2.AgentCommand(complete_consult=handling_pb2.CompleteConsultRequest(request_id="c3", interaction_id="i1")))
        assert told(await bob.next("tie_changed")) == ("i1", "bob", "leg", types_pb2.TIE_TRANSFERRED, "ann")
        assert told(await ann.next("tie_changed")) == ("i1", "ann", "leg", types_pb2.TIE_TRANSFERRED, "bob")


def told(event: agents_pb2.AgentEvent) -> tuple[str, str, str, types_pb2.Tie, str]:
    """What a tie event says."""
    changed = event.tie_changed
    return changed.interaction_id, changed.agent_id, changed.leg_id, changed.tie, changed.partner_id


async def test_a_leg_that_comes_back_is_told_to_the_agent_who_asked(tmp_path: Path) -> None:
    """Bob's line fails in the conference: it is a consultation again, and nobody is on the leg."""
    async with a_call(tmp_path) as desk:
        ann = DesktopStream(desk)
        await ann.open("ann")
        await consult(desk)
        await desk.handling.StartConference(handling_pb2.StartConferenceRequest(request_id="c", interaction_id="i1"))
        request = interactions_pb2.FailConnectRequest(request_id="f", interaction_id="leg", reason="")
        await desk.interactions.FailConnect(request)
        ties = [(await ann.next("tie_changed")).tie_changed for _ in range(5)]
        expected = [("CONSULT", ""), ("CONSULT", "bob"), ("CONFERENCE", "bob"), ("CONSULT", "bob"), ("CONSULT", "")]
        assert [(types_pb2.Tie.Name(tie.tie).removeprefix("TIE_"), tie.partner_id) for tie in ties] == expected


async def test_a_platform_sees_the_whole_of_it(tmp_path: Path) -> None:
    """Every fact of the earlier side is an event with its leg, and the leg's arrival says where it comes from."""
    async with a_call(tmp_path) as desk:
        watching = desk.interactions.WatchInteractions(interactions_pb2.WatchInteractionsRequest(cursor=0))
        await consult(desk)
        await desk.handling.StartConference(handling_pb2.StartConferenceRequest(request_id="1", interaction_id="i1"))
        await desk.interactions.FailConnect(interactions_pb2.FailConnectRequest(request_id="2", interaction_id="leg"))
        await desk.handling.CancelConsult(handling_pb2.CancelConsultRequest(request_id="3", interaction_id="i1"))
        request = handling_pb2.TransferInteractionRequest(request_id="4", interaction_id="i1")
        last = (await desk.handling.TransferInteraction(request)).sequence
        seen: list[interactions_pb2.InteractionEvent] = []
        while not seen or seen[-1].sequence < last:
            message: Any = await watching.read()
            seen += message.events
        kinds = [event.WhichOneof("event") for event in seen if event.interaction_id == "i1"]
        assert kinds[3:] == [
            "consult_started",
            "conference_started",
            "conference_ended",
            "consult_ended",
            "transferred",
            "handling_ended",
        ]
        (leg,) = [event.queued.leg for event in seen if event.interaction_id == "leg" and event.WhichOneof("event") == "queued"]
        assert (leg.parent_id, leg.kind) == ("i1", types_pb2.TRANSFER_KIND_CONSULT)


async def test_refusals_name_what_is_wrong(tmp_path: Path) -> None:
    """Each with its status and reason."""
    async with a_call(tmp_path) as desk:
        early = desk.handling.CompleteConsult(handling_pb2.CompleteConsultRequest(request_id="1", interaction_id="i1"))
        assert await refused(early) == (PRECONDITION, "NOT_CONSULTING", "interaction_id")
        await consult(desk, is_taken=False)
        again = desk.handling.TransferInteraction(handling_pb2.TransferInteractionRequest(request_id="2", interaction_id="i1"))
        assert await refused(again) == (PRECONDITION, "CONSULTING", "interaction_id")
        forged = types_pb2.Interaction(id="i2", channel="voice", leg=types_pb2.Leg(parent_id="i1"))
        request = interactions_pb2.EnqueueInteractionRequest(request_id="3", interaction=forged)
        assert (await refused(desk.interactions.EnqueueInteraction(request)))[1:] == ("INVALID_VALUE", "interaction.leg")


def test_a_next_leg_comes_through_unchanged() -> None:
    """With every field set, and with none."""
    needs = interactions_pb2.RequirementList(
        requirements=[
            types_pb2.Requirement(
                attribute="sales",
                operator=types_pb2.REQUIREMENT_OPERATOR_AT_LEAST,
                value=types_pb2.AttributeValue(number=5),
                kind=types_pb2.REQUIREMENT_KIND_MUST,
            )
        ]
    )
    message = handling_pb2.NextLeg(
        id="leg",
        channel="chat",
        type="",
        attributes={"invoice": types_pb2.AttributeValue(number=7)},
        requirements=needs,
        agent_id="bob",
        keeps_preferred=True,
        age=types_pb2.LegAge(),
        barred=types_pb2.BARRED_EARLIER_AGENTS,
    )
    command = command_of(handling_pb2.StartConsultRequest(request_id="r", interaction_id="i1", leg=message))
    assert isinstance(command, commands.StartConsult)
    assert command.leg == NextLeg(
        id="leg",
        channel="chat",
        type="",
        attributes={"invoice": 7},
        requirements=some_needs("sales>=5"),
        agent_id="bob",
        keeps_preferred=True,
        age=LegAge(),
        barred=Barred.EARLIER_AGENTS,
    )
    plain = command_of(handling_pb2.TransferInteractionRequest(request_id="r", interaction_id="i1"))
    assert plain == commands.TransferInteraction(request_id="r", interaction_id="i1", leg=NextLeg())


def test_a_bar_that_is_no_bar_is_refused() -> None:
    """A number without a name is an error, not the default."""
    message = handling_pb2.NextLeg()
    message.barred = 99  # type: ignore[assignment]  # what a later client may send
    with pytest.raises(Refused, match="barred"):
        command_of(handling_pb2.TransferInteractionRequest(request_id="r", interaction_id="i1", leg=message))
