"""Channels and queues as a site file writes them, and what they become when `[queue_defaults]` is filled in."""

from typing import Annotated, Final, Literal, TypedDict

from pydantic import Field

from routing.config.callbacks import CallbackFile
from routing.config.defaults import first_given
from routing.config.document import FileModel
from routing.config.doors import AdmissionFile, EmptyFile, HoursFile
from routing.config.rules import SharePerMille
from routing.config.values import DurationMs, Identifier, PositiveDurationMs
from routing.model.admission import AdmissionRule, EmptyRule
from routing.model.agent import Presence
from routing.model.channel import Channel
from routing.model.estimate import EstimateMethod
from routing.model.hours import HoursRule
from routing.model.ids import ChannelId, QueueId
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
from routing.model.time import MINUTE_MS, SECOND_MS

DEFAULT_GOAL_PER_MILLE: Final = 800
DEFAULT_SHORT_ABANDON_MS: Final = 5 * SECOND_MS
DEFAULT_OFFER_TIMEOUT_MS: Final = 20 * SECOND_MS
DEFAULT_DECLINED_MS: Final = 1 * MINUTE_MS
DEFAULT_EXPIRED_MS: Final = 1 * MINUTE_MS
DEFAULT_CONNECT_FAILED_MS: Final = 10 * SECOND_MS
DEFAULT_WITHDRAWN_MS: Final = 10 * SECOND_MS
DEFAULT_AFTER_MISSED_OFFERS: Final = "not_ready"
DEFAULT_REOFFER_SCOPE: Final = "cooldown"
DEFAULT_EVERYONE_DECLINED: Final = "cooldown"

Amount = Annotated[int, Field(ge=1, le=1_000_000)]


class ChannelFile(FileModel):
    """A channel: whether a customer waits on the line, and what one interaction takes of an agent's capacity."""

    live: bool
    capacity_cost: Amount = 100
    agent_maximum: Amount = 1
    interruptible_by: tuple[Identifier, ...] = ()

    def to_model(self, channel_id: ChannelId) -> Channel:
        """The channel as the router takes it."""
        return Channel(
            id=channel_id,
            is_live=self.live,
            capacity_cost=self.capacity_cost,
            agent_maximum=self.agent_maximum,
            interruptible_by=self.interruptible_by,
        )


class ServiceLevelFile(FileModel):
    """The share to be answered within a target, and up to when leaving counts as a short abandon."""

    target: DurationMs | None = None
    goal: SharePerMille | None = None
    short_abandon: DurationMs | None = None


class ReofferFile(FileModel):
    """How long the same agent is left out after an offer to them failed, by cause."""

    declined: DurationMs | None = None
    expired: DurationMs | None = None
    connect_failed: DurationMs | None = None
    busy: DurationMs | None = None
    unreachable: DurationMs | None = None
    withdrawn: DurationMs | None = None


class StayFile(FileModel):
    """How long work may wait here, and what follows."""

    limit: PositiveDurationMs | None = None
    then: Literal["end", "overflow"] = "end"
    cuts_ring: bool = True

    def to_model(self) -> StayRule:
        """The rule as the router takes it."""
        return StayRule(limit_ms=self.limit, then=AfterStay(self.then), cuts_ring=self.cuts_ring)


class AssignmentLimitFile(FileModel):
    """How much of a queue one agent is given within any window."""

    count: Annotated[int, Field(ge=1, le=1_000)]
    window: PositiveDurationMs

    def to_model(self) -> AssignmentLimit:
        """The limit as the router takes it."""
        return AssignmentLimit(count=self.count, window_ms=self.window)


class _Door(TypedDict):
    admission: AdmissionRule | None
    empty: EmptyRule | None
    hours: HoursRule | None
    estimate: EstimateMethod | None


class QueueFile(FileModel):
    """A queue's own numbers, or those of `[queue_defaults]`."""

    service_level: ServiceLevelFile = ServiceLevelFile()
    offer_timeout: PositiveDurationMs | None = None
    offer_extension: DurationMs | None = None
    live_offers: Annotated[int, Field(ge=1, le=1_000)] | None = None
    wrap_up_limit: DurationMs | None = None
    wrap_up_cap: DurationMs | None = None
    expected_handling: DurationMs | None = None
    assignment_limit: AssignmentLimitFile | None = None
    reoffer_after: ReofferFile = ReofferFile()
    reoffer_scope: Literal["cooldown", "presence", "for_ever"] | None = None
    everyone_declined: Literal["cooldown", "clear", "end", "overflow"] | None = None
    refill_offers: bool | None = None
    stay: StayFile | None = None
    missed_offers: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    after_missed_offers: Literal["not_ready", "offline", "available", "paused"] | None = None
    callback: CallbackFile = CallbackFile()
    unreachable_is_missed: bool | None = None
    admission: AdmissionFile | None = None
    empty: EmptyFile | None = None
    hours: HoursFile | None = None
    estimated_wait: Literal["place-pace", "hold-ema"] | None = None

    def target_ms(self, defaults: "QueueFile") -> int | None:
        """The target of the service level; None where neither the queue nor the defaults state one."""
        own = self.service_level.target
        return defaults.service_level.target if own is None else own

    def to_model(self, queue_id: QueueId, defaults: "QueueFile", *, target_ms: int, missed_offers: int) -> Queue:
        """The queue as the router takes it; `missed_offers` is the threshold where neither it nor the defaults state one."""
        return Queue(
            id=queue_id,
            service_level=self._service_level(defaults, target_ms),
            offer_timeout_ms=first_given(self.offer_timeout, defaults.offer_timeout, DEFAULT_OFFER_TIMEOUT_MS),
            offer_extension_ms=first_given(self.offer_extension, defaults.offer_extension, 0),
            max_live_offers=first_given(self.live_offers, defaults.live_offers, 1),
            wrap_up_limit_ms=first_given(self.wrap_up_limit, defaults.wrap_up_limit, 0),
            reoffer=self._reoffer(defaults),
            missed_offer=self._missed_offer(defaults, missed_offers),
            callback=self.callback.to_model(defaults.callback),
            refills_offers=first_given(self.refill_offers, defaults.refill_offers, True),
            stay=self._stay(defaults),
            wrap_up_cap_ms=defaults.wrap_up_cap if self.wrap_up_cap is None else self.wrap_up_cap,
            assignment_limit=self._assignment_limit(defaults),
            expected_handling_ms=defaults.expected_handling if self.expected_handling is None else self.expected_handling,
            **self._door(defaults),
        )

    def _assignment_limit(self, defaults: "QueueFile") -> AssignmentLimit | None:
        stated = defaults.assignment_limit if self.assignment_limit is None else self.assignment_limit
        return None if stated is None else stated.to_model()

    def _door(self, defaults: "QueueFile") -> _Door:
        admission = defaults.admission if self.admission is None else self.admission
        empty = defaults.empty if self.empty is None else self.empty
        hours = defaults.hours if self.hours is None else self.hours
        method = defaults.estimated_wait if self.estimated_wait is None else self.estimated_wait
        return {
            "admission": None if admission is None else admission.to_model(),
            "empty": None if empty is None else empty.to_model(),
            "hours": None if hours is None else hours.to_model(),
            "estimate": None if method is None else EstimateMethod(method),
        }

    def _service_level(self, defaults: "QueueFile", target_ms: int) -> ServiceLevel:
        own, default = self.service_level, defaults.service_level
        return ServiceLevel(
            target_ms=target_ms,
            goal_per_mille=first_given(own.goal, default.goal, DEFAULT_GOAL_PER_MILLE),
            short_abandon_ms=first_given(own.short_abandon, default.short_abandon, DEFAULT_SHORT_ABANDON_MS),
        )

    def _missed_offer(self, defaults: "QueueFile", threshold: int) -> MissedOfferRule:
        after = first_given(self.after_missed_offers, defaults.after_missed_offers, DEFAULT_AFTER_MISSED_OFFERS)
        pauses = after == "paused"
        return MissedOfferRule(
            threshold=first_given(self.missed_offers, defaults.missed_offers, threshold),
            presence=Presence.NOT_READY if pauses else Presence(after),
            counts_unreachable=first_given(self.unreachable_is_missed, defaults.unreachable_is_missed, False),
            scope=MissedOfferScope.QUEUE if pauses else MissedOfferScope.AGENT,
        )

    def _stay(self, defaults: "QueueFile") -> StayRule | None:
        stated = defaults.stay if self.stay is None else self.stay
        return None if stated is None else stated.to_model()

    def _reoffer(self, defaults: "QueueFile") -> ReofferRule:
        own, default = self.reoffer_after, defaults.reoffer_after
        return ReofferRule(
            declined_ms=first_given(own.declined, default.declined, DEFAULT_DECLINED_MS),
            expired_ms=first_given(own.expired, default.expired, DEFAULT_EXPIRED_MS),
            connect_failed_ms=first_given(own.connect_failed, default.connect_failed, DEFAULT_CONNECT_FAILED_MS),
            busy_ms=default.busy if own.busy is None else own.busy,
            unreachable_ms=default.unreachable if own.unreachable is None else own.unreachable,
            withdrawn_ms=first_given(own.withdrawn, default.withdrawn, DEFAULT_WITHDRAWN_MS),
            scope=ExclusionScope(first_given(self.reoffer_scope, defaults.reoffer_scope, DEFAULT_REOFFER_SCOPE)),
            everyone_declined=EveryoneDeclined(first_given(self.everyone_declined, defaults.everyone_declined, DEFAULT_EVERYONE_DECLINED)),
        )
