"""Routes: what classification decided for one interaction, with its timed steps."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from routing.model.diversion import Diversion
from routing.model.ids import QueueId
from routing.model.later import LATER
from routing.model.record import record
from routing.model.requirement import AttributeValue, Requirement
from routing.model.reservation import Reservation, StickyRule
from routing.model.stay import Stay
from routing.model.time import Duration, Instant


@record(frozen=True, slots=True, kw_only=True)
class Urgency:
    """The terms of the one urgency function.

    `(class_rank, min(cap_ms, base_ms + slope_per_mille x routing age / 1000 + pressure))`, higher is sooner, where
    `pressure = pressure_weight_ms x min(1, true wait / target_ms)`. Classes compare lexicographically; all other terms are
    milliseconds-equivalents, so that one minute of wait is worth 60,000 at slope 1000. A slope below 0 serves the newest first.

    A point of an interaction's priority adds `ms_per_point` to the base and `class_per_point` to the class, which stays within 0 and 1,000.
    In a rule they are still to be added; a route has them in its base and class.
    """

    class_rank: int
    base_ms: int
    slope_per_mille: int
    cap_ms: int
    pressure_weight_ms: int
    target_ms: Duration
    ms_per_point: int = field(default=0, metadata=LATER)
    class_per_point: int = field(default=0, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """What one step of a ladder changes; it only ever widens who may serve, or raises urgency.

    `drop` names expiring requirements to remove, `lower` gives expiring `>=` requirements a lower level, `widen` gives expiring `==`
    requirements further values that will do, `raise_base_ms` is added to the urgency base, `class_rank` replaces the class when it is
    higher, `overflow_to` moves the interaction to another queue, `release` ends its reservation for certain agents. `divert_to`, never a
    queue, ends the interaction; nothing else of such a step counts.
    """

    drop: tuple[str, ...] = ()
    lower: Mapping[str, int] | None = None
    raise_base_ms: int = 0
    class_rank: int | None = None
    overflow_to: QueueId | None = None
    widen: Mapping[str, tuple[AttributeValue, ...]] | None = field(default=None, metadata=LATER)
    release: bool = field(default=False, metadata=LATER)
    divert_to: Diversion | None = field(default=None, metadata=LATER)


class Reach(StrEnum):
    """How near an agent is who serves the channel and meets the requirements of the moment, from the weakest to the strongest."""

    REGISTERED = "registered"
    """Known to the router."""
    PRESENT = "present"
    """At work: available or not ready."""
    AVAILABLE = "available"
    """Available, however busy."""


@record(frozen=True, slots=True, kw_only=True)
class EarlyStep:
    """When a step need not wait for its time: nobody is as near as `if_nobody`, so that waiting for them would be in vain.

    It is asked when the interaction enters the stage that the step ends: on arrival, and when the step before was taken. With `is_watched`
    it is asked again whenever an agent goes.
    """

    if_nobody: Reach
    is_watched: bool = False


@record(frozen=True, slots=True, kw_only=True)
class RuleStep:
    """A relaxation as a rule states it: `after_ms` since the interaction became eligible, or before that where `early` says so."""

    after_ms: Duration
    relaxation: Relaxation
    early: EarlyStep | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class RouteStep:
    """A relaxation as a route carries it: due at an absolute instant, or before that where `early` says so."""

    due_at: Instant
    relaxation: Relaxation
    early: EarlyStep | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class Branch:
    """A queue that an interaction stands in beside others, with a ladder of its own; the fields mean what they mean in a route."""

    queue_id: QueueId
    requirements: tuple[Requirement, ...]
    steps: tuple[RouteStep, ...]
    brought_forward_ms: Duration = 0


@record(frozen=True, slots=True, kw_only=True)
class Route:
    """What classification decided: queue, urgency, requirements and the steps still to come, earliest first.

    `brought_forward_ms` is the time that steps taken early have saved so far; the steps still to come are due that much sooner.
    `reserved` says who alone may have it at present, `stay` how long it may wait. `also` are further
    queues: whoever meets the requirements of one of them may serve.
    """

    rule: str
    queue_id: QueueId
    urgency: Urgency
    requirements: tuple[Requirement, ...]
    steps: tuple[RouteStep, ...]
    brought_forward_ms: Duration = field(default=0, metadata=LATER)
    reserved: Reservation | None = field(default=None, metadata=LATER)
    stay: Stay | None = field(default=None, metadata=LATER)
    also: tuple[Branch, ...] = field(default=(), metadata=LATER)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Every queue it stands in with what it requires there, the route's own first."""
        own = Branch(queue_id=self.queue_id, requirements=self.requirements, steps=self.steps, brought_forward_ms=self.brought_forward_ms)
        return (own, *self.also)

    @property
    def next_due_at(self) -> Instant | None:
        """When the next step of any of its ladders is due."""
        own = self.steps[0].due_at if self.steps else None
        if not self.also:
            return own
        return min((branch.steps[0].due_at for branch in self.branches if branch.steps), default=None)

    def queue_for(self, attributes: Mapping[str, AttributeValue]) -> QueueId | None:
        """The first of its queues all of whose hard requirements an agent with these attributes meets; `None` where there is none."""
        if _meets(attributes, self.requirements):
            return self.queue_id
        return next((branch.queue_id for branch in self.also if _meets(attributes, branch.requirements)), None)


def _meets(attributes: Mapping[str, AttributeValue], requirements: tuple[Requirement, ...]) -> bool:
    return all(need.is_met_by(attributes) for need in requirements if need.is_hard)


@record(frozen=True, slots=True, kw_only=True)
class RuleBranch:
    """A further queue as a rule states it."""

    queue_id: QueueId
    requirements: tuple[Requirement, ...]
    steps: tuple[RuleStep, ...]


@record(frozen=True, slots=True, kw_only=True)
class RouteRule:
    """A classification rule of the site: the first rule whose conditions all hold gives the route.

    `also` are further queues that its interactions stand in at the same time.

    `when` maps a field ("channel", "type", or the name of an attribute) to the values that match; an empty mapping matches everything.
    `sticky` keeps its interactions for the agents they prefer, for a while.
    """

    name: str
    when: Mapping[str, tuple[AttributeValue, ...]]
    queue_id: QueueId
    urgency: Urgency
    requirements: tuple[Requirement, ...]
    steps: tuple[RuleStep, ...]
    sticky: StickyRule | None = field(default=None, metadata=LATER)
    also: tuple[RuleBranch, ...] = field(default=(), metadata=LATER)
