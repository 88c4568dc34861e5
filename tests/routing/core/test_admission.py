"""The door of a queue: who is taken, who is turned away and why, and where they go."""

from typing import Any

import pytest

from routing.core import commands
from routing.core.events import Event, InteractionDiverted, InteractionEnded, InteractionQueued
from routing.model.admission import Reception
from routing.model.agent import Presence
from routing.model.diversion import DiversionCause
from routing.model.estimate import Estimate, EstimateMethod
from routing.model.interaction import EndCause
from routing.model.queue import Queue
from routing.model.stay import AfterStay, StayRule
from tests.builders import (
    a_diversion,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_admission,
    an_agent,
    an_empty_rule,
    an_interaction,
)
from tests.routing.core.desk import Desk, a_desk
from tests.routing.policy.floor import a_floor


def a_desk_with(*queues: Queue, **site: Any) -> Desk:
    """A desk whose first queue takes everything, with agent `a1` available."""
    return a_desk(a_site(queues=queues, **site))


def diversions(happened: list[Event]) -> list[tuple[DiversionCause, str]]:
    """Why and where in order."""
    return [(event.cause, event.diversion.kind + event.diversion.target) for event in happened if isinstance(event, InteractionDiverted)]


def arrives(desk: Desk, name: str, channel: str = "voice", **more: Any) -> list[tuple[DiversionCause, str]]:
    """An arrival; how it was diverted."""
    return diversions(desk.do(commands.EnqueueInteraction(interaction=an_interaction(name, channel=channel, **more))))


# ---- limits ----


def test_a_full_queue_refuses_the_next_and_accepted_means_ended_once() -> None:
    """Three facts in one call: queued, diverted, ended as refused with the cause as reason."""
    desk = a_desk_with(a_queue(admission=an_admission(waiting_max=1)))
    desk.enqueue(an_interaction("i1"))
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction("i2")))
    assert [InteractionQueued, InteractionDiverted, InteractionEnded] == [type(event) for event in happened]
    assert isinstance(happened[-1], InteractionEnded)
    assert (EndCause.REFUSED, "queue_length") == (happened[-1].cause, happened[-1].reason)
    assert (2, 1, 1) == (desk.state.arrived, len(desk.state.interactions), desk.state.ended_by_cause[EndCause.REFUSED])


def test_who_leaves_or_is_taken_makes_room() -> None:
    """Only those who wait count."""
    desk = a_desk_with(a_queue(admission=an_admission(waiting_max=1)))
    desk.enqueue(an_interaction("i1"))
    desk.take("i1")
    assert [] == arrives(desk, "i2")
    desk.do(commands.AbandonInteraction(interaction_id="i2"))
    assert [] == arrives(desk, "i3")


def test_each_channel_counts_by_itself_unless_the_limit_is_shared() -> None:
    """A chat does not keep a call away, except where the queue says that it does."""
    desk = a_desk_with(a_queue(admission=an_admission(waiting_max=1)))
    assert [[], [], [(DiversionCause.QUEUE_LENGTH, "refuse")]] == [
        arrives(desk, "i1", "chat"),
        arrives(desk, "i2"),
        arrives(desk, "i3"),
    ]
    shared = a_desk_with(a_queue(admission=an_admission(waiting_max=1, is_waiting_shared=True)))
    assert [[], [(DiversionCause.QUEUE_LENGTH, "refuse")]] == [arrives(shared, "i1", "chat"), arrives(shared, "i2")]


def test_a_channel_may_have_its_own_limit() -> None:
    """It replaces the queue's for that channel, and counts that channel only."""
    rule = an_admission(waiting_max=1, is_waiting_shared=True, waiting_max_by_channel={"chat": 2})
    desk = a_desk_with(a_queue(admission=rule))
    desk.enqueue(an_interaction("i1"))
    assert [[], []] == [arrives(desk, "i2", "chat"), arrives(desk, "i3", "chat")]
    assert [(DiversionCause.CHANNEL_LENGTH, "refuse")] == arrives(desk, "i4", "chat")


def test_somebody_held_for_too_long_keeps_others_away() -> None:
    """The longest present wait counts, from the arrival; at the limit itself one more is taken."""
    desk = a_desk_with(a_queue(admission=an_admission(held_max_ms=10_000)))
    desk.enqueue(an_interaction("i1"))
    desk.wait(10_000)
    assert [] == arrives(desk, "i2")
    desk.wait(1)
    assert [(DiversionCause.TIME_HELD, "refuse")] == arrives(desk, "i3")


def test_an_estimate_beyond_the_limit_turns_away_and_an_unknown_one_nobody() -> None:
    """Nothing is known before the first answer; then a place of two costs twice what one did."""
    desk = a_desk_with(a_queue(estimate=EstimateMethod.PLACE_PACE, admission=an_admission(estimated_wait_max_ms=7_999)))
    desk.enqueue(an_interaction("i1"))
    assert [] == arrives(desk, "i2")
    desk.wait(4_000)
    desk.take("i1")
    assert [(DiversionCause.ESTIMATED_WAIT, "refuse")] == arrives(desk, "i3")


# ---- diversions ----


def test_a_full_queue_leads_to_another_and_that_one_onward() -> None:
    """Each queue on the way is asked; the last word ends the interaction."""
    first = a_queue("first", admission=an_admission(waiting_max=1, otherwise="queue:second"))
    desk = a_desk_with(first, a_queue("second", admission=an_admission(waiting_max=1, otherwise="voicemail:box")))
    desk.enqueue(an_interaction("i1"))
    assert [(DiversionCause.QUEUE_LENGTH, "queuesecond")] == arrives(desk, "i2")
    assert "second" == desk.state.interactions["i2"].route.queue_id
    assert [(DiversionCause.QUEUE_LENGTH, "queuesecond"), (DiversionCause.QUEUE_LENGTH, "voicemailbox")] == arrives(desk, "i3")
    assert EndCause.DIVERTED is desk.state.ended["i3"].cause


def test_a_repeated_request_finds_what_it_was_answered() -> None:
    """Also when the interaction has gone on; a plain arrival has nothing to remember."""
    first = a_queue("first", admission=an_admission(waiting_max=1, otherwise="queue:second"))
    desk = a_desk_with(first, a_queue("second", estimate=EstimateMethod.HOLD_EMA))
    for name in ("i1", "i2"):
        desk.do(commands.EnqueueInteraction(interaction=an_interaction(name), request_id=name))
    told = Estimate(place=1, wait_ms=None, method=EstimateMethod.HOLD_EMA)
    answer = Reception(cause=DiversionCause.QUEUE_LENGTH, diversion=a_diversion("queue:second"), estimate=told)
    assert {"i2": answer} == desk.state.receptions
    desk.wait(8 * 24 * 3_600_000)
    desk.do(commands.CancelInteraction(interaction_id="i1", reason="", request_id="later"))
    assert {} == desk.state.receptions


def test_a_step_of_a_route_ends_what_it_diverts() -> None:
    """Its live offers are withdrawn in the same step."""
    desk = a_desk(a_site(rules=[a_rule(steps=[a_step(5_000, divert_to="voicemail:box")])]))
    desk.enqueue()
    desk.offer()
    assert [(DiversionCause.ROUTE_STEP, "voicemailbox")] == diversions(desk.wait(5_000))
    assert {} == desk.state.offers
    assert EndCause.DIVERTED is desk.state.ended["i1"].cause


def test_a_diverting_step_that_fell_due_while_it_was_handled_is_taken_on_its_return() -> None:
    """Steps that only change the route are taken in passing, this one by its own deadline."""
    steps = [a_step(5_000, raise_base_ms=1), a_step(6_000, divert_to="refuse")]
    desk = a_desk(a_site(rules=[a_rule(steps=steps)]))
    desk.enqueue()
    desk.take()
    desk.wait(10_000)
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    assert 1 == desk.state.interactions["i1"].route.urgency.base_ms
    assert [(DiversionCause.ROUTE_STEP, "refuse")] == diversions(desk.wait(0))


# ---- nobody there ----


@pytest.mark.parametrize(
    ("channels", "presence", "is_taken"),
    [
        ("voice:1", Presence.AVAILABLE, True),
        ("voice:1", Presence.NOT_READY, True),
        ("voice:1", Presence.OFFLINE, False),
        ("chat:1", Presence.AVAILABLE, False),
    ],
)
def test_a_caller_joins_while_somebody_who_could_serve_is_not_away(channels: str, presence: Presence, is_taken: bool) -> None:
    """Who does not serve the channel is nobody, whatever they say."""
    desk = a_desk(a_site(queues=[a_queue(empty=an_empty_rule(join="offline"))]), an_agent(channels=channels))
    desk.do(commands.SetPresence(agent_id="a1", presence=presence))
    assert is_taken == (arrives(desk, "i1") == [])


def test_what_the_last_step_still_requires_says_who_could_ever_serve() -> None:
    """A skill that a later step drops keeps nobody out; a must does."""
    rules = [a_rule(needs="french>=5:expiring", steps=[a_step(5_000, drop="french")])]
    desk = a_desk(a_site(queues=[a_queue(empty=an_empty_rule(join="offline"))], rules=rules))
    assert [] == arrives(desk, "i1")
    assert [(DiversionCause.NOBODY_THERE, "refuse")] == arrives(desk, "i2", needs="french>=5")


def test_states_with_no_room_are_told_apart() -> None:
    """Ringing, in a contact, in wrap-up only, and out of reach."""
    agents = [an_agent(name) for name in ("a1", "a2", "a3", "a4")]
    desk = a_desk(a_site(), *agents)
    for name, agent_id in (("i1", "a1"), ("i2", "a2"), ("i3", "a3")):
        desk.enqueue(an_interaction(name))
        desk.offer(name, agent_id)
    desk.do(commands.AcceptOffer(offer_id="offer-2"))
    desk.do(commands.AcceptOffer(offer_id="offer-3"))
    desk.do(commands.EndHandling(interaction_id="i3"))
    desk.do(commands.OpenSession(agent_id="a4", session_id="s"))
    desk.do(commands.LoseSession(agent_id="a4", session_id="s"))
    states = ["ringing", "busy", "wrap_up", "unreachable"]
    for left_out in states:
        join = " ".join(state for state in states if state != left_out)
        desk.do(commands.ApplySite(site=a_site(queues=[a_queue(empty=an_empty_rule(join=join))])))
        assert [] == arrives(desk, f"beside-{left_out}")
        desk.do(commands.CancelInteraction(interaction_id=f"beside-{left_out}", reason=""))
    desk.do(commands.ApplySite(site=a_site(queues=[a_queue(empty=an_empty_rule(join=" ".join(states)))])))
    assert [(DiversionCause.NOBODY_THERE, "refuse")] == arrives(desk, "alone")


def test_who_waits_leaves_when_the_last_one_goes_and_stays_when_one_comes_back() -> None:
    """The grace runs from the moment nobody was there; a return within it stops it."""
    rule = an_empty_rule(leave="offline not_ready", grace_ms=3_000, otherwise="self_service:menu")
    desk = a_desk(a_site(queues=[a_queue(empty=rule)]), an_agent("a1"), an_agent("a2"))
    desk.enqueue()
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    assert desk.state.interactions["i1"].leave_at is None
    desk.do(commands.SetPresence(agent_id="a2", presence=Presence.OFFLINE))
    assert [] == diversions(desk.wait(2_999))
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    assert [] == diversions(desk.wait(10_000))
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    desk.do(commands.RemoveAgents(agent_ids=("a1",)))
    desk.do(commands.RemoveAgents(agent_ids=("a2",)))
    assert [(DiversionCause.NOBODY_THERE, "self_servicemenu")] == diversions(desk.wait(3_000))


def test_whoever_joins_an_empty_queue_has_a_grace_of_their_own() -> None:
    """Where joining is free and staying is not."""
    desk = a_desk(a_site(queues=[a_queue(empty=an_empty_rule(leave="offline", grace_ms=3_000))]))
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    desk.enqueue(an_interaction("i1"))
    desk.wait(2_000)
    desk.enqueue(an_interaction("i2"))
    assert [(DiversionCause.NOBODY_THERE, "refuse")] == diversions(desk.wait(1_000))
    assert ["i2"] == list(desk.state.interactions)


def test_work_that_leaves_for_another_queue_is_asked_about_there() -> None:
    """The second queue may be left as well, for its own reason."""
    leave = an_empty_rule(leave="offline", grace_ms=1_000, otherwise="queue:second")
    desk = a_desk_with(a_queue("first", empty=leave), a_queue("second", empty=an_empty_rule(leave="offline", grace_ms=500)))
    desk.enqueue()
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    causes = diversions(desk.wait(60_000))
    assert [(DiversionCause.NOBODY_THERE, "queuesecond"), (DiversionCause.NOBODY_THERE, "refuse")] == causes


def test_a_site_that_no_longer_lets_people_leave_keeps_them() -> None:
    """And one that begins to starts their grace at once."""
    desk = a_desk(a_site(queues=[a_queue(empty=an_empty_rule(leave="offline", grace_ms=3_000))]))
    desk.enqueue()
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    desk.wait(1_000)
    desk.do(commands.ApplySite(site=a_site(queues=[a_queue(empty=an_empty_rule(join="busy"))])))
    assert [] == diversions(desk.wait(10_000))
    desk.do(commands.ApplySite(site=a_site(queues=[a_queue(empty=an_empty_rule(leave="offline", grace_ms=3_000))])))
    assert [(DiversionCause.NOBODY_THERE, "refuse")] == diversions(desk.wait(3_000))


def test_an_agent_who_is_paused_in_the_queue_is_not_ready_for_it() -> None:
    """And for no other."""
    rules = [a_rule("here", queue="main", when="type=sales"), a_rule("there", queue="other")]
    queues = [a_queue(name, empty=an_empty_rule(join="not_ready")) for name in ("main", "other")]
    desk = a_desk(a_site(queues=queues, rules=rules))
    desk.do(commands.PauseAgent(agent_id="a1", queue_id="main"))
    assert [(DiversionCause.NOBODY_THERE, "refuse")] == arrives(desk, "i1")
    assert [] == arrives(desk, "i2", type="billing")


def test_work_outside_the_router_keeps_an_agent_busy() -> None:
    """Busy, not in wrap-up, though no contact of the router is in progress."""
    desk = a_desk(a_site(queues=[a_queue(empty=an_empty_rule(join="busy"))]))
    desk.do(commands.StartExternalWork(agent_id="a1", work_id="x", channel="voice"))
    assert [(DiversionCause.NOBODY_THERE, "refuse")] == arrives(desk, "i1")


def test_the_end_of_a_stay_takes_a_diverting_step_like_an_overflow() -> None:
    """At once, with the steps before it, and never to the end that the stay would have."""
    stay = StayRule(limit_ms=5_000, then=AfterStay.OVERFLOW)
    steps = [a_step(60_000, raise_base_ms=1), a_step(70_000, divert_to="voicemail:box")]
    desk = a_floor(a_site(queues=[a_queue(stay=stay)], rules=[a_rule(steps=steps)]))
    desk.enqueue(an_interaction())
    assert [(DiversionCause.ROUTE_STEP, "voicemailbox")] == diversions(desk.wait(5_000))
    assert EndCause.DIVERTED is desk.router.state.ended["i1"].cause
