"""Doors of queues, diversions and estimates, both ways."""

from collections.abc import Sequence

from routing.core.estimates import expected_wait_ms
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.admission import AdmissionRule, AgentState, EmptyRule, Reception
from routing.model.diversion import REFUSAL, Diversion, DiversionCause, DiversionKind
from routing.model.estimate import Estimate, EstimateMethod
from routing.model.hours import Calendar, HoursRule, OpenInterval
from routing.model.time import Instant
from routing.server.convert.checks import EnumTable, count, identifier, short
from routing.v1 import interactions_pb2, site_pb2, types_pb2

KINDS = EnumTable(types_pb2.DiversionKind, "DIVERSION_KIND", DiversionKind)
CAUSES = EnumTable(types_pb2.DiversionCause, "DIVERSION_CAUSE", DiversionCause)
METHODS = EnumTable(types_pb2.EstimateMethod, "ESTIMATE_METHOD", EstimateMethod)
STATES = EnumTable(site_pb2.AgentState, "AGENT_STATE", AgentState)


# ---- in ----


def diversion_of(field: str, message: types_pb2.Diversion) -> Diversion:
    """A diversion; whether its queue exists is checked by the core.

    Raises:
        Refused: naming the field.
    """
    return Diversion(kind=KINDS.member(f"{field}.kind", message.kind), target=short(f"{field}.target", message.target))


def admission_of(field: str, message: site_pb2.AdmissionRule) -> AdmissionRule:
    """The limits of a queue.

    Raises:
        Refused: naming the field.
    """
    return AdmissionRule(
        waiting_max=message.waiting_max if message.HasField("waiting_max") else None,
        is_waiting_shared=message.is_waiting_shared,
        waiting_max_by_channel={name: message.waiting_max_by_channel[name] for name in sorted(message.waiting_max_by_channel)} or None,
        estimated_wait_max_ms=message.estimated_wait_max_ms if message.HasField("estimated_wait_max_ms") else None,
        held_max_ms=message.held_max_ms if message.HasField("held_max_ms") else None,
        otherwise=diversion_of(f"{field}.otherwise", message.otherwise) if message.HasField("otherwise") else REFUSAL,
    )


def empty_of(field: str, message: site_pb2.EmptyRule) -> EmptyRule:
    """When a queue is empty of agents.

    Raises:
        Refused: naming the field.
    """
    return EmptyRule(
        join_states=_states_of(f"{field}.join_states", message.join_states),
        leave_states=_states_of(f"{field}.leave_states", message.leave_states),
        leave_grace_ms=message.leave_grace_ms,
        otherwise=diversion_of(f"{field}.otherwise", message.otherwise) if message.HasField("otherwise") else REFUSAL,
    )


def hours_of(field: str, message: site_pb2.HoursRule) -> HoursRule:
    """A queue's opening hours.

    Raises:
        Refused: naming the field.
    """
    return HoursRule(
        calendar=identifier(f"{field}.calendar", message.calendar),
        when_closed=diversion_of(f"{field}.when_closed", message.when_closed) if message.HasField("when_closed") else None,
        at_close=diversion_of(f"{field}.at_close", message.at_close) if message.HasField("at_close") else None,
    )


def calendar_of(message: site_pb2.Calendar) -> Calendar:
    """A calendar of the site."""
    return Calendar(
        intervals=tuple(OpenInterval(interval.opens_at_ms, interval.closes_at_ms) for interval in message.intervals),
        known_from=message.known_from_ms,
        known_until=message.known_until_ms,
    )


def _states_of(field: str, numbers: Sequence[int]) -> tuple[AgentState, ...]:
    count(field, numbers)
    return tuple(STATES.member(field, number) for number in numbers)


# ---- out ----


def diversion_to_wire(diversion: Diversion) -> types_pb2.Diversion:
    """A diversion as a message."""
    return types_pb2.Diversion(kind=KINDS.number(diversion.kind), target=diversion.target)


def estimate_to_wire(estimate: Estimate) -> types_pb2.Estimate:
    """An estimate as a message."""
    return types_pb2.Estimate(place=estimate.place, wait_ms=estimate.wait_ms, method=METHODS.number(estimate.method))


def tells_estimate(state: State, row: InteractionRow) -> EstimateMethod | None:
    """By which method an interaction is told its wait now; `None` unless it waits in a queue that tells one and is open for it."""
    if state.site is None or state.lines is None or row.awaits_opening or row.phase is not InteractionPhase.WAITING:
        return None
    return state.site.queues[row.route.queue_id].estimate


def present_estimate(state: State, row: InteractionRow, now: Instant) -> types_pb2.Estimate | None:
    """Where a waiting interaction stands and what it may still expect; `None` where its queue tells nobody, or is closed for it."""
    method = tells_estimate(state, row)
    if method is None or state.lines is None:
        return None
    place = state.lines.place_of(row.interaction.id)
    wait_ms = expected_wait_ms(method, state.paces.get(row.route.queue_id), place, now - row.enqueued_at)
    return estimate_to_wire(Estimate(place=place, wait_ms=wait_ms, method=method))


def tell_reception(response: interactions_pb2.EnqueueInteractionResponse, reception: Reception) -> None:
    """Add to an answer why and where an arrival was diverted, the wait it may expect, and when its queue opens."""
    if reception.cause is not None and reception.diversion is not None:
        response.diversion_cause = CAUSES.number(reception.cause)
        response.diversion.CopyFrom(diversion_to_wire(reception.diversion))
    if reception.estimate is not None:
        response.estimate.CopyFrom(estimate_to_wire(reception.estimate))
    if reception.opens_at is not None:
        response.opens_at_ms = reception.opens_at


def admission_to_wire(rule: AdmissionRule) -> site_pb2.AdmissionRule:
    """The limits of a queue as a message."""
    return site_pb2.AdmissionRule(
        waiting_max=rule.waiting_max,
        is_waiting_shared=rule.is_waiting_shared,
        waiting_max_by_channel=rule.waiting_max_by_channel,
        estimated_wait_max_ms=rule.estimated_wait_max_ms,
        held_max_ms=rule.held_max_ms,
        otherwise=diversion_to_wire(rule.otherwise),
    )


def empty_to_wire(rule: EmptyRule) -> site_pb2.EmptyRule:
    """When a queue is empty of agents, as a message."""
    return site_pb2.EmptyRule(
        join_states=[STATES.number(state) for state in rule.join_states],
        leave_states=[STATES.number(state) for state in rule.leave_states],
        leave_grace_ms=rule.leave_grace_ms,
        otherwise=diversion_to_wire(rule.otherwise),
    )


def hours_to_wire(rule: HoursRule) -> site_pb2.HoursRule:
    """A queue's opening hours as a message."""
    return site_pb2.HoursRule(
        calendar=rule.calendar,
        when_closed=None if rule.when_closed is None else diversion_to_wire(rule.when_closed),
        at_close=None if rule.at_close is None else diversion_to_wire(rule.at_close),
    )


def calendar_to_wire(name: str, calendar: Calendar) -> site_pb2.Calendar:
    """A calendar as a message."""
    return site_pb2.Calendar(
        name=name,
        intervals=[site_pb2.OpenInterval(opens_at_ms=opens_at, closes_at_ms=closes_at) for opens_at, closes_at in calendar.intervals],
        known_from_ms=calendar.known_from,
        known_until_ms=calendar.known_until,
    )
