"""What changed between two sites or two rosters, in lines."""

from dataclasses import replace
from pathlib import Path

from routing.config.difference import describe_agents_difference, describe_difference
from routing.policy.presets.builtin import LEAST_COST, LONGEST_IDLE
from tests.builders import an_agent
from tests.routing.config.files import SITE, a_site, changed


def test_equal_sites_have_no_difference(tmp_path: Path) -> None:
    """The same file read twice is the same site."""
    assert describe_difference(a_site(tmp_path).site, a_site(tmp_path).site) == ()


def test_each_change_of_a_site_is_one_line(tmp_path: Path) -> None:
    """Values show old and new; parts that come or go are named; rules are compared by name."""
    old = a_site(tmp_path).site
    text = changed(changed(SITE, '"30s"', '"45s"'), 'prefer = ["sales >= 2"]', 'prefer = ["sales >= 4"]')
    new = a_site(tmp_path, changed(text, "calls = {}", "calls = { live_offers = 3 }\nspare = {}")).site
    assert describe_difference(old, new) == (
        "site.queues.calls.service_level.target_ms: 30000 -> 45000",
        "site.queues.calls.max_live_offers: 1 -> 3",
        "site.queues.spare: added",
        "site.rules.billing.urgency.target_ms: 30000 -> 45000",
        "site.rules.sales.urgency.target_ms: 30000 -> 45000",
        "site.rules.sales.requirements[0].value: 2 -> 4",
    )


def test_lists_and_missing_values_are_shown_in_words(tmp_path: Path) -> None:
    """A list of names is shown whole, a list of records by its length, and null as nothing."""
    old = a_site(tmp_path).site
    policy = replace(old.policy, bypass_class_rank=5)
    new = replace(old, skills=("billing",), policy=policy, rules=(replace(old.rules[0], steps=()), *old.rules[1:]))
    assert describe_difference(old, new) == (
        "site.skills: billing, sales -> billing",
        "site.rules.billing.steps: 1 entry -> none",
        "site.policy.bypass_class_rank: nothing -> 5",
    )


def test_the_order_of_rules_is_content(tmp_path: Path) -> None:
    """The first matching rule decides, so another order is a difference even where each rule is unchanged."""
    site = a_site(tmp_path).site
    swapped = replace(site, rules=(site.rules[1], site.rules[0], site.rules[2]))
    assert describe_difference(site, swapped) == ("site.rules: the order changed, and the first rule that matches decides",)
    assert describe_difference(site, replace(site, rules=site.rules[:2])) == ("site.rules.rest: removed",)


def test_another_policy_is_told_part_by_part(tmp_path: Path) -> None:
    """The policy's name leads its own changes."""
    site = a_site(tmp_path).site
    lines = describe_difference(replace(site, policy=LEAST_COST), replace(site, policy=LONGEST_IDLE))
    assert lines[0] == "site.policy.name: least-cost -> longest-idle"


def test_agents_that_came_left_or_changed_are_told_by_id() -> None:
    """Agents are sorted by id, whatever the order of the roster."""
    ana, ben, eva = an_agent("ana", skills="sales:7"), an_agent("ben", skills="sales:5"), an_agent("eva", skills="sales:3")
    changed_ben = replace(ben, attributes={"sales": 6, "law": 2})
    assert describe_agents_difference({"eva": eva, "ben": ben}, [changed_ben, ana]) == (
        "agent ana: added",
        "agent ben.attributes.sales: 5 -> 6",
        "agent ben.attributes.law: added, 2",
        "agent eva: removed",
    )
