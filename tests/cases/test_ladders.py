"""Behaviour cases: requirements that relax with time."""

from dataclasses import replace
from pathlib import Path

import pytest

from routing.config.report import check_roster_against
from routing.config.roster_file import load_roster
from routing.config.site import read_site
from routing.core.commands import ApplySite, PutAgents
from routing.core.events import OfferMade, RequirementRelaxed, RouteChanged
from routing.core.state import InteractionRow
from routing.policy.presets.builtin import SKILLS_PRIORITY
from tests.builders import a_policy, a_queue, a_rule, a_step, an_agent, an_interaction, an_urgency
from tests.cases.centers import SECOND_MS, a_default_site, able, eligible_before, preset, served_in_order
from tests.routing.config.files import written
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers


def waiting(floor: Floor, interaction_id: str = "i1") -> InteractionRow:
    """The row of what waits."""
    return floor.router.state.interactions[interaction_id]


def test_at_31_a_freed_agent_is_not_used_before_their_step() -> None:
    """French 4 and DynamoDB 5 for 30 s, then French 3: an agent with (3, 5) is freed at 10 s and has the call at 30 s."""
    steps = [a_step(30 * SECOND_MS, lower="french:3"), a_step(60 * SECOND_MS, lower="french:1 dynamodb:1")]
    rules = [a_rule("criteria", when="type=criteria", needs="french>=4:expiring dynamodb>=5:expiring", steps=steps), a_rule()]
    floor = a_floor(a_phone_site(policy=preset("amazon-connect"), rules=rules), *callers("french:3 dynamodb:5"))
    floor.enqueue(an_interaction("before"))
    floor.accept("before")
    floor.enqueue(an_interaction("i1", type="criteria"))
    floor.wait(10 * SECOND_MS)
    floor.end("before")
    floor.wait(20 * SECOND_MS - 1)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i1": ["a1"]} == floor.offered


@pytest.mark.parametrize(("licence", "able_in_the_end"), [("licence==yes:expiring", ["a1", "a2"]), ("licence==yes", ["a1"])])
def test_at_32_exhausted_steps_open_to_everybody_but_never_a_licence(licence: str, able_in_the_end: list[str]) -> None:
    """All that may expire is dropped by the last step; the licence only where the site says that it may, and must says that it may not."""
    steps = [a_step(30 * SECOND_MS, lower="sales:1"), a_step(60 * SECOND_MS, drop="sales licence")]
    floor = a_floor(a_default_site(rules=[a_rule(needs=f"sales>=9:expiring {licence}", steps=steps)]))
    floor.do(PutAgents(agents=tuple(callers("licence:yes", "sales:5"))))
    floor.enqueue(an_interaction())
    assert [] == able(floor)
    floor.wait(60 * SECOND_MS)
    assert able_in_the_end == able(floor)


def test_at_34_rings_only_grow_and_what_was_asked_stays_on_record() -> None:
    """A step that would narrow changes nobody, and a dropped skill is still what the interaction asked for."""
    steps = [
        a_step(10_000, lower="sales:5"),
        a_step(20_000, lower="sales:7"),
        a_step(30_000, drop="sales"),
        a_step(40_000, lower="sales:9"),
    ]
    floor = a_floor(a_default_site(rules=[a_rule(steps=steps)]))
    floor.do(PutAgents(agents=tuple(callers("sales:9", "sales:5", "sales:2", ""))))
    floor.enqueue(an_interaction(needs="sales>=9:expiring"))
    asked = waiting(floor).interaction.requirements
    rings = [able(floor)]
    for _ in steps:
        floor.wait(10_000)
        rings.append(able(floor))
    assert [["a1"], ["a1", "a2"], ["a1", "a2"], ["a1", "a2", "a3", "a4"], ["a1", "a2", "a3", "a4"]] == rings
    assert ((), asked) == (waiting(floor).route.requirements, waiting(floor).interaction.requirements)


def test_at_35_the_trace_shows_which_pool_was_open_at_each_offer() -> None:
    """Ring 1 {A1 1 star, A4 unskilled}, ring 2 A2 2 stars, ring 3 A3 3 stars, 5 s each; A1 rings in silence for 15 s.

    A3 comes next, and it looks as if ring 2 had been left out. The log says why: both later rings had opened while A1 rang, and A2 was in
    the pool and had fewer stars.
    """
    steps = [a_step(5_000, drop="ring_1"), a_step(10_000, drop="ring_2")]
    rules = [a_rule(needs="support>=1 ring_1==yes:expiring ring_2==yes:expiring", steps=steps)]
    floor = a_floor(a_default_site(rules=rules))
    inner, middle = "ring_1:yes ring_2:yes", "ring_2:yes"
    for name, skills in (("A1", f"support:1 {inner}"), ("A4", inner), ("A2", f"support:2 {middle}"), ("A3", "support:3")):
        floor.staff(an_agent(name, skills=skills, channels="voice:1"))
    floor.enqueue(an_interaction())
    began = floor.now
    floor.wait(15_000)
    offers = [(item.seq, item.at - began, item.event) for item in floor.log if isinstance(item.event, OfferMade)]
    opened = [(item.at - began, item.event.route.requirements) for item in floor.log if isinstance(item.event, RequirementRelaxed)]
    assert [5_000, 10_000] == [at for at, _ in opened]
    assert [(0, "A1"), (15_000, "A3")] == [(at, event.agent_id) for _, at, event in offers]
    assert [["A1"], ["A3", "A2"]] == [eligible_before(floor, seq) for seq, _, _ in offers]
    (_, _, first), (_, _, second) = offers
    assert [1, 2] == [event.decision.eligible for event in (first, second)]
    assert [{"skill": 3}, {"skill": 1, "declined": 1}] == [
        {name: count for name, count in event.decision.excluded if count} for event in (first, second)
    ]
    assert ["A3", "A2"] == [candidate.id for candidate in second.decision.best]


def test_at_36_skills_are_dropped_one_by_one_and_the_required_never() -> None:
    """Language is required; location, then product, then issue are dropped by their timeouts."""
    steps = [a_step(10_000, drop="location"), a_step(20_000, drop="product"), a_step(30_000, drop="issue")]
    needs = "language==fr issue>=1:expiring product>=1:expiring location>=1:expiring"
    floor = a_floor(a_phone_site(policy=preset("salesforce-most-available"), rules=[a_rule(needs=needs, steps=steps)]))
    skills = "language:fr issue:1 product:1", "language:fr issue:1", "language:fr", "issue:1 product:1 location:1"
    floor.do(PutAgents(agents=tuple(callers(*skills))))
    floor.enqueue(an_interaction())
    pools = []
    for _ in range(4):
        pools.append(able(floor))
        floor.wait(10_000)
    assert [[], ["a1"], ["a1", "a2"], ["a1", "a2", "a3"]] == pools


def test_at_37_a_selector_expires_at_its_instant_and_says_so_once() -> None:
    """Skill above 10 until 60 s: an agent with 9 is ineligible at 59 s and eligible at 60 s."""
    rules = [a_rule(needs="skill>=11:expiring", steps=[a_step(60 * SECOND_MS, drop="skill")])]
    floor = a_floor(a_phone_site(policy=preset("azure-longest-idle"), rules=rules), *callers("skill:9"))
    floor.enqueue(an_interaction())
    floor.wait(59 * SECOND_MS)
    assert {} == floor.offered
    floor.wait(SECOND_MS)
    assert {"i1": ["a1"]} == floor.offered
    floor.wait(3_600 * SECOND_MS)
    assert 1 == sum(isinstance(item.event, RequirementRelaxed) for item in floor.log)


EXPEDITED = a_policy(name="expedited", scorers="preferred_agent:600000")
"""A preference of 100 points outweighs sixteen hours of waiting, for the preferred agent only."""

FOR_BOB = a_rule("for bob", when="type=bob", needs="name==bob:expiring", steps=[a_step(45 * SECOND_MS, drop="name")])


def test_at_38_until_it_relaxes_only_the_preferred_worker_may_have_it_and_first() -> None:
    """At 44 s Bob comes on: he has it before what waited longer, and Ann, who was there all the time, has not."""
    floor = a_floor(a_phone_site(policy=EXPEDITED, rules=[FOR_BOB, a_rule()]))
    floor.enqueue(an_interaction("older", needs="name==bob"))
    floor.wait(SECOND_MS)
    floor.enqueue(an_interaction("job", type="bob", preferred="bob:100"))
    floor.staff(an_agent("ann", skills="name:ann", channels="voice:1"))
    floor.wait(44 * SECOND_MS)
    assert {} == floor.offered
    floor.staff(an_agent("bob", skills="name:bob", channels="voice:1"))
    assert {"job": ["bob"]} == floor.offered


def test_at_38_afterwards_it_has_its_normal_place_and_anyone_may_have_it() -> None:
    """At 45 s Ann may have it, after what waited longer."""
    floor = a_floor(a_phone_site(policy=EXPEDITED, rules=[FOR_BOB, a_rule()]))
    floor.enqueue(an_interaction("older"))
    floor.wait(SECOND_MS)
    floor.enqueue(an_interaction("job", type="bob", preferred="bob:100"))
    floor.wait(45 * SECOND_MS)
    floor.staff(an_agent("ann", skills="name:ann", channels="voice:1"))
    assert ["older", "job"] == served_in_order(floor)


@pytest.mark.parametrize(("waited_s", "first"), [(29, "a1"), (30, "a2")])
def test_at_41_raised_penalties_make_agents_equal(waited_s: int, first: str) -> None:
    """Penalty 1 and 2, both raised to 2 at 30 s: before that the first agent, then whoever is idle longer.

    A penalty is a requirement both meet at different levels, and raising it drops the requirement. Both become able in one step.
    """
    rules = [a_rule(needs="tier>=8:expiring", steps=[a_step(30 * SECOND_MS, drop="tier")])]
    floor = a_floor(a_phone_site(policy=SKILLS_PRIORITY, rules=rules))
    for name, tier in (("a2", 8), ("a1", 9)):
        floor.staff(an_agent(name, skills=f"tier:{tier}", channels="voice:1"))
        floor.wait(SECOND_MS)
    floor.enqueue(an_interaction(needs="trained==yes"))
    floor.wait(waited_s * SECOND_MS)
    floor.do(PutAgents(agents=tuple(an_agent(f"a{n}", skills=f"tier:{10 - n} trained:yes", channels="voice:1") for n in (1, 2))))
    assert {"i1": [first]} == floor.offered


SECOND_BENCH = """\
schema = "careroute/site/1"
id = "pbx"
policy = "asterisk-leastrecent"

[channels]
phone = { live = true }

[queues.main]
service_level.target = "2min"

[[rules]]
name = "main"
queue = "main"
must = ["bench in first, second"]
expiring = ["bench == first"]
steps = [{ after = "90s", widen.bench = ["second", "third"] }]
"""


def test_at_43_a_raise_beyond_the_maximum_is_cut_to_it(tmp_path: Path) -> None:
    """At 90 s the second and third bench are called up, and the maximum is the second: the third idles on, and the linter says so."""
    config = read_site(written(tmp_path, "site.toml", SECOND_BENCH))
    assert ["cut-step"] == [finding.check for finding in config.findings if finding.severity == "warning"]
    floor = a_floor(config.site)
    floor.staff(an_agent("third", skills="bench:third", channels="phone:1"))
    floor.enqueue(an_interaction("i1", channel="phone"))
    floor.wait(89 * SECOND_MS)
    floor.staff(an_agent("second", skills="bench:second", channels="phone:1"))
    assert {} == floor.offered
    floor.wait(SECOND_MS)
    assert {"i1": ["second"]} == floor.offered


TIERS = """\
schema = "careroute/site/1"
id = "switch"
policy = "freeswitch-longest-idle-agent"

[channels]
phone = { live = true }

[queues.main]
service_level.target = "2min"

[[rules]]
name = "main"
queue = "main"
expiring = ["tier == none"]
steps = [
  { after = "30s", widen.tier = "first" },
  { after = "60s", widen.tier = "second" },
  { after = "90s", widen.tier = "third" },
]
"""

TIER_ROSTER = """\
schema = "careroute/roster/1"
defaults.channels = ["phone"]

[[agents]]
id = "third"
attributes = { tier = "third", "level.main" = 3 }

[[agents]]
id = "second"
attributes = { tier = "second", "level.main" = 2 }

[[agents]]
id = "first"
attributes = { tier = "first", "level.main" = 1 }
"""


def test_at_47_each_tier_opens_one_wait_after_the_other_the_first_one_too(tmp_path: Path) -> None:
    """All three are idle: the first tier is called after 30 s, not at once, and the linter says so; the others after 60 and 90 s."""
    config = read_site(written(tmp_path, "site.toml", TIERS))
    path = written(tmp_path, "roster.toml", TIER_ROSTER)
    roster = load_roster(path, config.site)
    assert "ring-without-agents" in [finding.check for finding in check_roster_against(path, config.path).findings]
    served = []
    for present in (3, 2, 1):
        floor = a_floor(config.site)
        floor.staff(*roster.agents[:present])
        floor.enqueue(an_interaction(channel="phone"))
        began = floor.now
        while not floor.offered:
            floor.wait(SECOND_MS)
        served.append((floor.offered["i1"], (floor.now - began) // SECOND_MS))
    assert [(["first"], 30), (["second"], 60), (["third"], 90)] == served


def test_at_45_a_new_rule_counts_for_what_waits_and_says_so() -> None:
    """What the new version touches is classified again, with the old route and the new one on record; the rest is left alone."""
    site = a_default_site(rules=[a_rule("hard", when="type=hard", needs="sales>=9"), a_rule("rest", needs="none>=1")])
    floor = a_floor(site, *callers("sales:5"))
    floor.enqueue(an_interaction("hard", type="hard"), an_interaction("rest", type="rest"))
    softer = (a_rule("hard", when="type=hard", needs="sales>=5"), site.rules[1])
    happened = floor.do(ApplySite(site=replace(site, rules=softer)))
    (changed,) = [event for event in happened if isinstance(event, RouteChanged)]
    assert ("hard", 9, 5) == (changed.interaction_id, changed.old.requirements[0].value, changed.new.requirements[0].value)
    assert {"hard": ["a1"]} == floor.offered


def test_at_45_what_waits_may_keep_the_rules_of_its_entry() -> None:
    """Where the site says so, the ladder of the old rule is walked to its end; what comes later has the new rule."""
    old = a_rule(needs="sales>=9:expiring", steps=[a_step(30 * SECOND_MS, lower="sales:5")])
    floor = a_floor(a_default_site(rules=[old]), *callers("sales:5"))
    floor.enqueue(an_interaction("entered before"))
    harder = a_default_site(rules=[a_rule(needs="sales>=7")], keeps_waiting_routes=True)
    assert ["SiteApplied"] == [type(event).__name__ for event in floor.do(ApplySite(site=harder))]
    floor.enqueue(an_interaction("entered after"))
    floor.wait(30 * SECOND_MS)
    assert {"entered before": ["a1"]} == floor.offered


def test_at_48_a_long_wait_raises_the_priority_and_a_longer_one_moves_the_queue() -> None:
    """Priority 10 from 60 s on, the second queue from 300 s on."""
    steps = [a_step(60 * SECOND_MS, class_rank=10), a_step(300 * SECOND_MS, overflow_to="second")]
    floor = a_floor(a_phone_site(policy=preset("azure-longest-idle"), queues=[a_queue(), a_queue("second")], rules=[a_rule(steps=steps)]))
    floor.enqueue(an_interaction())
    standing = []
    for wait_ms in (60 * SECOND_MS - 1, 1, 240 * SECOND_MS - 1, 1):
        floor.wait(wait_ms)
        standing.append((waiting(floor).route.urgency.class_rank, waiting(floor).route.queue_id))
    assert [(0, "main"), (10, "main"), (10, "main"), (10, "second")] == standing


def test_at_50_an_agent_of_the_first_group_who_frees_later_wins() -> None:
    """The second group was opened because the first was busy; then one of each is freed within a second, the second group's first."""
    rules = [
        a_rule("work", when="type=work", urgency=an_urgency(class_rank=9)),
        a_rule("cascade", needs="support>=1 group_1==yes:expiring", steps=[a_step(30 * SECOND_MS, drop="group_1")]),
    ]
    policy = replace(SKILLS_PRIORITY, name="cascade", match_interval_ms=SECOND_MS)
    floor = a_floor(a_phone_site(policy=policy, rules=rules), *callers("support:9 group_1:yes", "support:5"))
    floor.enqueue(an_interaction("w1", type="work"), an_interaction("w2", type="work"))
    floor.wait(2 * SECOND_MS)
    by_agent = {agents[0]: name for name, agents in floor.offered.items()}
    floor.accept("w1")
    floor.accept("w2")
    floor.enqueue(an_interaction("i1", type="cascade"))
    floor.wait(40 * SECOND_MS)
    assert ["a1", "a2"] == able(floor)
    floor.end(by_agent["a2"])
    floor.wait(SECOND_MS // 2)
    floor.end(by_agent["a1"])
    floor.wait(SECOND_MS)
    assert {"i1": ["a1"]} == floor.offered
