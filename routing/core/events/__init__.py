"""Events: facts in the past tense. They carry all that `evolve` needs, so that replay needs neither policy nor solver."""

from typing import NamedTuple, TypeAlias

from routing.core.events.agents import (
    AgentPut,
    AgentRemoved,
    HandlingGraceEnded,
    PresenceChanged,
    SessionExpired,
    SessionLost,
    SessionOpened,
)
from routing.core.events.callbacks import (
    CallbackAttemptEnded,
    CallbackDue,
    CallbackLaunched,
    CallbackRaised,
    CallbackReached,
    CallbackRequested,
    PromiseBroken,
    PromiseKept,
)
from routing.core.events.customers import CustomerRemembered
from routing.core.events.duty import (
    AgentPaused,
    AgentUnpaused,
    AssignmentCounted,
    AssignmentLimitEnded,
    CommitmentEnded,
    CommitmentsPut,
    ExternalWorkEnded,
    ExternalWorkStarted,
)
from routing.core.events.handling import (
    HandlingEnded,
    HandlingHeld,
    HandlingInterrupted,
    HandlingResumed,
    HandlingReturned,
    InterruptionEnded,
    ReturnCause,
)
from routing.core.events.hours import QueueClosed, QueueOpened
from routing.core.events.interactions import (
    InteractionDiverted,
    InteractionEnded,
    InteractionQueued,
    InteractionUpdated,
    RequirementRelaxed,
    RouteCause,
    RouteChanged,
    StepCause,
)
from routing.core.events.matching import MatchDeferred, MatchDue, WindowClosed
from routing.core.events.offers import (
    ExclusionEndCause,
    ExclusionEnded,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferExtended,
    OfferMade,
    OfferWithdrawn,
    WithdrawCause,
)
from routing.core.events.reservations import ReservationEndCause, ReservationEnded, ReservationLimited
from routing.core.events.site import RequestRecorded, SiteApplied
from routing.core.events.transfers import (
    ConferenceEnded,
    ConferenceStarted,
    ConsultEndCause,
    ConsultEnded,
    ConsultStarted,
    InteractionTransferred,
)
from routing.model.ids import RequestId
from routing.model.time import Instant

__all__ = [
    "AgentPaused",
    "AgentPut",
    "AgentRemoved",
    "AgentUnpaused",
    "AssignmentCounted",
    "AssignmentLimitEnded",
    "CallbackAttemptEnded",
    "CallbackDue",
    "CallbackLaunched",
    "CallbackRaised",
    "CallbackReached",
    "CallbackRequested",
    "CommitmentEnded",
    "CommitmentsPut",
    "ConferenceEnded",
    "ConferenceStarted",
    "ConsultEndCause",
    "ConsultEnded",
    "ConsultStarted",
    "CustomerRemembered",
    "Event",
    "ExclusionEndCause",
    "ExclusionEnded",
    "ExternalWorkEnded",
    "ExternalWorkStarted",
    "HandlingEnded",
    "HandlingGraceEnded",
    "HandlingHeld",
    "HandlingInterrupted",
    "HandlingResumed",
    "HandlingReturned",
    "InteractionDiverted",
    "InteractionEnded",
    "InteractionQueued",
    "InteractionTransferred",
    "InteractionUpdated",
    "InterruptionEnded",
    "MatchDeferred",
    "MatchDue",
    "OfferAccepted",
    "OfferDeclined",
    "OfferExpired",
    "OfferExtended",
    "OfferMade",
    "OfferWithdrawn",
    "PresenceChanged",
    "PromiseBroken",
    "PromiseKept",
    "QueueClosed",
    "QueueOpened",
    "Recorded",
    "RequestRecorded",
    "RequirementRelaxed",
    "ReservationEndCause",
    "ReservationEnded",
    "ReservationLimited",
    "ReturnCause",
    "RouteCause",
    "RouteChanged",
    "SessionExpired",
    "SessionLost",
    "SessionOpened",
    "SiteApplied",
    "StepCause",
    "WindowClosed",
    "WithdrawCause",
]

Event: TypeAlias = (
    AgentPut
    | AgentRemoved
    | PresenceChanged
    | SessionOpened
    | SessionLost
    | SessionExpired
    | HandlingGraceEnded
    | RequestRecorded
    | SiteApplied
    | InteractionQueued
    | InteractionUpdated
    | RouteChanged
    | RequirementRelaxed
    | InteractionDiverted
    | InteractionEnded
    | QueueOpened
    | QueueClosed
    | MatchDeferred
    | MatchDue
    | WindowClosed
    | OfferMade
    | OfferExtended
    | OfferAccepted
    | OfferDeclined
    | OfferExpired
    | OfferWithdrawn
    | ExclusionEnded
    | ReservationLimited
    | ReservationEnded
    | CustomerRemembered
    | HandlingHeld
    | HandlingResumed
    | HandlingInterrupted
    | InterruptionEnded
    | HandlingReturned
    | HandlingEnded
    | InteractionTransferred
    | ConsultStarted
    | ConsultEnded
    | ConferenceStarted
    | ConferenceEnded
    | CallbackRequested
    | CallbackDue
    | CallbackRaised
    | CallbackLaunched
    | CallbackReached
    | CallbackAttemptEnded
    | PromiseKept
    | PromiseBroken
    | AgentPaused
    | AgentUnpaused
    | AssignmentCounted
    | AssignmentLimitEnded
    | CommitmentsPut
    | CommitmentEnded
    | ExternalWorkStarted
    | ExternalWorkEnded
)


class Recorded(NamedTuple):
    """An event in its place in the log: gap-free sequence from 1, the instant it was recorded, and the request that caused it."""

    seq: int
    at: Instant
    request_id: RequestId | None
    event: Event
