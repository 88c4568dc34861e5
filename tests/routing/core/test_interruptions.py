"""Work that is set aside for other work: when, in which order, and how it goes on."""

from dataclasses import replace

import pytest

from routing.core import commands, events
from routing.core.commands import Mutation
from routing.core.errors import RefusalReason
from routing.core.events import WithdrawCause
from routing.core.lifecycle import InteractionPhase
from routing.core.room import has_room
from routing.model.agent import Agent, Presence
from routing.model.callback import CallbackOutcome, CallbackRule
from routing.model.channel import Channel
from tests.builders import VOICE, a_channel, a_queue, a_site, an_agent, an_interaction, some_needs
from tests.routing.core.desk import Desk, a_desk

MAIL = a_channel("email", is_live=False, capacity_cost=30, agent_maximum=5, interruptible_by=("voice", "chat"))
CHAT = a_channel("chat", capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))


def a_full_desk(*mails: str, channels: tuple[Channel, ...] = (VOICE, CHAT, MAIL), wrap_up_limit_ms: int = 0) -> Desk:
    """One agent who works on these emails; a call takes all of the budget, a chat half, an email not quite a third."""
    site = a_site(channels=channels, queues=[a_queue(wrap_up_limit_ms=wrap_up_limit_ms, missed_threshold=0)])
    desk = a_desk(site, an_agent(channels="voice:1 chat:2 email:5"))
    for name in mails:
        desk.enqueue(an_interaction(name, channel="email"))
        desk.take(name)
    return desk


def offered(desk: Desk, name: str, channel: str = "voice") -> str:
    """An interaction that arrives and is offered; the id of the offer."""
    desk.enqueue(an_interaction(name, channel=channel))
    return desk.offer(name)


def aside(desk: Desk) -> list[str]:
    """What is set aside, the oldest interruption first."""
    return list(desk.state.agents["a1"].set_aside)


def test_at_the_offer_the_room_is_reserved_and_at_the_accept_the_work_is_set_aside() -> None:
    """While it rings both count, more than the capacity; once accepted only the call does. The latest accepted goes first."""
    desk = a_full_desk("m1", "m2")
    row = desk.state.agents["a1"]
    offer_id = offered(desk, "call")
    assert (160, offer_id, []) == (row.used, row.interrupting, aside(desk))
    happened = desk.do(commands.AcceptOffer(offer_id=offer_id))
    assert [
        events.HandlingInterrupted(interaction_id="m2", agent_id="a1", by="call"),
        events.HandlingInterrupted(interaction_id="m1", agent_id="a1", by="call"),
        events.OfferAccepted(offer_id=offer_id, interaction_id="call", agent_id="a1"),
    ] == happened
    assert (100, None, ["m2", "m1"]) == (row.used, row.interrupting, aside(desk))
    assert 2 == row.held_by_channel["email"]


def test_no_more_is_set_aside_than_needed() -> None:
    """A chat beside three emails needs the room of two of them; held work yields like any other, after-contact work does not."""
    desk = a_full_desk("m1", "m2", "m3", wrap_up_limit_ms=60_000)
    desk.do(commands.EndHandling(interaction_id="m2"))
    desk.do(commands.HoldHandling(interaction_id="m3"))
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "chat", "chat")))
    assert (["m3", "m1"], 80) == (aside(desk), desk.state.agents["a1"].used)


def test_where_there_is_room_for_both_nothing_is_set_aside() -> None:
    """An email and a chat."""
    desk = a_full_desk("m1")
    assert [events.OfferAccepted] == [type(event) for event in desk.do(commands.AcceptOffer(offer_id=offered(desk, "chat", "chat")))]


def test_what_was_set_aside_goes_on_last_first_as_soon_as_it_fits() -> None:
    """An email gives way to a chat, and the chat to a call; afterwards the chat goes on, then the email."""
    desk = a_full_desk("m1", "m2")
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "chat", "chat")))
    assert ["m2"] == aside(desk)
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "call")))
    assert ["m2", "chat", "m1"] == aside(desk)
    assert [] == desk.wait(60_000)
    desk.do(commands.EndHandling(interaction_id="call"))
    assert [events.InterruptionEnded(interaction_id=name, agent_id="a1") for name in ("m1", "chat")] == desk.wait(0)
    desk.do(commands.EndHandling(interaction_id="chat"))
    assert [events.InterruptionEnded(interaction_id="m2", agent_id="a1")] == desk.wait(0)
    assert (60, [], None) == (desk.state.agents["a1"].used, aside(desk), desk.state.agents["a1"].resume_at)


def test_none_goes_on_before_the_one_set_aside_last() -> None:
    """Room for an email is none for the chat that was set aside after it, and the email waits with it."""
    desk = a_full_desk("m1", channels=(replace(VOICE, capacity_cost=60), CHAT, replace(MAIL, capacity_cost=60)))
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "chat", "chat")))
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "call")))
    assert ["m1", "chat"] == aside(desk)
    desk.do(commands.EndHandling(interaction_id="call"))
    assert [events.InterruptionEnded(interaction_id="chat", agent_id="a1")] == desk.wait(0)
    assert ["m1"] == aside(desk)


@pytest.mark.parametrize(
    ("command", "phase"),
    [
        (commands.EndHandling(interaction_id="m1"), None),
        (commands.FailConnect(interaction_id="m1", reason=""), InteractionPhase.WAITING),
        (commands.ReleaseHandling(interaction_id="m1", outcome=commands.ReleaseOutcome.END), None),
        (commands.ReleaseHandling(agent_id="a1"), InteractionPhase.WAITING),
    ],
)
def test_what_is_set_aside_may_leave_from_there(command: Mutation, phase: InteractionPhase | None) -> None:
    """It ends without after-contact work, for which there is no room, or waits again; either way nothing of the agent is left with it."""
    desk = a_full_desk("m1", wrap_up_limit_ms=10_000)
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "call")))
    desk.do(command)
    row = desk.state.interactions.get("m1")
    assert (phase, []) == (None if row is None else row.phase, aside(desk))


@pytest.mark.parametrize("command", [commands.HoldHandling(interaction_id="m1"), commands.ResumeHandling(interaction_id="m1")])
def test_what_is_set_aside_is_not_put_on_hold_nor_off_hold(command: Mutation) -> None:
    """Neither fits."""
    desk = a_full_desk("m1")
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "call")))
    assert desk.refuses(command) in {RefusalReason.NOT_HANDLING, RefusalReason.NOT_HELD}


@pytest.mark.parametrize("answer", [commands.DeclineOffer, commands.WithdrawOffer])
def test_an_offer_that_is_not_taken_interrupts_nothing(answer: type[commands.DeclineOffer] | type[commands.WithdrawOffer]) -> None:
    """The agent goes on as before."""
    desk = a_full_desk("m1")
    offer_id = offered(desk, "call")
    desk.do(answer(offer_id=offer_id) if answer is commands.DeclineOffer else commands.WithdrawOffer(offer_id=offer_id, reason=""))
    assert (30, None, []) == (desk.state.agents["a1"].used, desk.state.agents["a1"].interrupting, aside(desk))


def test_an_offer_whose_room_goes_into_after_contact_work_is_withdrawn() -> None:
    """The agent ends an email while the call rings: its wrap-up is not interrupted, so the call cannot be taken now."""
    desk = a_full_desk("m1", wrap_up_limit_ms=10_000)
    offered(desk, "call")
    ended, withdrawn = desk.do(commands.EndHandling(interaction_id="m1"))
    assert isinstance(ended, events.HandlingEnded)
    assert isinstance(withdrawn, events.OfferWithdrawn)
    assert ("call", WithdrawCause.NO_LONGER_FITS) == (withdrawn.interaction_id, withdrawn.cause)


def test_an_offer_that_keeps_its_room_is_not_withdrawn() -> None:
    """A chat may not interrupt the chat that ends, so it never counted on its room: there is enough among the emails."""
    desk = a_full_desk("m1", wrap_up_limit_ms=10_000)
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "c1", "chat")))
    offer_id = offered(desk, "c2", "chat")
    assert offer_id == desk.state.agents["a1"].interrupting
    assert [events.HandlingEnded] == [type(event) for event in desk.do(commands.EndHandling(interaction_id="c1"))]
    assert offer_id in desk.state.offers


def test_a_consultation_is_not_interrupted() -> None:
    """Neither side: a call that rings when one begins is withdrawn, and none comes while it lasts."""
    desk = a_full_desk("m1")
    desk.do(commands.PutAgents(agents=(an_agent("a2", channels="email:1"),)))
    desk.do(commands.SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    offered(desk, "call")
    happened = desk.do(commands.StartConsult(interaction_id="m1", leg=commands.NextLeg(id="leg")))
    assert [WithdrawCause.NO_LONGER_FITS] == [event.cause for event in happened if isinstance(event, events.OfferWithdrawn)]
    desk.take("leg", "a2")
    assert desk.state.site is not None
    for agent_id in ("a1", "a2"):
        assert not has_room(desk.state, desk.state.site, desk.state.agents[agent_id], VOICE)
    desk.state.marks.forget_dirty()
    desk.do(commands.CancelConsult(interaction_id="m1"))
    assert "a1" in desk.state.marks.dirty_agents
    assert has_room(desk.state, desk.state.site, desk.state.agents["a1"], VOICE)


def test_an_attempt_is_not_interrupted_and_a_conversation_may_be() -> None:
    """A call-back gives way to a call only once its customer is on; taken from its agent before, it waits again instead of ending."""
    channels = [VOICE, a_channel("back", interruptible_by=("voice",))]
    rule = CallbackRule(attempts_max=2, spacing_ms=60_000, answer_timeout_ms=30_000)
    desk = a_desk(a_site(channels=channels, queues=[a_queue(callback=rule)]), an_agent(channels="voice:1 back:1"))
    desk.enqueue()
    desk.do(commands.RequestCallback(interaction_id="i1", channel="back"))
    row, agent = desk.state.interactions["i1"], desk.state.agents["a1"]
    desk.take()
    assert desk.state.site is not None
    assert not has_room(desk.state, desk.state.site, agent, VOICE)
    end = commands.ReleaseHandling(interaction_id="i1", outcome=commands.ReleaseOutcome.END)
    desk.do(end)
    assert InteractionPhase.WAITING is row.phase
    desk.wait(60_000)
    desk.take()
    desk.state.marks.forget_dirty()
    desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    assert has_room(desk.state, desk.state.site, agent, VOICE)
    assert ["a1"] == list(desk.state.marks.dirty_agents)


def test_a_site_that_no_longer_lets_it_interrupt_withdraws_the_offer() -> None:
    """What was set aside before stays there until there is room; a site that still does changes nothing."""
    desk = a_full_desk("m1")
    offered(desk, "call")
    assert desk.state.site is not None
    as_before = replace(desk.state.site, retention_ms=1)
    assert [events.SiteApplied] == [type(event) for event in desk.do(commands.ApplySite(site=as_before))]
    stricter = replace(as_before, channels={**as_before.channels, "email": replace(MAIL, interruptible_by=())})
    _, withdrawn = desk.do(commands.ApplySite(site=stricter))
    assert isinstance(withdrawn, events.OfferWithdrawn)
    assert WithdrawCause.NO_LONGER_FITS == withdrawn.cause


def test_a_site_that_withdraws_the_offer_for_its_requirements_does_so_once() -> None:
    """A new rule asks for more than the agent has, and the email yields no longer."""
    desk = a_full_desk("m1")
    offered(desk, "call")
    assert desk.state.site is not None
    (rule,) = desk.state.site.rules
    harder = replace(
        desk.state.site,
        channels={**desk.state.site.channels, "email": replace(MAIL, interruptible_by=())},
        rules=(replace(rule, requirements=some_needs("sales>=9")),),
    )
    happened = desk.do(commands.ApplySite(site=harder))
    assert [WithdrawCause.ROUTE_CHANGED] == [event.cause for event in happened if isinstance(event, events.OfferWithdrawn)]


@pytest.mark.parametrize(
    ("agent", "withdrawn"),
    [
        (an_agent(channels="voice:1 chat:2 email:5", capacity=100, skills="x:1"), 0),
        (an_agent(channels="voice:1 chat:2 email:5", capacity=90), 1),
        (an_agent(channels="chat:2 email:5"), 1),
    ],
)
def test_a_new_record_keeps_an_offer_that_interrupts_while_it_fits(agent: Agent, withdrawn: int) -> None:
    """The budget and the channel count, less what will be set aside."""
    desk = a_full_desk("m1")
    offered(desk, "call")
    assert withdrawn == sum(isinstance(event, events.OfferWithdrawn) for event in desk.do(commands.PutAgents(agents=(agent,))))


def test_a_record_that_leaves_no_room_for_what_is_set_aside_is_refused() -> None:
    """It could never go on. With more room it goes on at once."""
    desk = a_full_desk("m1", channels=(replace(VOICE, capacity_cost=80), CHAT, replace(MAIL, capacity_cost=90)))
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "call")))
    smaller = an_agent(channels="voice:1 chat:2 email:5", capacity=85)
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(commands.PutAgents(agents=(smaller,)))
    desk.do(commands.PutAgents(agents=(replace(smaller, capacity=170),)))
    assert [events.InterruptionEnded(interaction_id="m1", agent_id="a1")] == desk.wait(0)


def test_deferrable_work_that_is_set_aside_returns_when_the_agent_is_lost() -> None:
    """As if it were in hand; live work that is set aside is kept for the grace."""
    desk = a_full_desk("m1")
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "chat", "chat")))
    desk.do(commands.AcceptOffer(offer_id=offered(desk, "call")))
    assert ["m1", "chat"] == sorted(aside(desk), reverse=True)
    desk.do(commands.OpenSession(agent_id="a1", session_id="s1"))
    desk.do(commands.LoseSession(agent_id="a1", session_id="s1"))
    desk.wait(30_000)
    row = desk.state.agents["a1"]
    assert (["chat"], ["chat", "call"]) == (aside(desk), list(row.work))
    desk.wait(60_000)
    assert ({}, 0) == (row.work, row.used)


def test_more_room_than_needed_brings_it_back_once() -> None:
    """Two chats are taken away in one step: the email is due to go on after the first, and goes on after both."""
    chat = replace(CHAT, capacity_cost=30, agent_maximum=3)
    desk = a_full_desk(channels=(VOICE, chat, MAIL))
    desk.do(commands.PutAgents(agents=(an_agent(channels="chat:3 email:1"),)))
    for name, channel in (("c1", "chat"), ("c2", "chat"), ("mail", "email"), ("c3", "chat")):
        desk.do(commands.AcceptOffer(offer_id=offered(desk, name, channel)))
    assert ["mail"] == aside(desk)
    for name in ("c1", "c2"):
        desk.do(commands.ReleaseHandling(interaction_id=name))
    assert [events.InterruptionEnded(interaction_id="mail", agent_id="a1")] == desk.wait(0)


@pytest.mark.parametrize("by", ["email", "telex"])
def test_a_channel_is_interrupted_by_other_channels_of_the_site(by: str) -> None:
    """Not by itself, and not by one that is not there."""
    site = a_site(channels=[VOICE, replace(MAIL, interruptible_by=(by,))])
    reason = Desk().refuses(commands.ApplySite(site=site))
    assert {"email": RefusalReason.INVALID_VALUE, "telex": RefusalReason.UNKNOWN_CHANNEL}[by] == reason
