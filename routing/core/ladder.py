"""Ladders: taking the timed steps of a route. A step only ever widens who may serve, or raises urgency."""

from dataclasses import replace

from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.route import Relaxation, Route
from routing.model.time import Instant


def next_step_taken(route: Route) -> Route:
    """The route after its earliest step, without that step."""
    step, *later = route.steps
    relaxation = step.relaxation
    urgency = route.urgency
    class_rank = urgency.class_rank if relaxation.class_rank is None else max(urgency.class_rank, relaxation.class_rank)
    return replace(
        route,
        queue_id=relaxation.overflow_to or route.queue_id,
        urgency=replace(urgency, class_rank=class_rank, base_ms=urgency.base_ms + max(0, relaxation.raise_base_ms)),
        requirements=tuple(_relaxed(requirement, relaxation) for requirement in route.requirements if not _drops(relaxation, requirement)),
        steps=tuple(later),
    )


def steps_taken_until(route: Route, now: Instant) -> Route:
    """The route after every step that is due by `now`."""
    while route.steps and route.steps[0].due_at <= now:
        route = next_step_taken(route)
    return route


def _drops(relaxation: Relaxation, requirement: Requirement) -> bool:
    return requirement.kind is RequirementKind.EXPIRING and requirement.attribute in relaxation.drop


def _relaxed(requirement: Requirement, relaxation: Relaxation) -> Requirement:
    level = (relaxation.lower or {}).get(requirement.attribute)
    if level is None or requirement.kind is not RequirementKind.EXPIRING or requirement.operator is not Operator.AT_LEAST:
        return requirement
    if not isinstance(requirement.value, int) or level >= requirement.value:
        return requirement
    return replace(requirement, value=level)
