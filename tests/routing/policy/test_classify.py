"""Classification: which rule decides, and what the interaction itself may change in the route."""

from dataclasses import replace

import pytest

from routing.model.interaction import Interaction
from routing.model.route import Route
from routing.model.site import Site
from routing.policy.classify import RuleClassifier
from tests.builders import a_queue, a_rule, a_site, a_step, an_interaction, an_urgency, some_needs
from tests.routing.policy.floor import START


def classified(interaction: Interaction, site: Site) -> Route:
    """The route, which must not depend on what the classifier remembers."""
    classifier = RuleClassifier()
    route = classifier(interaction, START, site)
    assert route is not None
    assert route == classifier(interaction, START, site)
    return route


RULES = (
    a_rule("vip", when="type=sales tier=gold|platinum"),
    a_rule("mail", when="channel=email|chat"),
    a_rule("coded", when="code=7"),
    a_rule("rest"),
)


@pytest.mark.parametrize(
    ("rule", "interaction"),
    [
        ("vip", an_interaction(tier="gold")),
        ("vip", an_interaction(tier="platinum", channel="email")),
        ("mail", an_interaction(channel="chat", tier="silver")),
        ("mail", an_interaction(channel="email", type="other", tier="gold")),
        ("coded", an_interaction(code=7)),
        ("rest", an_interaction(code="seven")),
        ("rest", an_interaction(type="other", tier="gold")),
        ("rest", an_interaction()),
    ],
)
def test_the_first_rule_whose_conditions_all_hold_decides(rule: str, interaction: Interaction) -> None:
    """Values of one field are alternatives, fields must all match, and an absent attribute matches nothing."""
    assert rule == classified(interaction, a_site(rules=RULES)).rule


def test_no_rule_is_no_route() -> None:
    """Nothing is sent somewhere by default; the answer is the same when asked again."""
    classifier = RuleClassifier()
    site = a_site(rules=RULES[:1])
    assert [None, None] == [classifier(an_interaction(), START, site) for _ in range(2)]


def test_the_route_carries_the_rule_with_absolute_times() -> None:
    """Steps are counted from the arrival, and everything else is the rule's own."""
    urgency = an_urgency(class_rank=3)
    rule = a_rule("r", queue="q", needs="sales>=5", urgency=urgency, steps=[a_step(0, drop="x"), a_step(60_000, overflow_to="q")])
    route = classified(an_interaction(), a_site(queues=[a_queue("q")], rules=[rule]))
    assert ("r", "q", urgency, some_needs("sales>=5")) == (route.rule, route.queue_id, route.urgency, route.requirements)
    assert [START, START + 60_000] == [step.due_at for step in route.steps]
    assert [step.relaxation for step in rule.steps] == [step.relaxation for step in route.steps]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", "sales>=5 english>=4:expiring french>=2:prefer"),
        ("spanish>=3", "sales>=5 english>=4:expiring french>=2:prefer spanish>=3"),
        ("english>=8", "sales>=5 french>=2:prefer english>=8"),
        ("english>=1:prefer", "sales>=5 french>=2:prefer english>=1:prefer"),
        ("sales>=1", "sales>=5 english>=4:expiring french>=2:prefer sales>=1"),
        ("sales>=9 french>=5", "sales>=5 english>=4:expiring sales>=9 french>=5"),
    ],
)
def test_what_the_interaction_asks_for_itself(asked: str, expected: str) -> None:
    """It adds to the rule's requirements and replaces those on the same attribute, except a must: nobody outside the site may loosen it."""
    site = a_site(rules=[a_rule(needs="sales>=5 english>=4:expiring french>=2:prefer")])
    assert some_needs(expected) == classified(an_interaction(needs=asked), site).requirements


@pytest.mark.parametrize(("due_at", "target_ms"), [(START + 5_000, 5_000), (START, 1), (START - 9, 1)])
def test_a_due_date_replaces_the_target(due_at: int, target_ms: int) -> None:
    """A date that has passed puts on the full pressure from the first millisecond; nothing else of the urgency changes."""
    urgency = an_urgency(pressure_weight_ms=9_000, target_ms=20_000)
    route = classified(an_interaction(due_at=due_at), a_site(rules=[a_rule(urgency=urgency)]))
    assert replace(urgency, target_ms=target_ms) == route.urgency


@pytest.mark.parametrize(
    ("points", "base_ms", "class_rank"), [(0, 5_000, 4), (3, 185_000, 1), (-2, -115_000, 6), (9, 545_000, 0), (-1_000, -59_995_000, 1_000)]
)
def test_a_priority_moves_base_and_class_by_what_a_point_is_worth(points: int, base_ms: int, class_rank: int) -> None:
    """Here a minute and a class downwards a point; a class stays within 0 and 1,000."""
    urgency = an_urgency(base_ms=5_000, class_rank=4, ms_per_point=60_000, class_per_point=-1)
    route = classified(an_interaction(points=points), a_site(rules=[a_rule(urgency=urgency)]))
    assert replace(urgency, base_ms=base_ms, class_rank=class_rank) == route.urgency


def test_the_memory_follows_the_site_and_stays_small() -> None:
    """Another site is classified by its own rules, and thousands of different values are not kept for ever."""
    classifier = RuleClassifier()
    first, second = a_site(rules=[a_rule("one", when="case=1"), a_rule("other")]), a_site(rules=[a_rule("new")])
    routes = [classifier(an_interaction(case=case), START, first) for case in range(10_000)]
    assert ["other", "one", "other"] == [route.rule for route in routes[:3] if route is not None]
    assert len(classifier._rule_of) <= 4_097
    route = classifier(an_interaction(case=1), START, second)
    assert route is not None
    assert "new" == route.rule
