"""Behaviour cases: how much an agent may hold."""

import pytest

from routing.core.commands import LoseSession, OpenSession, SetPresence
from routing.core.events import OfferMade
from routing.core.evolve import evolve
from routing.core.invariants import check_settled
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.agent import Presence
from routing.policy.presets.builtin import BALANCED, LONGEST_IDLE
from tests.builders import VOICE, a_channel, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.cases.centers import HOUR_MS
from tests.routing.policy.floor import Floor, a_floor

QUIET = a_queue(wrap_up_limit_ms=0, missed_threshold=0)
CHAT_20 = a_channel("chat", capacity_cost=20, agent_maximum=5)


def a_desk_for_both() -> Floor:
    """One agent with a budget of 100; a call takes all of it, a chat a fifth."""
    site = a_site(channels=[VOICE, CHAT_20], queues=[QUIET], rules=[a_rule()], policy=LONGEST_IDLE)
    return a_floor(site, an_agent(channels="voice:1 chat:5"))


def test_at_66_one_chat_keeps_the_call_away() -> None:
    """With a chat open there is no room for a call; up to five chats go on."""
    floor = a_desk_for_both()
    floor.enqueue(*(an_interaction(f"c{number}", channel="chat") for number in range(1, 7)), an_interaction("call"))
    assert [f"c{number}" for number in range(1, 6)] == list(floor.offered)
    for number in range(1, 6):
        floor.accept(f"c{number}")
    floor.end("c1")
    assert ["c6"] == list(floor.offered)


def test_at_66_a_call_keeps_the_chat_away() -> None:
    """With a call open there is no room for a chat, until it has ended."""
    floor = a_desk_for_both()
    floor.enqueue(an_interaction("call"), an_interaction("chat", channel="chat"))
    floor.accept("call")
    assert {} == floor.offered
    floor.end("call")
    assert {"chat": ["a1"]} == floor.offered


def test_at_71_by_status_whoever_logs_out_keeps_what_they_hold() -> None:
    """Closing the view or going offline ends nothing: capacity stays used, and back again there is only room for the rest."""
    floor = a_desk_for_both()
    floor.enqueue(an_interaction("chat", channel="chat"))
    floor.accept("chat")
    floor.do(SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    floor.wait(HOUR_MS)
    row = floor.router.state.agents["a1"]
    assert (20, ["chat"]) == (row.used, list(row.work))
    floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    floor.enqueue(an_interaction("call"))
    assert {} == floor.offered


def test_at_71_by_tab_a_closed_tab_frees_its_capacity() -> None:
    """A site that keeps a lost desktop's work for no time at all: the chat waits again and goes to another in the same step."""
    site = a_site(channels=[CHAT_20], queues=[QUIET], rules=[a_rule()], policy=LONGEST_IDLE, session_lease_ms=0, handling_grace_ms=0)
    floor = a_floor(site, an_agent("a1", channels="chat:5"), an_agent("a2", channels="chat:5"))
    floor.do(OpenSession(agent_id="a1", session_id="tab"))
    floor.enqueue(an_interaction("chat", channel="chat"))
    floor.accept("chat")
    floor.do(LoseSession(agent_id="a1", session_id="tab"))
    assert (0, {"chat": ["a2"]}) == (floor.router.state.agents["a1"].used, floor.offered)


@pytest.mark.parametrize("live_offers", [1, 3])
def test_at_73_a_thousand_arrivals_never_exceed_a_capacity(live_offers: int) -> None:
    """Capacity 5, three used, a thousand chats at one instant: two more are offered, and after no event are there more than five."""
    site = a_site(
        channels=[a_channel("chat", capacity_cost=1)], queues=[a_queue(max_live_offers=live_offers)], rules=[a_rule()], policy=BALANCED
    )
    floor = a_floor(site, an_agent(channels="chat:1000", capacity=5))
    for number in range(3):
        floor.enqueue(an_interaction(f"open-{number}", channel="chat"))
        floor.accept(f"open-{number}")
    happened = floor.enqueue(*(an_interaction(f"i{number}", channel="chat") for number in range(1_000)))
    assert 2 == sum(isinstance(event, OfferMade) for event in happened)
    replica = State()
    for recorded in floor.log:
        evolve(replica, recorded)
        check_settled(replica)
    waiting = [row for row in replica.interactions.values() if row.phase is InteractionPhase.WAITING]
    assert (5, 1_000) == (replica.agents["a1"].used, len(waiting))


def at_work(floor: Floor, agent_id: str = "a1") -> tuple[list[str], list[str]]:
    """What an agent works on, and what they have set aside."""
    row = floor.router.state.agents[agent_id]
    return [name for name in row.work if name not in row.set_aside], list(row.set_aside)


def test_at_68_a_chat_allows_a_call_and_a_call_allows_nothing() -> None:
    """On a chat the call is offered, and the chat waits for its end; on a call the chat is withheld."""
    chat = a_channel("chat", interruptible_by=("voice",))
    floor = a_floor(a_site(channels=[VOICE, chat], queues=[QUIET], rules=[a_rule()], policy=BALANCED), an_agent(channels="voice:1 chat:1"))
    floor.enqueue(an_interaction("chat", channel="chat"))
    floor.accept("chat")
    floor.enqueue(an_interaction("call"))
    assert {"call": ["a1"]} == floor.offered
    floor.accept("call")
    assert (["call"], ["chat"]) == at_work(floor)
    floor.enqueue(an_interaction("next", channel="chat"))
    assert {} == floor.offered
    floor.end("call")
    assert (["chat"], []) == at_work(floor)
    assert {} == floor.offered


def test_at_69_full_of_emails_a_call_is_offered_and_on_a_call_no_email() -> None:
    """Five emails give way to a call, and go on after it; a call is interrupted by nothing."""
    email = a_channel("email", is_live=False, capacity_cost=20, agent_maximum=5, interruptible_by=("voice",))
    site = a_site(channels=[VOICE, email], queues=[QUIET], rules=[a_rule()], policy=BALANCED)
    floor = a_floor(site, an_agent(channels="voice:1 email:5"))
    emails = [f"m{number}" for number in range(1, 6)]
    for name in emails:
        floor.enqueue(an_interaction(name, channel="email"))
        floor.accept(name)
    floor.enqueue(an_interaction("call"))
    assert {"call": ["a1"]} == floor.offered
    floor.accept("call")
    assert (["call"], emails[::-1]) == at_work(floor)
    floor.enqueue(an_interaction("m6", channel="email"))
    assert {} == floor.offered
    floor.end("call")
    assert (emails, []) == at_work(floor)


def test_at_70_full_of_interruptible_cases_a_chat_still_gets_in() -> None:
    """It uses the room of as many cases as it needs, no more; the others go on beside it."""
    case = a_channel("case", is_live=False, capacity_cost=25, agent_maximum=4, interruptible_by=("chat",))
    chat = a_channel("chat", capacity_cost=40, agent_maximum=2)
    site = a_site(channels=[case, chat], queues=[QUIET], rules=[a_rule()], policy=BALANCED)
    floor = a_floor(site, an_agent(channels="case:4 chat:2"))
    for number in range(1, 5):
        floor.enqueue(an_interaction(f"k{number}", channel="case"))
        floor.accept(f"k{number}")
    floor.enqueue(an_interaction("chat", channel="chat"))
    floor.accept("chat")
    assert (["k1", "k2", "chat"], ["k4", "k3"]) == at_work(floor)
