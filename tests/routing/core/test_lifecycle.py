"""The lifecycle tables: published as they are, and the only way from one phase to another."""

from pathlib import Path
from typing import get_args

import pytest

from routing.core import events
from routing.core.canonical import state_digest
from routing.core.commands import DeclineReason
from routing.core.errors import InvariantBroken
from routing.core.events import Event, Recorded
from routing.core.evolve import evolve
from routing.core.lifecycle import INTERACTION_LIFECYCLE, OFFER_LIFECYCLE, InteractionPhase, OfferPhase, diagram
from routing.core.state import CallbackRow
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackStage, Promise
from routing.model.interaction import EndCause
from routing.model.leg import TransferKind
from tests.builders import CHAT, a_channel, a_decision, a_queue, a_route, a_site, an_interaction
from tests.routing.core.desk import Desk, a_desk_in

LIVES = (
    InteractionPhase.NEW,
    InteractionPhase.WAITING,
    InteractionPhase.HANDLING,
    InteractionPhase.HELD,
    InteractionPhase.INTERRUPTED,
    InteractionPhase.WRAP_UP,
)
OFFER_EVENTS = [event for (before, event) in OFFER_LIFECYCLE if before is OfferPhase.LIVE]


def test_the_published_diagrams_are_the_tables() -> None:
    """The reference page shows exactly the diagrams drawn from the code."""
    page = (Path(__file__).parents[3] / "docs" / "reference" / "lifecycle.md").read_text(encoding="utf-8")
    for drawing in diagram().split("\n\n"):
        assert drawing in page


def test_every_phase_can_be_reached_and_left() -> None:
    """No phase is an island: each is entered by some event, and each but the last ones is left by some event."""
    assert set(InteractionPhase) == {InteractionPhase.NEW, *INTERACTION_LIFECYCLE.values()}
    assert set(OfferPhase) == {OfferPhase.NEW, *OFFER_LIFECYCLE.values()}
    assert {InteractionPhase.ENDED} == set(InteractionPhase) - {before for before, _ in INTERACTION_LIFECYCLE}
    assert {event for _, event in INTERACTION_LIFECYCLE} | {event for _, event in OFFER_LIFECYCLE} < set(get_args(Event))


def an_event(kind: type[Event], desk: Desk) -> Event:
    """An event of that kind about interaction `i1`, agent `a1` and the latest offer."""
    now = desk.now
    offer_id = f"offer-{max(1, desk.state.offers_made)}"
    built: list[Event] = [
        events.InteractionQueued(interaction=an_interaction(), route=a_route()),
        events.OfferAccepted(offer_id=offer_id, interaction_id="i1", agent_id="a1"),
        events.InteractionEnded(interaction_id="i1", agent_id=None, cause=EndCause.HANDLED, forget_before=0),
        events.HandlingHeld(interaction_id="i1", agent_id="a1"),
        events.HandlingResumed(interaction_id="i1", agent_id="a1"),
        events.HandlingInterrupted(interaction_id="i1", agent_id="a1", by="by"),
        events.InterruptionEnded(interaction_id="i1", agent_id="a1"),
        events.HandlingReturned(interaction_id="i1", agent_id="a1", cause=events.ReturnCause.CONNECT_FAILED, excluded_until=now),
        events.HandlingEnded(interaction_id="i1", agent_id="a1", wrap_up_until=now + 1),
        events.InteractionTransferred(interaction_id="i1", agent_id="a1", leg_id="leg", kind=TransferKind.BLIND),
        events.ConsultStarted(interaction_id="i1", agent_id="a1", leg_id="leg"),
        events.ConsultEnded(interaction_id="i1", agent_id="a1", leg_id="leg", cause=events.ConsultEndCause.CANCELLED),
        events.ConferenceStarted(interaction_id="i1", agent_id="a1", leg_id="leg", partner_id="a2"),
        events.ConferenceEnded(interaction_id="i1", agent_id="a1", leg_id="leg", partner_id="a2"),
        events.CallbackAttemptEnded(interaction_id="i1", agent_id=None, outcome=CallbackOutcome.BUSY, attempt=1, retry_at=now + 1),
        events.OfferExtended(offer_id=offer_id, interaction_id="i1", expires_at=now + 60_000),
        events.OfferDeclined(offer_id=offer_id, interaction_id="i1", agent_id="a1", reason=DeclineReason.BUSY, excluded_until=now + 1),
        events.OfferExpired(offer_id=offer_id, interaction_id="i1", agent_id="a1", due_at=now, excluded_until=now + 1),
        events.OfferWithdrawn(offer_id=offer_id, interaction_id="i1", agent_id="a1", cause=events.WithdrawCause.REQUESTED),
    ]
    return next(event for event in built if type(event) is kind)


def apply(desk: Desk, event: Event) -> None:
    """Evolve by one event, without any check."""
    evolve(desk.state, Recorded(desk.state.seq + 1, desk.now, None, event))


@pytest.mark.parametrize("kind", list(dict.fromkeys(event for _, event in INTERACTION_LIFECYCLE)))
@pytest.mark.parametrize("phase", LIVES)
def test_an_interaction_moves_only_as_its_table_says(phase: InteractionPhase, kind: type[Event]) -> None:
    """A listed transition leads to the listed phase; any other raises and nothing happens."""
    channels = [a_channel("voice", interruptible_by=("chat",)), CHAT]
    desk = a_desk_in(phase, a_site(queues=[a_queue(offer_timeout_ms=1_000_000)], channels=channels))
    if phase is InteractionPhase.WAITING:
        desk.offer()
        if kind is events.InteractionEnded:
            desk.record([an_event(events.OfferWithdrawn, desk)])
    if kind is events.CallbackAttemptEnded and phase is not InteractionPhase.NEW:
        desk.state.interactions["i1"].callback = CallbackRow(
            kind=CallbackKind.AGENT_FIRST, stage=CallbackStage.CALLING, requested_at=0, not_before=None,
            promise=Promise.NONE, promised_at=None, urgent_at=None, paused_ms=0,
        )  # fmt: skip
    after = INTERACTION_LIFECYCLE.get((phase, kind))
    before = state_digest(desk.state)
    if after is None:
        with pytest.raises(InvariantBroken):
            apply(desk, an_event(kind, desk))
        assert before == state_digest(desk.state)
    else:
        apply(desk, an_event(kind, desk))
        row = desk.state.interactions.get("i1")
        assert after == (row.phase if row is not None else InteractionPhase.ENDED)


@pytest.mark.parametrize("kind", OFFER_EVENTS)
@pytest.mark.parametrize("phase", [OfferPhase.LIVE, OfferPhase.ACCEPTING, OfferPhase.WITHDRAWN])
def test_an_offer_moves_only_as_its_table_says(phase: OfferPhase, kind: type[Event]) -> None:
    """A listed transition changes the offer or ends it; any other raises and nothing happens."""
    desk = a_desk_in(InteractionPhase.WAITING)
    desk.offer()
    if phase is OfferPhase.ACCEPTING:
        desk.record([an_event(events.OfferExtended, desk)])
    if phase is OfferPhase.WITHDRAWN:
        desk.record([an_event(events.OfferWithdrawn, desk)])
    after = OFFER_LIFECYCLE.get((phase, kind))
    before = state_digest(desk.state)
    if after is None:
        with pytest.raises(InvariantBroken):
            apply(desk, an_event(kind, desk))
        assert before == state_digest(desk.state)
    else:
        desk.record([an_event(kind, desk)])
        offer = desk.state.offers.get("offer-1")
        assert (after is OfferPhase.ACCEPTING) == (offer is not None)


def test_an_offer_is_made_once_and_only_to_a_waiting_interaction() -> None:
    """A second offer of the same id, or an offer of work in progress, is a broken log."""
    desk = a_desk_in(InteractionPhase.WAITING)
    desk.offer()
    again = desk.log[-1].event
    with pytest.raises(InvariantBroken):
        apply(desk, again)
    handling = a_desk_in(InteractionPhase.HANDLING)
    late = events.OfferMade(offer_id="offer-2", interaction_id="i1", agent_id="a1", expires_at=handling.now + 1, decision=a_decision())
    with pytest.raises(InvariantBroken):
        apply(handling, late)


def test_a_log_with_a_gap_or_a_step_back_in_time_is_refused_whole() -> None:
    """Sequence numbers have no gaps and instants never fall."""
    desk = a_desk_in(InteractionPhase.WAITING)
    event = events.MatchDue(interaction_id="i1", due_at=desk.now)
    for recorded in (
        Recorded(desk.state.seq + 2, desk.now, None, event),
        Recorded(desk.state.seq, desk.now, None, event),
        Recorded(desk.state.seq + 1, desk.now - 1, None, event),
    ):
        with pytest.raises(InvariantBroken, match="cannot follow"):
            evolve(desk.state, recorded)


def test_an_event_about_something_unknown_is_a_broken_log() -> None:
    """The error names what is missing."""
    desk = a_desk_in(InteractionPhase.NEW)
    with pytest.raises(InvariantBroken, match="i1"):
        apply(desk, events.HandlingHeld(interaction_id="i1", agent_id="a1"))


def test_work_without_an_agent_cannot_be_released() -> None:
    """A row that lost its agent is a contradiction, not a case."""
    desk = a_desk_in(InteractionPhase.HANDLING)
    desk.state.interactions["i1"].agent_id = None
    with pytest.raises(InvariantBroken, match="holds no agent"):
        apply(desk, an_event(events.HandlingReturned, desk))
