"""Over a real socket: arrivals that are turned away, told a wait, or wait for an opening."""

from pathlib import Path

from routing.model.estimate import EstimateMethod
from routing.server.convert.sites import site_of, site_to_wire
from routing.v1 import interactions_pb2, operators_pb2, types_pb2
from tests.builders import (
    a_calendar,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_admission,
    an_empty_rule,
    an_interaction,
    some_hours,
)
from tests.routing.server.harness import Desk, a_desk

LIMITED = a_queue("main", estimate=EstimateMethod.PLACE_PACE, admission=an_admission(waiting_max=1, otherwise="voicemail:box"))
EVER = a_calendar((2**44, 2**44 + 1), known_until=2**45)
"""Opens in a far future."""


def test_a_site_with_doors_goes_over_the_wire_and_back() -> None:
    """Every kind of limit, state, diversion and calendar."""
    queues = [
        LIMITED,
        a_queue(
            "b", empty=an_empty_rule(join="offline ringing", leave="busy wrap_up unreachable not_ready", grace_ms=5, otherwise="queue:c")
        ),
        a_queue("c", hours=some_hours(when_closed="self_service:menu", at_close="refuse"), estimate=EstimateMethod.HOLD_EMA),
        a_queue("d", admission=an_admission(waiting_max_by_channel={"chat": 2}, is_waiting_shared=True, held_max_ms=1)),
        a_queue("e", admission=an_admission(estimated_wait_max_ms=4), hours=some_hours()),
    ]
    rules = [a_rule(queue="main", steps=[a_step(5, divert_to="voicemail")])]
    for site in (a_site(queues=queues, rules=rules, calendars={"office": a_calendar((1, 2), (5, 9))}), a_site()):
        assert site_of(site_to_wire(site)) == site


async def arrives(desk: Desk, name: str, request_id: str) -> interactions_pb2.EnqueueInteractionResponse:
    """The answer to an arrival."""
    interaction = types_pb2.Interaction(id=name, channel="voice", type="sales")
    request = interactions_pb2.EnqueueInteractionRequest(request_id=request_id, interaction=interaction)
    return await desk.interactions.EnqueueInteraction(request)


async def test_an_arrival_is_told_its_place_or_why_it_is_turned_away(tmp_path: Path) -> None:
    """The same answer each time it asks; the status tells where who waits stands, and of the other that it ended."""
    async with a_desk(tmp_path, site=a_site(queues=[LIMITED])) as desk:
        first = await arrives(desk, "i1", "r1")
        assert (1, False, types_pb2.ESTIMATE_METHOD_PLACE_PACE) == (
            first.estimate.place,
            first.estimate.HasField("wait_ms"),
            first.estimate.method,
        )
        second = await arrives(desk, "i2", "r2")
        assert types_pb2.DIVERSION_CAUSE_QUEUE_LENGTH == second.diversion_cause
        assert types_pb2.Diversion(kind=types_pb2.DIVERSION_KIND_VOICEMAIL, target="box") == second.diversion
        assert second == await arrives(desk, "i2", "r2")
        waiting = await desk.interactions.GetInteraction(interactions_pb2.GetInteractionRequest(interaction_id="i1"))
        assert 1 == waiting.status.estimate.place
        ended = await desk.interactions.GetInteraction(interactions_pb2.GetInteractionRequest(interaction_id="i2"))
        assert (types_pb2.END_CAUSE_DIVERTED, 0) == (ended.status.cause, ended.status.estimate.place)
        counts = await desk.operators.GetStatus(operators_pb2.GetStatusRequest())
        assert (2, 1, 1) == (counts.arrived, counts.waiting, counts.diverted)


async def test_who_waits_for_an_opening_is_told_when(tmp_path: Path) -> None:
    """In the answer and in the status."""
    site = a_site(queues=[a_queue(hours=some_hours())], calendars={"office": EVER})
    async with a_desk(tmp_path, site=site) as desk:
        assert 2**44 == (await arrives(desk, "i1", "r1")).opens_at_ms
        status = (await desk.interactions.GetInteraction(interactions_pb2.GetInteractionRequest(interaction_id="i1"))).status
        assert (2**44, False) == (status.opens_at_ms, status.HasField("estimate"))


async def test_a_plain_arrival_is_told_nothing_more(tmp_path: Path) -> None:
    """As ever."""
    async with a_desk(tmp_path, site=a_site()) as desk:
        answer = await arrives(desk, an_interaction().id, "r1")
        assert (0, False, False, False) == (
            answer.diversion_cause,
            answer.HasField("diversion"),
            answer.HasField("estimate"),
            answer.HasField("opens_at_ms"),
        )
