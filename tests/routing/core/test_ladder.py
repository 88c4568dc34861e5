"""Ladders: a step only ever widens who may serve, or raises urgency."""

from routing.core.ladder import next_step_taken, steps_taken_until
from routing.model.route import Relaxation
from tests.builders import a_relaxation, a_route, a_route_step, an_urgency, some_needs


def relaxed(needs: str, relaxation: Relaxation) -> str:
    """What is left of the needs after one step, as `attribute operator value`."""
    step = a_route_step(0)
    route = next_step_taken(a_route(needs=needs, steps=[type(step)(due_at=0, relaxation=relaxation)]))
    return " ".join(f"{need.attribute}{need.operator}{need.wanted}" for need in route.requirements)


def test_only_expiring_requirements_are_dropped() -> None:
    """A must stays, whatever the step says; so does a preference."""
    needs = "a>=1 a>=2:expiring a>=3:prefer b>=4:expiring"
    assert "a>=1 a>=3 b>=4" == relaxed(needs, a_relaxation(drop="a"))


def test_only_expiring_minimum_levels_are_lowered_and_never_raised() -> None:
    """Other operators, symbols, musts and lower levels stay as they are."""
    needs = "a>=9 a>=8:expiring b<=7:expiring c>=2:expiring d==west:expiring"
    assert "a>=9 a>=5 b<=7 c>=2 d==west" == relaxed(needs, a_relaxation(lower="a:5 b:5 c:5 d:5"))


def test_a_minimum_that_is_a_symbol_stays() -> None:
    """It can not be lowered to a number."""
    assert "a>=high" == relaxed("a>=high:expiring", a_relaxation(lower="a:5"))


def test_only_expiring_equalities_are_widened() -> None:
    """Each value once, after those that would do before; musts, preferences and other operators stay."""
    needs = "a==x b==x:prefer c==x:expiring d!=x:expiring e>=1:expiring f==x|y:expiring"
    widened = relaxed(needs, a_relaxation(widen="a:y b:y c:x d:y e:9 f:y|z"))
    assert "a==x b==x c==x d!=x e>=1 f==x or y or z" == widened


def test_urgency_only_rises() -> None:
    """The class is replaced only by a higher one, the base never falls, and a step may move the interaction to another queue."""
    steps = [
        a_route_step(1, raise_base_ms=5, class_rank=2),
        a_route_step(2, raise_base_ms=-9, class_rank=1),
        a_route_step(3, overflow_to="other"),
    ]
    route = steps_taken_until(a_route(urgency=an_urgency(base_ms=10), steps=steps), 2)
    assert (an_urgency(class_rank=2, base_ms=15), "main", steps[2:]) == (route.urgency, route.queue_id, list(route.steps))
    assert "other" == steps_taken_until(route, 3).queue_id


def test_no_step_is_taken_before_it_is_due() -> None:
    """And a route without steps stays itself."""
    route = a_route(needs="a>=1:expiring", steps=[a_route_step(5, drop="a")])
    assert route is steps_taken_until(route, 4)
    assert () == steps_taken_until(route, 5).requirements
    assert some_needs("a>=1:expiring") == route.requirements
