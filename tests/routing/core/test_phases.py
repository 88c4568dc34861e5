"""Every command about an interaction or an offer, in every phase: its events, or the named refusal and nothing changed."""

import pytest

from routing.core import commands, events
from routing.core.commands import Mutation
from routing.core.errors import RefusalReason
from routing.core.events import Event
from routing.core.lifecycle import InteractionPhase, OfferPhase
from tests.routing.core.desk import a_desk_in

NEW, WAITING, HANDLING, HELD, INTERRUPTED, WRAP_UP, ENDED = InteractionPhase

Expected = dict[InteractionPhase, type[Event]]

ABOUT_INTERACTIONS: list[tuple[Mutation, RefusalReason, Expected]] = [
    (
        commands.UpdateInteraction(interaction_id="i1", credit_ms=1, expected_version=1),
        RefusalReason.NOT_WAITING,
        {WAITING: events.InteractionUpdated},
    ),
    (commands.AbandonInteraction(interaction_id="i1"), RefusalReason.NOT_WAITING, {WAITING: events.InteractionEnded}),
    (commands.CancelInteraction(interaction_id="i1", reason="wrong"), RefusalReason.NOT_WAITING, {WAITING: events.InteractionEnded}),
    (commands.HoldHandling(interaction_id="i1"), RefusalReason.NOT_HANDLING, {HANDLING: events.HandlingHeld}),
    (commands.ResumeHandling(interaction_id="i1"), RefusalReason.NOT_HELD, {HELD: events.HandlingResumed}),
    (
        commands.FailConnect(interaction_id="i1", reason="no media"),
        RefusalReason.NOT_HANDLING,
        {HANDLING: events.HandlingReturned, HELD: events.HandlingReturned, INTERRUPTED: events.HandlingReturned},
    ),
    (
        commands.ReleaseHandling(interaction_id="i1", reason="too long"),
        RefusalReason.NOT_HANDLING,
        {HANDLING: events.HandlingReturned, HELD: events.HandlingReturned, INTERRUPTED: events.HandlingReturned},
    ),
    (
        commands.EndHandling(interaction_id="i1"),
        RefusalReason.NOT_HANDLING,
        {HANDLING: events.HandlingEnded, HELD: events.HandlingEnded, INTERRUPTED: events.HandlingEnded},
    ),
    (commands.EndWrapUp(interaction_id="i1"), RefusalReason.NOT_IN_WRAP_UP, {WRAP_UP: events.InteractionEnded}),
    (commands.CompleteConsult(interaction_id="i1"), RefusalReason.NOT_CONSULTING, {}),
    (commands.CancelConsult(interaction_id="i1"), RefusalReason.NOT_CONSULTING, {}),
    (commands.StartConference(interaction_id="i1"), RefusalReason.NOT_CONSULTING, {}),
]
"""Each command with the refusal where it does not fit, and its event in the phases where it does."""

ABOUT_OFFERS: list[tuple[Mutation, type[Event]]] = [
    (commands.AcceptOffer(offer_id="offer-1"), events.OfferAccepted),
    (commands.DeclineOffer(offer_id="offer-1"), events.OfferDeclined),
    (commands.ExtendOffer(offer_id="offer-1"), events.OfferExtended),
    (commands.WithdrawOffer(offer_id="offer-1", reason="supervisor"), events.OfferWithdrawn),
]


def name_of(value: object) -> str:
    """A short name for a case."""
    return type(value).__name__


@pytest.mark.parametrize("phase", InteractionPhase)
@pytest.mark.parametrize(("command", "refusal", "expected"), ABOUT_INTERACTIONS, ids=name_of)
def test_a_command_about_an_interaction(command: Mutation, refusal: RefusalReason, expected: Expected, phase: InteractionPhase) -> None:
    """It happens in the phases it fits, once, and is refused in all others by its own name."""
    desk = a_desk_in(phase)
    if phase is NEW:
        assert RefusalReason.UNKNOWN_INTERACTION == desk.refuses(command)
    elif phase in expected:
        assert expected[phase] is type(desk.do(command)[0])
    else:
        assert refusal == desk.refuses(command)


@pytest.mark.parametrize("phase", OfferPhase)
@pytest.mark.parametrize(("command", "expected"), ABOUT_OFFERS, ids=name_of)
def test_a_command_about_an_offer(command: Mutation, expected: type[Event], phase: OfferPhase) -> None:
    """It happens while the offer is live, an extension only once, and is refused when the offer is over or was never made."""
    desk = a_desk_in(WAITING)
    if phase is OfferPhase.NEW:
        assert RefusalReason.UNKNOWN_OFFER == desk.refuses(command)
        return
    desk.offer()
    match phase:
        case OfferPhase.ACCEPTING:
            desk.do(commands.ExtendOffer(offer_id="offer-1"))
        case OfferPhase.ACCEPTED:
            desk.do(commands.AcceptOffer(offer_id="offer-1"))
        case OfferPhase.DECLINED:
            desk.do(commands.DeclineOffer(offer_id="offer-1"))
        case OfferPhase.EXPIRED:
            desk.wait(15_000)
        case OfferPhase.WITHDRAWN:
            desk.do(commands.WithdrawOffer(offer_id="offer-1", reason=""))
        case _:
            pass
    if phase is OfferPhase.LIVE or (phase is OfferPhase.ACCEPTING and expected is not events.OfferExtended):
        assert [expected] == [type(event) for event in desk.do(command)]
    elif phase is OfferPhase.ACCEPTING:
        assert RefusalReason.EXTENSION_EXHAUSTED == desk.refuses(command)
    else:
        assert RefusalReason.OFFER_NOT_PENDING == desk.refuses(command)


@pytest.mark.parametrize("offer_id", ["", "offer-", "offer-0", "offer-01", "offer-+1", "offer-٣", "x-1", "offer-" + "9" * 5_000])
def test_an_offer_id_that_was_never_issued_is_unknown(offer_id: str) -> None:
    """Only ids the router gave out count as over, however odd the text."""
    desk = a_desk_in(HANDLING)
    assert RefusalReason.UNKNOWN_OFFER == desk.refuses(commands.AcceptOffer(offer_id=offer_id))
