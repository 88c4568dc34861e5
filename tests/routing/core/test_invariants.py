"""The invariants notice: each contradiction put into a good state is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from routing.core import commands
from routing.core.deadlines import DeadlineIndex
from routing.core.errors import InvariantBroken
from routing.core.events import OfferMade, Recorded
from routing.core.invariants import check_settled, check_state, check_transition
from routing.core.lifecycle import InteractionPhase, OfferPhase
from routing.core.state import State
from routing.model.agent import Presence
from routing.model.interaction import EndCause
from tests.builders import a_queue, a_route_step, a_site, an_agent, an_interaction
from tests.routing.core.desk import Desk, a_desk


def a_busy_desk() -> Desk:
    """A good state with a bit of everything: `ringing` at a2, `handled` and `wrapped` by a1, a lost session, an exclusion."""
    desk = a_desk(a_site(queues=[a_queue(max_live_offers=2)]), an_agent("a1"), an_agent("a2"))
    for name in ("ringing", "handled", "wrapped"):
        desk.enqueue(an_interaction(name, channel="chat"))
    desk.do(commands.DeclineOffer(offer_id=desk.offer("ringing", "a1")))
    desk.take("handled", "a1")
    desk.take("wrapped", "a1")
    desk.do(commands.EndHandling(interaction_id="wrapped"))
    desk.offer("ringing", "a2")
    desk.do(commands.OpenSession(agent_id="a2", session_id="s1"))
    desk.do(commands.LoseSession(agent_id="a2", session_id="s1"))
    return desk


def spoiled(name: str, **values: object) -> Callable[[State], None]:
    """Sets fields of an interaction, an agent, an offer or the state."""

    def spoil(state: State) -> None:
        rows: dict[str, object] = {**state.interactions, **state.agents, **state.offers}
        for field, value in values.items():
            setattr(rows.get(name, state), field, value)

    return spoil


def misfiled(table: str, key: str) -> Callable[[State], None]:
    """Files a row under a second, wrong id."""

    def spoil(state: State) -> None:
        rows = getattr(state, table)
        rows["wrong"] = rows[key]

    return spoil


def missing_in_the_index(state: State) -> None:
    """Forgets every entry but the first."""
    index = DeadlineIndex(state.carries)
    first = state.deadlines.first()
    assert first is not None
    index.add(first)
    state.deadlines = index


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (misfiled("interactions", "ringing"), "filed twice"),
        (misfiled("agents", "a1"), "filed under another id"),
        (misfiled("offers", "offer-4"), "filed under another id"),
        (spoiled("ringing", enqueued_at=10**15), "arrives in the future"),
        (spoiled("ringing", offers={"offer-9": "a2"}), "does not know it"),
        (spoiled("ringing", agent_id="a1"), "and yet holds agent"),
        (spoiled("handled", phase=InteractionPhase.ENDED), "and yet ended"),
        (spoiled("handled", phase=InteractionPhase.WRAP_UP), "with wrap-up until None"),
        (spoiled("handled", agent_id="a2"), "nobody works on it"),
        (spoiled("handled", deferred_until=5), "and yet looks for an agent"),
        (spoiled("a1", available_since=10**15), "becomes available in the future"),
        (spoiled("a1", used=0), "add up to 60"),
        (spoiled("a1", talk_ms=1), "counts talk 1 ms, work 0 ms"),
        (spoiled("a1", worked_by_queue={"main": 5}), "counts talk 0 ms, work 0 ms"),
        (spoiled("a1", staffed_since=None), "is available and staffed since None"),
        (spoiled("a1", offered_at=10**15), "was offered something in the future"),
        (spoiled("state", turns={"main": 3}), "the turn is at agent 3 of 2"),
        (spoiled("handled", handled_since=None, handled_until=5), "since never"),
        (spoiled("ringing", handled_since=5), "waits and yet holds"),
        (spoiled("a1", held_by_channel={"chat": 1}), "by channel"),
        (spoiled("a1", work={"handled": None, "wrapped": None, "ghost": None}), "works on 'ghost'"),
        (spoiled("a1", offers={"offer-9": None}), "holds offer 'offer-9'"),
        (spoiled("a2", offers={}, used=0, held_by_channel={}), "belongs to no agent"),
        (spoiled("offer-4", phase=OfferPhase.DECLINED), "is declined and yet kept"),
        (spoiled("offer-4", interaction_id="handled"), "does not know it"),
        (spoiled("state", arrived=7), "7 arrived"),
        (spoiled("state", ended={"x": None, "y": None}), "are remembered of 0"),
        (spoiled("state", window_due_at=1), "the index finds"),
        (missing_in_the_index, "missing in the index"),
    ],
)
def test_a_contradiction_between_rows_is_named(spoil: Callable[[State], None], text: str) -> None:
    """The state was good before, and is not afterwards."""
    desk = a_busy_desk()
    check_state(desk.state)
    spoil(desk.state)
    with pytest.raises(InvariantBroken, match=text):
        check_state(desk.state)


def test_an_offer_of_an_interaction_that_is_gone_is_named() -> None:
    """Even when its agent still counts it."""
    desk = a_busy_desk()
    desk.state.agents.clear()
    del desk.state.interactions["handled"], desk.state.interactions["wrapped"]
    desk.state.interactions["ringing"].offers.clear()
    with pytest.raises(InvariantBroken, match="belongs to no waiting interaction"):
        check_state(desk.state)


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (spoiled("a1", agent=an_agent("a1", capacity=59)), "holds 60 of a budget of 59"),
        (spoiled("a1", agent=an_agent("a1", channels="chat:1")), "at most 1"),
        (spoiled("a2", presence=Presence.NOT_READY), "who is not_ready"),
        (spoiled("state", site=None), "the site does not have"),
    ],
)
def test_what_a_settled_state_must_not_hold_is_named(spoil: Callable[[State], None], text: str) -> None:
    """Capacity, presence, and queues that exist."""
    desk = a_busy_desk()
    check_settled(desk.state)
    spoil(desk.state)
    with pytest.raises(InvariantBroken, match=text):
        check_settled(desk.state)


def test_an_offer_to_an_agent_without_the_skill_is_named() -> None:
    """A preference does not count, a hard requirement does."""
    desk = a_desk()
    desk.enqueue(an_interaction(needs="french>=9:prefer"))
    desk.offer()
    check_settled(desk.state)
    other = a_desk()
    other.enqueue(an_interaction(needs="french>=9"))
    with pytest.raises(InvariantBroken, match="does not meet"):
        other.offer()


def test_an_offer_that_should_not_have_been_made_is_named() -> None:
    """To an excluded agent, twice to one agent, one too many, over before it began, or not the last event."""
    desk = a_busy_desk()
    with pytest.raises(InvariantBroken, match="left out for now"):
        desk.offer("ringing", "a1")
    twice = a_desk(a_site(queues=[a_queue(max_live_offers=3)]))
    twice.enqueue(an_interaction(channel="chat"))
    twice.offer()
    with pytest.raises(InvariantBroken, match="one agent twice"):
        twice.offer()
    many = a_desk(None, an_agent("a1"), an_agent("a2"))
    many.enqueue()
    many.offer("i1", "a1")
    with pytest.raises(InvariantBroken, match="one too many"):
        many.offer("i1", "a2")
    last = desk.log[-1]
    with pytest.raises(InvariantBroken, match="is at event"):
        check_transition(desk.state, last._replace(seq=last.seq - 1))
    made = next(item.event for item in desk.log if isinstance(item.event, OfferMade))
    brief = Recorded(desk.state.seq, desk.state.at, None, replace(made, expires_at=desk.state.at))
    with pytest.raises(InvariantBroken, match="over before it began"):
        check_transition(desk.state, brief)


def test_every_kind_of_deadline_is_found_from_the_rows() -> None:
    """Steps, deferrals, exclusions, wrap-up, leases, sessions, graces and windows agree with the index."""
    desk = a_busy_desk()
    row = desk.state.interactions["ringing"]
    row.route = replace(row.route, steps=(a_route_step(desk.now + 1),))
    with pytest.raises(InvariantBroken, match="the index finds"):
        check_state(desk.state)


def test_what_ended_is_accounted_for_by_cause() -> None:
    """Forgetting ended interactions does not change the balance."""
    desk = a_busy_desk()
    desk.do(commands.EndWrapUp(interaction_id="wrapped"))
    desk.do(commands.AbandonInteraction(interaction_id="ringing"))
    assert {EndCause.HANDLED: 1, EndCause.ABANDONED: 1} == desk.state.ended_by_cause
    desk.state.ended.clear()
    check_state(desk.state)
