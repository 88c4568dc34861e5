"""The presets: every file builds, orders what it says, and is told on the page."""

import re

import pytest

from routing.config.plugins import registry_with_plugins
from routing.config.presets import FOLDER, group_names, members_of, preset_specs
from routing.core.commands import PutAgents
from routing.model.site import PolicySpec
from routing.policy.registry import default_registry
from tests.builders import a_queue, a_rule, an_agent, an_interaction, an_urgency
from tests.cases.centers import preset
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers
from tests.source_tree import ROOT

PAGE = (ROOT / "docs/reference/presets.md").read_text()
UNITS_MAX = {"fewest_calls": 2**20, "least_talk": 2**20, "round_robin": 2**20, "random_order": 2**20, "skill_fit": 10 * 128}
"""The most units a lower scorer can cost: proficiency over as many requirements as an interaction and its rule may have."""

every_preset = pytest.mark.parametrize("spec", preset_specs(), ids=lambda spec: spec.name)


@every_preset
def test_each_is_named_like_its_file_builds_and_leaves_nobody_waiting(spec: PolicySpec) -> None:
    """All are work-conserving and decide on every event, as the systems do."""
    assert (FOLDER / f"{spec.name}.toml").exists()
    assert spec is registry_with_plugins().spec(spec.name)
    assert default_registry().build(spec).scorers or not spec.scorers
    assert (True, 0) == (spec.is_work_conserving, spec.match_interval_ms)


def test_the_page_lists_each() -> None:
    """By its name, once, and no other."""
    listed = re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE)
    assert sorted(spec.name for spec in preset_specs()) == sorted(listed)


@every_preset
def test_an_upper_scorer_outweighs_all_that_the_lower_ones_can_cost(spec: PolicySpec) -> None:
    """One unit of the attribute's order against the whole of the other scorers, where the interaction chooses."""
    order = next((item for item in spec.scorers if item.name == "attribute_order"), None)
    if order is not None and spec.is_interaction_first:
        assert order.weight_ms > sum(item.weight_ms * UNITS_MAX[item.name] for item in spec.scorers if item is not order)


def a_floor_under(name: str, *skills: str) -> Floor:
    """A phone floor under a preset; agents come on a second apart."""
    floor = a_floor(a_phone_site(policy=preset(name), queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0, declined_ms=0)]))
    for agent in callers(*skills):
        floor.wait(1_000)
        floor.staff(agent)
    return floor


def a_call(floor: Floor, number: int, talk_ms: int) -> str:
    """A call of that length; who had it."""
    floor.enqueue(an_interaction(f"i{number}"))
    ((_, (agent_id,)),) = floor.offered.items()
    floor.accept(f"i{number}")
    floor.wait(talk_ms)
    floor.end(f"i{number}")
    return agent_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("asterisk-leastrecent", "a1 a2 a1 a2 a1 a2"),
        ("asterisk-fewestcalls", "a1 a2 a1 a2 a1 a2"),
        ("asterisk-rrmemory", "a1 a2 a1 a2 a1 a2"),
        ("asterisk-linear", "a1 a1 a1 a1 a1 a1"),
        ("asterisk-ringall", "a1 a1 a1 a1 a1 a1"),
        ("asterisk-weight", "a1 a2 a1 a2 a1 a2"),
        ("freeswitch-longest-idle-agent", "a1 a2 a1 a2 a1 a2"),
        ("freeswitch-agent-with-fewest-calls", "a1 a2 a1 a2 a1 a2"),
        ("freeswitch-agent-with-least-talk-time", "a1 a2 a2 a2 a2 a1"),
        ("freeswitch-round-robin", "a1 a2 a1 a2 a1 a2"),
        ("freeswitch-top-down", "a2 a2 a2 a2 a2 a2"),
    ],
)
def test_each_strategy_goes_round_in_its_own_way_within_the_best_penalty_or_level(name: str, expected: str) -> None:
    """a1 and a2 are of the better penalty and level, a2 in front by position; a3 never has a turn. The first call is four times as long."""
    skills = ("penalty.main:0 level.main:1 position.main:2", "penalty.main:0 level.main:1 position.main:1", "penalty.main:1 level.main:2")
    floor = a_floor_under(name, *skills)
    had = [a_call(floor, number, 40_000 if number == 0 else 10_000) for number in range(6)]
    assert expected == " ".join(had)


@pytest.mark.parametrize("name", ["asterisk-random", "freeswitch-random"])
def test_chance_stays_within_the_best_penalty_or_level(name: str) -> None:
    """Both of the better ones have turns, the third has none."""
    skills = ("penalty.main:0 level.main:1", "penalty.main:0 level.main:1", "penalty.main:1 level.main:2")
    floor = a_floor_under(name, *skills)
    assert {"a1", "a2"} == {a_call(floor, number, 1_000) for number in range(30)}


def test_a_weighted_chance_gives_the_higher_penalty_a_turn() -> None:
    """Four times as wide a range: about one turn in eight."""
    floor = a_floor_under("asterisk-wrandom", "penalty.main:0", "penalty.main:3")
    had = [a_call(floor, number, 1_000) for number in range(80)]
    assert 2 <= had.count("a2") <= 24


def test_no_answer_passes_the_turn_on_in_a_round() -> None:
    """Whoever was tried last is at the end, also without an answer; longest idle tries the same one again."""
    turns = []
    for name in ("freeswitch-round-robin", "freeswitch-longest-idle-agent"):
        floor = a_floor_under(name, "level.main:1", "level.main:1")
        floor.enqueue(an_interaction("i1"))
        assert {"i1": ["a1"]} == floor.offered
        floor.wait(15_000)
        turns.append(floor.offered["i1"])
    assert [["a2"], ["a2"]] == turns


@pytest.mark.parametrize(
    ("name", "first"), [("avaya-ead-loa", "a2"), ("avaya-ucd-loa", "a3"), ("avaya-ead-mia", "a1"), ("avaya-ucd-mia", "a3")]
)
def test_occupancy_or_idle_time_within_a_level_or_across(name: str, first: str) -> None:
    """a1 was busy longest and is idle longest of level 1, a2 less of both; a3 of level 2 never worked and came on first."""
    floor = a_floor(a_phone_site(policy=preset(name), queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0)]))
    for number, level in ((3, 2), (1, 1), (2, 1)):
        floor.wait(1_000)
        floor.staff(an_agent(f"a{number}", skills=f"level.main:{level} id:a{number}", channels="voice:1"))
    for agent_id, talk_ms in (("a1", 90_000), ("a2", 30_000)):
        floor.enqueue(an_interaction(f"for-{agent_id}", needs=f"id=={agent_id}"))
        floor.accept(f"for-{agent_id}")
        floor.wait(talk_ms)
        floor.end(f"for-{agent_id}")
    floor.enqueue(an_interaction("next"))
    assert {"next": [first]} == floor.offered


def test_a_freed_expert_serves_their_best_level_first() -> None:
    """The call they are best at goes before one that waited longer."""
    rules = [a_rule("b", when="type=b", queue="b"), a_rule(queue="a")]
    site = a_phone_site(policy=preset("avaya-ead-mia"), queues=[a_queue("a"), a_queue("b")], rules=rules)
    floor = a_floor(site)
    floor.enqueue(an_interaction("older"))
    floor.wait(60_000)
    floor.enqueue(an_interaction("best", type="b"))
    floor.staff(an_agent(skills="level.a:2 level.b:1", channels="voice:1"))
    assert ["best"] == list(floor.offered)


def test_percent_allocation_follows_the_shares() -> None:
    """Three to one."""
    floor = a_floor_under("avaya-pad", "allocation.main:90", "allocation.main:30")
    had = [a_call(floor, number, 10_000) for number in range(8)]
    assert 6 == had.count("a1")


def test_a_freed_agent_of_an_inner_ring_still_goes_first() -> None:
    """Outer rings are open and better rated: the inner one is chosen; within a ring the rating decides."""
    floor = a_floor_under("genesys-bullseye", "sales:10 ring.main:2", "sales:2 ring.main:1", "sales:5 ring.main:1")
    floor.enqueue(an_interaction("i1", needs="sales>=1"), an_interaction("i2", needs="sales>=1"), an_interaction("i3", needs="sales>=1"))
    assert {"i1": ["a3"], "i2": ["a2"], "i3": ["a1"]} == floor.offered


@pytest.mark.parametrize(("waited_s", "first"), [(30, "slow"), (50, "fast"), (300, "slow")])
def test_acceleration_is_linear_to_a_maximum(waited_s: int, first: str) -> None:
    """Initial 60 s and slope 1/2 against 0 and slope 2, both to 120 s: where both are at the maximum the older goes first."""
    rules = [
        a_rule("slow", when="type=slow", urgency=an_urgency(base_ms=60_000, slope_per_mille=500, cap_ms=120_000)),
        a_rule("fast", urgency=an_urgency(slope_per_mille=2_000, cap_ms=120_000)),
    ]
    floor = a_floor(a_phone_site(policy=preset("nice-acceleration"), rules=rules))
    floor.enqueue(an_interaction("slow", type="slow"), an_interaction("fast"))
    floor.wait(waited_s * 1_000)
    floor.staff(*callers(""))
    assert [first] == list(floor.offered)


def test_the_share_in_use_or_the_units_left() -> None:
    """Of 250 with one chat and 100 with none: least active is the small one, most available the large one."""
    found = []
    for name in ("salesforce-least-active", "salesforce-most-available"):
        floor = a_floor(a_phone_site(policy=preset(name)))
        floor.staff(an_agent("large", skills="", channels="voice:2", capacity=250))
        floor.enqueue(an_interaction("held"))
        floor.accept("held")
        floor.staff(an_agent("small", skills="", channels="voice:1", capacity=100))
        floor.enqueue(an_interaction("next"))
        found += floor.offered["next"]
    assert ["small", "large"] == found


def test_round_robin_counts_offers() -> None:
    """Azure's next worker is the one after whoever was offered the last job."""
    floor = a_floor_under("azure-round-robin", "", "", "")
    assert ["a1", "a2", "a3", "a1"] == [a_call(floor, number, 1_000) for number in range(4)]


def test_the_score_that_waits_a_minute_a_point_or_never() -> None:
    """Points of priority as a head start, or alone."""
    rules = [a_rule(urgency=an_urgency(ms_per_point=60_000))]
    for name, first in (("genesys-conversation-score", "old"), ("genesys-priority-score", "new")):
        floor = a_floor(a_phone_site(policy=preset(name), rules=rules))
        floor.enqueue(an_interaction("old"))
        floor.wait(11 * 60_000)
        floor.enqueue(an_interaction("new", points=10))
        floor.staff(*callers(""))
        assert [first] == list(floor.offered)


def test_an_agent_who_gains_a_penalty_is_looked_at_again() -> None:
    """The order reads the agents' present attributes."""
    floor = a_floor_under("asterisk-linear", "penalty.main:1", "penalty.main:2")
    floor.do(PutAgents(agents=(an_agent("a1", skills="penalty.main:3", channels="voice:1"),)))
    assert "a2" == a_call(floor, 1, 1_000)


def test_groups_stand_for_several_policies() -> None:
    """All, Careroute's own first; the site's and a package's come along; those of one system."""
    known = (*registry_with_plugins().names(), "night-shift")
    everything = members_of("all", known)
    assert sorted(known) == sorted(everything)
    assert ("balanced", "least-cost", "longest-idle", "skills-priority") == everything[:4] == members_of("builtin", known)
    assert ("azure-best-worker", "azure-longest-idle", "azure-round-robin") == members_of("azure", known)
    assert set(group_names()) >= {"all", "builtin", "asterisk", "twilio"}
    assert not set(group_names()) & set(known)
    assert sorted(everything[4:]) == sorted([*(name for group in group_names()[2:] for name in members_of(group, known)), "night-shift"])
