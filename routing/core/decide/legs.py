"""What becomes of a consultation or a conference when one of its sides leaves.

An interaction and the leg that came out of it are tied while the first agent keeps the customer. Whatever takes either of them out of its
agent's hands, or out of its queue, says here first what that means for the other. A leg hangs on one parent and a tied parent has one leg,
so that no consequence has a further one.
"""

from collections.abc import Iterator

from routing.core.decide.closing import abandoned_by_agent, contact_over, holder_of
from routing.core.decide.lookup import site_of
from routing.core.decide.withdraw import withdraw_all_of_interaction
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    ConferenceEnded,
    ConsultEndCause,
    ConsultEnded,
    Event,
    InteractionEnded,
    InteractionTransferred,
    WithdrawCause,
)
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.ids import InteractionId
from routing.model.interaction import EndCause
from routing.model.leg import Tie, TransferKind
from routing.model.time import Instant

_WITH_CUSTOMER_HERE = (Tie.CONSULT, Tie.CONFERENCE)


def open_leg_of(state: State, row: InteractionRow) -> InteractionRow | None:
    """The leg of an open consultation or conference of `row`."""
    return state.interactions[row.leg_id] if row.leg_id is not None and row.tie in _WITH_CUSTOMER_HERE else None


def open_parent_of(state: State, row: InteractionRow) -> InteractionRow | None:
    """The interaction whose open consultation or conference `row` is the leg of."""
    if row.interaction.leg is None:
        return None
    parent = state.interactions.get(row.interaction.leg.parent_id)
    is_open = parent is not None and parent.leg_id == row.interaction.id and parent.tie in _WITH_CUSTOMER_HERE
    return parent if is_open else None


def refuse_tied(state: State, row: InteractionRow) -> None:
    """Refuse what would give a consultation a third side.

    Raises:
        CommandRefused: the interaction has an open consultation, or is the leg of one.
    """
    if open_leg_of(state, row) is not None or open_parent_of(state, row) is not None:
        text = f"interaction {row.interaction.id!r} is part of an open consultation; complete or cancel that first"
        raise CommandRefused(RefusalReason.CONSULTING, text, "interaction_id")


def before_leaving(state: State, row: InteractionRow, now: Instant) -> Iterator[Event]:
    """The consequences for the other side when `row` is about to leave its agent or its queue, and the customer does not go on with it.

    Of a leg: the parent's agent has the customer back, alone. Of a parent: its leg is over. Nothing where there is no tie.
    """
    parent = open_parent_of(state, row)
    if parent is not None:
        yield from _leg_off(parent, row)
        yield _consult_ended(parent, row.interaction.id, ConsultEndCause.LEG_OVER)
    else:
        yield from leg_dropped(state, row, now, ConsultEndCause.PARENT_OVER)


def leg_dropped(state: State, row: InteractionRow, now: Instant, cause: ConsultEndCause) -> Iterator[Event]:
    """The open leg of `row` is over: a waiting one ends as cancelled, one in an agent's hands ends as handled after their wrap-up."""
    leg = open_leg_of(state, row)
    if leg is None:
        return
    if row.tie is Tie.CONFERENCE:
        yield from _leg_off(row, leg)
    yield _consult_ended(row, leg.interaction.id, cause)
    if leg.phase is InteractionPhase.WAITING:
        yield from withdraw_all_of_interaction(leg, WithdrawCause.INTERACTION_ENDED)
        yield InteractionEnded(
            interaction_id=leg.interaction.id,
            agent_id=None,
            cause=EndCause.CANCELLED,
            forget_before=now - site_of(state).retention_ms,
            reason="consult_over",
        )
    else:
        yield from contact_over(state, leg, now)


def before_returning(state: State, row: InteractionRow, now: Instant) -> Iterator[Event]:
    """The consequences when `row` comes back from its agent to wait again.

    The leg of a conference is off it and waits as a consultation; a consultation's leg waits on as one. The leg of a parent is over.
    """
    parent = open_parent_of(state, row)
    if parent is not None:
        yield from _leg_off(parent, row)
    else:
        yield from leg_dropped(state, row, now, ConsultEndCause.PARENT_OVER)


def left_to_leg(state: State, row: InteractionRow, now: Instant) -> Iterator[Event]:
    """The agent of `row` leaves and the customer goes on with the open leg."""
    yield _transferred(row)
    yield from contact_over(state, row, now, EndCause.TRANSFERRED)


def lost_to_leg(state: State, row: InteractionRow, now: Instant, reason: str) -> Iterator[Event]:
    """The agent of `row` is lost in a conference: the customer is still on with the other agent."""
    yield _transferred(row)
    yield from abandoned_by_agent(state, row, now, reason)


def _transferred(row: InteractionRow) -> InteractionTransferred:
    kind = TransferKind.CONFERENCE if row.tie is Tie.CONFERENCE else TransferKind.CONSULT
    return InteractionTransferred(interaction_id=row.interaction.id, agent_id=holder_of(row), leg_id=row.leg_id or "", kind=kind)


def _leg_off(parent: InteractionRow, leg: InteractionRow) -> Iterator[Event]:
    if parent.tie is Tie.CONFERENCE:
        yield ConferenceEnded(
            interaction_id=parent.interaction.id,
            agent_id=holder_of(parent),
            leg_id=leg.interaction.id,
            partner_id=holder_of(leg),
        )


def _consult_ended(row: InteractionRow, leg_id: InteractionId, cause: ConsultEndCause) -> ConsultEnded:
    return ConsultEnded(interaction_id=row.interaction.id, agent_id=holder_of(row), leg_id=leg_id, cause=cause)
