"""Behaviour cases: agents whom a customer knows, work for one agent, and places that are kept."""

from pathlib import Path

import grpc
import pytest

from routing.core.commands import AbandonInteraction, EnqueueInteraction, SetPresence
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import InteractionQueued, OfferAccepted
from routing.model.agent import Presence
from routing.model.memory import MemoryRule
from routing.model.reservation import StickyRule
from routing.server.convert.nouns import requirement_to_wire
from routing.v1 import operators_pb2
from tests.builders import a_queue, a_rule, a_step, an_agent, an_interaction, an_urgency, some_needs
from tests.cases.centers import HOUR_MS, MINUTE_MS, SECOND_MS, a_default_site, served_in_order
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers
from tests.routing.server.harness import a_desk, refused

NOT_FOUND, PRECONDITION = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION

RESUMING = MemoryRule(last_agent_ms=0, last_agent_score=1, return_within_ms=MINUTE_MS, customers_max=1_000)


def a_resuming_floor() -> Floor:
    """One agent, busy, and a site that keeps the place of who gives up for a minute."""
    floor = a_floor(a_default_site(memory=RESUMING, queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0)]), *callers(""))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    return floor


@pytest.mark.parametrize(("after_s", "order"), [(44, ["job", "older"]), (45, ["older", "job"])])
def test_at_38_kept_it_is_at_the_front_and_then_in_its_normal_place_even_for_its_agent(after_s: int, order: list[str]) -> None:
    """A sticky rule of 45 s: the preferred agent is freed before, and has it first; or at its end, and it has its turn."""
    sticky = StickyRule(hold_ms=45 * SECOND_MS, expedite_ms=HOUR_MS)
    rules = [a_rule("bob", when="type=bob", sticky=sticky, urgency=an_urgency(target_ms=60 * SECOND_MS)), a_rule()]
    floor = a_floor(a_phone_site(rules=rules), an_agent("bob", channels="voice:1"))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    floor.wait(SECOND_MS)
    floor.enqueue(an_interaction("older"))
    floor.wait(SECOND_MS)
    floor.enqueue(an_interaction("job", type="bob", preferred="bob:100"))
    floor.staff(an_agent("ann", channels="voice:1"))
    assert {"older": ["ann"]} == floor.offered
    floor.do(SetPresence(agent_id="ann", presence=Presence.OFFLINE))
    floor.wait(after_s * SECOND_MS)
    floor.end("busy")
    assert order == served_in_order(floor)


@pytest.mark.parametrize(("away_ms", "order"), [(MINUTE_MS, ["back", "other"]), (MINUTE_MS + 1, ["other", "back"])])
def test_at_83_who_hangs_up_and_returns_in_time_keeps_their_place(away_ms: int, order: list[str]) -> None:
    """Within a minute as if they had never left, a millisecond later as a new caller; the reported wait is that of the new call."""
    floor = a_resuming_floor()
    floor.enqueue(an_interaction("gone", customer_id="kim"))
    floor.wait(SECOND_MS)
    floor.enqueue(an_interaction("other"))
    floor.do(AbandonInteraction(interaction_id="gone"))
    floor.wait(away_ms)
    (queued, *_) = floor.enqueue(an_interaction("back", customer_id="kim"))
    assert isinstance(queued, InteractionQueued)
    assert floor.now == floor.router.state.interactions["back"].enqueued_at
    assert (away_ms + SECOND_MS if order[0] == "back" else 0) == queued.kept_place_ms
    floor.end("busy")
    assert order == served_in_order(floor)


def test_at_94_an_unknown_agent_is_an_error_and_so_is_one_who_could_never_have_it() -> None:
    """Named in the refusal, and nothing is queued: no silent fallback."""
    floor = a_floor(a_default_site(), *callers("sales:5"))
    for sent, reason in (
        (an_interaction(agent_id="nobody"), RefusalReason.UNKNOWN_AGENT),
        (an_interaction(agent_id="a1", needs="licence==yes"), RefusalReason.AGENT_CANNOT_SERVE),
    ):
        with pytest.raises(CommandRefused) as caught:
            floor.do(EnqueueInteraction(interaction=sent))
        assert (reason, "interaction.agent_id") == (caught.value.reason, caught.value.field)
    assert 0 == floor.router.state.arrived


def test_at_94_work_for_one_agent_respects_their_capacity_and_their_absence() -> None:
    """Another agent is free all the time; it waits for the one it was sent to, or falls back by a step after a stated time."""
    queues = [a_queue(wrap_up_limit_ms=0, missed_threshold=0, offer_timeout_ms=10 * MINUTE_MS)]
    site = a_default_site(queues=queues, rules=[a_rule(steps=[a_step(5 * MINUTE_MS, release=True)])])
    floor = a_floor(site, *callers("", ""))
    for name in ("first", "second"):
        floor.enqueue(an_interaction(name, agent_id="a1"))
    assert {"first": ["a1"]} == floor.offered
    floor.accept("first")
    floor.wait(MINUTE_MS)
    floor.end("first")
    assert {"second": ["a1"]} == floor.offered
    floor.accept("second")
    floor.enqueue(an_interaction("third", agent_id="a1"))
    floor.wait(5 * MINUTE_MS - 1)
    assert {} == floor.offered
    floor.wait(1)
    assert {"third": ["a2"]} == floor.offered
    assert ["a1", "a1"] == [item.event.agent_id for item in floor.log if isinstance(item.event, OfferAccepted)]


async def test_at_94_over_the_wire_the_refusal_names_the_agent_and_the_line_has_places(tmp_path: Path) -> None:
    """And the agent's own line can be read, with the place of each in it."""
    async with a_desk(tmp_path, site=a_default_site(), agents=callers("")) as desk:
        assert (NOT_FOUND, "UNKNOWN_AGENT", "interaction.agent_id") == await refused(desk.enqueue("x", agent_id="nobody"))
        licence = requirement_to_wire(some_needs("licence==yes")[0])
        unable = desk.enqueue("x", agent_id="a1", requirements=[licence])
        assert (PRECONDITION, "AGENT_CANNOT_SERVE", "interaction.agent_id") == await refused(unable)
        for name in ("i1", "i2"):
            await desk.enqueue(name, agent_id="a1")
        read = await desk.operators.GetAgent(operators_pb2.GetAgentRequest(agent_id="a1"))
        assert ["i1", "i2"] == list(read.own_line_interaction_ids)
        status = await desk.status("i2")
        assert (["a1"], 2) == (list(status.reserved_agent_ids), status.place_with_agent)
        assert not status.HasField("reserved_until_ms")
