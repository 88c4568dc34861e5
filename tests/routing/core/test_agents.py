"""Agents: registering, presence, and the sessions of their desktops."""

import pytest

from routing.core import commands, events
from routing.core.errors import RefusalReason
from routing.core.events import WithdrawCause
from routing.core.lifecycle import InteractionPhase
from routing.model.agent import Agent, Presence
from tests.builders import a_site, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk, a_desk_in


def put(*agents: Agent) -> commands.PutAgents:
    """The command that registers agents."""
    return commands.PutAgents(agents=agents)


def say(presence: Presence, reason: str = "", agent_id: str = "a1") -> commands.SetPresence:
    """The command that changes presence."""
    return commands.SetPresence(agent_id=agent_id, presence=presence, reason=reason)


def test_a_new_agent_is_offline() -> None:
    """Registering says nothing about presence."""
    desk = a_desk()
    assert [events.AgentPut(agent=an_agent("a2"))] == desk.do(put(an_agent("a2")))
    assert (Presence.OFFLINE, 2) == (desk.state.agents["a2"].presence, desk.state.agents["a2"].sequence)


def test_an_equal_record_changes_nothing_and_a_new_one_keeps_presence() -> None:
    """A batch records only what differs."""
    desk = a_desk()
    changed = an_agent("a1", skills="sales:9")
    assert [events.AgentPut(agent=changed)] == desk.do(put(changed))
    assert [] == desk.do(put(changed))
    assert Presence.AVAILABLE == desk.state.agents["a1"].presence


def test_a_batch_is_registered_whole_or_not_at_all() -> None:
    """One bad record, one listed twice, or no site refuses everything."""
    desk = a_desk()
    assert RefusalReason.DUPLICATE_AGENT == desk.refuses(put(an_agent("a2"), an_agent("a2")))
    assert RefusalReason.INVALID_VALUE == desk.refuses(put(an_agent("a2"), an_agent("a3", capacity=0)))
    assert RefusalReason.UNKNOWN_CHANNEL == desk.refuses(put(an_agent("a2", channels="telex:1")))
    assert RefusalReason.NO_SITE == Desk().refuses(put(an_agent()))


def test_a_changed_agent_loses_the_offers_that_no_longer_fit() -> None:
    """By skill, by channel or by budget; the others stay."""
    desk = a_desk(None, an_agent("a1", channels="chat:3"))
    for name, needs in (("c1", "sales>=5"), ("c2", ""), ("c3", "")):
        desk.enqueue(an_interaction(name, channel="chat", needs=needs))
        desk.offer(name)
    _, *withdrawn = desk.do(put(an_agent("a1", skills="sales:1", channels="chat:1")))
    causes = [(event.interaction_id, event.cause) for event in withdrawn if isinstance(event, events.OfferWithdrawn)]
    assert [("c1", WithdrawCause.AGENT_CHANGED), ("c3", WithdrawCause.AGENT_CHANGED)] == causes
    _, last = desk.do(put(an_agent("a1", channels="chat:1", capacity=29)))
    assert isinstance(last, events.OfferWithdrawn)
    assert 0 == desk.state.agents["a1"].used


def test_a_change_that_work_in_progress_forbids_is_refused() -> None:
    """Neither the budget nor a channel can be taken from under it, and offers beside it are counted with it."""
    desk = a_desk(None, an_agent("a1", channels="voice:1 chat:2"))
    for name in ("c1", "c2"):
        desk.enqueue(an_interaction(name, channel="chat"))
    desk.take("c1")
    desk.offer("c2")
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(put(an_agent("a1", channels="voice:1")))
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(put(an_agent("a1", capacity=29)))
    assert [events.AgentPut, events.OfferWithdrawn] == [type(event) for event in desk.do(put(an_agent("a1", channels="chat:1")))]


def test_only_an_agent_without_work_and_offers_can_be_removed() -> None:
    """All or none; a name listed twice is removed once."""
    desk = a_desk_in(InteractionPhase.WAITING)
    desk.do(put(an_agent("a2")))
    both = commands.RemoveAgents(agent_ids=("a2", "a1", "a2"))
    assert RefusalReason.UNKNOWN_AGENT == desk.refuses(commands.RemoveAgents(agent_ids=("a2", "a9")))
    offer_id = desk.offer()
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(both)
    desk.do(commands.AcceptOffer(offer_id=offer_id))
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(both)
    desk.do(commands.EndHandling(interaction_id="i1"))
    desk.do(commands.EndWrapUp(interaction_id="i1"))
    assert [events.AgentRemoved(agent_id="a2"), events.AgentRemoved(agent_id="a1")] == desk.do(both)
    assert {} == desk.state.agents


def test_whoever_is_no_longer_available_loses_live_offers_once() -> None:
    """Saying the same again changes nothing; another reason is recorded without a second withdrawal."""
    desk = a_desk_in(InteractionPhase.WAITING)
    desk.offer()
    happened = desk.do(say(Presence.NOT_READY, "lunch"))
    assert [events.PresenceChanged, events.OfferWithdrawn] == [type(event) for event in happened]
    assert [] == desk.do(say(Presence.NOT_READY, "lunch"))
    assert [events.PresenceChanged(agent_id="a1", presence=Presence.NOT_READY, reason="training")] == desk.do(
        say(Presence.NOT_READY, "training")
    )


def test_becoming_available_starts_the_idle_clock_once() -> None:
    """A second reason for being available does not start it again."""
    desk = a_desk()
    desk.do(say(Presence.OFFLINE))
    desk.wait(5_000)
    desk.do(say(Presence.AVAILABLE))
    desk.wait(5_000)
    desk.do(say(Presence.AVAILABLE, "after lunch"))
    assert START + 5_000 == desk.state.agents["a1"].available_since


def test_commands_about_an_unknown_agent_are_refused() -> None:
    """Each by the same name."""
    desk = a_desk()
    for command in (
        say(Presence.OFFLINE, agent_id="a9"),
        commands.OpenSession(agent_id="a9", session_id="s1"),
        commands.LoseSession(agent_id="a9", session_id="s1"),
    ):
        assert RefusalReason.UNKNOWN_AGENT == desk.refuses(command)


@pytest.mark.parametrize("session_id", ["", "s" * 129])
def test_a_session_needs_an_id(session_id: str) -> None:
    """Of 1 to 128 characters."""
    assert RefusalReason.INVALID_VALUE == a_desk().refuses(commands.OpenSession(agent_id="a1", session_id=session_id))


def opened(desk: Desk, session_id: str = "s1") -> list[events.Event]:
    """The events of opening a session."""
    return desk.do(commands.OpenSession(agent_id="a1", session_id=session_id))


def lost(desk: Desk, session_id: str = "s1") -> list[events.Event]:
    """The events of losing a session."""
    return desk.do(commands.LoseSession(agent_id="a1", session_id=session_id))


def test_a_lost_session_is_a_lease_that_a_return_renews() -> None:
    """Opening the same session again saves it; opening it twice changes nothing."""
    desk = a_desk()
    assert [events.SessionOpened(agent_id="a1", session_id="s1")] == opened(desk)
    assert [] == opened(desk)
    assert [events.SessionLost(agent_id="a1", session_id="s1", expires_at=START + 30_000)] == lost(desk)
    assert [] == lost(desk)
    assert [] == desk.wait(29_999)
    assert [events.SessionOpened] == [type(event) for event in opened(desk)]
    assert [] == desk.wait(60_000)


def test_a_replaced_session_can_no_longer_be_lost() -> None:
    """Only the newest counts."""
    desk = a_desk()
    opened(desk, "old")
    opened(desk, "new")
    assert [] == lost(desk, "old")
    assert [events.SessionLost] == [type(event) for event in lost(desk, "new")]


def test_when_the_lease_runs_out_offers_go_and_deferrable_work_returns() -> None:
    """Live handling is kept for the grace, then it returns too, with its age; wrap-up stays where it is."""
    desk = a_desk(None, an_agent("a1", channels="chat:3 email:3"))
    for name, channel in (("live", "chat"), ("mail", "email"), ("ringing", "chat"), ("wrapping", "email")):
        desk.enqueue(an_interaction(name, channel=channel))
    desk.take("live")
    desk.take("mail")
    desk.take("wrapping")
    opened(desk)
    lost(desk)
    desk.wait(25_000)
    desk.offer("ringing")
    desk.do(commands.EndHandling(interaction_id="wrapping"))
    expired, offline, withdrawn, returned = desk.wait(5_000)
    assert events.SessionExpired(agent_id="a1", session_id="s1", due_at=desk.now, release_at=desk.now + 60_000, kept=("live",)) == expired
    assert events.PresenceChanged(agent_id="a1", presence=Presence.OFFLINE, reason="session_lost") == offline
    assert isinstance(withdrawn, events.OfferWithdrawn)
    assert ("ringing", WithdrawCause.SESSION_EXPIRED) == (withdrawn.interaction_id, withdrawn.cause)
    assert isinstance(returned, events.HandlingReturned)
    assert ("mail", events.ReturnCause.SESSION_EXPIRED) == (returned.interaction_id, returned.cause)
    ended, over, back = desk.wait(60_000)
    assert isinstance(ended, events.InteractionEnded)
    assert events.HandlingGraceEnded(agent_id="a1", due_at=desk.now) == over
    assert isinstance(back, events.HandlingReturned)
    assert ("live", START) == (back.interaction_id, desk.state.interactions["live"].enqueued_at)


def test_the_grace_returns_only_what_was_in_hand_when_the_session_was_lost() -> None:
    """What the agent took afterwards, by a telephone without a desktop for one, is theirs; and so is what they took back."""
    desk = a_desk(None, an_agent("a1", channels="chat:3"))
    for name in ("kept", "back"):
        desk.enqueue(an_interaction(name, channel="chat"))
        desk.take(name)
    opened(desk)
    lost(desk)
    desk.wait(30_000)
    desk.do(commands.FailConnect(interaction_id="back", reason=""))
    desk.do(say(Presence.AVAILABLE))
    desk.enqueue(an_interaction("new", channel="chat"))
    desk.take("new")
    desk.wait(20_000)
    desk.take("back")
    over, returned = desk.wait(40_000)
    assert events.HandlingGraceEnded(agent_id="a1", due_at=desk.now) == over
    assert isinstance(returned, events.HandlingReturned)
    assert ("kept", ["new", "back"]) == (returned.interaction_id, list(desk.state.agents["a1"].work))


def test_a_session_that_expired_before_its_work_was_listed_returns_all() -> None:
    """A journal of an earlier release says no more than that there was a grace."""
    desk = a_desk_in(InteractionPhase.HANDLING, a_site())
    opened(desk)
    lost(desk)
    expired = events.SessionExpired(agent_id="a1", session_id="s1", due_at=desk.now, release_at=desk.now + 60_000)
    desk.record([expired])
    over, returned = desk.wait(60_000)
    assert [events.HandlingGraceEnded, events.HandlingReturned] == [type(over), type(returned)]


def test_a_session_of_an_idle_offline_agent_expires_without_a_grace() -> None:
    """Nothing is kept, and presence is not said twice."""
    desk = a_desk()
    opened(desk)
    desk.do(say(Presence.OFFLINE))
    lost(desk)
    (expired,) = desk.wait(30_000)
    assert events.SessionExpired(agent_id="a1", session_id="s1", due_at=desk.now, release_at=None) == expired


def test_a_desktop_that_returns_within_the_grace_keeps_its_work() -> None:
    """A new session ends the grace."""
    desk = a_desk_in(InteractionPhase.HANDLING, a_site())
    opened(desk)
    lost(desk)
    desk.wait(40_000)
    opened(desk, "s2")
    assert [] == desk.wait(100_000)
    assert "a1" == desk.state.interactions["i1"].agent_id
