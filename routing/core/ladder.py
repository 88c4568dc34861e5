"""Ladders: taking the steps of a route. A step only ever widens who may serve, or raises urgency."""

from collections.abc import Callable
from functools import partial

from routing.model.ids import QueueId
from routing.model.record import replace
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.route import Branch, Relaxation, Route, RouteStep
from routing.model.time import Duration, Instant


def next_step_taken(route: Route) -> Route:
    """The route after its earliest step, without that step."""
    return within(route, earliest_branch(route), _own_step_taken)


def steps_taken_until(route: Route, now: Instant) -> Route:
    """The route after every step that is due by `now`, without a reservation or a limit of stay whose time has passed.

    A step that ends the interaction is not taken in passing, and none after it.
    """
    while has_step_due(route, now):
        route = next_step_taken(route)
    if route.reserved is not None and route.reserved.until is not None and route.reserved.until <= now:
        route = replace(route, reserved=None)
    if route.stay is not None and route.stay.until <= now:
        route = replace(route, stay=None)
    return route


def has_step_due(route: Route, now: Instant) -> bool:
    """Whether the next step is due by `now` and only changes the route."""
    due_at = route.next_due_at
    if due_at is None or due_at > now:
        return False
    return next_step(route).relaxation.divert_to is None


def next_step(route: Route) -> RouteStep:
    """The step that is due first, of a route that has any."""
    return route.branches[earliest_branch(route)].steps[0]


def all_steps_taken(route: Route) -> Route:
    """The route after its last step: the widest it can become."""
    while route.next_due_at is not None:
        route = next_step_taken(route)
    return route


def once_accepted(route: Route) -> Route:
    """The route of an interaction that an agent took: its wait has had its end, and what it was kept for a while for is done."""
    if route.stay is not None:
        route = replace(route, stay=None)
    if route.reserved is not None and route.reserved.until is not None:
        route = replace(route, reserved=None)
    return route


def step_taken_early(route: Route, branch: int, now: Instant) -> Route:
    """The route after the next step of one of its branches, taken at `now` and not when it is due: the later ones come as much sooner."""
    return within(route, branch, lambda own: _brought_forward(_own_step_taken(own), own.steps[0].due_at - now))


def as_early_as(fresh: Route, present: Route) -> Route:
    """A fresh route of the same rule after the steps that `present` has taken, so that what was taken early stays taken."""
    if fresh.also:
        fresh = led_by(fresh, present.queue_id)
    for index, branch in enumerate(present.branches):
        fresh = within(fresh, index, partial(_own_as_early_as, present=branch))
    return fresh


def earliest_branch(route: Route) -> int:
    """The place of the branch whose next step is due first; of equal ones the first."""
    if not route.also:
        return 0
    due = [(branch.steps[0].due_at, index) for index, branch in enumerate(route.branches) if branch.steps]
    return min(due)[1]


def led_by(route: Route, queue_id: QueueId) -> Route:
    """The same route with one of its queues as its own, and the present one in its place; unchanged where it has no such queue."""
    place = next((index for index, branch in enumerate(route.also, start=1) if branch.queue_id == queue_id), 0)
    return _turned(route, place)


def within(route: Route, branch: int, change: Callable[[Route], Route]) -> Route:
    """The route with a change of one of its branches, made as if that were its own."""
    return _turned(change(_turned(route, branch)), branch)


def _turned(route: Route, place: int) -> Route:
    if not place:
        return route
    own, *others = route.branches
    branch = others[place - 1]
    others[place - 1] = own
    return replace(
        route,
        queue_id=branch.queue_id,
        requirements=branch.requirements,
        steps=branch.steps,
        brought_forward_ms=branch.brought_forward_ms,
        also=tuple(others),
    )


def _own_step_taken(route: Route) -> Route:
    step, *later = route.steps
    relaxation = step.relaxation
    urgency = route.urgency
    class_rank = urgency.class_rank if relaxation.class_rank is None else max(urgency.class_rank, relaxation.class_rank)
    return replace(
        route,
        queue_id=relaxation.overflow_to or route.queue_id,
        urgency=replace(urgency, class_rank=class_rank, base_ms=urgency.base_ms + max(0, relaxation.raise_base_ms)),
        reserved=None if relaxation.release else route.reserved,
        requirements=tuple(_relaxed(requirement, relaxation) for requirement in route.requirements if not _drops(relaxation, requirement)),
        steps=tuple(later),
    )


def _own_as_early_as(fresh: Route, present: Branch) -> Route:
    while len(fresh.steps) > len(present.steps):
        fresh = _own_step_taken(fresh)
    return _brought_forward(fresh, present.brought_forward_ms)


def _brought_forward(route: Route, gained_ms: Duration) -> Route:
    steps = tuple(replace(step, due_at=step.due_at - gained_ms) for step in route.steps)
    return replace(route, steps=steps, brought_forward_ms=route.brought_forward_ms + gained_ms)


def _drops(relaxation: Relaxation, requirement: Requirement) -> bool:
    return requirement.kind is RequirementKind.EXPIRING and requirement.attribute in relaxation.drop


def _relaxed(requirement: Requirement, relaxation: Relaxation) -> Requirement:
    if requirement.kind is not RequirementKind.EXPIRING:
        return requirement
    if requirement.operator is Operator.EQUAL:
        return _widened(requirement, relaxation)
    level = (relaxation.lower or {}).get(requirement.attribute)
    if level is None or requirement.operator is not Operator.AT_LEAST:
        return requirement
    if not isinstance(requirement.value, int) or level >= requirement.value:
        return requirement
    return replace(requirement, value=level)


def _widened(requirement: Requirement, relaxation: Relaxation) -> Requirement:
    known = (requirement.value, *requirement.alternatives)
    more = tuple(value for value in (relaxation.widen or {}).get(requirement.attribute, ()) if value not in known)
    return replace(requirement, alternatives=(*requirement.alternatives, *more)) if more else requirement
