"""Queues: named waiting lines with a target. A queue labels work and carries numbers; it never gates a pair."""

from dataclasses import field
from enum import StrEnum

from routing.model.admission import AdmissionRule, EmptyRule
from routing.model.agent import Presence
from routing.model.callback import NO_CALLBACKS, CallbackRule
from routing.model.estimate import EstimateMethod
from routing.model.hours import HoursRule
from routing.model.ids import QueueId
from routing.model.later import LATER
from routing.model.record import record
from routing.model.stay import StayRule
from routing.model.time import Duration


class ExclusionScope(StrEnum):
    """For how long a pair stays apart after the agent declined or missed the interaction."""

    COOLDOWN = "cooldown"
    """For the queue's time."""
    PRESENCE = "presence"
    """Until the agent has been away and is available again."""
    FOR_EVER = "for_ever"
    """As long as the interaction lives."""


class EveryoneDeclined(StrEnum):
    """What happens when nobody is left to ask: every agent on the floor who could serve it declined or missed the interaction."""

    COOLDOWN = "cooldown"
    """Nothing: each may be asked again when their time apart is over."""
    CLEAR = "clear"
    """All times apart end at once, and everybody may be asked again."""
    END = "end"
    """The interaction ends as unserved."""
    OVERFLOW = "overflow"
    """Its route's overflow is taken at once; where none is left, as for a cooldown."""


@record(frozen=True, slots=True, kw_only=True)
class ReofferRule:
    """What follows for the interaction when an offer of it failed; times in milliseconds.

    The pair is apart for the time of the cause: `busy_ms` is for an agent's side that was busy after all, `unreachable_ms` for a device
    that could not be reached (`None`: as after a decline), `withdrawn_ms` for an offer taken back by request. `scope` may keep it apart
    longer after a decline or a miss, which are the agent's own; the other causes always cool down.
    """

    declined_ms: Duration
    expired_ms: Duration
    connect_failed_ms: Duration
    busy_ms: Duration | None = field(default=None, metadata=LATER)
    unreachable_ms: Duration | None = field(default=None, metadata=LATER)
    withdrawn_ms: Duration = field(default=0, metadata=LATER)
    scope: ExclusionScope = field(default=ExclusionScope.COOLDOWN, metadata=LATER)
    everyone_declined: EveryoneDeclined = field(default=EveryoneDeclined.COOLDOWN, metadata=LATER)


class MissedOfferScope(StrEnum):
    """Where missed offers count, and where they take an agent off."""

    AGENT = "agent"
    """Misses in all queues count together, and change the agent's presence."""
    QUEUE = "queue"
    """Misses in this queue count by themselves, and pause the agent in this queue only."""


@record(frozen=True, slots=True, kw_only=True)
class MissedOfferRule:
    """What missing offers means for the agent: `threshold` misses in a row set them to `presence`, or pause them in the queue.

    Threshold 0 leaves them as they are, and so does the presence available where the scope is the agent. Where it `counts_unreachable`, an
    agent whose device could not be reached has missed the offer.
    """

    threshold: int
    presence: Presence = field(default=Presence.NOT_READY, metadata=LATER)
    counts_unreachable: bool = field(default=False, metadata=LATER)
    scope: MissedOfferScope = field(default=MissedOfferScope.AGENT, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class AssignmentLimit:
    """How much of a queue one agent is given: at most `count` accepted interactions within any `window_ms`."""

    count: int
    window_ms: Duration


@record(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """The share of interactions answered within `target_ms` that the queue aims at, in per mille, and what abandons count for.

    `short_abandon_ms`: abandons after a shorter wait are reported apart.
    """

    target_ms: Duration
    goal_per_mille: int
    short_abandon_ms: Duration


@record(frozen=True, slots=True, kw_only=True)
class Queue:
    """A named waiting line and the numbers that hold for all its interactions.

    `max_live_offers` is how many agents are offered one interaction at once (1 is one at a time, a large number is ring-all).
    `offer_extension_ms` bounds the one extension of a lease while an accept is in progress; 0 allows none.
    `admission`, `empty` and `hours` say whom it takes and when; without them it takes everybody. `estimate` is the method by which it tells
    a wait; without one it tells none.
    Where it `refills_offers`, an offer that failed is replaced while the others ring; else nobody is asked until the whole round has
    failed. `stay` limits the wait.
    `wrap_up_limit_ms` bounds after-contact work, unless the agent has a bound of their own; 0 means there is none. `wrap_up_cap_ms` bounds
    both. `assignment_limit` spreads the queue's work over its agents. `expected_handling_ms` is how long one interaction is expected to
    keep an agent, wrap-up included; without it no coming end of a shift keeps an agent from the queue.
    """

    id: QueueId
    service_level: ServiceLevel
    offer_timeout_ms: Duration
    offer_extension_ms: Duration
    max_live_offers: int
    wrap_up_limit_ms: Duration
    reoffer: ReofferRule
    missed_offer: MissedOfferRule
    refills_offers: bool = field(default=True, metadata=LATER)
    stay: StayRule | None = field(default=None, metadata=LATER)
    callback: CallbackRule = field(default=NO_CALLBACKS, metadata=LATER)
    admission: AdmissionRule | None = field(default=None, metadata=LATER)
    empty: EmptyRule | None = field(default=None, metadata=LATER)
    hours: HoursRule | None = field(default=None, metadata=LATER)
    estimate: EstimateMethod | None = field(default=None, metadata=LATER)
    wrap_up_cap_ms: Duration | None = field(default=None, metadata=LATER)
    assignment_limit: AssignmentLimit | None = field(default=None, metadata=LATER)
    expected_handling_ms: Duration | None = field(default=None, metadata=LATER)

    @property
    def takes_all_unasked(self) -> bool:
        """Whether an arrival needs no look at anything."""
        return self.admission is None and self.empty is None and self.hours is None and self.estimate is None
