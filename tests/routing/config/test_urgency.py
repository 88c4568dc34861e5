"""Urgency by name: each preset becomes the numbers it stands for, and what does not belong to it is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.route import EarlyStep, Reach, Relaxation, RuleStep, Urgency
from tests.builders import an_agent, an_interaction
from tests.routing.config.files import SITE, a_site, changed, headline
from tests.routing.policy.floor import a_floor

MINUTE_MS, DAY_MS = 60_000, 86_400_000
OLD = 'urgency.cap = "20s"\n'


def with_urgency(folder: Path, text: str, defaults: str = "") -> Urgency:
    """What the last rule of the site says in `text`, under those rule defaults."""
    site = changed(SITE, OLD, f"urgency = {{ {text} }}\n") if text else changed(SITE, OLD, "")
    if defaults:
        site = changed(site, "[queues]", f"[rule_defaults.urgency]\n{defaults}\n\n[queues]")
    return a_site(folder, site).site.rules[-1].urgency


def numbers(**changed_to: int) -> Urgency:
    """The urgency of a rule that says nothing, but for these."""
    plain = {
        "class_rank": 0,
        "base_ms": 0,
        "slope_per_mille": 1_000,
        "cap_ms": 30 * DAY_MS,
        "pressure_weight_ms": 0,
        "target_ms": 14_400_000,
    }
    return Urgency(**{**plain, **changed_to})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", numbers()),
        ('per_point = "30s"', numbers(ms_per_point=30_000)),
        ('per_point = "30s", lowest_first = true', numbers(ms_per_point=-30_000)),
        ('preset = "strict"', numbers(class_per_point=1)),
        ('preset = "strict", lowest_first = true', numbers(class_per_point=-1)),
        ('preset = "minutes-per-point"', numbers(ms_per_point=MINUTE_MS)),
        (
            'preset = "minutes-per-point", per_point = "90s", base = "5s", slope = 0',
            numbers(ms_per_point=90_000, base_ms=5_000, slope_per_mille=0),
        ),
        (
            'preset = "acceleration", initial = 3, acceleration = 0.5, maximum = 10',
            numbers(base_ms=3 * MINUTE_MS, slope_per_mille=500, cap_ms=10 * MINUTE_MS, ms_per_point=MINUTE_MS),
        ),
        (
            'preset = "acceleration", acceleration = 2, maximum = 10, per_point = "30s"',
            numbers(slope_per_mille=1_000, cap_ms=300_000, ms_per_point=30_000),
        ),
        ('preset = "last-in-first-out", base = "1h"', numbers(slope_per_mille=-1_000, base_ms=3_600_000)),
        ("slope = -0.25", numbers(slope_per_mille=-250)),
    ],
)
def test_a_preset_becomes_its_numbers(text: str, expected: Urgency, tmp_path: Path) -> None:
    """Those of the preset, and the plain ones beside it."""
    assert expected == with_urgency(tmp_path, text)


ACCELERATED = numbers(base_ms=3 * MINUTE_MS, slope_per_mille=500, cap_ms=10 * MINUTE_MS, ms_per_point=MINUTE_MS, pressure_weight_ms=1_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ACCELERATED),
        ("initial = 4", replace(ACCELERATED, base_ms=4 * MINUTE_MS)),
        ('preset = "strict"', numbers(class_per_point=1, pressure_weight_ms=1_000)),
    ],
)
def test_a_rule_takes_the_numbers_of_the_defaults_that_its_preset_has_a_use_for(text: str, expected: Urgency, tmp_path: Path) -> None:
    """A preset of its own leaves those of another behind."""
    defaults = 'preset = "acceleration"\ninitial = 3\nacceleration = 0.5\nmaximum = 10\npressure = "1s"'
    assert expected == with_urgency(tmp_path, text, defaults)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('preset = "fifo"', 'urgency.preset: "fifo" is not one of strict, minutes-per-point'),
        ('preset = "acceleration", maximum = 5', "urgency.acceleration: is missing (rule rest). The preset acceleration needs it."),
        ('preset = "acceleration", acceleration = 1, maximum = 5, initial = 6', "urgency.maximum: lies below the initial priority"),
        ('preset = "acceleration", acceleration = 1, maximum = 0', "urgency.maximum: lies below the initial priority"),
        ('preset = "acceleration", acceleration = 90, maximum = 5, per_point = "16min"', "urgency.acceleration: adds more than 100 s"),
        ('preset = "acceleration", acceleration = 1, maximum = 5, slope = 2', "urgency.slope: contradicts the preset acceleration"),
        ('preset = "acceleration", acceleration = 101, maximum = 5', "urgency.acceleration: 101 is not an acceleration"),
        ('preset = "delay-gate", delay = "30s"', "urgency.only: is missing (rule rest). The preset delay-gate needs it."),
        (
            'preset = "strict", per_point = "1min"',
            "urgency.per_point: means nothing under the preset strict (rule rest).",
        ),
        ("initial = 3", "means nothing without a preset (rule rest). Remove it, or use the preset acceleration."),
        ('preset = "last-in-first-out", slope = -1', "urgency.slope: contradicts the preset last-in-first-out"),
        ("slope = -1.5", "urgency.slope: -1.5 is not a slope. Write a number from -1 to 100"),
        ('per_point = "17min"', 'urgency.per_point: "17min" is more than a point can be worth. Write at most "1000s".'),
        ('preset = "delay-gate", delay = "30s", only = "tier = 1"', "is not a requirement"),
        ('preset = "delay-gate", delay = "30s", only = "sales >= 12"', "asks for a level that no agent can have (rule rest)"),
    ],
)
def test_what_does_not_belong_to_a_preset_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """By file, line, key and remedy."""
    with pytest.raises(ConfigError) as refusal:
        with_urgency(tmp_path, text)
    assert message in headline(refusal.value, tmp_path)


def test_a_gate_keeps_an_interaction_from_some_agents_until_its_delay_is_over(tmp_path: Path) -> None:
    """Priority and delay as one preset: a requirement and the step that drops it, between the steps of the rule, which leave it alone."""
    ladder = 'expiring = ["sales >= 5"]\nsteps = [{ after = "20s", drop = "all" }, { after = "2min", raise = "1min" }]\n'
    gate = 'preset = "delay-gate", delay = "30s", only = "support == first", per_point = "1min", lowest_first = true'
    text = changed(SITE, OLD, f"{ladder}urgency = {{ {gate} }}\n")
    site = a_site(tmp_path, text).site
    rule = site.rules[-1]
    assert numbers(ms_per_point=-MINUTE_MS) == rule.urgency
    assert Requirement(attribute="support", operator=Operator.EQUAL, value="first", kind=RequirementKind.EXPIRING) == rule.requirements[-1]
    assert [
        RuleStep(after_ms=20_000, relaxation=Relaxation(drop=("sales",))),
        RuleStep(after_ms=30_000, relaxation=Relaxation(drop=("support",))),
        RuleStep(after_ms=120_000, relaxation=Relaxation(raise_base_ms=60_000)),
    ] == list(rule.steps)
    floor = a_floor(site, an_agent(skills="support:second", channels="email:1"))
    floor.enqueue(an_interaction(channel="email"))
    floor.wait(29_999)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i1": ["a1"]} == floor.offered


def test_a_gate_of_an_attribute_that_the_rule_asks_for_is_refused(tmp_path: Path) -> None:
    """Its end would drop what the rule asks."""
    gate = 'must = ["support == first"]\nurgency = { preset = "delay-gate", delay = "30s", only = "support == first" }\n'
    with pytest.raises(ConfigError, match="Let the gate ask for an attribute of its own"):
        a_site(tmp_path, changed(SITE, OLD, gate))


def test_a_step_may_widen_and_may_come_early(tmp_path: Path) -> None:
    """One value or a list, for whom it waits, and whether it watches them."""
    rule = (
        'expiring = ["team in red, blue", "billing >= 5"]\nsteps = [{ after = "1min", widen.team = "green", early_if_nobody = "present" }, '
    )
    rule += '{ after = "2min", widen = { team = ["grey", "red"] }, drop = ["billing"], early_if_nobody = "available", watched = true }]\n'
    first = a_site(tmp_path, changed(SITE, 'expiring = ["billing >= 5"]\nsteps = [{ after = "1min", drop = "all" }]\n', rule)).site.rules[0]
    assert ("red", ("blue",)) == (first.requirements[0].value, first.requirements[0].alternatives)
    assert (
        RuleStep(after_ms=60_000, relaxation=Relaxation(widen={"team": ("green",)}), early=EarlyStep(if_nobody=Reach.PRESENT)),
        RuleStep(
            after_ms=120_000,
            relaxation=Relaxation(widen={"team": ("grey", "red")}, drop=("billing",)),
            early=EarlyStep(if_nobody=Reach.AVAILABLE, is_watched=True),
        ),
    ) == first.steps


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('expiring = ["team in red, , blue"]', "lists a value that is empty"),
        ('expiring = ["billing in 5, law"]', '"billing in 5, law" compares a skill with a symbol (rule billing)'),
        ('expiring = ["team == red"]\nsteps = [{ after = "1s", widen.team = "red" }]', 'does not widen "team == red"'),
        ('expiring = ["team == red"]\nsteps = [{ after = "1s", widen.team = 3 }]', "asks for a skill that this site does not declare"),
        ('expiring = ["billing >= 5"]\nsteps = [{ after = "1s", widen.billing = 3 }]', 'widens "billing >= 5"'),
        (
            'must = ["team == red"]\nsteps = [{ after = "1s", widen.team = "blue" }]',
            "which rule billing states as must",
        ),
        ('steps = [{ after = "1s", early_if_nobody = "available" }]', "changes nothing (rule billing)"),
        ('steps = [{ after = "1s", raise = "1s", watched = true }]', "watches for nobody (rule billing)"),
        ('steps = [{ after = "1s", raise = "1s", early_if_nobody = "busy" }]', '"busy" is not one of registered, present, available'),
    ],
)
def test_a_widening_or_early_step_that_cannot_work_is_refused(rule: str, message: str, tmp_path: Path) -> None:
    """By file, line, key and remedy."""
    text = changed(SITE, 'expiring = ["billing >= 5"]\nsteps = [{ after = "1min", drop = "all" }]\n', f"{rule}\n")
    with pytest.raises(ConfigError) as refusal:
        a_site(tmp_path, text)
    assert message in headline(refusal.value, tmp_path)


def test_a_value_of_a_requirement_may_stand_for_each(tmp_path: Path) -> None:
    """The braces are filled in the alternatives and in the gate, too."""
    text = changed(SITE, 'name = "rest"\n', 'name = "rest {team}"\nfor_each.team = ["red", "blue"]\nmust = ["home in {team}, any"]\n')
    text = changed(text, OLD, 'urgency = { preset = "delay-gate", delay = "30s", only = "desk in any, {team}" }\n')
    rule = a_site(tmp_path, changed(text, 'queue = "post"\n', 'queue = "post"\nsteps = []\n')).site.rules[2]
    assert [("red", ("any",)), ("any", ("red",))] == [(need.value, need.alternatives) for need in rule.requirements]


def test_a_site_may_keep_the_routes_of_what_waits(tmp_path: Path) -> None:
    """By a word; it classifies again otherwise."""
    assert not a_site(tmp_path).site.keeps_waiting_routes
    assert a_site(tmp_path, changed(SITE, 'id = "desk"', 'id = "desk"\nwaiting_routes = "keep"')).site.keeps_waiting_routes
    assert an_interaction().priority == 0


SEVERAL = """
also = [{ queue = "post", must = ["language == es"], expiring = ["sales >= 8"], steps = [{ after = "2min", lower = 3 }] }]
"""


def test_a_rule_may_lead_to_further_queues(tmp_path: Path) -> None:
    """Each with what it asks and a ladder of its own; a queue that only they lead to is used, with its defaults."""
    rule = a_site(tmp_path, changed(SITE, 'prefer = ["sales >= 2"]\n', f'prefer = ["sales >= 2"]{SEVERAL}')).site.rules[1]
    (further,) = rule.also
    assert ("calls", "post") == (rule.queue_id, further.queue_id)
    assert [("language", "es"), ("sales", 8)] == [(need.attribute, need.value) for need in further.requirements]
    assert (RuleStep(after_ms=120_000, relaxation=Relaxation(lower={"sales": 3})),) == further.steps
    spare = changed(changed(SITE, "calls = {}", "calls = {}\nspare = {}"), 'prefer = ["sales >= 2"]\n', 'also = [{ queue = "spare" }]\n')
    config = a_site(tmp_path, spare)
    assert [] == [one.text for one in config.findings if "spare" in one.text]
    assert 1 == config.site.queues["spare"].missed_offer.threshold


@pytest.mark.parametrize(
    ("also", "message"),
    [
        ('[{ queue = "posts" }]', 'key rules[1].also[0].queue: "posts" is not a queue of this site. Did you mean "post"?'),
        ('[{ queue = "calls" }]', 'key rules[1].also[0].queue: "calls" is a queue of rule sales already. List each queue once.'),
        ('[{ queue = "post" }, { queue = "post" }]', 'key rules[1].also[1].queue: "post" is a queue of rule sales already.'),
        ('[{ must = ["sales >= 2"] }]', "key rules[1].also[0].queue: is missing"),
        ('[{ queue = "post", must = ["law >= 2"] }]', 'key rules[1].also[0].must[0]: "law >= 2" asks for a skill that this site does not'),
        ('[{ queue = "post", steps = [{ after = "1s", drop = ["law"] }] }]', "is not an expiring requirement of rule sales"),
        ('[{ queue = "post", steps = [{ after = "1s", overflow = "calls" }] }]', "none of its steps may move it to another"),
    ],
)
def test_a_further_queue_that_cannot_work_is_refused(also: str, message: str, tmp_path: Path) -> None:
    """By file, line, key and remedy."""
    with pytest.raises(ConfigError) as refusal:
        a_site(tmp_path, changed(SITE, 'prefer = ["sales >= 2"]\n', f"also = {also}\n"))
    assert message in headline(refusal.value, tmp_path)
