"""What follows when an offer failed: how long a pair stays apart, rounds of offers, and when nobody is left to ask."""

from typing import Any

import pytest

from routing.core import commands
from routing.core.commands import DeclineReason
from routing.core.events import Event, ExclusionEndCause, ExclusionEnded, InteractionEnded, OfferDeclined, RequirementRelaxed
from routing.model.agent import Presence
from routing.model.interaction import EndCause
from routing.model.queue import EveryoneDeclined, ExclusionScope
from tests.builders import a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk

PRESENCE, FOR_EVER = ExclusionScope.PRESENCE, ExclusionScope.FOR_EVER


def a_floor(*agents: str, steps: Any = (), **queue: Any) -> Desk:
    """Agents on the phone, in a queue with those numbers, whose overflow is `other`."""
    queues = [a_queue(missed_threshold=0, **queue), a_queue("other")]
    return a_desk(a_site(queues=queues, rules=[a_rule(steps=steps)]), *(an_agent(name) for name in agents or ("a1",)))


def declines(desk: Desk, agent_id: str = "a1", reason: DeclineReason = DeclineReason.DECLINED) -> list[Event]:
    """An agent is offered the interaction and says no."""
    return desk.do(commands.DeclineOffer(offer_id=desk.offer("i1", agent_id), reason=reason))


def again(happened: list[Event]) -> list[tuple[str, ExclusionEndCause]]:
    """Who may be offered it again, and why."""
    return [(event.agent_id, event.cause) for event in happened if isinstance(event, ExclusionEnded)]


def test_until_the_presence_changes_means_until_the_agent_has_been_away() -> None:
    """No time ends it; being not ready does not either, coming back does."""
    desk = a_floor(scope=PRESENCE)
    desk.enqueue()
    declines(desk)
    assert [] == desk.wait(3_600_000)
    assert [] == again(desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY)))
    assert {"a1": PRESENCE} == desk.state.interactions["i1"].apart
    back = desk.do(commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    assert [("a1", ExclusionEndCause.PRESENCE_CHANGED)] == again(back)
    assert ({}, {}) == (desk.state.interactions["i1"].apart, desk.state.apart_until_present)


def test_saying_available_once_more_is_not_coming_back() -> None:
    """The reason may change, the presence has not."""
    desk = a_floor(scope=PRESENCE)
    desk.enqueue()
    declines(desk)
    assert [] == again(desk.do(commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE, reason="really")))


def test_for_ever_is_as_long_as_the_interaction_lives() -> None:
    """A miss counts like a decline; the next interaction is another one."""
    desk = a_floor(scope=FOR_EVER)
    desk.enqueue()
    desk.offer()
    desk.wait(15_000)
    for presence in (Presence.OFFLINE, Presence.AVAILABLE):
        assert [] == again(desk.do(commands.SetPresence(agent_id="a1", presence=presence)))
    assert {"a1": FOR_EVER} == desk.state.interactions["i1"].apart
    desk.do(commands.AbandonInteraction(interaction_id="i1"))
    desk.enqueue(an_interaction("i2"))
    desk.take("i2")


@pytest.mark.parametrize("reason", [DeclineReason.BUSY, DeclineReason.UNREACHABLE])
def test_what_was_not_the_agents_own_answer_only_cools_down(reason: DeclineReason) -> None:
    """And so does a decline that names its own time."""
    desk = a_floor(scope=FOR_EVER, busy_ms=3_000, unreachable_ms=3_000)
    desk.enqueue()
    declines(desk, reason=reason)
    assert {"a1": START + 3_000} == desk.state.interactions["i1"].exclusions
    desk.wait(3_000)
    desk.do(commands.DeclineOffer(offer_id=desk.offer(), retry_at=desk.now + 7))
    assert {"a1": desk.now + 7} == desk.state.interactions["i1"].exclusions


def test_an_offer_that_was_withdrawn_by_request_has_a_time_of_its_own() -> None:
    """Without one the agent may be offered it again at once."""
    desk = a_floor(withdrawn_ms=4_000)
    desk.enqueue()
    desk.do(commands.WithdrawOffer(offer_id=desk.offer(), reason="wrong"))
    assert {"a1": START + 4_000} == desk.state.interactions["i1"].exclusions
    plain = a_floor()
    plain.enqueue()
    plain.do(commands.WithdrawOffer(offer_id=plain.offer(), reason="wrong"))
    assert {} == plain.state.interactions["i1"].exclusions


def test_an_accept_ends_what_waits_for_a_presence_and_nothing_else() -> None:
    """It was taken: whoever was asked before may be asked again if it ever comes back, but not who was ruled out."""
    desk = a_floor("a1", "a2", scope=PRESENCE)
    desk.enqueue()
    declines(desk, "a1")
    desk.take("i1", "a2")
    assert ({}, {}) == (desk.state.interactions["i1"].apart, desk.state.apart_until_present)
    firm = a_floor("a1", "a2", scope=FOR_EVER)
    firm.enqueue()
    declines(firm, "a1")
    firm.take("i1", "a2")
    assert {"a1": FOR_EVER} == firm.state.interactions["i1"].apart


def test_an_agent_who_is_forgotten_is_apart_from_nothing() -> None:
    """Registered again, they are new."""
    desk = a_floor(scope=PRESENCE)
    desk.enqueue()
    declines(desk)
    assert [("a1", ExclusionEndCause.PRESENCE_CHANGED)] == again(desk.do(commands.RemoveAgents(agent_ids=("a1",))))


# ---- nobody is left to ask ----


def test_by_default_nothing_follows_when_everybody_declined() -> None:
    """Each is asked again when their own time is over."""
    desk = a_floor("a1", "a2")
    desk.enqueue()
    assert [OfferDeclined] == [type(event) for event in declines(desk, "a1")]
    assert [OfferDeclined] == [type(event) for event in declines(desk, "a2")]


def test_clearing_ends_every_time_apart() -> None:
    """Those with an instant, those without, and the last one's."""
    desk = a_floor("a1", "a2", "a3", everyone_declined=EveryoneDeclined.CLEAR, scope=FOR_EVER, busy_ms=60_000)
    desk.enqueue()
    assert [] == again(declines(desk, "a1"))
    assert [] == again(declines(desk, "a2", DeclineReason.BUSY))
    cleared = again(declines(desk, "a3"))
    assert [(name, ExclusionEndCause.EVERYONE_DECLINED) for name in ("a2", "a1", "a3")] == cleared
    at_once = a_floor(everyone_declined=EveryoneDeclined.CLEAR, declined_ms=0)
    at_once.enqueue()
    assert [] == again(declines(at_once))


def test_an_interaction_that_nobody_wants_may_end() -> None:
    """As unserved, with the reason; a miss counts like a decline, and its consequence still follows."""
    desk = a_floor(everyone_declined=EveryoneDeclined.END)
    desk.enqueue()
    (_, ended) = declines(desk)
    assert isinstance(ended, InteractionEnded)
    assert (EndCause.UNSERVED, "everyone_declined") == (ended.cause, ended.reason)
    missed = a_desk(a_site(queues=[a_queue(everyone_declined=EveryoneDeclined.END)]))
    missed.enqueue()
    missed.offer()
    missed.wait(15_000)
    assert EndCause.UNSERVED is missed.state.ended["i1"].cause
    assert Presence.NOT_READY is missed.state.agents["a1"].presence


@pytest.mark.parametrize("reason", [DeclineReason.BUSY, DeclineReason.UNREACHABLE])
def test_a_device_that_does_not_ring_is_nobodys_last_word(reason: DeclineReason) -> None:
    """The chat waits for the only agent, whose telephone is tried again."""
    desk = a_floor(everyone_declined=EveryoneDeclined.END)
    desk.enqueue()
    assert [OfferDeclined] == [type(event) for event in declines(desk, reason=reason)]
    desk.wait(10_000)
    assert [OfferDeclined, InteractionEnded] == [type(event) for event in declines(desk)]


def test_it_may_take_its_overflow_and_with_it_all_steps_before() -> None:
    """Ahead of their time; where no overflow is left it is as for a cooldown."""
    steps = [a_step(40_000, drop="french"), a_step(50_000, overflow_to="other"), a_step(60_000, raise_base_ms=1)]
    desk = a_floor(everyone_declined=EveryoneDeclined.OVERFLOW, steps=steps)
    desk.enqueue()
    happened = declines(desk)
    assert [OfferDeclined, RequirementRelaxed, RequirementRelaxed] == [type(event) for event in happened]
    assert ("other", 1) == (desk.state.interactions["i1"].route.queue_id, len(desk.state.interactions["i1"].route.steps))
    bare = a_floor(everyone_declined=EveryoneDeclined.OVERFLOW, steps=steps[2:])
    bare.enqueue()
    assert [OfferDeclined] == [type(event) for event in declines(bare)]


@pytest.mark.parametrize(
    ("other", "presence", "is_everybody"),
    [
        (an_agent("a2"), Presence.AVAILABLE, False),
        (an_agent("a2"), Presence.NOT_READY, True),
        (an_agent("a2", channels="email:1"), Presence.AVAILABLE, True),
        (an_agent("a2", skills="french:2"), Presence.AVAILABLE, True),
    ],
)
def test_everybody_is_who_is_on_the_floor_and_could_serve_it(other: Any, presence: Presence, *, is_everybody: bool) -> None:
    """Busy or not: whoever could be asked later has not declined."""
    desk = a_floor(everyone_declined=EveryoneDeclined.END)
    desk.do(commands.PutAgents(agents=(other,)))
    desk.do(commands.SetPresence(agent_id="a2", presence=presence))
    desk.enqueue(an_interaction(needs="sales>=5"))
    declines(desk)
    assert is_everybody == ("i1" in desk.state.ended)


def test_who_takes_nothing_from_the_queue_at_present_is_not_waited_for() -> None:
    """An agent who is paused there has no say: the other one was the last."""
    desk = a_floor("a1", "a2", everyone_declined=EveryoneDeclined.END)
    desk.do(commands.PauseAgent(agent_id="a2", queue_id="main", reason="training"))
    desk.enqueue()
    declines(desk)
    assert "i1" in desk.state.ended


def test_who_is_still_ringing_has_not_declined() -> None:
    """The last of three does; and an exclusion that ends at this very instant is over."""
    desk = a_floor("a1", "a2", max_live_offers=2, everyone_declined=EveryoneDeclined.END, declined_ms=5_000, offer_timeout_ms=5_000)
    desk.enqueue()
    first, _ = desk.offer("i1", "a1"), desk.offer("i1", "a2")
    desk.do(commands.DeclineOffer(offer_id=first))
    desk.wait(5_000)
    assert "i1" in desk.state.interactions


# ---- rounds ----


def test_a_round_is_not_refilled_before_it_is_over() -> None:
    """One failed, one rings: nobody else is asked; when it fails, too, a new round begins. An accept ends the round."""
    desk = a_floor("a1", "a2", max_live_offers=2, refills_offers=False)
    desk.enqueue()
    closed = []
    first, second = desk.offer("i1", "a1"), desk.offer("i1", "a2")
    for offer_id in (first, second):
        desk.do(commands.DeclineOffer(offer_id=offer_id))
        closed.append(desk.state.interactions["i1"].is_round_closed)
    desk.wait(10_000)
    first, _ = desk.offer("i1", "a1"), desk.offer("i1", "a2")
    desk.do(commands.AcceptOffer(offer_id=first))
    assert [True, False, False] == [*closed, desk.state.interactions["i1"].is_round_closed]


def test_a_round_that_moves_to_a_queue_that_refills_is_over_with_its_next_end() -> None:
    """The new queue's rule counts from then on."""
    steps = [a_step(5_000, overflow_to="other")]
    desk = a_floor("a1", "a2", "a3", max_live_offers=3, refills_offers=False, steps=steps)
    desk.enqueue()
    offers = [desk.offer("i1", name) for name in ("a1", "a2", "a3")]
    desk.do(commands.DeclineOffer(offer_id=offers[0]))
    desk.wait(5_000)
    assert desk.state.interactions["i1"].is_round_closed
    desk.do(commands.DeclineOffer(offer_id=offers[1]))
    assert not desk.state.interactions["i1"].is_round_closed
