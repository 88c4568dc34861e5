"""Queues of a site, both ways."""

from routing.model.agent import Presence
from routing.model.callback import NO_CALLBACKS
from routing.model.queue import (
    AssignmentLimit,
    EveryoneDeclined,
    ExclusionScope,
    MissedOfferRule,
    MissedOfferScope,
    Queue,
    ReofferRule,
    ServiceLevel,
)
from routing.model.stay import AfterStay, StayRule
from routing.server.convert.callbacks import callback_rule_of, callback_rule_to_wire
from routing.server.convert.checks import EnumTable
from routing.server.convert.doors import METHODS, admission_of, admission_to_wire, empty_of, empty_to_wire, hours_of, hours_to_wire
from routing.server.convert.nouns import PRESENCES
from routing.server.errors import invalid
from routing.v1 import site_pb2

SCOPES = EnumTable(site_pb2.ExclusionScope, "EXCLUSION_SCOPE", ExclusionScope)
EVERYONE_DECLINED = EnumTable(site_pb2.EveryoneDeclined, "EVERYONE_DECLINED", EveryoneDeclined)
AFTER_STAY = EnumTable(site_pb2.AfterStay, "AFTER_STAY", AfterStay)


# ---- in ----


def queue_of(field: str, message: site_pb2.Queue) -> Queue:
    """The queue of a message; its numbers are checked by the core.

    Raises:
        Refused: naming the field.
    """
    if not message.HasField("service_level"):
        raise invalid(f"{field}.service_level", "is required")
    level = message.service_level
    return Queue(
        id=message.id,
        service_level=ServiceLevel(target_ms=level.target_ms, goal_per_mille=level.goal_per_mille, short_abandon_ms=level.short_abandon_ms),
        offer_timeout_ms=message.offer_timeout_ms,
        offer_extension_ms=message.offer_extension_ms,
        max_live_offers=message.max_live_offers,
        wrap_up_limit_ms=message.wrap_up_limit_ms,
        reoffer=_reoffer_of(f"{field}.reoffer", message.reoffer),
        missed_offer=_missed_offer_of(field, message),
        refills_offers=not message.offers_in_rounds,
        stay=_stay_of(f"{field}.stay", message.stay) if message.HasField("stay") else None,
        callback=callback_rule_of(message.callback) if message.HasField("callback") else NO_CALLBACKS,
        wrap_up_cap_ms=message.wrap_up_cap_ms if message.HasField("wrap_up_cap_ms") else None,
        assignment_limit=_limit_of(message.assignment_limit) if message.HasField("assignment_limit") else None,
        expected_handling_ms=message.expected_handling_ms if message.HasField("expected_handling_ms") else None,
        admission=admission_of(f"{field}.admission", message.admission) if message.HasField("admission") else None,
        empty=empty_of(f"{field}.empty", message.empty) if message.HasField("empty") else None,
        hours=hours_of(f"{field}.hours", message.hours) if message.HasField("hours") else None,
        estimate=METHODS.member(f"{field}.estimate", message.estimate) if message.estimate else None,
    )


def _reoffer_of(field: str, message: site_pb2.ReofferRule) -> ReofferRule:
    return ReofferRule(
        declined_ms=message.declined_ms,
        expired_ms=message.expired_ms,
        connect_failed_ms=message.connect_failed_ms,
        busy_ms=message.busy_ms if message.HasField("busy_ms") else None,
        unreachable_ms=message.unreachable_ms if message.HasField("unreachable_ms") else None,
        withdrawn_ms=message.withdrawn_ms,
        scope=SCOPES.member(f"{field}.scope", message.scope) if message.scope else ExclusionScope.COOLDOWN,
        everyone_declined=_everyone_declined_of(f"{field}.everyone_declined", message.everyone_declined),
    )


def _everyone_declined_of(field: str, number: int) -> EveryoneDeclined:
    return EVERYONE_DECLINED.member(field, number) if number else EveryoneDeclined.COOLDOWN


def _stay_of(field: str, message: site_pb2.StayRule) -> StayRule:
    return StayRule(
        limit_ms=message.limit_ms if message.HasField("limit_ms") else None,
        then=AFTER_STAY.member(f"{field}.then", message.then) if message.then else AfterStay.END,
        cuts_ring=not message.rings_out,
    )


def _missed_offer_of(field: str, message: site_pb2.Queue) -> MissedOfferRule:
    presence = Presence.NOT_READY
    if message.HasField("missed_offer_presence"):
        presence = PRESENCES.member(f"{field}.missed_offer_presence", message.missed_offer_presence)
    return MissedOfferRule(
        threshold=message.missed_offer_threshold,
        presence=presence,
        counts_unreachable=message.unreachable_counts_as_miss,
        scope=MissedOfferScope.QUEUE if message.missed_offers_pause_in_queue else MissedOfferScope.AGENT,
    )


def _limit_of(message: site_pb2.AssignmentLimit) -> AssignmentLimit:
    return AssignmentLimit(count=message.count, window_ms=message.window_ms)


# ---- out ----


def queue_to_wire(queue: Queue) -> site_pb2.Queue:
    """A queue as a message."""
    level, reoffer = queue.service_level, queue.reoffer
    return site_pb2.Queue(
        id=queue.id,
        service_level=site_pb2.ServiceLevel(
            target_ms=level.target_ms, goal_per_mille=level.goal_per_mille, short_abandon_ms=level.short_abandon_ms
        ),
        offer_timeout_ms=queue.offer_timeout_ms,
        offer_extension_ms=queue.offer_extension_ms,
        max_live_offers=queue.max_live_offers,
        wrap_up_limit_ms=queue.wrap_up_limit_ms,
        reoffer=site_pb2.ReofferRule(
            declined_ms=reoffer.declined_ms,
            expired_ms=reoffer.expired_ms,
            connect_failed_ms=reoffer.connect_failed_ms,
            busy_ms=reoffer.busy_ms,
            unreachable_ms=reoffer.unreachable_ms,
            withdrawn_ms=reoffer.withdrawn_ms,
            scope=SCOPES.number(reoffer.scope),
            everyone_declined=EVERYONE_DECLINED.number(reoffer.everyone_declined),
        ),
        missed_offer_threshold=queue.missed_offer.threshold,
        missed_offer_presence=PRESENCES.number(queue.missed_offer.presence),
        unreachable_counts_as_miss=queue.missed_offer.counts_unreachable,
        offers_in_rounds=not queue.refills_offers,
        stay=None if queue.stay is None else _stay_to_wire(queue.stay),
        callback=callback_rule_to_wire(queue.callback),
        wrap_up_cap_ms=queue.wrap_up_cap_ms,
        assignment_limit=None if queue.assignment_limit is None else _limit_to_wire(queue.assignment_limit),
        expected_handling_ms=queue.expected_handling_ms,
        missed_offers_pause_in_queue=queue.missed_offer.scope is MissedOfferScope.QUEUE,
        admission=None if queue.admission is None else admission_to_wire(queue.admission),
        empty=None if queue.empty is None else empty_to_wire(queue.empty),
        hours=None if queue.hours is None else hours_to_wire(queue.hours),
        estimate=None if queue.estimate is None else METHODS.number(queue.estimate),
    )


def _limit_to_wire(limit: AssignmentLimit) -> site_pb2.AssignmentLimit:
    return site_pb2.AssignmentLimit(count=limit.count, window_ms=limit.window_ms)


def _stay_to_wire(stay: StayRule) -> site_pb2.StayRule:
    return site_pb2.StayRule(limit_ms=stay.limit_ms, then=AFTER_STAY.number(stay.then), rings_out=not stay.cuts_ring)
