"""Routes: what classification decided for one interaction, with its timed steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.model.ids import QueueId
from routing.model.requirement import AttributeValue, Requirement
from routing.model.time import Duration, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """The terms of the one urgency function.

    `(class_rank, min(cap_ms, base_ms + slope_per_mille x routing age / 1000 + pressure))`, higher is sooner, where
    `pressure = pressure_weight_ms x min(1, true wait / target_ms)`. Classes compare lexicographically; all other terms are
    milliseconds-equivalents, so that one minute of wait is worth 60,000 at slope 1000.
    """

    class_rank: int
    base_ms: int
    slope_per_mille: int
    cap_ms: int
    pressure_weight_ms: int
    target_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """What one step of a ladder changes; it only ever widens who may serve, or raises urgency.

    `drop` names expiring requirements to remove, `lower` gives expiring `>=` requirements a lower level, `raise_base_ms` is added to the
    urgency base, `class_rank` replaces the class when it is higher, `overflow_to` moves the interaction to another queue.
    """

    drop: tuple[str, ...] = ()
    lower: Mapping[str, int] | None = None
    raise_base_ms: int = 0
    class_rank: int | None = None
    overflow_to: QueueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStep:
    """A relaxation as a rule states it: `after_ms` since the interaction became eligible."""

    after_ms: Duration
    relaxation: Relaxation


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStep:
    """A relaxation as a route carries it: due at an absolute instant."""

    due_at: Instant
    relaxation: Relaxation


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What classification decided: queue, urgency, requirements and the steps still to come, earliest first."""

    rule: str
    queue_id: QueueId
    urgency: Urgency
    requirements: tuple[Requirement, ...]
    steps: tuple[RouteStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRule:
    """A classification rule of the site: the first rule whose conditions all hold gives the route.

    `when` maps a field ("channel", "type", or the name of an attribute) to the values that match; an empty mapping matches everything.
    """

    name: str
    when: Mapping[str, tuple[AttributeValue, ...]]
    queue_id: QueueId
    urgency: Urgency
    requirements: tuple[Requirement, ...]
    steps: tuple[RuleStep, ...]
