"""What happened in plain words: steps of ladders, reservations, and offers that failed."""

from dataclasses import replace
from typing import Any

import pytest

from routing.core import events
from routing.core.commands import DeclineReason
from routing.core.events import InteractionQueued, OfferMade, RequirementRelaxed, StepCause
from routing.model.queue import ExclusionScope
from routing.model.reservation import Reservation
from routing.model.route import Branch, Relaxation
from routing.model.stay import AfterStay, Stay
from routing.store.words import InteractionEvent, in_words
from tests.builders import a_decision, a_relaxation, a_route, a_route_step, an_interaction, some_needs

ALL = a_relaxation(drop="english", lower="sales:3", widen="team:b|c", raise_base_ms=5_000, class_rank=2, overflow_to="second", release=True)
ALL_IN_WORDS = (
    "drops english, lowers sales to 3, takes team b or c, too, adds 5 s of urgency, class 2, moves to second, is kept for nobody any more"
)


@pytest.mark.parametrize(
    ("cause", "relaxation", "told"),
    [
        (StepCause.DUE, None, ""),
        (StepCause.DUE, a_relaxation(class_rank=0), " (class 0)"),
        (StepCause.NOBODY_AVAILABLE, None, " 26 s early, for there is nobody available"),
        (StepCause.EVERYONE_DECLINED, None, " 26 s early, for nobody is left to ask"),
        (StepCause.STAY_LIMIT, None, " 26 s early, for it has stayed as long as it may"),
        (StepCause.NOBODY_PRESENT, ALL, f" 26 s early, for there is nobody present ({ALL_IN_WORDS})"),
    ],
)
def test_a_step_says_what_it_changed_and_why_it_came_early(cause: StepCause, relaxation: Relaxation | None, told: str) -> None:
    """A journal of an earlier version does not hold what the step said; then its story tells the route alone."""
    route = a_route(needs="team==a|b")
    event = RequirementRelaxed(interaction_id="i1", due_at=30_000, route=route, cause=cause, relaxation=relaxation)
    through = replace(event, queue_id="second")
    assert in_words(through, 4_000).startswith(f"took a step of its ladder in queue second{told}: ")
    assert f"took a step of its ladder{told}: queue main by rule any, class 0, needs team == a or b" == in_words(event, 4_000)


_ROUTE = "queue main by rule any, class 0, needs nothing"
_KEPT = replace(
    a_route(),
    reserved=Reservation(agents=("ann", "bob"), until=30_000, away_grace_ms=0),
    stay=Stay(until=64_000, then=AfterStay.END, cuts_ring=True),
)
_SENT = replace(a_route(), reserved=Reservation(agents=("ann",), until=None, away_grace_ms=None))


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            events.InteractionQueued(interaction=an_interaction(), route=_KEPT, last_agent_id="ann", kept_place_ms=9_000),
            (
                f"arrived on voice as sales: {_ROUTE}, kept for ann, bob for 26 s, may stay for 60 s; ann served this customer last;"
                " keeps 9 s of an earlier wait"
            ),
        ),
        (events.InteractionQueued(interaction=an_interaction(), route=_SENT), f"arrived on voice as sales: {_ROUTE}, kept for ann"),
        (
            events.ReservationLimited(interaction_id="i1", away_at=9_000),
            "none of the agents it is kept for is on the floor: everybody may have it in 5 s",
        ),
        (events.ReservationLimited(interaction_id="i1", away_at=None), "is kept for its agents as before: one of them is back"),
        (
            events.ReservationEnded(interaction_id="i1", due_at=4_000, cause=events.ReservationEndCause.DUE),
            "everybody may have it (it was kept for certain agents long enough)",
        ),
        (
            events.ReservationEnded(interaction_id="i1", due_at=4_000, cause=events.ReservationEndCause.AWAY),
            "everybody may have it (none of the agents it was kept for is on the floor)",
        ),
        (
            events.ReservationEnded(interaction_id="i1", due_at=4_000, cause=events.ReservationEndCause.DECLINED),
            "everybody may have it (none of the agents it was kept for is left to ask)",
        ),
    ],
)
def test_what_is_kept_is_told_with_for_whom_and_how_long(event: InteractionEvent, told: str) -> None:
    """On arrival, and whenever that changes."""
    assert told == in_words(event, 4_000)


@pytest.mark.parametrize(
    ("scope", "apart"),
    [
        (ExclusionScope.COOLDOWN, "; not offered to them again for 6 s"),
        (ExclusionScope.PRESENCE, "; not offered to them again before they have been away"),
        (ExclusionScope.FOR_EVER, "; not offered to them again"),
    ],
)
def test_a_failed_offer_says_for_how_long_the_pair_is_apart(scope: ExclusionScope, apart: str) -> None:
    """A decline, a miss, and for its own time an offer that was taken back."""
    offer: dict[str, Any] = {"offer_id": "offer-1", "interaction_id": "i1", "agent_id": "ann"}
    declined = events.OfferDeclined(**offer, reason=DeclineReason.DECLINED, excluded_until=10_000, scope=scope)
    expired = events.OfferExpired(**offer, due_at=4_000, excluded_until=10_000, scope=scope)
    assert f"ann did not take it (declined){apart}" == in_words(declined, 4_000)
    assert f"ann did not answer{apart}" == in_words(expired, 4_000)
    for until, taken_back in ((10_000, "; not offered to them again for 6 s"), (None, "")):
        withdrawn = events.OfferWithdrawn(**offer, cause=events.WithdrawCause.REQUESTED, reason="wrong", excluded_until=until)
        assert f"offer offer-1 to ann was withdrawn (requested, wrong){taken_back}" == in_words(withdrawn, 4_000)


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (events.ExclusionEndCause.DUE, ""),
        (events.ExclusionEndCause.PRESENCE_CHANGED, ": they have been away"),
        (events.ExclusionEndCause.EVERYONE_DECLINED, ": nobody else is left to ask"),
    ],
)
def test_the_end_of_a_time_apart_says_why(cause: events.ExclusionEndCause, why: str) -> None:
    """Where it was not simply over."""
    event = events.ExclusionEnded(interaction_id="i1", agent_id="ann", due_at=4_000, cause=cause)
    assert f"ann may be offered it again{why}" == in_words(event, 4_000)


def test_several_queues_are_told_each_with_what_it_asks() -> None:
    """And an offer says through which it came."""
    also = (Branch(queue_id="second", requirements=some_needs("expert>=8"), steps=(a_route_step(9_000),)),)
    queued = InteractionQueued(interaction=an_interaction(), route=replace(a_route(needs="sales>=5"), also=also))
    told = "queue main by rule any, class 0, needs sales >= 5; or for queue second expert >= 8, next step in 9 s"
    assert f"arrived on voice as sales: {told}" == in_words(queued, 0)
    made = OfferMade(offer_id="offer-1", interaction_id="i1", agent_id="ann", expires_at=15_000, decision=a_decision(), queue_id="second")
    assert "offered to ann through queue second as offer offer-1, to be answered within 15 s" == in_words(made, 0)
