"""Limits of stay: the queue's and the customer's own, what they do to offers that ring, and what follows."""

from typing import Any

import pytest

from routing.core import commands
from routing.core.errors import RefusalReason
from routing.core.events import (
    Event,
    InteractionEnded,
    OfferDeclined,
    OfferExpired,
    OfferWithdrawn,
    RequirementRelaxed,
    StepCause,
    WithdrawCause,
)
from routing.model.interaction import EndCause
from routing.model.stay import AfterStay, StayRule
from routing.policy.classify import RuleClassifier
from tests.builders import a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk


def limited(stay: StayRule | None, *, steps: Any = (), **queue: Any) -> Desk:
    """A desk whose queue has that limit, and an overflow `other`."""
    queues = [a_queue(stay=stay, missed_threshold=0, **queue), a_queue("other")]
    desk = a_desk(a_site(queues=queues, rules=[a_rule(steps=steps)]), an_agent("a1"), an_agent("a2"))
    desk.classify = RuleClassifier()
    return desk


def kinds(happened: list[Event]) -> list[type[Event]]:
    """What kinds of events those are."""
    return [type(event) for event in happened]


@pytest.mark.parametrize(
    ("stay", "own_ms", "stays_ms"),
    [
        (StayRule(limit_ms=20_000), None, 20_000),
        (StayRule(limit_ms=20_000), 5_000, 5_000),
        (StayRule(limit_ms=20_000), 50_000, 20_000),
        (StayRule(), 5_000, 5_000),
        (None, 5_000, 5_000),
    ],
)
def test_the_shorter_limit_ends_it_as_unserved(stay: StayRule | None, own_ms: int | None, stays_ms: int) -> None:
    """To the millisecond, with the reason."""
    desk = limited(stay)
    desk.enqueue(an_interaction(stay_limit_ms=own_ms))
    assert [] == desk.wait(stays_ms - 1)
    (ended,) = desk.wait(1)
    assert isinstance(ended, InteractionEnded)
    assert (EndCause.UNSERVED, "stay_limit", None) == (ended.cause, ended.reason, ended.agent_id)


def test_without_a_limit_it_stays() -> None:
    """A rule without a number limits nobody by itself."""
    for stay in (None, StayRule()):
        desk = limited(stay)
        desk.enqueue()
        assert [] == desk.wait(3_600_000)


def test_an_offer_rings_no_longer_than_the_limit_and_nobody_missed_it() -> None:
    """Its lease says so from the start, and cannot be lengthened beyond."""
    desk = limited(StayRule(limit_ms=10_000))
    desk.enqueue()
    desk.wait(9_000)
    offer_id = desk.offer()
    assert START + 10_000 == desk.state.offers[offer_id].expires_at
    desk.do(commands.ExtendOffer(offer_id=offer_id))
    assert START + 10_000 == desk.state.offers[offer_id].expires_at
    (taken_back, _) = desk.wait(1_000)
    assert isinstance(taken_back, OfferWithdrawn)
    assert (WithdrawCause.INTERACTION_ENDED, 0) == (taken_back.cause, desk.state.agents["a1"].misses)


def test_or_it_is_rung_out_first() -> None:
    """The limit waits for the offer; a miss is a miss, an accept is in time, and after a decline it is too late for the next."""
    desk = limited(StayRule(limit_ms=10_000, cuts_ring=False))
    desk.enqueue()
    desk.wait(9_000)
    desk.offer()
    assert [] == desk.wait(14_999)
    assert [OfferExpired, InteractionEnded] == kinds(desk.wait(1))
    assert 1 == desk.state.agents["a1"].misses
    desk.enqueue(an_interaction("i2"))
    desk.wait(9_000)
    offer_id = desk.offer("i2", "a2")
    desk.wait(5_000)
    desk.do(commands.AcceptOffer(offer_id=offer_id))
    assert [] == desk.wait(60_000)


def test_it_is_rung_out_wherever_it_rings() -> None:
    """One of two agents declines: the other still has the time of the offer."""
    desk = limited(StayRule(limit_ms=10_000, cuts_ring=False), max_live_offers=2)
    desk.enqueue()
    desk.wait(9_000)
    first, second = desk.offer("i1", "a1"), desk.offer("i1", "a2")
    desk.wait(2_000)
    assert [OfferDeclined] == kinds(desk.do(commands.DeclineOffer(offer_id=first)))
    assert [] == desk.wait(1_000)
    assert [OfferDeclined] == kinds(desk.do(commands.DeclineOffer(offer_id=second)))
    assert [InteractionEnded] == kinds(desk.wait(0))


def test_the_overflow_is_taken_instead_where_one_is_left() -> None:
    """With every step before it; offers are taken back, for the agents may not be those of the other queue. No limit holds afterwards."""
    stay = StayRule(limit_ms=10_000, then=AfterStay.OVERFLOW)
    desk = limited(stay, steps=[a_step(30_000, raise_base_ms=1), a_step(40_000, overflow_to="other")])
    desk.enqueue()
    desk.offer()
    happened = desk.wait(10_000)
    assert [OfferWithdrawn, RequirementRelaxed, RequirementRelaxed] == kinds(happened)
    assert {StepCause.STAY_LIMIT} == {event.cause for event in happened if isinstance(event, RequirementRelaxed)}
    assert "other" == desk.state.interactions["i1"].route.queue_id
    assert [] == desk.wait(3_600_000)
    without = limited(stay)
    without.enqueue()
    assert [InteractionEnded] == kinds(without.wait(10_000))


def test_an_accept_fulfils_it() -> None:
    """After a failed connection the customer waits on, however long that takes."""
    desk = limited(StayRule(limit_ms=10_000))
    desk.enqueue()
    desk.take()
    desk.wait(20_000)
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    desk.wait(60_000)
    desk.do(commands.UpdateInteraction(interaction_id="i1", overwrite=True))
    desk.wait(60_000)
    assert "i1" in desk.state.interactions


def test_a_limit_out_of_range_is_refused() -> None:
    """Zero would end everything on arrival."""
    desk = limited(None)
    assert RefusalReason.INVALID_VALUE is desk.refuses(commands.EnqueueInteraction(interaction=an_interaction(stay_limit_ms=0)))
    for stay in (StayRule(limit_ms=0), StayRule(limit_ms=2**40)):
        assert RefusalReason.INVALID_VALUE is desk.refuses(commands.ApplySite(site=a_site(queues=[a_queue(stay=stay)])))
