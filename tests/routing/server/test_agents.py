"""The desktops' service: single calls, and the stream that serves one or many agents."""

from pathlib import Path
from typing import Any

import grpc
import pytest

from routing.model.agent import Presence
from routing.v1 import agents_pb2, refusal_pb2, types_pb2
from routing.v1.agents_pb2 import AgentCommand
from tests.builders import EMAIL, a_queue, a_site, an_agent
from tests.routing.server.harness import DesktopStream, a_desk, metadata_refusal, refused

PRECONDITION, NOT_FOUND, INVALID = grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT
WAITING, HANDLING = types_pb2.INTERACTION_PHASE_WAITING, types_pb2.INTERACTION_PHASE_HANDLING


def accept(offer_id: str, request_id: str = "accept") -> AgentCommand:
    """The command to accept an offer."""
    return AgentCommand(accept_offer=agents_pb2.AcceptOfferRequest(request_id=request_id, offer_id=offer_id))


def available(agent_id: str, request_id: str = "") -> AgentCommand:
    """The command to become available."""
    request = agents_pb2.SetPresenceRequest(
        request_id=request_id or f"on/{agent_id}", agent_id=agent_id, presence=types_pb2.PRESENCE_AVAILABLE
    )
    return AgentCommand(set_presence=request)


async def test_single_calls_take_an_interaction_through_its_life(tmp_path: Path) -> None:
    """Extend, accept, hold, resume, end, wrap up; a repeated accept is answered as before."""
    async with a_desk(tmp_path) as desk:
        await desk.set_presence()
        await desk.enqueue()
        offer_id = desk.offered()
        await desk.agents.ExtendOffer(agents_pb2.ExtendOfferRequest(request_id="x", offer_id=offer_id))
        request = agents_pb2.AcceptOfferRequest(request_id="a", offer_id=offer_id)
        first = await desk.agents.AcceptOffer(request)
        assert first.interaction_id == "i1"
        await desk.agents.HoldHandling(agents_pb2.HoldHandlingRequest(request_id="h", interaction_id="i1"))
        assert (await desk.status()).phase == types_pb2.INTERACTION_PHASE_HELD
        await desk.agents.ResumeHandling(agents_pb2.ResumeHandlingRequest(request_id="m", interaction_id="i1"))
        await desk.agents.EndHandling(agents_pb2.EndHandlingRequest(request_id="e", interaction_id="i1"))
        assert (await desk.status()).phase == types_pb2.INTERACTION_PHASE_WRAP_UP
        await desk.agents.EndWrapUp(agents_pb2.EndWrapUpRequest(request_id="w", interaction_id="i1"))
        status = await desk.status()
        assert (status.phase, status.cause, status.agent_id) == (types_pb2.INTERACTION_PHASE_ENDED, types_pb2.END_CAUSE_HANDLED, "a1")
        assert await desk.agents.AcceptOffer(request) == first


async def test_single_calls_that_do_not_fit_are_refused_by_name(tmp_path: Path) -> None:
    """Each with its own reason."""
    async with a_desk(tmp_path, site=a_site(queues=[a_queue(offer_extension_ms=0)])) as desk:
        agents = desk.agents
        unknown = agents_pb2.AcceptOfferRequest(request_id="1", offer_id="offer-9")
        assert await refused(agents.AcceptOffer(unknown)) == (NOT_FOUND, "UNKNOWN_OFFER", "offer_id")
        await desk.set_presence()
        await desk.enqueue()
        offer_id = desk.offered()
        extend = agents_pb2.ExtendOfferRequest(request_id="2", offer_id=offer_id)
        assert await refused(agents.ExtendOffer(extend)) == (PRECONDITION, "EXTENSION_EXHAUSTED", "offer_id")
        late = agents_pb2.DeclineOfferRequest(request_id="3", offer_id=offer_id, retry_at_ms=1)
        assert await refused(agents.DeclineOffer(late)) == (INVALID, "INVALID_VALUE", "retry_at")
        await agents.DeclineOffer(agents_pb2.DeclineOfferRequest(request_id="4", offer_id=offer_id))
        over = agents_pb2.AcceptOfferRequest(request_id="5", offer_id=offer_id)
        assert await refused(agents.AcceptOffer(over)) == (PRECONDITION, "OFFER_NOT_PENDING", "offer_id")
        hold = agents_pb2.HoldHandlingRequest(request_id="6", interaction_id="i1")
        assert await refused(agents.HoldHandling(hold)) == (PRECONDITION, "NOT_HANDLING", "interaction_id")
        resume = agents_pb2.ResumeHandlingRequest(request_id="7", interaction_id="i1")
        assert await refused(agents.ResumeHandling(resume)) == (PRECONDITION, "NOT_HELD", "interaction_id")
        end = agents_pb2.EndHandlingRequest(request_id="8", interaction_id="i1")
        assert await refused(agents.EndHandling(end)) == (PRECONDITION, "NOT_HANDLING", "interaction_id")
        wrap = agents_pb2.EndWrapUpRequest(request_id="9", interaction_id="i1")
        assert await refused(agents.EndWrapUp(wrap)) == (PRECONDITION, "NOT_IN_WRAP_UP", "interaction_id")
        nobody = agents_pb2.SetPresenceRequest(request_id="10", agent_id="nobody", presence=types_pb2.PRESENCE_AVAILABLE)
        assert await refused(agents.SetPresence(nobody)) == (NOT_FOUND, "UNKNOWN_AGENT", "agent_id")


async def test_a_stream_brings_offers_and_takes_their_answers(tmp_path: Path) -> None:
    """Snapshot, offer with the platform's values, accept, hold, resume, end, wrap up; each command acknowledged by its request id."""
    async with a_desk(tmp_path) as desk:
        stream = DesktopStream(desk)
        (snapshot,) = await stream.open("a1")
        assert (snapshot.agent_id, snapshot.presence, list(snapshot.offers)) == ("a1", types_pb2.PRESENCE_OFFLINE, [])
        await stream.send(available("a1"))
        assert (await stream.next("acknowledged")).acknowledged.request_id == "on/a1"
        assert (await stream.next("presence_changed")).presence_changed.presence == types_pb2.PRESENCE_AVAILABLE
        await desk.enqueue(correlation_id="c", opaque={"screen": "pop"})
        offer = (await stream.next("offer_made")).offer_made.offer
        assert (offer.agent_id, offer.interaction.correlation_id, dict(offer.interaction.opaque)) == ("a1", "c", {"screen": "pop"})
        assert offer.expires_at_ms - offer.enqueued_at_ms == 15_000
        extend = agents_pb2.ExtendOfferRequest(request_id="x", offer_id=offer.id)
        await stream.send(AgentCommand(extend_offer=extend), accept(offer.id))
        extended = (await stream.next("offer_extended")).offer_extended
        assert (extended.agent_id, extended.expires_at_ms) == ("a1", offer.expires_at_ms + 5_000)
        assert (await stream.next("offer_ended")).offer_ended.outcome == types_pb2.OFFER_OUTCOME_ACCEPTED
        await stream.send(
            AgentCommand(hold_handling=agents_pb2.HoldHandlingRequest(request_id="h", interaction_id="i1")),
            AgentCommand(resume_handling=agents_pb2.ResumeHandlingRequest(request_id="m", interaction_id="i1")),
            AgentCommand(end_handling=agents_pb2.EndHandlingRequest(request_id="e", interaction_id="i1")),
            AgentCommand(end_wrap_up=agents_pb2.EndWrapUpRequest(request_id="w", interaction_id="i1")),
        )
        phases = [(await stream.next("work_changed")).work_changed.phase for _ in range(4)]
        names = [types_pb2.InteractionPhase.Name(phase).removeprefix("INTERACTION_PHASE_") for phase in phases]
        assert names == ["HELD", "HANDLING", "WRAP_UP", "ENDED"]
        acknowledged = [(await stream.next("acknowledged")).acknowledged.request_id for _ in range(6)]
        assert acknowledged == ["x", "accept", "h", "m", "e", "w"]


async def test_a_refused_command_does_not_end_the_stream(tmp_path: Path) -> None:
    """It is refused in its place, with its request id and reason."""
    async with a_desk(tmp_path) as desk:
        stream = DesktopStream(desk)
        await stream.open("a1")
        await stream.send(accept("offer-9"), AgentCommand(set_presence=agents_pb2.SetPresenceRequest(agent_id="a1")), available("a1"))
        refusals = [(await stream.next("refused")).refused for _ in range(2)]
        assert [(one.request_id, one.refusal.reason) for one in refusals] == [
            ("accept", refusal_pb2.REFUSAL_REASON_UNKNOWN_OFFER),
            ("", refusal_pb2.REFUSAL_REASON_INVALID_VALUE),
        ]
        await stream.next("acknowledged")


async def test_an_agent_who_is_not_registered_is_refused_in_the_stream(tmp_path: Path) -> None:
    """The others of the same message are opened."""
    async with a_desk(tmp_path) as desk:
        stream = DesktopStream(desk)
        opening = agents_pb2.OpenSession(session_id="s", agent_ids=["nobody", "a1"])
        await stream.send(AgentCommand(open_session=opening))
        event = (await stream.next("refused")).refused
        assert (event.request_id, event.refusal.reason) == ("nobody", refusal_pb2.REFUSAL_REASON_UNKNOWN_AGENT)
        assert (await stream.next("snapshot")).snapshot.agent_id == "a1"


async def test_a_stream_decides_for_its_own_agents_only(tmp_path: Path) -> None:
    """Presence, offers and work of others are refused."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        await desk.set_presence("a2")
        await desk.enqueue()
        stream = DesktopStream(desk)
        await stream.open("a1")
        hold = agents_pb2.HoldHandlingRequest(request_id="h", interaction_id="i1")
        await stream.send(available("a2"), accept(desk.offered("a2")))
        reasons = [(await stream.next("refused")).refused.refusal.reason for _ in range(2)]
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id="a", offer_id=desk.offered("a2")))
        await stream.send(AgentCommand(hold_handling=hold))
        reasons.append((await stream.next("refused")).refused.refusal.reason)
        assert reasons == [refusal_pb2.REFUSAL_REASON_NOT_IN_SESSION] * 3


async def test_a_gateway_speaks_for_many_agents(tmp_path: Path) -> None:
    """Each event goes to the stream of its agent, and to no other."""
    async with a_desk(tmp_path, agents=[an_agent(f"a{number}") for number in range(1, 4)]) as desk:
        gateway, single = DesktopStream(desk), DesktopStream(desk)
        await gateway.open("a1", "a2")
        await single.open("a3", session_id="other")
        await gateway.send(available("a1"), available("a2"))
        await single.send(available("a3"))
        await single.next("acknowledged")
        for number in range(3):
            await desk.enqueue(f"i{number}")
        offered = {(await gateway.next("offer_made")).offer_made.offer.agent_id for _ in range(2)}
        assert (offered, (await single.next("offer_made")).offer_made.offer.agent_id) == ({"a1", "a2"}, "a3")


async def test_reconnecting_loses_nothing(tmp_path: Path) -> None:
    """The snapshot of the new stream has the live offer and the work; within the lease the agent stays available."""
    site = a_site(channels=[EMAIL], queues=[a_queue()])
    async with a_desk(tmp_path, site=site, agents=[an_agent("a1", channels="email:5")]) as desk:
        stream = DesktopStream(desk)
        await stream.open("a1")
        await stream.send(available("a1"))
        await stream.next("acknowledged")
        await desk.enqueue("i1", channel="email")
        offer = (await stream.next("offer_made")).offer_made.offer
        await stream.send(accept(offer.id))
        await stream.next("offer_ended")
        stream.call.cancel()
        watcher = DesktopStream(desk)
        await desk.enqueue("i2", channel="email")
        (snapshot,) = await watcher.open("a1", session_id="s2")
        assert [(work.interaction.id, work.phase) for work in snapshot.work] == [("i1", HANDLING)]
        assert [offer.interaction.id for offer in snapshot.offers] == ["i2"]
        assert snapshot.presence == types_pb2.PRESENCE_AVAILABLE


async def test_a_lost_stream_becomes_a_lease_that_runs_out(tmp_path: Path) -> None:
    """Afterwards the agent is offline, and the offer is withdrawn and made to another."""
    site = a_site(session_lease_ms=50)
    async with a_desk(tmp_path, site=site, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        stream, other = DesktopStream(desk), DesktopStream(desk)
        await stream.open("a1")
        await other.open("a2", session_id="other")
        await stream.send(available("a1"))
        await stream.next("acknowledged")
        await desk.enqueue()
        await stream.next("offer_made")
        await other.send(available("a2"))
        await stream.call.done_writing()
        assert await stream.ended() is grpc.StatusCode.OK
        offer = (await other.next("offer_made")).offer_made.offer
        assert (offer.agent_id, offer.interaction.id) == ("a2", "i1")
        row = desk.state.agents["a1"]
        assert (row.presence, row.presence_reason) == (Presence.OFFLINE, "session_lost")


async def test_a_newer_session_replaces_an_older_one(tmp_path: Path) -> None:
    """The older stream is told so for the agent, keeps its others, and ends by name once it has none; its end costs nobody the lease."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        old, new = DesktopStream(desk), DesktopStream(desk)
        await old.open("a1", "a2", session_id="old")
        await new.open("a1", session_id="new")
        assert (await old.next("session_replaced")).session_replaced.agent_id == "a1"
        await old.send(available("a2"), available("a1"))
        assert (await old.next("acknowledged")).acknowledged.request_id == "on/a2"
        assert (await old.next("refused")).refused.refusal.reason == refusal_pb2.REFUSAL_REASON_NOT_IN_SESSION
        await new.open("a2", session_id="new")
        assert await old.ended() is PRECONDITION
        refusal = metadata_refusal(await old.call.trailing_metadata())
        assert refusal.reason == refusal_pb2.REFUSAL_REASON_SESSION_REPLACED
        await new.send(available("a1", "late"))
        await new.next("acknowledged")
        assert [desk.state.agents[agent_id].session_expires_at for agent_id in ("a1", "a2")] == [None, None]


async def test_the_same_session_on_a_new_stream_survives_the_end_of_the_old(tmp_path: Path) -> None:
    """A desktop that came back before its dead connection was noticed keeps its lease."""
    async with a_desk(tmp_path) as desk:
        old, new = DesktopStream(desk), DesktopStream(desk)
        await old.open("a1")
        await new.open("a1")
        assert await old.ended() is PRECONDITION
        await new.send(available("a1"))
        await new.next("acknowledged")
        assert desk.state.agents["a1"].session_expires_at is None


async def test_a_session_can_be_closed_in_good_order(tmp_path: Path) -> None:
    """The lease begins to run for that agent; the stream goes on for the others."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        stream = DesktopStream(desk)
        await stream.open("a1", "a2")
        await stream.send(AgentCommand(close_session=agents_pb2.CloseSession(agent_ids=["a1"])), available("a2"))
        assert (await stream.next("acknowledged")).acknowledged.request_id == "a1"
        await stream.next("acknowledged")
        assert desk.state.agents["a1"].session_expires_at is not None
        assert desk.state.agents["a2"].session_expires_at is None


@pytest.mark.parametrize(
    "command",
    [
        AgentCommand(),
        AgentCommand(open_session=agents_pb2.OpenSession(session_id="s")),
        AgentCommand(open_session=agents_pb2.OpenSession(agent_ids=["a1"])),
        AgentCommand(open_session=agents_pb2.OpenSession(session_id="s", agent_ids=["a1"] * 2_001)),
        AgentCommand(close_session=agents_pb2.CloseSession()),
    ],
)
async def test_a_command_that_means_nothing_ends_the_stream(tmp_path: Path, command: AgentCommand) -> None:
    """There is no request id to refuse it under."""
    async with a_desk(tmp_path) as desk:
        stream = DesktopStream(desk)
        await stream.send(command)
        assert await stream.ended() is INVALID


async def test_one_stream_has_one_session(tmp_path: Path) -> None:
    """A second session id on the same stream ends it."""
    async with a_desk(tmp_path) as desk:
        stream = DesktopStream(desk)
        await stream.open("a1", session_id="s")
        opening = agents_pb2.OpenSession(session_id="t", agent_ids=["a1"])
        await stream.send(AgentCommand(open_session=opening))
        assert await stream.ended() is INVALID


async def test_malformed_bytes_end_the_stream_flatly(tmp_path: Path) -> None:
    """As an invalid argument; the connection goes on."""
    async with a_desk(tmp_path) as desk:
        call: Any = desk.channel.stream_stream("/routing.v1.AgentService/Connect")()
        await call.write(b"\xff\xff")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
        assert caught.value.code() is INVALID
        await desk.enqueue()
