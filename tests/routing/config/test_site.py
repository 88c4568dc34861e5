"""Site files: what they become, and how a wrong one is refused."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.model.agent import Presence
from routing.model.queue import MissedOfferRule, ReofferRule, ServiceLevel
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.route import Relaxation, RuleStep, Urgency
from tests.routing.config.files import POLICY, SITE, a_site, changed, headline, written


def test_a_rule_becomes_a_route_rule_with_documented_defaults(tmp_path: Path) -> None:
    """What a rule leaves out is class 0, slope 1, a cap of 30 days, no pressure, and the queue's target."""
    rule = a_site(tmp_path).site.rules[0]
    assert rule.when == {"channel": ("phone",), "topic": ("billing", "refund")}
    assert rule.urgency == Urgency(
        class_rank=0, base_ms=0, slope_per_mille=1_000, cap_ms=2_592_000_000, pressure_weight_ms=0, target_ms=30_000
    )
    assert rule.requirements == (Requirement(attribute="billing", operator=Operator.AT_LEAST, value=5, kind=RequirementKind.EXPIRING),)
    assert rule.steps == (RuleStep(after_ms=60_000, relaxation=Relaxation(drop=("billing",))),)


def test_a_queue_takes_its_own_numbers_before_the_defaults(tmp_path: Path) -> None:
    """Defaults fill in key by key, and the documented values stand behind them."""
    queue = a_site(tmp_path).site.queues["post"]
    assert queue.service_level == ServiceLevel(target_ms=14_400_000, goal_per_mille=800, short_abandon_ms=5_000)
    assert (queue.offer_timeout_ms, queue.offer_extension_ms, queue.max_live_offers, queue.wrap_up_limit_ms) == (20_000, 0, 1, 0)
    assert queue.reoffer == ReofferRule(declined_ms=60_000, expired_ms=60_000, connect_failed_ms=10_000, busy_ms=None, withdrawn_ms=10_000)
    text = changed(SITE, "calls = {}", 'calls = { reoffer_after = { declined = "5s", busy = "0s" } }')
    stated = a_site(tmp_path, text).site.queues["calls"].reoffer
    assert stated == ReofferRule(declined_ms=5_000, expired_ms=60_000, connect_failed_ms=10_000, busy_ms=0, withdrawn_ms=10_000)


def test_missing_one_live_offer_takes_an_agent_off_the_floor_by_default(tmp_path: Path) -> None:
    """The default threshold is 1 where a live channel can arrive, 0 elsewhere, and a stated one always holds."""
    site = a_site(tmp_path, changed(SITE, 'name = "rest"\n', 'name = "rest"\nwhen.channel = "email"\n')).site
    assert {queue.id: queue.missed_offer for queue in site.queues.values()} == {
        "calls": MissedOfferRule(threshold=1),
        "post": MissedOfferRule(threshold=0),
    }
    stated = a_site(tmp_path, changed(SITE, "calls = {}", "calls = { missed_offers = 3 }")).site
    assert stated.queues["calls"].missed_offer == MissedOfferRule(threshold=3)


def test_a_site_says_what_missing_offers_makes_of_an_agent(tmp_path: Path) -> None:
    """For all queues or for one; a word that is no presence is refused."""
    stated = a_site(tmp_path, changed(SITE, "calls = {}", 'calls = { missed_offers = 3, after_missed_offers = "offline" }')).site
    assert stated.queues["calls"].missed_offer == MissedOfferRule(threshold=3, presence=Presence.OFFLINE)
    with pytest.raises(ConfigError, match="after_missed_offers"):
        a_site(tmp_path, changed(SITE, "calls = {}", 'calls = { after_missed_offers = "away" }'))


@pytest.mark.parametrize(("stated", "limit_ms"), [('"keep"', None), ('"reset"', 0), ('"5min"', 300_000)])
def test_a_site_says_how_much_age_a_transfer_takes_along(tmp_path: Path, stated: str, limit_ms: int | None) -> None:
    """All of it, none, or at most a duration; all where nothing is said."""
    assert a_site(tmp_path, changed(SITE, 'id = "desk"', f'id = "desk"\ntransfer_age = {stated}')).site.transfer_age.limit_ms == limit_ms
    assert a_site(tmp_path, SITE).site.transfer_age.limit_ms is None


@pytest.mark.parametrize("stated", ['"all"', "5", '"400 d"'])
def test_an_age_that_cannot_go_along_is_refused(tmp_path: Path, stated: str) -> None:
    """With the three ways to write it, or by the router's own bound."""
    with pytest.raises(ConfigError, match="transfer_age"):
        a_site(tmp_path, changed(SITE, 'id = "desk"', f'id = "desk"\ntransfer_age = {stated}'))


def test_rule_defaults_hold_for_rules_that_say_nothing(tmp_path: Path) -> None:
    """A rule's own list replaces the default list; terms of urgency fill in one by one."""
    defaults = '[rule_defaults]\nclass = 2\nurgency = { base = "10s", slope = 1.5 }\nmust = ["language == es"]\n\n'
    text = changed(
        changed(SITE, '[[rules]]\nname = "billing"', f'{defaults}[[rules]]\nname = "billing"'), 'prefer = ["sales >= 2"]', "must = []"
    )
    first, second, _ = a_site(tmp_path, changed(text, 'name = "sales"', 'name = "sales"\nurgency.base = "1s"')).site.rules
    assert (first.urgency.class_rank, first.urgency.base_ms, first.urgency.slope_per_mille) == (2, 10_000, 1_500)
    assert first.requirements[0] == Requirement(attribute="language", operator=Operator.EQUAL, value="es")
    assert (second.urgency.base_ms, second.urgency.slope_per_mille, second.requirements) == (1_000, 1_500, ())


def test_a_step_may_lower_every_level_that_is_above(tmp_path: Path) -> None:
    """A bare level lowers what is above it and leaves the rest alone."""
    text = changed(SITE, 'expiring = ["billing >= 5"]', 'expiring = ["billing >= 5", "sales >= 2"]')
    rule = a_site(tmp_path, changed(text, 'drop = "all"', 'lower = 3, raise = "20s", class = 4, overflow = "post"')).site.rules[0]
    assert rule.steps[0].relaxation == Relaxation(lower={"billing": 3}, raise_base_ms=20_000, class_rank=4, overflow_to="post")


def test_a_rule_for_each_value_stands_for_as_many_rules(tmp_path: Path) -> None:
    """The field in braces becomes the value in name, queue and requirements, and the value becomes a condition."""
    text = changed(SITE, 'name = "sales"\n', 'name = "sell {team}"\nfor_each.team = ["sales", "billing"]\n')
    rules = a_site(tmp_path, changed(text, '["sales >= 2"]', '["{team} >= 2", "desk == {team}"]')).site.rules
    assert [rule.name for rule in rules] == ["billing", "sell sales", "sell billing", "rest"]
    assert rules[2].when == {"channel": ("phone",), "team": ("billing",)}
    assert [(one.attribute, one.value) for one in rules[2].requirements] == [("billing", 2), ("desk", "billing")]


def test_the_policy_is_a_name_or_a_file_beside_the_site(tmp_path: Path) -> None:
    """The active policy may be built in, named by the site, or a path; further ones are kept for comparisons."""
    written(tmp_path, "night.toml", POLICY)
    assert a_site(tmp_path).site.policy.name == "balanced"
    assert a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\npolicy = "night.toml"')).site.policy.name == "night"
    named = a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\npolicy = "late"\npolicies = { late = "night.toml" }'))
    assert (named.site.policy.match_interval_ms, list(named.policies)) == (2_000, ["late"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('queue = "post"', 'queue = "posts"', 'line 31, key rules[2].queue: "posts" is not a queue of this site. Did you mean "post"?'),
        (
            'channel = "phone" }',
            'channel = "fone" }',
            'line 25, key rules[1].when.channel: "fone" is not a channel of this site. Did you mean "phone"?',
        ),
        (
            '["sales >= 2"]',
            '["sale >= 2"]',
            ('line 27, key rules[1].prefer[0]: "sale >= 2" asks for a skill that this site does not declare (rule sales). '
            'Did you mean "sales"? Or add "sale" to skills.'),
        ),
        (
            '["sales >= 2"]',
            '["sales >= 12"]',
            'line 27, key rules[1].prefer[0]: "sales >= 12" asks for a level that no agent can have (rule sales). Levels run from 1 to 10.',
        ),
        (
            '["sales >= 2"]',
            '["sales == high"]',
            ('line 27, key rules[1].prefer[0]: "sales == high" compares a skill with a symbol (rule sales). '
            "Compare it with a level from 1 to 10."),
        ),
        (
            '["sales >= 2"]',
            '["sales => 2"]',
            ('line 27, key rules[1].prefer[0]: "sales => 2" is not a requirement. '
            'Write an attribute, one of >= <= == != and a value, such as "billing >= 5", "language == es" or "team in red, blue".'),
        ),
        (
            'name = "rest"',
            'name = "sales"',
            ('line 30, key rules[2].name: "sales" names two rules. '
            "Give each rule its own name; one that stands for each of several values has the {field} in it."),
        ),
        (
            '["billing", "sales"]',
            '["billing", "sales", "billing"]',
            'line 3, key skills[2]: "billing" is listed twice. Remove one.',
        ),
        (
            '{ after = "1min", drop = "all" }',
            '{ after = "1min", drop = ["sales"] }',
            'line 21, key rules[0].steps[0].drop: "sales" is not an expiring requirement of rule billing. Known: billing.',
        ),
        (
            '[{ after = "1min", drop = "all" }]',
            '[{ after = "1min", drop = "all" }, { after = "1min", class = 3 }]',
            ("line 21, key rules[0].steps[1].after: does not come after the step before it (rule billing). "
            "List the steps earliest first, each at its own time."),
        ),
        (
            'drop = "all" }',
            "class = 0 }",
            ("line 21, key rules[0].steps[0].class: 0 does not raise the class, which is 0 by then (rule billing). "
            "A ladder only ever raises it."),
        ),
        (
            ', drop = "all" }',
            " }",
            (
                "line 21, key rules[0].steps[0]: changes nothing (rule billing)."
                " Give it drop, lower, widen, raise, class, overflow, release or divert."
            ),
        ),
        (
            'drop = "all" }',
            "lower = { billing = 6 } }",
            'line 21, key rules[0].steps[0].lower.billing: 6 does not lower "billing >= 5". Write a level below 5.',
        ),
        (
            'drop = "all" }',
            'overflow = "pots" }',
            'line 21, key rules[0].steps[0].overflow: "pots" is not a queue of this site. Did you mean "post"?',
        ),
        (
            'service_level.target = "30s"',
            'offer_timeout = "9s"',
            ('line 13, key queues.calls.service_level.target: is missing. Add service_level.target = "30s", or state it for all queues in '
            "[queue_defaults]."),
        ),
        ("live = true", "live = 1", 'line 6, key channels.phone.live: 1 is neither true nor false. Write true or false, without quotes.'),
        (
            'target = "4h"',
            "target = 4",
            'line 14, key queues.post.service_level.target: 4 has no unit. Write the unit: "4s", "4min", "4h", "4d" or "4ms".',
        ),
        (
            "live = true",
            "live = true, weight = 3",
            (
                "line 6, key channels.phone.weight: is not a key that can stand here. "
                "Known: agent_maximum, capacity_cost, interruptible_by, live."
            ),
        ),
    ],
)  # fmt: skip
def test_a_wrong_site_is_refused_with_place_and_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each mistake is told with its line, key, value and what to write instead."""
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(SITE, old, new))
    assert headline(caught.value, tmp_path) == f"site.toml, {message}"


def test_an_unknown_policy_is_told_at_its_line(tmp_path: Path) -> None:
    """The nearest policies are listed, and how to name a file."""
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\npolicy = "lest-cost"'))
    expected = 'site.toml, line 3, key policy: "lest-cost" is not the name of a policy. Did you mean "least-cost"? '
    assert headline(caught.value, tmp_path) == f"{expected}A policy file is named by its path, with .toml."


def test_a_must_is_never_relaxed(tmp_path: Path) -> None:
    """A step that drops what the rule states as must is refused by name."""
    with pytest.raises(ConfigError, match='relaxes "billing >= 5", which rule billing states as must'):
        a_site(tmp_path, changed(changed(SITE, 'expiring = ["b', 'must = ["b'), 'drop = "all"', 'drop = ["billing"]'))


def test_an_inherited_step_is_told_where_it_stands(tmp_path: Path) -> None:
    """A fault that comes from the defaults names their line, and the rule it does not fit."""
    text = changed(SITE, "[queues]", '[rule_defaults]\nsteps = [{ after = "1min", drop = ["billing"] }]\n\n[queues]')
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, text)
    message = (
        'site.toml, line 13, key rule_defaults.steps[0].drop: "billing" is not an expiring requirement of rule sales. None is defined.'
    )
    assert headline(caught.value, tmp_path) == message


def test_every_fault_of_a_site_is_told_at_once(tmp_path: Path) -> None:
    """The first is the headline, the others follow."""
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(changed(SITE, 'queue = "post"', 'queue = "posts"'), '["sales >= 2"]', '["sales >= 0"]'))
    assert [error.key for error in (caught.value, *caught.value.others)] == ["rules[1].prefer[0]", "rules[2].queue"]


def test_another_schema_is_not_a_site(tmp_path: Path) -> None:
    """A roster given as a site is told apart before its keys are read."""
    with pytest.raises(ConfigError, match='"careroute/roster/1" is not a site'):
        a_site(tmp_path, changed(SITE, "careroute/site/1", "careroute/roster/1"))


def test_what_only_the_router_knows_is_told_in_its_words(tmp_path: Path) -> None:
    """A duration beyond the router's bound passes the file's checks and is refused with the router's reason."""
    with pytest.raises(ConfigError, match=r"site\.retention_ms"):
        a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\nretention = "400d"'))


def test_a_named_policy_may_not_hide_a_known_one(tmp_path: Path) -> None:
    """A site that gives least-cost another meaning would make every comparison ambiguous."""
    written(tmp_path, "night.toml", POLICY)
    with pytest.raises(ConfigError, match="is the name of a known policy"):
        a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\npolicies = { least-cost = "night.toml" }'))


def test_a_fault_of_the_policy_file_is_told_in_that_file(tmp_path: Path) -> None:
    """The message leads to the file that must be changed, not to the site that names it."""
    written(tmp_path, "night.toml", changed(POLICY, "min_cost_flow", "min_cost"))
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\npolicy = "night.toml"'))
    assert headline(caught.value, tmp_path).startswith("night.toml, line 3, key assigner")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('queue = "post"\n', "", "key rules[2].queue: is missing. Say where rest leads: queue = ..."),
        ('["billing >= 5"]', '["billing <= 5"]', 'lowers "billing <= 5". Only a requirement with >= has a level to lower.'),
        ('["billing >= 5"]', '["sales >= 5"]', '"billing" is not an expiring requirement of rule billing. Known: sales.'),
    ],
)
def test_a_rule_that_does_not_hang_together_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A rule leads somewhere, and its steps lower only what has a level."""
    text = changed(SITE, 'drop = "all" }', "lower = { billing = 3 } }")
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(text, old, new))
    assert message in headline(caught.value, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('topic = ["billing", "refund"]', "topic = []", "is an empty list, which nothing matches"),
        ('topic = ["billing", "refund"]', "topic = [true]", "is neither a text nor a whole number"),
        ('drop = "all"', "drop = 3", "does not name requirements"),
        ('drop = "all"', "lower = 30", "is not a level from 1 to 10"),
        ('["billing >= 5"]', "[5]", "is not a requirement"),
        ('["billing >= 5"]', '["billing >= much"]', "compares by >=, which needs a whole number"),
        ('name = "rest"', 'name = "rest"\nurgency.slope = "1"', "is not a number"),
        ('name = "rest"', 'name = "rest"\nurgency.slope = 0.0005', "has more than three decimals"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """No value is converted in silence."""
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(SITE, old, new))
    assert caught.value.problem == problem
