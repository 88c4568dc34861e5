"""Commands that hand a conversation on, or bring a second agent in."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.classifier import Classifier
from routing.core.commands import NextLeg
from routing.core.decide.closing import contact_over, holder_of
from routing.core.decide.fit import withdraw_before_firm
from routing.core.decide.interactions import next_issued_id, refuse_known, route_of
from routing.core.decide.legs import left_to_leg, leg_dropped, open_leg_of, refuse_tied
from routing.core.decide.lookup import IN_HANDLING, check_no_attempt, in_phase, site_of
from routing.core.decide.reservations import check_sent_to, limits
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    ConferenceStarted,
    ConsultEndCause,
    ConsultStarted,
    Event,
    InteractionQueued,
    InteractionTransferred,
)
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.core.validate import DURATION_MS_MAX, check_leg
from routing.model.ids import InteractionId
from routing.model.interaction import EndCause, Interaction
from routing.model.leg import Barred, Leg, Tie, TransferKind
from routing.model.record import replace
from routing.model.time import Instant

LEGS_MAX = 50


def transfer(state: State, command: commands.TransferInteraction, now: Instant, classify: Classifier) -> Iterator[Event]:
    """Hand a conversation on unannounced: the next leg waits, and this agent's wrap-up begins."""
    row = _untied(state, command.interaction_id)
    leg = _next_leg(state, row, command.leg, TransferKind.BLIND, now)
    yield from _queued(state, leg, now, classify)
    yield InteractionTransferred(interaction_id=command.interaction_id, agent_id=holder_of(row), leg_id=leg.id, kind=TransferKind.BLIND)
    yield from contact_over(state, row, now, EndCause.TRANSFERRED)


def start_consult(state: State, command: commands.StartConsult, now: Instant, classify: Classifier) -> Iterator[Event]:
    """Ask another agent: the leg waits like any work, and the customer is on hold."""
    row = _untied(state, command.interaction_id)
    leg = _next_leg(state, row, command.leg, TransferKind.CONSULT, now)
    yield from _queued(state, leg, now, classify)
    yield ConsultStarted(interaction_id=command.interaction_id, agent_id=holder_of(row), leg_id=leg.id)
    yield from withdraw_before_firm(state, row)


def complete_consult(state: State, command: commands.CompleteConsult, now: Instant) -> Iterator[Event]:
    """The agent leaves and the customer goes on with the leg, which may still wait for its agent."""
    row, _ = _consulting(state, command.interaction_id)
    yield from left_to_leg(state, row, now)


def cancel_consult(state: State, command: commands.CancelConsult, now: Instant) -> Iterator[Event]:
    """The agent has the customer back and the leg is over."""
    row, _ = _consulting(state, command.interaction_id)
    yield from leg_dropped(state, row, now, ConsultEndCause.CANCELLED)


def start_conference(state: State, command: commands.StartConference) -> Iterator[Event]:
    """Bring all together; the other agent must have taken the leg, and not hold it."""
    row, leg = _consulting(state, command.interaction_id)
    if row.tie is Tie.CONFERENCE:
        text = f"interaction {command.interaction_id!r} is in a conference already"
        raise CommandRefused(RefusalReason.NOT_CONSULTING, text, "interaction_id")
    if leg.phase is not InteractionPhase.HANDLING:
        text = f"leg {leg.interaction.id!r} is {leg.phase}; a conference needs its agent on the line"
        raise CommandRefused(RefusalReason.NOT_HANDLING, text, "interaction_id")
    yield ConferenceStarted(
        interaction_id=command.interaction_id, agent_id=holder_of(row), leg_id=leg.interaction.id, partner_id=holder_of(leg)
    )


def _queued(state: State, leg: Interaction, now: Instant, classify: Classifier) -> Iterator[Event]:
    route = route_of(leg, now, site_of(state), classify)
    if leg.agent_id is not None:
        check_sent_to(state, leg, leg.agent_id, route, "leg.agent_id")
    yield InteractionQueued(interaction=leg, route=route)
    yield from limits(state, leg, route, now)


def _untied(state: State, interaction_id: InteractionId) -> InteractionRow:
    row = in_phase(state, interaction_id, RefusalReason.NOT_HANDLING, *IN_HANDLING)
    refuse_tied(state, row)
    check_no_attempt(row)
    return row


def _consulting(state: State, interaction_id: InteractionId) -> tuple[InteractionRow, InteractionRow]:
    row = in_phase(state, interaction_id, RefusalReason.NOT_CONSULTING, *IN_HANDLING)
    leg = open_leg_of(state, row)
    if leg is None:
        text = f"interaction {interaction_id!r} has no open consultation; start one first"
        raise CommandRefused(RefusalReason.NOT_CONSULTING, text, "interaction_id")
    return row, leg


def _next_leg(state: State, row: InteractionRow, wanted: NextLeg, kind: TransferKind, now: Instant) -> Interaction:
    """The next leg of a conversation.

    Raises:
        CommandRefused: a value of `wanted` is out of range, its id is known, or the conversation has had too many legs.
    """
    site = site_of(state)
    check_leg(wanted, {**row.interaction.attributes, **wanted.attributes}, site)
    refuse_known(state, wanted.id, "leg.id")
    old = row.interaction
    limit_ms = (wanted.age or site.transfer_age).limit_ms
    age_ms = now - row.eligible_since + old.routing_credit_ms
    return replace(
        old,
        id=wanted.id or next_issued_id(state),
        channel=wanted.channel or old.channel,
        type=old.type if wanted.type is None else wanted.type,
        attributes={**old.attributes, **wanted.attributes},
        requirements=old.requirements if wanted.requirements is None else wanted.requirements,
        preferred_agents=old.preferred_agents if wanted.keeps_preferred else None,
        agent_id=wanted.agent_id,
        stay_limit_ms=None,
        routing_credit_ms=min(age_ms, DURATION_MS_MAX if limit_ms is None else limit_ms),
        leg=_link(row, wanted.barred, kind),
    )


def _link(row: InteractionRow, barred: Barred, kind: TransferKind) -> Leg:
    before, agent_id = row.interaction.leg, holder_of(row)
    number = 1 if before is None else before.number + 1
    if number > LEGS_MAX:
        text = f"interaction {row.interaction.id!r} is leg {number - 1} of its conversation; there are at most {LEGS_MAX}"
        raise CommandRefused(RefusalReason.INVALID_VALUE, text, "interaction_id")
    earlier = () if before is None else before.agents
    agents = tuple(dict.fromkeys((*earlier, agent_id)))
    left_out = agents if barred is Barred.EARLIER_AGENTS else (agent_id,)
    return Leg(
        parent_id=row.interaction.id,
        first_id=row.interaction.id if before is None else before.first_id,
        first_at=row.enqueued_at if before is None else before.first_at,
        number=number,
        kind=kind,
        agents=agents,
        barred=() if barred is Barred.NOBODY and kind is TransferKind.BLIND else left_out,
    )
