"""Behaviour cases: offers, what follows when they fail, and agents who vanish."""

import asyncio
from itertools import permutations
from pathlib import Path
from typing import Any

import grpc
import pytest

from routing.core.commands import (
    AbandonInteraction,
    AcceptOffer,
    DeclineOffer,
    DeclineReason,
    ExtendOffer,
    LoseSession,
    OpenSession,
    SetPresence,
)
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, OfferAccepted, OfferMade, OfferWithdrawn, PresenceChanged, SessionExpired, WithdrawCause
from routing.model.agent import Presence
from routing.model.interaction import EndCause
from routing.model.queue import EveryoneDeclined, ExclusionScope
from routing.model.stay import StayRule
from routing.policy.presets.builtin import LONGEST_IDLE
from routing.v1 import agents_pb2, refusal_pb2
from tests.builders import CHAT, VOICE, a_queue, a_rule, an_agent, an_interaction
from tests.cases.centers import HOUR_MS, MINUTE_MS, SECOND_MS, a_default_site
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers
from tests.routing.server.harness import a_desk, refusal_in


def offer_of(floor: Floor, agent_id: str = "a1") -> str:
    """The id of the one offer an agent has."""
    (offer_id,) = floor.router.state.agents[agent_id].offers
    return offer_id


def made(happened: list[Event]) -> list[tuple[str, str]]:
    """The offers among some events."""
    return [(event.interaction_id, event.agent_id) for event in happened if isinstance(event, OfferMade)]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
@pytest.mark.parametrize("declines", [0, 1, 2])
def test_at_51_of_three_concurrent_offers_exactly_one_is_accepted(order: tuple[int, ...], declines: int) -> None:
    """In every order of three answers, of which the first may be declines: one accept counts, the others find their offer gone."""
    floor = a_floor(a_default_site(queues=[a_queue(max_live_offers=3, wrap_up_limit_ms=0)]), *callers("", "", ""))
    floor.enqueue(an_interaction())
    for number in order[:declines]:
        floor.do(DeclineOffer(offer_id=f"offer-{number}"))
    happened = floor.do(AcceptOffer(offer_id=f"offer-{order[declines]}"))
    assert [WithdrawCause.TAKEN_BY_ANOTHER] * (2 - declines) == [event.cause for event in happened if isinstance(event, OfferWithdrawn)]
    for number in order[declines + 1 :]:
        with pytest.raises(CommandRefused) as late:
            floor.do(AcceptOffer(offer_id=f"offer-{number}"))
        assert RefusalReason.OFFER_NOT_PENDING is late.value.reason
    assert 1 == sum(isinstance(item.event, OfferAccepted) for item in floor.log)
    assert [100] == [row.used for row in floor.router.state.agents.values() if row.used]


async def test_at_51_three_accepts_at_once_over_the_wire(tmp_path: Path) -> None:
    """Three desktops accept in the same moment: one is answered, two are told that their offer is over."""
    site = a_default_site(queues=[a_queue(max_live_offers=3, wrap_up_limit_ms=0)])
    async with a_desk(tmp_path, site=site, agents=callers("", "", "")) as desk:
        for number in (1, 2, 3):
            await desk.set_presence(f"a{number}")
        await desk.enqueue()
        calls = [
            desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id=f"accept-{number}", offer_id=f"offer-{number}"))
            for number in (1, 2, 3)
        ]
        answers = await asyncio.gather(*(as_reason(call) for call in calls))
        assert ["", "OFFER_NOT_PENDING", "OFFER_NOT_PENDING"] == sorted(answers)
        assert 1 == sum(len(row.work) for row in desk.state.agents.values())


async def as_reason(call: Any) -> str:
    """Why a call was refused, or nothing where it was carried out."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return refusal_pb2.RefusalReason.Name(refusal_in(error).reason).removeprefix("REFUSAL_REASON_")
    return ""


def test_at_52_an_item_is_pending_again_only_when_all_its_offers_have_ended() -> None:
    """Two of four agents ring at once: the third is asked when both have said no, and not after the first."""
    queue = a_queue(max_live_offers=2, refills_offers=False, declined_ms=MINUTE_MS, wrap_up_limit_ms=0)
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[queue]), *callers("", "", "", ""))
    floor.enqueue(an_interaction())
    assert [] == made(floor.do(DeclineOffer(offer_id="offer-1")))
    assert [("i1", "a3"), ("i1", "a4")] == made(floor.do(DeclineOffer(offer_id="offer-2")))


def test_at_54_a_policy_may_offer_again_at_once() -> None:
    """Without a cooldown the only agent who declined is offered it in the same step."""
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[a_queue(declined_ms=0)]), *callers(""))
    floor.enqueue(an_interaction())
    assert [("i1", "a1")] == made(floor.do(DeclineOffer(offer_id=offer_of(floor))))


def test_at_54_by_default_a_decline_cools_down_while_other_work_flows() -> None:
    """The only agent declines: another call comes to them meanwhile, and the first again after the cooldown."""
    floor = a_floor(a_default_site(), *callers(""))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    assert [("i2", "a1")] == made(floor.do(DeclineOffer(offer_id=offer_of(floor))))
    floor.accept("i2")
    floor.wait(5 * SECOND_MS)
    floor.end("i2")
    assert [] == made(floor.wait(5 * SECOND_MS - 1))
    assert [("i1", "a1")] == made(floor.wait(1))


def test_at_54_never_again_until_the_agents_status_changes() -> None:
    """An hour later still not; once the agent has been away and is back, at once."""
    queue = a_queue(scope=ExclusionScope.PRESENCE, wrap_up_limit_ms=0)
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[queue]), *callers(""))
    floor.enqueue(an_interaction())
    floor.do(DeclineOffer(offer_id=offer_of(floor)))
    assert [] == made(floor.wait(HOUR_MS))
    assert [] == made(floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY)))
    assert [("i1", "a1")] == made(floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE)))


def test_at_55_when_all_have_declined_everybody_may_be_asked_again() -> None:
    """Neither is asked a second time before the other has said no; then both are considered again in the same step."""
    queue = a_queue(scope=ExclusionScope.FOR_EVER, everyone_declined=EveryoneDeclined.CLEAR, wrap_up_limit_ms=0)
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[queue]), *callers("", ""))
    floor.enqueue(an_interaction())
    assert [("i1", "a2")] == made(floor.do(DeclineOffer(offer_id="offer-1")))
    assert [("i1", "a1")] == made(floor.do(DeclineOffer(offer_id="offer-2")))


def test_at_55_a_chat_may_end_instead() -> None:
    """As unserved, with the reason; a voice call beside it, in a queue with the default, waits on."""
    queues = [a_queue(wrap_up_limit_ms=0), a_queue("chats", everyone_declined=EveryoneDeclined.END)]
    site = a_default_site(queues=queues, channels=[VOICE, CHAT], rules=[a_rule("chat", when="channel=chat", queue="chats"), a_rule()])
    floor = a_floor(site, an_agent("a1", channels="voice:1 chat:1", capacity=200))
    floor.enqueue(an_interaction("call"), an_interaction("chat", channel="chat"))
    for offer_id in list(floor.router.state.offers):
        floor.do(DeclineOffer(offer_id=offer_id))
    ended = floor.router.state.ended
    assert ["chat"] == list(ended)
    assert EndCause.UNSERVED is ended["chat"].cause


def test_at_56_a_decline_names_the_time_to_try_again() -> None:
    """In five minutes: not a millisecond before, and then at once; the queue's own cooldown does not count."""
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE), *callers(""))
    floor.enqueue(an_interaction())
    floor.do(DeclineOffer(offer_id=offer_of(floor), retry_at=floor.now + 5 * MINUTE_MS))
    assert [] == made(floor.wait(5 * MINUTE_MS - 1))
    assert [("i1", "a1")] == made(floor.wait(1))


@pytest.mark.parametrize(("cause", "delay_s"), [("reject", 10), ("busy", 60), ("no answer", 0), ("unreachable", 5)])
def test_at_58_each_cause_has_its_own_delay(cause: str, delay_s: int) -> None:
    """Reject 10 s, busy 60 s, no answer none, unregistered 5 s: so long the sole agent is left out for the call."""
    queue = a_queue(declined_ms=10_000, busy_ms=60_000, expired_ms=0, unreachable_ms=5_000, missed_threshold=0)
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[queue]), *callers(""))
    floor.enqueue(an_interaction())
    if cause == "no answer":
        assert [] == made(floor.wait(queue.offer_timeout_ms - 1))
        assert [("i1", "a1")] == made(floor.wait(1))
        return
    reasons = {"reject": DeclineReason.DECLINED, "busy": DeclineReason.BUSY, "unreachable": DeclineReason.UNREACHABLE}
    floor.do(DeclineOffer(offer_id=offer_of(floor), reason=reasons[cause]))
    assert [] == made(floor.wait(delay_s * SECOND_MS - 1))
    assert [("i1", "a1")] == made(floor.wait(1))


@pytest.mark.parametrize(("cuts_ring", "rings_s"), [(True, 1), (False, 5)])
def test_at_59_the_limit_of_stay_cuts_the_second_ring_or_lets_it_ring_out(*, cuts_ring: bool, rings_s: int) -> None:
    """Ring 5 s, try again after 4, stay 10: the second ring begins at 9 s and lasts one second, or five; then the caller has stayed."""
    queue = a_queue(offer_timeout_ms=5_000, expired_ms=4_000, missed_threshold=0, stay=StayRule(cuts_ring=cuts_ring))
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[queue]), *callers(""))
    floor.enqueue(an_interaction(stay_limit_ms=10_000))
    assert [("i1", "a1")] == made(floor.wait(9 * SECOND_MS))
    assert {"i1": ["a1"]} == floor.offered
    assert [] == floor.wait(rings_s * SECOND_MS - 1)
    floor.wait(1)
    ended = floor.router.state.ended["i1"]
    assert (EndCause.UNSERVED, floor.now) == (ended.cause, ended.at)
    assert [0 if cuts_ring else 1, 1] == [floor.router.state.agents["a1"].misses - 1, len(floor.router.state.agents)]


def test_at_60_a_missed_offer_pauses_the_agent_in_every_queue() -> None:
    """The consequence "everywhere": a miss in the first queue keeps the agent from calls of the second."""
    site = a_phone_site(policy=LONGEST_IDLE, queues=[a_queue(), a_queue("b")], rules=[a_rule("b", when="type=b", queue="b"), a_rule()])
    floor = a_floor(site, *callers(""))
    floor.enqueue(an_interaction("missed"))
    floor.wait(15 * SECOND_MS)
    assert [] == made(floor.enqueue(an_interaction("i1", type="b")))


@pytest.mark.parametrize("live_offers", [1, 3])
@pytest.mark.parametrize("is_accepting", [False, True])
def test_at_63_a_caller_who_hangs_up_leaves_nobody_reserved(live_offers: int, *, is_accepting: bool) -> None:
    """While it rings, or while an accept is in progress: every offer is taken back in the same step, and the agents get the next call."""
    queue = a_queue(max_live_offers=live_offers, wrap_up_limit_ms=0)
    floor = a_floor(a_default_site(queues=[queue]), *callers("", "", ""))
    floor.enqueue(an_interaction("i1"))
    if is_accepting:
        floor.do(ExtendOffer(offer_id="offer-1"))
    happened = floor.do(AbandonInteraction(interaction_id="i1"))
    taken_back = [event.cause for event in happened if isinstance(event, OfferWithdrawn)]
    assert [WithdrawCause.INTERACTION_ENDED] * live_offers == taken_back
    assert [0, 0, 0] == [row.used for row in floor.router.state.agents.values()]
    with pytest.raises(CommandRefused) as refused:
        floor.do(AcceptOffer(offer_id="offer-1"))
    assert RefusalReason.OFFER_NOT_PENDING is refused.value.reason
    assert live_offers == len(made(floor.enqueue(an_interaction("i2"))))


def test_at_64_an_agent_whose_desktop_is_gone_is_not_counted_on() -> None:
    """The lease of a lost desktop runs out while it rings there: offline, the offer goes to another, and nothing comes any more."""
    site = a_default_site(queues=[a_queue(offer_timeout_ms=MINUTE_MS, wrap_up_limit_ms=0)])
    floor = a_floor(site, *callers("", ""))
    floor.do(OpenSession(agent_id="a1", session_id="s1"))
    floor.do(LoseSession(agent_id="a1", session_id="s1"))
    floor.enqueue(an_interaction("i1"))
    assert {"i1": ["a1"]} == floor.offered
    happened = floor.wait(site.session_lease_ms)
    assert [SessionExpired, PresenceChanged, OfferWithdrawn, OfferMade] == [type(event) for event in happened]
    assert [("i1", "a2")] == made(happened)
    assert Presence.OFFLINE is floor.router.state.agents["a1"].presence
    assert [] == made(floor.enqueue(an_interaction("i2")))


def test_at_64_a_miss_takes_the_agent_off_even_before_the_lease_is_over() -> None:
    """The offer runs out first: not ready after the first miss, offline when the lease is over."""
    floor = a_floor(a_default_site(queues=[a_queue()]), *callers(""))
    floor.do(OpenSession(agent_id="a1", session_id="s1"))
    floor.enqueue(an_interaction())
    floor.do(LoseSession(agent_id="a1", session_id="s1"))
    presences = [event.presence for event in floor.wait(HOUR_MS) if isinstance(event, PresenceChanged)]
    assert [Presence.NOT_READY, Presence.OFFLINE] == presences


@pytest.mark.parametrize("presence", list(Presence))
def test_at_65_what_a_timeout_makes_of_the_agent_is_configurable(presence: Presence) -> None:
    """Available (and offered the next call), away or offline (and not), until the agent says otherwise."""
    queue = a_queue(missed_presence=presence, wrap_up_limit_ms=0)
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[queue]), *callers(""))
    floor.enqueue(an_interaction("missed"))
    floor.wait(15 * SECOND_MS)
    assert presence is floor.router.state.agents["a1"].presence
    expected = [("next", "a1")]
    assert (expected if presence is Presence.AVAILABLE else []) == made(floor.enqueue(an_interaction("next")))
    back = floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    assert ([] if presence is Presence.AVAILABLE else expected) == made(back)
