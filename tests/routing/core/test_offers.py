"""Offers: leases that are taken, refused, lengthened, taken back or run out."""

from typing import Any

import pytest

from routing.core import commands, events
from routing.core.commands import DeclineReason
from routing.core.errors import RefusalReason
from routing.core.events import WithdrawCause
from routing.core.lifecycle import InteractionPhase
from routing.model.agent import Presence
from tests.builders import a_queue, a_site, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk, a_desk_in


def ringing(*agent_ids: str, **queue: Any) -> Desk:
    """A desk whose interaction `i1` rings at several agents."""
    desk = a_desk(a_site(queues=[a_queue(max_live_offers=len(agent_ids), **queue)]), *(an_agent(agent_id) for agent_id in agent_ids))
    desk.enqueue()
    for agent_id in agent_ids:
        desk.offer("i1", agent_id)
    return desk


def test_capacity_is_reserved_at_the_offer_and_kept_by_the_accept() -> None:
    """The budget and the channel's count rise once, and fall when the wrap-up ends."""
    desk = a_desk_in(InteractionPhase.WAITING)
    agent = desk.state.agents["a1"]
    seen = [agent.used]
    offer_id = desk.offer()
    seen.append(agent.used)
    desk.do(commands.AcceptOffer(offer_id=offer_id))
    desk.do(commands.EndHandling(interaction_id="i1"))
    seen.append(agent.used)
    desk.do(commands.EndWrapUp(interaction_id="i1"))
    seen.append(agent.used)
    assert [0, 100, 100, 0] == seen
    assert {"voice": 0} == agent.held_by_channel


def test_the_first_accept_wins_and_the_losers_go_unpunished() -> None:
    """The other live offers are withdrawn in the same step; their agents may be offered anything at once."""
    desk = ringing("a1", "a2", "a3")
    happened = desk.do(commands.AcceptOffer(offer_id="offer-2"))
    causes = [(event.agent_id, event.cause) for event in happened if isinstance(event, events.OfferWithdrawn)]
    assert [("a1", WithdrawCause.TAKEN_BY_ANOTHER), ("a3", WithdrawCause.TAKEN_BY_ANOTHER)] == causes
    assert RefusalReason.OFFER_NOT_PENDING == desk.refuses(commands.AcceptOffer(offer_id="offer-1"))
    assert {} == desk.state.interactions["i1"].exclusions
    assert "a2" == desk.state.interactions["i1"].agent_id


def test_a_decline_keeps_the_pair_apart_for_the_cooldown() -> None:
    """The exclusion ends by itself."""
    desk = ringing("a1")
    desk.do(commands.DeclineOffer(offer_id="offer-1", reason=DeclineReason.BUSY))
    assert {"a1": START + 10_000} == desk.state.interactions["i1"].exclusions
    ended = events.ExclusionEnded(interaction_id="i1", agent_id="a1", due_at=START + 10_000)
    assert [ended] == desk.wait(10_000)
    assert {} == desk.state.interactions["i1"].exclusions


def test_a_decline_may_say_until_when() -> None:
    """`retry_at` replaces the cooldown; now means at once; the past and the far future are refused."""
    desk = ringing("a1")
    for retry_at in (START - 1, START + 367 * 86_400_000):
        assert RefusalReason.INVALID_VALUE == desk.refuses(commands.DeclineOffer(offer_id="offer-1", retry_at=retry_at))
    desk.do(commands.DeclineOffer(offer_id="offer-1", retry_at=START))
    assert {} == desk.state.interactions["i1"].exclusions
    desk.offer()
    desk.do(commands.DeclineOffer(offer_id="offer-2", retry_at=START + 7))
    assert {"a1": START + 7} == desk.state.interactions["i1"].exclusions


@pytest.mark.parametrize(("busy_ms", "excluded_until"), [(None, START + 10_000), (60_000, START + 60_000), (0, None)])
def test_a_busy_agent_may_have_a_cooldown_of_their_own(busy_ms: int | None, excluded_until: int | None) -> None:
    """Where the queue states none, busy counts as a decline; either way only for the pair."""
    desk = ringing("a1", declined_ms=10_000, busy_ms=busy_ms)
    desk.do(commands.DeclineOffer(offer_id="offer-1", reason=commands.DeclineReason.BUSY))
    assert excluded_until == desk.state.interactions["i1"].exclusions.get("a1")


def test_an_unanswered_offer_runs_out_and_the_agent_is_not_ready() -> None:
    """After the first miss, where the queue says so; other offers of the agent are withdrawn."""
    chats = [an_interaction("c1", channel="chat"), an_interaction("c2", channel="chat")]
    desk = a_desk()
    for chat in chats:
        desk.enqueue(chat)
        desk.offer(chat.id)
        desk.wait(1_000)
    happened = desk.wait(13_000)
    assert [events.OfferExpired, events.PresenceChanged, events.OfferWithdrawn] == [type(event) for event in happened]
    row = desk.state.agents["a1"]
    assert (Presence.NOT_READY, "missed_offer", 0) == (row.presence, row.presence_reason, row.used)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_only_misses_in_a_row_count(answer: str) -> None:
    """Any answer between two misses starts the count again."""
    desk = ringing("a1", missed_threshold=2, expired_ms=0, declined_ms=0, wrap_up_limit_ms=0)
    desk.wait(15_000)
    assert 1 == desk.state.agents["a1"].misses
    offer_id = desk.offer()
    if answer == "accept":
        desk.do(commands.AcceptOffer(offer_id=offer_id))
    else:
        desk.do(commands.DeclineOffer(offer_id=offer_id))
    assert 0 == desk.state.agents["a1"].misses


def test_misses_without_a_threshold_change_nothing() -> None:
    """A queue with threshold 0 never sets an agent not ready."""
    desk = ringing("a1", missed_threshold=0)
    assert [events.OfferExpired] == [type(event) for event in desk.wait(15_000)][:1]
    assert Presence.AVAILABLE == desk.state.agents["a1"].presence


@pytest.mark.parametrize("presence", list(Presence))
def test_a_queue_says_what_a_missed_offer_makes_of_the_agent(presence: Presence) -> None:
    """Not ready, offline, or available as before, without an event."""
    desk = ringing("a1", missed_presence=presence)
    changes = [event for event in desk.wait(15_000) if isinstance(event, events.PresenceChanged)]
    row = desk.state.agents["a1"]
    assert presence is row.presence
    assert ([] if presence is Presence.AVAILABLE else [(presence, "missed_offer")]) == [(one.presence, one.reason) for one in changes]


def test_an_accept_in_progress_lengthens_the_lease_once() -> None:
    """By the queue's bound, from the first expiry."""
    desk = ringing("a1")
    extended = events.OfferExtended(offer_id="offer-1", interaction_id="i1", expires_at=START + 20_000)
    assert [extended] == desk.do(commands.ExtendOffer(offer_id="offer-1"))
    assert [] == desk.wait(19_999)
    assert [events.OfferExpired, events.PresenceChanged] == [type(event) for event in desk.wait(1)]


def test_a_queue_without_extensions_refuses_them() -> None:
    """The refusal says that the queue has none."""
    assert RefusalReason.EXTENSION_EXHAUSTED == ringing("a1", offer_extension_ms=0).refuses(commands.ExtendOffer(offer_id="offer-1"))


def test_an_offer_taken_back_by_request_excludes_nobody() -> None:
    """The reason is on record."""
    desk = ringing("a1")
    (withdrawn,) = desk.do(commands.WithdrawOffer(offer_id="offer-1", reason="needs a supervisor"))
    assert isinstance(withdrawn, events.OfferWithdrawn)
    assert (WithdrawCause.REQUESTED, "needs a supervisor") == (withdrawn.cause, withdrawn.reason)
    assert {} == desk.state.interactions["i1"].exclusions


@pytest.mark.parametrize(
    "command",
    [
        commands.WithdrawOffer(offer_id="offer-1", reason="x" * 1_001),
        commands.CancelInteraction(interaction_id="i1", reason="x" * 1_001),
        commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE, reason="x" * 1_001),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_reason_is_not_a_novel(command: commands.Mutation) -> None:
    """Texts for people are bounded."""
    assert RefusalReason.INVALID_VALUE == ringing("a1").refuses(command)
