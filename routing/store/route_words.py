"""Routes and the steps of their ladders in plain words."""

from routing.core import events
from routing.model.requirement import Requirement, RequirementKind
from routing.model.route import Branch, Relaxation, Route
from routing.model.time import Instant
from routing.policy.moments import seconds

_WHY_EARLY = {
    events.StepCause.NOBODY_REGISTERED: "there is nobody registered",
    events.StepCause.NOBODY_PRESENT: "there is nobody present",
    events.StepCause.NOBODY_AVAILABLE: "there is nobody available",
    events.StepCause.EVERYONE_DECLINED: "nobody is left to ask",
    events.StepCause.STAY_LIMIT: "it has stayed as long as it may",
}


def spaced(name: str) -> str:
    """A name of the program as words."""
    return name.replace("_", " ")


def route_in_words(route: Route, at: Instant) -> str:
    """Where an interaction stands and what it asks; durations are counted from `at`."""
    needs = "; or ".join(_branch_in_words(branch, route) for branch in route.branches)
    due_at = route.next_due_at
    later = "" if due_at is None else f", next step in {seconds(due_at - at)}"
    return f"queue {route.queue_id} by rule {route.rule}, class {route.urgency.class_rank}, needs {needs}{later}{_kept_in_words(route, at)}"


def _kept_in_words(route: Route, at: Instant) -> str:
    reserved, stay = route.reserved, route.stay
    kept = ""
    if reserved is not None:
        ends = "" if reserved.until is None else f" for {seconds(reserved.until - at)}"
        kept = f", kept for {', '.join(reserved.agents)}{ends}"
    return kept if stay is None else f"{kept}, may stay for {seconds(stay.until - at)}"


def _branch_in_words(branch: Branch, route: Route) -> str:
    needs = ", ".join(map(_need_in_words, branch.requirements)) or "nothing"
    return needs if branch.queue_id == route.queue_id else f"for queue {branch.queue_id} {needs}"


def _need_in_words(need: Requirement) -> str:
    kind = "" if need.kind is RequirementKind.MUST else f" ({need.kind})"
    return f"{need.attribute} {need.operator} {need.wanted}{kind}"


def step_in_words(event: events.RequirementRelaxed, at: Instant) -> str:
    """Why a step came early, where it did, and what it changed; empty where neither is known."""
    early = "" if event.cause is events.StepCause.DUE else f" {seconds(event.due_at - at)} early, for {_WHY_EARLY[event.cause]}"
    changes = _relaxation_in_words(event.relaxation) if event.relaxation is not None else ""
    return f"{early} ({changes})" if changes else early


def _relaxation_in_words(relaxation: Relaxation) -> str:
    changes = [
        *(f"drops {name}" for name in relaxation.drop),
        *(f"lowers {name} to {level}" for name, level in (relaxation.lower or {}).items()),
        *(f"takes {name} {' or '.join(map(str, values))}, too" for name, values in (relaxation.widen or {}).items()),
        *([f"adds {seconds(relaxation.raise_base_ms)} of urgency"] if relaxation.raise_base_ms else []),
        *([] if relaxation.class_rank is None else [f"class {relaxation.class_rank}"]),
        *([] if relaxation.overflow_to is None else [f"moves to {relaxation.overflow_to}"]),
        *(["is kept for nobody any more"] if relaxation.release else []),
    ]
    return ", ".join(changes)
