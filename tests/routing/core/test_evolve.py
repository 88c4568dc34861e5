"""Replay: the log alone rebuilds the state, and nothing in it depends on policy or process."""

from dataclasses import replace
from typing import get_args

from routing.core import commands, events
from routing.core.canonical import state_digest
from routing.core.events import Event
from routing.core.evolve import APPLY, evolve
from routing.core.state import State
from routing.model.agent import Commitment, Presence
from routing.model.callback import CallbackOutcome, CallbackRule
from routing.model.memory import MemoryRule
from routing.model.queue import AssignmentLimit
from tests.builders import (
    CHAT,
    EMAIL,
    VOICE,
    a_calendar,
    a_policy,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_agent,
    an_interaction,
    some_hours,
)
from tests.routing.core.desk import Desk, a_desk


def a_busy_hour(desk: Desk) -> None:
    """All that keeps agent a2 from work besides presence, and an interruption."""
    queue = a_queue("main", assignment_limit=AssignmentLimit(count=2, window_ms=5_000))
    desk.do(commands.ApplySite(site=a_site(queues=[queue], channels=[VOICE, CHAT, replace(EMAIL, interruptible_by=("voice",))])))
    desk.do(commands.PauseAgent(agent_id="a2", queue_id="main", reason="training"))
    desk.do(commands.UnpauseAgent(agent_id="a2", queue_id="main"))
    desk.do(commands.PutCommitments(agent_id="a2", commitments=(Commitment(starts_at=desk.now + 1, ends_at=desk.now + 2),)))
    desk.do(commands.StartExternalWork(agent_id="a2", work_id="own", channel="chat"))
    desk.do(commands.EndExternalWork(agent_id="a2", work_id="own"))
    desk.do(commands.PutAgents(agents=(an_agent("a2", channels="voice:1 email:1"),)))
    for name, channel in (("mail", "email"), ("call", "voice")):
        desk.enqueue(an_interaction(name, channel=channel))
        desk.take(name, "a2")
    desk.do(commands.ReleaseHandling(interaction_id="call", outcome=commands.ReleaseOutcome.END))
    desk.wait(0)
    desk.do(commands.EndHandling(interaction_id="mail"))
    desk.wait(10_000)


def a_long_day() -> Desk:
    """A desk whose log holds every kind of event."""
    steps = [a_step(5_000, lower="sales:2")]
    site = a_site(queues=[a_queue(max_live_offers=2)], rules=[a_rule(steps=steps)])
    desk = a_desk(site, an_agent("a1", channels="voice:1 chat:2 email:2"), an_agent("a2"))
    desk.do(commands.EnqueueInteraction(interaction=an_interaction(needs="sales>=5:expiring"), request_id="r1"))
    desk.offer("i1", "a1")
    desk.offer("i1", "a2")
    desk.do(commands.ExtendOffer(offer_id="offer-1"))
    desk.do(commands.DeclineOffer(offer_id="offer-2"))
    desk.do(commands.AcceptOffer(offer_id="offer-1"))
    desk.do(commands.HoldHandling(interaction_id="i1"))
    desk.wait(6_000)
    desk.do(commands.ResumeHandling(interaction_id="i1"))
    desk.do(commands.FailConnect(interaction_id="i1", reason="no media"))
    desk.wait(20_000)
    desk.do(commands.UpdateInteraction(interaction_id="i1", overwrite=True, requirements=()))
    desk.record([events.MatchDeferred(interaction_id="i1", until=desk.now + 500)])
    desk.wait(1_000)
    desk.offer("i1", "a2")
    desk.wait(16_000)
    desk.take("i1", "a1")
    desk.do(commands.OpenSession(agent_id="a1", session_id="s1"))
    desk.do(commands.LoseSession(agent_id="a1", session_id="s1"))
    desk.wait(100_000)
    desk.enqueue(an_interaction("i2"))
    desk.do(commands.SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    desk.offer("i2", "a2")
    desk.do(commands.WithdrawOffer(offer_id=f"offer-{desk.state.offers_made}", reason=""))
    desk.take("i2", "a2")
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    desk.do(commands.StartConsult(interaction_id="i2", leg=commands.NextLeg(id="leg")))
    desk.take("leg", "a1")
    desk.do(commands.StartConference(interaction_id="i2"))
    desk.do(commands.FailConnect(interaction_id="leg", reason=""))
    desk.do(commands.CancelConsult(interaction_id="i2"))
    desk.do(commands.TransferInteraction(interaction_id="i2", leg=commands.NextLeg(id="next")))
    desk.wait(10_000)
    a_busy_hour(desk)
    desk.do(commands.RemoveAgents(agent_ids=("a1",)))
    other = a_site(
        policy=a_policy(match_interval_ms=1_000),
        memory=MemoryRule(last_agent_ms=1, last_agent_score=1, return_within_ms=1, customers_max=1),
    )
    desk.do(commands.ApplySite(site=other))
    desk.enqueue(an_interaction("i3", customer_id="kim"))
    desk.do(commands.AbandonInteraction(interaction_id="i3"))
    desk.enqueue(an_interaction("i4"))
    desk.record([events.ReservationLimited(interaction_id="i4", away_at=None)])
    desk.record([events.ReservationEnded(interaction_id="i4", due_at=desk.now, cause=events.ReservationEndCause.DUE)])
    desk.wait(1_000)
    call_back(desk)
    open_and_close(desk)
    return desk


def open_and_close(desk: Desk) -> None:
    """A caller waits for the opening, and has to go at closing."""
    hours = a_calendar((desk.now + 1_000, desk.now + 2_000))
    closing = [a_queue(hours=some_hours(at_close="voicemail"))]
    desk.do(commands.ApplySite(site=a_site(queues=closing, calendars={"office": hours})))
    desk.enqueue(an_interaction("i9"))
    desk.wait(2_000)


def call_back(desk: Desk) -> None:
    """One customer is put off, called too late and in vain, and answers the second time; another is called in time."""
    rule = CallbackRule(attempts_max=2, spacing_ms=1_000, promise_lead_ms=1_000, promise_class_rank=1)
    desk.do(commands.ApplySite(site=a_site(queues=[a_queue(callback=rule)])))
    desk.do(commands.ScheduleCallback(interaction=an_interaction("b1"), not_before=desk.now + 5_000, promised_at=desk.now + 6_000))
    desk.wait(7_000)
    for outcome in (CallbackOutcome.NO_ANSWER, CallbackOutcome.ANSWERED):
        desk.take("b1", "a2")
        desk.do(commands.ReportCallbackAttempt(interaction_id="b1", outcome=outcome))
        desk.wait(1_000)
    desk.do(commands.EndHandling(interaction_id="b1"))
    desk.do(commands.EndWrapUp(interaction_id="b1"))
    desk.do(commands.ScheduleCallback(interaction=an_interaction("b2"), promised_at=desk.now + 6_000))
    desk.take("b2", "a2")


def test_the_log_alone_rebuilds_the_state() -> None:
    """Digest for digest, after every event of a day that has them all."""
    desk = a_long_day()
    assert {kind.__name__ for kind in get_args(events.Event)} == {type(item.event).__name__ for item in desk.log}
    rebuilt = State()
    for recorded in desk.log:
        evolve(rebuilt, recorded)
    assert state_digest(desk.state) == state_digest(rebuilt)
    assert desk.state.deadlines.first() == rebuilt.deadlines.first()


def test_marks_name_what_a_match_has_to_look_at() -> None:
    """An arrival and a freed agent are dirty; what is taken or gone is not; what moved is stale either way."""
    desk = a_desk()
    marks = desk.state.marks
    assert ["a1"] == list(marks.dirty_agents)
    marks.forget_dirty()
    desk.enqueue()
    assert ["i1"] == list(marks.dirty_interactions)
    marks.stale_agents.clear()
    desk.take()
    assert ([], [], ["a1"]) == (list(marks.dirty_interactions), list(marks.dirty_agents), list(marks.stale_agents))
    desk.do(commands.EndHandling(interaction_id="i1"))
    desk.do(commands.EndWrapUp(interaction_id="i1"))
    assert ["a1"] == list(marks.dirty_agents)
    desk.do(commands.RemoveAgents(agent_ids=("a1",)))
    assert [] == list(marks.dirty_agents)


def test_every_event_has_its_function() -> None:
    """The table of `evolve` lists each kind of event once, and nothing else."""
    assert set(APPLY) == set(get_args(Event))
