"""Steps of ladders in plain words: what they changed, and why one came early."""

import pytest

from routing.core.events import RequirementRelaxed, StepCause
from routing.model.route import Relaxation
from routing.store.words import in_words
from tests.builders import a_relaxation, a_route

ALL = a_relaxation(drop="english", lower="sales:3", widen="team:b|c", raise_base_ms=5_000, class_rank=2, overflow_to="second")
ALL_IN_WORDS = "drops english, lowers sales to 3, takes team b or c, too, adds 5 s of urgency, class 2, moves to second"


@pytest.mark.parametrize(
    ("cause", "relaxation", "told"),
    [
        (StepCause.DUE, None, ""),
        (StepCause.DUE, a_relaxation(class_rank=0), " (class 0)"),
        (StepCause.NOBODY_AVAILABLE, None, " 26 s early, for there is nobody available"),
        (StepCause.NOBODY_PRESENT, ALL, f" 26 s early, for there is nobody present ({ALL_IN_WORDS})"),
    ],
)
def test_a_step_says_what_it_changed_and_why_it_came_early(cause: StepCause, relaxation: Relaxation | None, told: str) -> None:
    """A journal of an earlier version does not hold what the step said; then its story tells the route alone."""
    route = a_route(needs="team==a|b")
    event = RequirementRelaxed(interaction_id="i1", due_at=30_000, route=route, cause=cause, relaxation=relaxation)
    assert f"took a step of its ladder{told}: queue main by rule any, class 0, needs team == a or b" == in_words(event, 4_000)
