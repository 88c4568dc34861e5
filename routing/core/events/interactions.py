"""Facts about an interaction while it waits, and its end."""

from dataclasses import field
from enum import StrEnum

from routing.model.diversion import Diversion, DiversionCause
from routing.model.estimate import Estimate
from routing.model.ids import AgentId, InteractionId, QueueId
from routing.model.interaction import EndCause, Interaction
from routing.model.later import LATER
from routing.model.record import record
from routing.model.route import Relaxation, Route
from routing.model.time import Duration, Instant


class RouteCause(StrEnum):
    """Why a waiting interaction was classified again."""

    UPDATED = "updated"
    SITE_APPLIED = "site_applied"
    CALLBACK_REQUESTED = "callback_requested"


class StepCause(StrEnum):
    """Why a step of a ladder was taken; all but the first mean before its time."""

    DUE = "due"
    NOBODY_REGISTERED = "nobody_registered"
    NOBODY_PRESENT = "nobody_present"
    NOBODY_AVAILABLE = "nobody_available"
    EVERYONE_DECLINED = "everyone_declined"
    STAY_LIMIT = "stay_limit"


@record(frozen=True, slots=True, kw_only=True)
class InteractionQueued:
    """An interaction was accepted, with the whole route that classification gave it.

    `last_agent_id` served the customer last and is preferred for that; `kept_place_ms` is the routing credit for the place the customer
    had when they gave up a moment ago. Both are part of the interaction already.
    `estimate` is the wait it was told to expect. Where its queue is closed and lets it wait, `opens_at` is when it opens.
    """

    interaction: Interaction
    route: Route
    last_agent_id: AgentId | None = field(default=None, metadata=LATER)
    kept_place_ms: Duration = field(default=0, metadata=LATER)
    estimate: Estimate | None = field(default=None, metadata=LATER)
    opens_at: Instant | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class InteractionUpdated:
    """A waiting interaction's own description changed."""

    interaction: Interaction


@record(frozen=True, slots=True, kw_only=True)
class RouteChanged:
    """A waiting interaction was classified again with another result; `opens_at` is when its queue opens, where it waits for that."""

    interaction_id: InteractionId
    old: Route
    new: Route
    cause: RouteCause
    opens_at: Instant | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class RequirementRelaxed:
    """A step of a ladder was taken: `route` is what holds from now on, without that step.

    `due_at` is when it was due, later than now where `cause` says that it was taken early. `relaxation` is what the step says,
    and `queue_id` whose ladder it belongs to where the interaction stands in several queues.
    """

    interaction_id: InteractionId
    due_at: Instant
    route: Route
    cause: StepCause = field(default=StepCause.DUE, metadata=LATER)
    relaxation: Relaxation | None = field(default=None, metadata=LATER)
    queue_id: QueueId = field(default="", metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class InteractionDiverted:
    """The queue `queue_id` did not take or keep a waiting interaction. With a `route` it goes on in another queue, else its end follows.

    `due_at` is the deadline that said so, where there was one. `estimate` and `opens_at` are of the other queue.
    """

    interaction_id: InteractionId
    queue_id: QueueId
    cause: DiversionCause
    diversion: Diversion
    due_at: Instant | None = None
    route: Route | None = None
    estimate: Estimate | None = None
    opens_at: Instant | None = None


@record(frozen=True, slots=True, kw_only=True)
class InteractionEnded:
    """An interaction ended, and with it all it held; ended ones before `forget_before` are forgotten."""

    interaction_id: InteractionId
    agent_id: AgentId | None
    cause: EndCause
    forget_before: Instant
    reason: str = ""
