"""Consultations and conferences: every way in, every way out, and what becomes of the other side."""

from dataclasses import replace

import pytest

from routing.core import commands, events
from routing.core.commands import Mutation
from routing.core.errors import InvariantBroken, RefusalReason
from routing.core.events import ConsultEndCause
from routing.core.invariants import check_settled, check_state
from routing.core.lifecycle import InteractionPhase
from routing.model.interaction import EndCause
from routing.model.leg import Barred, Tie, TransferKind
from tests.routing.core.conversation import (
    HANDLING,
    HELD,
    LEG,
    WAITING,
    WRAP_UP,
    a_call,
    a_conference,
    a_consult,
    causes,
    kinds,
    standing,
)

# ---- consult ----


@pytest.mark.parametrize("is_held", [True, False])
def test_a_consultation_puts_the_customer_on_hold_and_a_leg_into_a_queue(is_held: bool) -> None:
    """Also where the customer was on hold before; the agent who asks is barred whatever the request says."""
    desk = a_call()
    if is_held:
        desk.do(commands.HoldHandling(interaction_id="i1"))
    happened = desk.do(commands.StartConsult(interaction_id="i1", leg=replace(LEG, barred=Barred.NOBODY)))
    assert ["InteractionQueued", "ConsultStarted"] == kinds(happened)
    assert {"i1": (HELD, "ann", Tie.CONSULT), "leg": (WAITING, None, None)} == standing(desk)
    leg = desk.state.interactions["leg"].interaction.leg
    assert leg is not None
    assert (TransferKind.CONSULT, ("ann",)) == (leg.kind, leg.barred)
    desk.do(commands.ResumeHandling(interaction_id="i1"))
    desk.do(commands.HoldHandling(interaction_id="i1"))


@pytest.mark.parametrize("phase", [WAITING, HANDLING, HELD])
def test_a_completed_consultation_leaves_the_customer_with_the_leg(phase: InteractionPhase) -> None:
    """In whatever phase the leg is; ann wraps up, and the call ends as transferred."""
    desk = a_consult(phase)
    assert ["InteractionTransferred", "HandlingEnded"] == kinds(desk.do(commands.CompleteConsult(interaction_id="i1")))
    assert (phase, WRAP_UP) == (desk.state.interactions["leg"].phase, desk.state.interactions["i1"].phase)
    desk.wait(10_000)
    assert {"i1": EndCause.TRANSFERRED} == causes(desk)


@pytest.mark.parametrize(
    ("phase", "expected", "cause"),
    [
        (WAITING, ["ConsultEnded", "InteractionEnded"], EndCause.CANCELLED),
        (HANDLING, ["ConsultEnded", "HandlingEnded"], EndCause.HANDLED),
        (HELD, ["ConsultEnded", "HandlingEnded"], EndCause.HANDLED),
    ],
)
def test_a_cancelled_consultation_gives_the_customer_back(phase: InteractionPhase, expected: list[str], cause: EndCause) -> None:
    """A leg nobody had taken is cancelled; bob, who had it, wraps up, and it ends as handled: he did the work."""
    desk = a_consult(phase)
    happened = desk.do(commands.CancelConsult(interaction_id="i1"))
    assert expected == kinds(happened)
    assert isinstance(happened[0], events.ConsultEnded)
    assert ConsultEndCause.CANCELLED == happened[0].cause
    assert (HANDLING, "ann", None) == standing(desk)["i1"]
    desk.wait(10_000)
    assert {"leg": cause} == causes(desk)
    desk.do(commands.StartConsult(interaction_id="i1", leg=replace(LEG, id="again")))


def test_a_ringing_leg_is_taken_back() -> None:
    """The offer is withdrawn with the leg, and nobody counts it as missed."""
    desk = a_consult(WAITING)
    desk.offer("leg", "bob")
    assert ["ConsultEnded", "OfferWithdrawn", "InteractionEnded"] == kinds(desk.do(commands.CancelConsult(interaction_id="i1")))
    assert 0 == desk.state.agents["bob"].used


def test_the_leg_waits_on_when_its_agent_does_not_come() -> None:
    """Declined, failed to connect, or lost: the consultation is still open and cyd may take it."""
    desk = a_consult(WAITING)
    desk.do(commands.DeclineOffer(offer_id=desk.offer("leg", "bob")))
    desk.wait(10_000)
    desk.take("leg", "bob")
    assert ["HandlingReturned"] == kinds(desk.do(commands.FailConnect(interaction_id="leg", reason="busy line")))
    assert {"i1": (HELD, "ann", Tie.CONSULT), "leg": (WAITING, None, None)} == standing(desk)
    desk.take("leg", "cyd")
    desk.do(commands.StartConference(interaction_id="i1"))


def test_the_one_who_was_asked_leaves() -> None:
    """Ann has the customer back; bob's leg is handled."""
    desk = a_consult()
    happened = desk.do(commands.EndHandling(interaction_id="leg"))
    assert ["ConsultEnded", "HandlingEnded"] == kinds(happened)
    assert isinstance(happened[0], events.ConsultEnded)
    assert (ConsultEndCause.LEG_OVER, "ann") == (happened[0].cause, happened[0].agent_id)
    assert {"i1": (HANDLING, "ann", None), "leg": (WRAP_UP, "bob", None)} == standing(desk)


def test_a_waiting_leg_may_be_cancelled_by_itself_and_never_abandoned() -> None:
    """No customer waits in it."""
    desk = a_consult(WAITING)
    assert RefusalReason.CONSULTING == desk.refuses(commands.AbandonInteraction(interaction_id="leg"))
    assert ["ConsultEnded", "InteractionEnded"] == kinds(desk.do(commands.CancelInteraction(interaction_id="leg", reason="full")))
    assert {"i1": (HANDLING, "ann", None)} == standing(desk)


def test_a_completed_leg_is_the_customer_s_and_may_be_abandoned() -> None:
    """From then on it is no consultation any more."""
    desk = a_consult(WAITING)
    desk.do(commands.CompleteConsult(interaction_id="i1"))
    desk.do(commands.AbandonInteraction(interaction_id="leg"))
    assert {"leg": EndCause.ABANDONED} == causes(desk)


@pytest.mark.parametrize(("phase", "cause"), [(WAITING, EndCause.CANCELLED), (HANDLING, EndCause.HANDLED)])
def test_the_customer_leaves_meanwhile(phase: InteractionPhase, cause: EndCause) -> None:
    """Both sides are over; the call itself was handled."""
    desk = a_consult(phase)
    happened = desk.do(commands.EndHandling(interaction_id="i1"))
    assert isinstance(happened[0], events.ConsultEnded)
    assert ConsultEndCause.PARENT_OVER == happened[0].cause
    desk.wait(10_000)
    assert {"i1": EndCause.HANDLED, "leg": cause} == causes(desk)


@pytest.mark.parametrize("phase", [WAITING, HANDLING])
def test_the_agent_s_own_line_fails_in_a_consultation(phase: InteractionPhase) -> None:
    """The customer waits again with their age, and the leg is over."""
    desk = a_consult(phase)
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    desk.wait(10_000)
    assert {"i1": (WAITING, None, None)} == standing(desk)


@pytest.mark.parametrize(("lost", "after"), [("ann", {"i1": (WAITING, None, None)}), ("bob", None)])
def test_an_agent_is_lost_in_a_consultation(lost: str, after: dict[str, object] | None) -> None:
    """When the grace is over: without ann the customer waits again and the leg is over; without bob the leg waits for another."""
    desk = a_consult()
    desk.do(commands.OpenSession(agent_id=lost, session_id="s1"))
    desk.do(commands.LoseSession(agent_id=lost, session_id="s1"))
    desk.wait(100_000)
    assert (after or {"i1": (HELD, "ann", Tie.CONSULT), "leg": (WAITING, None, None)}) == standing(desk)


# ---- conference ----


@pytest.mark.parametrize("is_resumed", [True, False])
def test_a_conference_brings_all_together(is_resumed: bool) -> None:
    """Whether ann had gone back to the customer or not; both agents are in handling."""
    desk = a_consult()
    if is_resumed:
        desk.do(commands.ResumeHandling(interaction_id="i1"))
    (started,) = desk.do(commands.StartConference(interaction_id="i1"))
    assert events.ConferenceStarted(interaction_id="i1", agent_id="ann", leg_id="leg", partner_id="bob") == started
    assert {"i1": (HANDLING, "ann", Tie.CONFERENCE), "leg": (HANDLING, "bob", None)} == standing(desk)


@pytest.mark.parametrize("command", [commands.EndHandling(interaction_id="i1"), commands.CompleteConsult(interaction_id="i1")])
def test_the_first_agent_leaves_a_conference(command: Mutation) -> None:
    """The customer goes on with bob; when he leaves, too, the contact is over."""
    desk = a_conference()
    happened = desk.do(command)
    assert ["InteractionTransferred", "HandlingEnded"] == kinds(happened)
    assert isinstance(happened[0], events.InteractionTransferred)
    assert TransferKind.CONFERENCE == happened[0].kind
    desk.do(commands.EndHandling(interaction_id="leg"))
    desk.wait(10_000)
    assert {"i1": EndCause.TRANSFERRED, "leg": EndCause.HANDLED} == causes(desk)


@pytest.mark.parametrize("command", [commands.EndHandling(interaction_id="leg"), commands.CancelConsult(interaction_id="i1")])
def test_the_second_agent_leaves_a_conference(command: Mutation) -> None:
    """Or is sent off: ann has the customer alone; when she leaves, too, the contact is over."""
    desk = a_conference()
    assert ["ConferenceEnded", "ConsultEnded", "HandlingEnded"] == kinds(desk.do(command))
    assert {"i1": (HANDLING, "ann", None), "leg": (WRAP_UP, "bob", None)} == standing(desk)
    desk.do(commands.EndHandling(interaction_id="i1"))
    desk.wait(10_000)
    assert {"i1": EndCause.HANDLED, "leg": EndCause.HANDLED} == causes(desk)


def test_each_side_of_a_conference_may_hold() -> None:
    """Bob leaves while ann holds: she has the customer back on the line."""
    desk = a_conference()
    desk.do(commands.HoldHandling(interaction_id="leg"))
    desk.do(commands.HoldHandling(interaction_id="i1"))
    desk.do(commands.EndHandling(interaction_id="leg"))
    assert (HANDLING, "ann", None) == standing(desk)["i1"]


def test_the_second_agent_s_line_fails_in_a_conference() -> None:
    """The leg is a consultation again and waits; ann goes on with the customer."""
    desk = a_conference()
    assert ["ConferenceEnded", "HandlingReturned"] == kinds(desk.do(commands.FailConnect(interaction_id="leg", reason="")))
    assert {"i1": (HANDLING, "ann", Tie.CONSULT), "leg": (WAITING, None, None)} == standing(desk)


@pytest.mark.parametrize("is_lost", [True, False], ids=["session expired", "connect failed"])
def test_the_first_agent_s_line_fails_in_a_conference(is_lost: bool) -> None:
    """The customer is on with bob and stays there: the call ends as transferred, without after-contact work."""
    desk = a_conference()
    if is_lost:
        desk.do(commands.OpenSession(agent_id="ann", session_id="s1"))
        desk.do(commands.LoseSession(agent_id="ann", session_id="s1"))
        desk.wait(100_000)
    else:
        happened = desk.do(commands.FailConnect(interaction_id="i1", reason=""))
        assert ["InteractionTransferred", "HandlingEnded", "InteractionEnded"] == kinds(happened)
    assert {"leg": (HANDLING, "bob", None)} == standing(desk)
    assert {"i1": EndCause.TRANSFERRED} == causes(desk)


# ---- what does not fit ----


@pytest.mark.parametrize("key", ["i1", "leg"])
@pytest.mark.parametrize("is_conference", [True, False])
def test_neither_side_of_a_consultation_goes_elsewhere(key: str, is_conference: bool) -> None:
    """No transfer and no further consultation until the open one is completed or cancelled."""
    desk = a_conference() if is_conference else a_consult()
    assert RefusalReason.CONSULTING == desk.refuses(commands.TransferInteraction(interaction_id=key))
    assert RefusalReason.CONSULTING == desk.refuses(commands.StartConsult(interaction_id=key))


@pytest.mark.parametrize("kind", [commands.CompleteConsult, commands.CancelConsult, commands.StartConference])
def test_without_an_open_consultation_there_is_nothing_to_do(
    kind: type[commands.CompleteConsult | commands.CancelConsult | commands.StartConference],
) -> None:
    """Not before it, not from the leg's side, not once the customer went on."""
    assert RefusalReason.NOT_CONSULTING == a_call().refuses(kind(interaction_id="i1"))
    desk = a_consult()
    assert RefusalReason.NOT_CONSULTING == desk.refuses(kind(interaction_id="leg"))
    desk.do(commands.CompleteConsult(interaction_id="i1"))
    assert RefusalReason.NOT_CONSULTING == desk.refuses(kind(interaction_id="i1"))


def test_a_conference_needs_both_on_the_line_and_is_started_once() -> None:
    """Not while the leg waits or its agent holds, and not again."""
    for phase in (WAITING, HELD):
        assert RefusalReason.NOT_HANDLING == a_consult(phase).refuses(commands.StartConference(interaction_id="i1"))
    assert RefusalReason.NOT_CONSULTING == a_conference().refuses(commands.StartConference(interaction_id="i1"))


# ---- invariants ----


def test_ties_that_do_not_hold_are_contradictions() -> None:
    """Each is named with the interaction it is about."""
    broken = {
        "is tied to leg": ("leg_id", None),
        "which is no leg of it": ("leg_id", "i1"),
        "yet tied": ("phase", WRAP_UP),
    }
    for text, (name, value) in broken.items():
        desk = a_consult()
        setattr(desk.state.interactions["i1"], name, value)
        if value is WRAP_UP:
            desk.state.interactions["i1"].wrap_up_until = desk.now + 1
        with pytest.raises(InvariantBroken, match=text):
            check_state(desk.state)
    desk = a_consult(WAITING)
    desk.state.interactions["i1"].tie = Tie.CONFERENCE
    with pytest.raises(InvariantBroken, match="open conference"):
        check_state(desk.state)


def test_a_customer_in_two_places_is_a_contradiction() -> None:
    """Two live legs without a tie, or a call that goes on after its transfer."""
    desk = a_consult()
    desk.state.interactions["i1"].leg_id = desk.state.interactions["i1"].tie = None
    with pytest.raises(InvariantBroken, match="2 places at once"):
        check_settled(desk.state)
    desk = a_consult()
    desk.state.interactions["i1"].tie = Tie.TRANSFERRED
    with pytest.raises(InvariantBroken, match="was transferred and is still"):
        check_settled(desk.state)
