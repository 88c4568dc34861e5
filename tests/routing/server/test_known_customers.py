"""Over a real socket: customers who are known, limits of stay, and what becomes of offers that fail."""

import asyncio
from pathlib import Path

from routing.model.memory import MemoryRule
from routing.model.queue import EveryoneDeclined
from routing.model.reservation import StickyRule
from routing.v1 import agents_pb2, interactions_pb2, operators_pb2, types_pb2
from tests.builders import a_queue, a_rule, a_site, an_agent, an_urgency
from tests.routing.server.harness import WAIT_S, Desk, a_desk

MEMORY = MemoryRule(last_agent_ms=60_000, last_agent_score=90, return_within_ms=60_000, customers_max=10)
STICKY = a_rule(sticky=StickyRule(hold_ms=60_000, minimum_score=50), urgency=an_urgency(target_ms=60_000))


async def told(desk: Desk, interaction_id: str, last: str) -> list[interactions_pb2.InteractionEvent]:
    """What is told of an interaction from the first event on, up to the first of a kind."""
    request = interactions_pb2.WatchInteractionsRequest(cursor=0, interaction_ids=[interaction_id])
    found: list[interactions_pb2.InteractionEvent] = []
    async with asyncio.timeout(WAIT_S):
        async for message in desk.interactions.WatchInteractions(request):
            for event in message.events:
                found.append(event)
                if event.WhichOneof("event") == last:
                    return found
    raise AssertionError(f"nothing was told of {last}")


async def serve(desk: Desk, interaction_id: str, agent_id: str) -> None:
    """An agent takes it and ends it."""
    offer_id = desk.offered(agent_id)
    await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id=desk.request_id(), offer_id=offer_id))
    await desk.agents.EndHandling(agents_pb2.EndHandlingRequest(request_id=desk.request_id(), interaction_id=interaction_id))


async def test_a_customer_is_kept_for_the_agent_who_served_them_until_that_agent_declines(tmp_path: Path) -> None:
    """The platform is told for whom, why, and when everybody may have it."""
    site = a_site(queues=[a_queue(wrap_up_limit_ms=0, declined_ms=60_000)], rules=[STICKY], memory=MEMORY)
    async with a_desk(tmp_path, site=site, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        await desk.set_presence("a2")
        await desk.enqueue("i1", customer_id="kim")
        await serve(desk, "i1", "a2")
        await desk.set_presence("a1")
        accepted = await desk.enqueue("i2", customer_id="kim")
        status = await desk.status("i2")
        assert (["a2"], ["a2"]) == (list(status.reserved_agent_ids), list(status.offered_agent_ids))
        assert accepted.enqueued_at_ms + 60_000 == status.reserved_until_ms
        request = agents_pb2.DeclineOfferRequest(request_id="no", offer_id=desk.offered("a2"))
        await desk.agents.DeclineOffer(request)
        assert ["a1"] == list((await desk.status("i2")).offered_agent_ids)
        queued, *_, released = await told(desk, "i2", "released")
        assert ("a2", ["a2"]) == (queued.queued.last_agent_id, list(queued.queued.reserved_agent_ids))
        assert interactions_pb2.RESERVATION_END_CAUSE_DECLINED == released.released.cause


async def test_who_gives_up_and_returns_keeps_their_place(tmp_path: Path) -> None:
    """The platform is told how much of the age is that of the earlier call."""
    async with a_desk(tmp_path, site=a_site(memory=MEMORY)) as desk:
        first = await desk.enqueue("i1", customer_id="kim")
        await desk.interactions.AbandonInteraction(interactions_pb2.AbandonInteractionRequest(request_id="gone", interaction_id="i1"))
        second = await desk.enqueue("i2", customer_id="kim")
        (queued,) = await told(desk, "i2", "queued")
        assert second.enqueued_at_ms - first.enqueued_at_ms == queued.queued.kept_place_ms


async def test_an_interaction_that_nobody_wants_ends_as_unserved(tmp_path: Path) -> None:
    """A device that cannot be reached is no answer yet; a decline is the last one. The status counts the end by its own cause."""
    site = a_site(queues=[a_queue(everyone_declined=EveryoneDeclined.END, unreachable_ms=0)])
    async with a_desk(tmp_path, site=site) as desk:
        await desk.set_presence("a1")
        await desk.enqueue("i1", stay_limit_ms=600_000)
        assert (await desk.status("i1")).stays_until_ms == (await desk.status("i1")).enqueued_at_ms + 600_000
        for reason in (types_pb2.DECLINE_REASON_UNREACHABLE, types_pb2.DECLINE_REASON_DECLINED):
            request = agents_pb2.DeclineOfferRequest(request_id=desk.request_id(), offer_id=desk.offered(), reason=reason)
            await desk.agents.DeclineOffer(request)
        *_, over = await told(desk, "i1", "ended")
        assert (types_pb2.END_CAUSE_UNSERVED, "everyone_declined") == (over.ended.cause, over.ended.reason)
        counts = await desk.operators.GetStatus(operators_pb2.GetStatusRequest())
        assert (1, 1, 0) == (counts.arrived, counts.unserved, counts.waiting)


async def test_a_limit_of_stay_ends_an_interaction_by_the_servers_own_clock(tmp_path: Path) -> None:
    """The offer that rings is told to end with it, and is taken back with its end."""
    async with a_desk(tmp_path, site=a_site()) as desk:
        await desk.set_presence("a1")
        await desk.enqueue("i1", stay_limit_ms=200)
        queued, offered, withdrawn, over = await told(desk, "i1", "ended")
        assert queued.at_ms + 200 == offered.offered.expires_at_ms
        assert types_pb2.OFFER_OUTCOME_WITHDRAWN == withdrawn.offer_ended.outcome
        assert "stay_limit" == over.ended.reason
