"""Queues: named waiting lines with a target. A queue labels work and carries numbers; it never gates a pair."""

from dataclasses import dataclass, field

from routing.model.agent import Presence
from routing.model.ids import QueueId
from routing.model.later import LATER
from routing.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class ReofferRule:
    """How long an agent is not offered an interaction again after an offer to them failed, by cause, in milliseconds.

    `busy_ms` is for an agent's side that was busy after all; `None` makes no difference between that and a decline.
    """

    declined_ms: Duration
    expired_ms: Duration
    connect_failed_ms: Duration
    busy_ms: Duration | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedOfferRule:
    """What missing offers means for the agent: `threshold` misses in a row set them to `presence`.

    Threshold 0, or the presence available, leaves them as they are.
    """

    threshold: int
    presence: Presence = field(default=Presence.NOT_READY, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """The share of interactions answered within `target_ms` that the queue aims at, in per mille, and what abandons count for.

    `short_abandon_ms`: abandons after a shorter wait are reported apart.
    """

    target_ms: Duration
    goal_per_mille: int
    short_abandon_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A named waiting line and the numbers that hold for all its interactions.

    `max_live_offers` is how many agents are offered one interaction at once (1 is one at a time, a large number is ring-all).
    `offer_extension_ms` bounds the one extension of a lease while an accept is in progress; 0 allows none.
    `wrap_up_limit_ms` bounds after-contact work; 0 means there is none.
    """

    id: QueueId
    service_level: ServiceLevel
    offer_timeout_ms: Duration
    offer_extension_ms: Duration
    max_live_offers: int
    wrap_up_limit_ms: Duration
    reoffer: ReofferRule
    missed_offer: MissedOfferRule
