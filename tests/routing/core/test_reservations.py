"""Reservations: for whom an interaction is kept, and every way in which that ends."""

from typing import Any

import pytest

from routing.core import commands
from routing.core.commands import DeclineReason
from routing.core.decide.reservations import waiting_for
from routing.core.errors import RefusalReason
from routing.core.events import (
    Event,
    OfferWithdrawn,
    ReservationEndCause,
    ReservationEnded,
    ReservationLimited,
    RouteChanged,
    WithdrawCause,
)
from routing.model.agent import Presence
from routing.model.reservation import Reservation, StickyRule
from routing.policy.classify import RuleClassifier
from tests.builders import a_queue, a_rule, a_site, a_step, an_agent, an_interaction, an_urgency
from tests.routing.core.desk import START, Desk, a_desk

STICKY = StickyRule(hold_ms=30_000, minimum_score=50)


def sticky_desk(*available: str, sticky: StickyRule = STICKY, **rule: Any) -> Desk:
    """Agents a1 to a3 are registered, some are available, and the rule keeps what prefers them."""
    queue = a_queue(missed_threshold=0, declined_ms=60_000)
    site = a_site(queues=[queue], rules=[a_rule(sticky=sticky, urgency=an_urgency(target_ms=60_000), **rule)])
    desk = Desk(classify=RuleClassifier())
    desk.do(commands.ApplySite(site=site))
    desk.do(commands.PutAgents(agents=tuple(an_agent(name) for name in ("a1", "a2", "a3"))))
    for agent_id in available:
        say(desk, agent_id)
    return desk


def say(desk: Desk, agent_id: str, presence: Presence = Presence.AVAILABLE) -> list[Event]:
    """An agent changes presence; the events."""
    return desk.do(commands.SetPresence(agent_id=agent_id, presence=presence))


def reserved(desk: Desk, interaction_id: str = "i1") -> tuple[str, ...] | None:
    """For whom an interaction is kept at present."""
    found = desk.state.interactions[interaction_id].route.reserved
    return None if found is None else found.agents


def ended(happened: list[Event]) -> list[ReservationEndCause]:
    """Why reservations ended."""
    return [event.cause for event in happened if isinstance(event, ReservationEnded)]


def test_it_is_for_those_preferred_enough_best_first_and_ends_when_due() -> None:
    """Those below the minimum do not count; the fact carries its cause and its instant."""
    desk = sticky_desk("a1", "a2", "a3")
    desk.enqueue(an_interaction(preferred="a1:60 a2:49 a3:90"))
    assert ("a3", "a1") == reserved(desk)
    assert [] == desk.wait(29_999)
    due = ReservationEnded(interaction_id="i1", due_at=START + 30_000, cause=ReservationEndCause.DUE)
    assert [due] == desk.wait(1)
    assert reserved(desk) is None


@pytest.mark.parametrize(
    ("sticky", "kept_ms"),
    [(STICKY, 30_000), (StickyRule(hold_ms=90_000), 60_000), (StickyRule(hold_ms=90_000, share_per_mille=250), 15_000)],
)
def test_it_lasts_the_shorter_of_its_time_and_its_share_of_the_target(sticky: StickyRule, kept_ms: int) -> None:
    """The target is a minute."""
    desk = sticky_desk("a1", sticky=sticky)
    desk.enqueue(an_interaction(preferred="a1:50"))
    route = desk.state.interactions["i1"].route
    assert route.reserved == Reservation(agents=("a1",), until=START + kept_ms, away_grace_ms=0)


@pytest.mark.parametrize("preferred", ["", "a1:49"])
def test_who_prefers_nobody_enough_is_kept_for_nobody(preferred: str) -> None:
    """And neither is anybody whose share of a target of a few milliseconds is none."""
    desk = sticky_desk("a1")
    desk.enqueue(an_interaction(preferred=preferred))
    assert reserved(desk) is None
    short = sticky_desk("a1", sticky=StickyRule(hold_ms=1, share_per_mille=1))
    short.enqueue(an_interaction(preferred="a1:100", due_at=START + 5))
    assert reserved(short) is None


def test_when_all_of_them_are_offline_it_ends_at_once() -> None:
    """On arrival, and when the last one leaves; an agent who is not known counts as offline."""
    desk = sticky_desk("a3")
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction(preferred="a1:100 nobody:100")))
    assert [ReservationEndCause.AWAY] == ended(happened)
    desk.enqueue(an_interaction("i2", preferred="a3:100 a1:100"))
    assert [] == ended(say(desk, "a1"))
    assert [] == ended(say(desk, "a3", Presence.OFFLINE))
    assert [ReservationEndCause.AWAY] == ended(say(desk, "a1", Presence.OFFLINE))


@pytest.mark.parametrize("wanted", [{"channel": "email"}, {"needs": "licence==yes"}, {"needs": "sales>=9:expiring"}])
def test_nobody_waits_for_an_agent_who_could_not_take_it(wanted: dict[str, Any]) -> None:
    """Available, preferred, and of no use: it ends at once. So it does when the other one, who could, declines."""
    desk = sticky_desk("a1", steps=[a_step(60_000, drop="sales")])
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction(preferred="a1:100", **wanted)))
    assert [ReservationEndCause.AWAY] == ended(happened)
    able = an_agent("a2", skills="sales:9 licence:yes", channels="voice:1 email:1")
    desk.do(commands.PutAgents(agents=(able,)))
    say(desk, "a2")
    desk.enqueue(an_interaction("i2", preferred="a1:100 a2:100", **wanted))
    assert ("a1", "a2") == reserved(desk, "i2")
    assert [ReservationEndCause.DECLINED] == ended(desk.do(commands.DeclineOffer(offer_id=desk.offer("i2", "a2"))))


def test_nobody_waits_for_an_agent_who_is_paused_in_the_queue() -> None:
    """As little as for one who is offline."""
    desk = sticky_desk("a1")
    desk.do(commands.PauseAgent(agent_id="a1", queue_id="main", reason="training"))
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction(preferred="a1:100")))
    assert [ReservationEndCause.AWAY] == ended(happened)


def test_a_short_break_is_waited_for_as_long_as_the_grace() -> None:
    """Not ready: a limit is set, taken back when the agent returns, and set anew; at its end the reservation is over."""
    desk = sticky_desk("a1", sticky=StickyRule(hold_ms=60_000, away_grace_ms=5_000))
    desk.enqueue(an_interaction(preferred="a1:100"))
    first = say(desk, "a1", Presence.NOT_READY)
    assert ReservationLimited(interaction_id="i1", away_at=desk.now + 5_000) in first
    assert [] == [event for event in say(desk, "a3") if isinstance(event, ReservationLimited)]
    desk.wait(4_000)
    assert ReservationLimited(interaction_id="i1", away_at=None) in say(desk, "a1")
    assert [] == desk.wait(10_000)
    say(desk, "a1", Presence.NOT_READY)
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY, reason="lunch"))
    assert [ReservationEndCause.AWAY] == ended(desk.wait(5_000))


def test_the_grace_never_outlasts_the_reservation() -> None:
    """It would end later than it ends anyway: then it is due."""
    desk = sticky_desk("a1", sticky=StickyRule(hold_ms=3_000, away_grace_ms=60_000))
    desk.enqueue(an_interaction(preferred="a1:100"))
    say(desk, "a1", Presence.NOT_READY)
    assert [ReservationEndCause.DUE] == ended(desk.wait(3_000))


def test_an_agent_who_is_lost_or_forgotten_is_away() -> None:
    """The lease of a lost desktop and a removal each end it like a presence of their own."""
    desk = sticky_desk("a1", sticky=StickyRule(hold_ms=60_000, away_grace_ms=5_000))
    desk.enqueue(an_interaction(preferred="a1:100"))
    desk.do(commands.OpenSession(agent_id="a1", session_id="s1"))
    desk.do(commands.LoseSession(agent_id="a1", session_id="s1"))
    assert [ReservationEndCause.AWAY] == ended(desk.wait(30_000))
    other = sticky_desk("a1")
    other.enqueue(an_interaction(preferred="a1:100"))
    assert [ReservationEndCause.AWAY] == ended(other.do(commands.RemoveAgents(agent_ids=("a1",))))


def test_when_none_of_them_is_left_to_ask_everybody_may_have_it() -> None:
    """The first decline leaves one who is available, the second nobody; a miss counts like a decline."""
    desk = sticky_desk("a1", "a2")
    desk.enqueue(an_interaction(preferred="a1:100 a2:100"))
    assert [] == ended(desk.do(commands.DeclineOffer(offer_id=desk.offer("i1", "a1"))))
    desk.offer("i1", "a2")
    happened = desk.wait(15_000)
    assert [ReservationEndCause.DECLINED] == ended(happened)


def test_an_agent_who_said_no_keeps_nothing_reserved_while_the_other_is_away() -> None:
    """The other leaves after the decline: nobody can be asked, and it ends."""
    desk = sticky_desk("a1", "a2")
    desk.enqueue(an_interaction(preferred="a1:100 a2:100"))
    desk.do(commands.DeclineOffer(offer_id=desk.offer("i1", "a1")))
    assert [ReservationEndCause.AWAY] == ended(say(desk, "a2", Presence.OFFLINE))


def test_an_accept_ends_what_was_for_a_while() -> None:
    """When the media leg fails afterwards, everybody may have it, and the presence of its agents means nothing."""
    desk = sticky_desk("a1", sticky=StickyRule(hold_ms=60_000, away_grace_ms=5_000))
    desk.enqueue(an_interaction(preferred="a1:100"))
    desk.take("i1", "a1")
    assert {} == desk.state.reserved_for
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    assert reserved(desk) is None


# ---- work sent to one agent ----


def test_work_sent_to_one_agent_waits_for_them_however_long() -> None:
    """Also while they are offline, until a step of the route releases it."""
    desk = sticky_desk("a2", steps=[a_step(50_000, release=True)])
    desk.enqueue(an_interaction(agent_id="a1", preferred="a2:100"))
    assert ("a1",) == reserved(desk)
    assert ("i1",) == waiting_for(desk.state, "a1")
    desk.wait(49_999)
    assert ("a1",) == reserved(desk)
    desk.wait(1)
    assert reserved(desk) is None
    assert () == waiting_for(desk.state, "a1")


def test_it_is_still_theirs_after_a_failed_connection() -> None:
    """And after a decline: nobody else is asked."""
    desk = sticky_desk("a1")
    desk.enqueue(an_interaction(agent_id="a1"))
    desk.do(commands.DeclineOffer(offer_id=desk.offer()))
    desk.wait(60_000)
    desk.take()
    assert () == waiting_for(desk.state, "a1")
    say(desk, "a1", Presence.OFFLINE)
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    assert ("a1",) == reserved(desk)
    assert ("i1",) == waiting_for(desk.state, "a1")


def test_their_own_line_is_ordered_by_class_then_age_then_arrival() -> None:
    """A credit moves the place."""
    urgent = a_rule("urgent", when="type=urgent", urgency=an_urgency(class_rank=1))
    desk = a_desk(a_site(rules=[urgent, a_rule()]))
    desk.classify = RuleClassifier()
    for name, kind, credit_ms in (("i1", "sales", 0), ("i2", "sales", 5), ("i3", "urgent", 0), ("i4", "sales", 0)):
        desk.enqueue(an_interaction(name, type=kind, credit_ms=credit_ms, agent_id="a1"))
    desk.enqueue(an_interaction("i5", preferred="a1:100"))
    assert ("i3", "i2", "i1", "i4") == waiting_for(desk.state, "a1")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"agent_id": "nobody"}, RefusalReason.UNKNOWN_AGENT),
        ({"agent_id": "a1", "channel": "email"}, RefusalReason.AGENT_CANNOT_SERVE),
        ({"agent_id": "a1", "needs": "licence==yes"}, RefusalReason.AGENT_CANNOT_SERVE),
        ({"agent_id": "a1", "needs": "sales>=9:expiring"}, None),
        ({"agent_id": "a1", "needs": "licence==yes:prefer"}, None),
    ],
)
def test_an_agent_who_could_never_have_it_is_refused(sent: dict[str, Any], reason: RefusalReason | None) -> None:
    """Not one who could after a step of the route, and not one who is only not preferred."""
    desk = sticky_desk("a1", steps=[a_step(5_000, drop="sales")])
    command = commands.EnqueueInteraction(interaction=an_interaction(**sent))
    if reason is None:
        desk.do(command)
        assert ("a1",) == reserved(desk)
    else:
        assert reason is desk.refuses(command)


def test_an_agent_with_a_line_of_their_own_is_not_forgotten() -> None:
    """Cancelled, it leaves the line."""
    desk = sticky_desk()
    desk.enqueue(an_interaction(agent_id="a1"))
    assert RefusalReason.AGENT_HAS_WORK is desk.refuses(commands.RemoveAgents(agent_ids=("a2", "a1")))
    desk.do(commands.CancelInteraction(interaction_id="i1", reason=""))
    desk.do(commands.RemoveAgents(agent_ids=("a2", "a1")))
    assert ["a3"] == list(desk.state.agents)


# ---- routes that change ----


def test_a_new_route_may_end_a_reservation_and_never_begins_one() -> None:
    """Who may serve a waiting interaction only ever grows: one that was over does not come back with an update."""
    desk = sticky_desk("a1", sticky=StickyRule(hold_ms=30_000))
    desk.enqueue(an_interaction(preferred="a1:100"))
    say(desk, "a1", Presence.OFFLINE)
    say(desk, "a1")
    assert reserved(desk) is None
    desk.do(commands.UpdateInteraction(interaction_id="i1", attributes={"x": 1}, overwrite=True))
    assert reserved(desk) is None


def test_offers_to_agents_for_whom_it_is_no_longer_kept_are_taken_back() -> None:
    """A site with a higher minimum keeps it for the other only, who is offline: then for nobody."""
    desk = sticky_desk("a1", "a2", sticky=StickyRule(hold_ms=30_000))
    desk.enqueue(an_interaction(preferred="a1:60 a2:90"))
    desk.offer("i1", "a1")
    stricter = a_rule(sticky=StickyRule(hold_ms=30_000, minimum_score=80), urgency=an_urgency(target_ms=60_000))
    happened = desk.do(commands.ApplySite(site=a_site(queues=[a_queue(missed_threshold=0)], rules=[stricter])))
    assert [WithdrawCause.ROUTE_CHANGED] == [event.cause for event in happened if isinstance(event, OfferWithdrawn)]
    assert ("a2",) == reserved(desk)
    say(desk, "a2", Presence.NOT_READY)
    assert reserved(desk) is None


def test_a_reservation_that_would_be_over_is_not_part_of_a_new_route() -> None:
    """The site's new rule keeps it for a second, which has passed; and the limit of stay it adds has passed, too."""
    desk = sticky_desk("a1")
    desk.enqueue(an_interaction(preferred="a1:100"))
    desk.wait(5_000)
    site = desk.state.site
    assert site is not None
    shorter = a_site(queues=[a_queue(missed_threshold=0)], rules=[a_rule(sticky=StickyRule(hold_ms=1_000))])
    (_, changed) = desk.do(commands.ApplySite(site=shorter))
    assert isinstance(changed, RouteChanged)
    assert reserved(desk) is None
    assert [] == desk.wait(60_000)


def test_a_device_that_could_not_be_reached_is_neither_an_answer_nor_a_miss() -> None:
    """Unless the queue says that it counts: then the consequence follows, and what is kept for the agent knows it."""
    desk = sticky_desk("a1")
    desk.enqueue()
    desk.state.agents["a1"].misses = 3
    desk.do(commands.DeclineOffer(offer_id=desk.offer(), reason=DeclineReason.UNREACHABLE))
    assert 3 == desk.state.agents["a1"].misses
    strict = a_desk(
        a_site(queues=[a_queue(counts_unreachable=True, missed_threshold=1, unreachable_ms=5_000)], rules=[a_rule(sticky=STICKY)])
    )
    strict.classify = RuleClassifier()
    strict.enqueue()
    strict.enqueue(an_interaction("i2", preferred="a1:90"))
    happened = strict.do(commands.DeclineOffer(offer_id=strict.offer(), reason=DeclineReason.UNREACHABLE))
    assert (1, Presence.NOT_READY) == (strict.state.agents["a1"].misses, strict.state.agents["a1"].presence)
    assert {"a1": START + 5_000} == strict.state.interactions["i1"].exclusions
    assert [ReservationEndCause.AWAY] == ended(happened)
