"""The cheapest roster that keeps the promise: groups, cuts against brute force, the certificate, and the example with its command."""

import datetime as dt
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import simulation
from routing.config.errors import ConfigError
from routing.config.roster import Roster, RosteredAgent
from routing.config.roster_file import load_roster
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.cli.find_roster import find_roster
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.scenario import Scenario
from simulation.scenario_file import load_scenario
from simulation.staffing.cuts.beside import each_alone
from simulation.staffing.cuts.capacity import capacity_of
from simulation.staffing.cuts.certificate import ERROR, certificate, error_of
from simulation.staffing.cuts.groups import cost_of, groups_of, roster_of
from simulation.staffing.cuts.plan import Effort, StaffingPlan, cheapest_plan, problem_of
from simulation.staffing.cuts.report import to_json
from simulation.staffing.cuts.sample import Days, Problem
from simulation.staffing.interface import arm_named, nobody_steps
from simulation.staffing.load import loads_of
from simulation.staffing.roster_text import roster_text
from simulation.workers import Alone, Shared
from tests.builders import VOICE, a_queue, a_rule, a_site, an_agent
from tests.simulation.staffing.test_rules import Backwards
from tests.simulation.worlds import a_behaviour, a_member, a_roster, a_scenario, a_shift, exponential

ROOT = Path(__file__).parents[3]
TWO_SKILLS = ROOT / "examples" / "two-skills"
EFFORT = Effort(replications=2, fresh_days=8, plans_max=100)


def a_crew_member(name: str, skills: str, cost: float | None, *, until_ms: int = 2 * HOUR_MS) -> RosteredAgent:
    """An agent who answers calls from midnight on."""
    return replace(a_member(an_agent(name, skills=skills, channels="voice:1"), a_shift(0, until_ms)), hourly_cost=cost)


def two_queues(*members: RosteredAgent, sales: float = 30, law: float = 15) -> Scenario:
    """Two hours of calls about sales and about law, five minutes each; customers wait three, and four in five shall wait 30 s at most."""
    site = a_site(
        channels=[VOICE],
        skills="law sales",
        queues=[a_queue("law", target_ms=30_000), a_queue("sales", target_ms=30_000)],
        rules=[a_rule("law", queue="law", when="type=law", needs="law>=1"), a_rule("sales", queue="sales", needs="sales>=1")],
    )
    streams = tuple(
        DemandStream(channel="voice", type=kind, attributes={}, spans=(RateSpan(starts_at=0, ends_at=2 * HOUR_MS, expected=2 * per_hour),))
        for kind, per_hour in (("law", law), ("sales", sales))
    )
    behaviour = a_behaviour(work=exponential(5 * MINUTE_MS), patience=exponential(3 * MINUTE_MS))
    demand = DrawnDemand(streams=streams, description="a plan")
    return a_scenario(a_roster(*members), site=site, behaviour=behaviour, demand=demand, ends_at=2 * HOUR_MS)


def a_problem(scenario: Scenario, **options: object) -> Problem:
    """The problem of the scenario's roster under its site's policy."""
    arm = arm_named(scenario, None, None)
    stated = {"queues": None, "every_ms": None, "target_ms": None, "share": None} | options
    return problem_of(scenario, arm.roster, arm.policy, **stated)  # type: ignore[arg-type]  # the tests check the names


def nobody() -> None:
    """Takes no notice."""


def solved(problem: Problem, effort: Effort = EFFORT, *, at_most: int | None = 5) -> StaffingPlan:
    """The cheapest plan."""
    return cheapest_plan(problem, effort, at_most=at_most, crew=Alone(), on_step=nobody_steps, on_day=nobody)


TEAM = (a_crew_member("ana", "sales:5", 20.0), *(a_crew_member(name, "sales:5 law:5", 27.0) for name in ("both-01", "both-02")))


def test_cuts_find_what_brute_force_finds() -> None:
    """Two groups of up to five: the cheapest of all 36 plans on the same days, none cheaper left, and rho* below one."""
    problem = a_problem(two_queues(*TEAM))
    found = solved(problem)
    assert found.found is not None
    days = Days(problem=Shared(problem), first=0, count=EFFORT.replications, crew=Alone(), on_day=nobody)
    plans = list(itertools.product(range(6), repeat=2))
    aims = np.array([goal.share for goal in problem.goals]) + np.array(found.margins)
    reach = [plan for plan, levels in zip(plans, days.levels(plans), strict=True) if (levels >= aims).all()]
    best = min(cost_of(problem.groups, plan) for plan in reach)
    assert found.found.cost == best == found.bound
    assert found.is_cheapest_on_sample
    assert found.found.utilisation < 1
    assert found.simulated < len(plans)


def test_a_plan_that_cannot_carry_the_work_is_never_accepted() -> None:
    """Where a fifth in time is enough, three agents for 3.75 Erlangs reach it because the others leave; the found plan has more."""
    problem = a_problem(two_queues(*TEAM), share=0.2)
    days = Days(problem=Shared(problem), first=0, count=2, crew=Alone(), on_day=nobody)
    assert (days.levels([(1, 2)])[0] >= 0.2).all()
    found = solved(problem, Effort(replications=2, fresh_days=2, plans_max=10))
    assert found.found is not None
    assert found.found.utilisation < 1
    assert found.found.cost > cost_of(problem.groups, (1, 2))


def test_it_does_not_matter_who_computes() -> None:
    """The last day first: the same plans in the same order, and the same certificates."""
    effort, problem = Effort(replications=2, fresh_days=2, plans_max=3), a_problem(two_queues(*TEAM, sales=12, law=6))
    one, other = (
        cheapest_plan(problem, effort, at_most=4, crew=crew, on_step=nobody_steps, on_day=nobody) for crew in (Alone(), Backwards())
    )
    assert to_json(one) == to_json(other)


def test_groups_are_alike_agents_and_plans_are_rosters() -> None:
    """Same skills, shifts and cost: one group. Plans take the listed agents first, under their own ids, and name further ones."""
    late = a_crew_member("late", "sales:5", 20.0, until_ms=HOUR_MS)
    never = replace(a_crew_member("never", "sales:5", 20.0), patterns=())
    scenario = two_queues(*TEAM, a_crew_member("ben", "sales:5", 20.0), late, never)
    roster = scenario.rosters["planned"]
    groups = groups_of(scenario, roster)
    assert [(group.name, len(group.members), group.cost) for group in groups] == [("ana", 2, 40.0), ("both", 2, 54.0), ("late", 1, 20.0)]
    made = roster_of(roster, groups, (3, 3, 0))
    assert [member.agent.id for member in made.members] == ["ana", "ben", "ana-01", "both-01", "both-02", "both-03"]
    assert made.members[2].agent.attributes == {"sales": 5}
    free = two_queues(*(replace(member, hourly_cost=None) for member in TEAM))
    assert [group.cost for group in groups_of(free, free.rosters["planned"])] == [2.0, 2.0]
    with pytest.raises(ConfigError, match="states what some agents cost and not others"):
        groups_of(two_queues(TEAM[0], replace(TEAM[1], hourly_cost=None)), a_roster(TEAM[0], replace(TEAM[1], hourly_cost=None)))
    with pytest.raises(ConfigError, match="has nobody on shift"):
        groups_of(scenario, a_roster(never))


def test_a_certificate_is_lower_bounds_that_hold_together() -> None:
    """By hand for one goal; everybody in time is no certainty; the errors of all attempts stay below five per cent."""
    days = np.array([[[8, 10], [5, 5]], [[9, 10], [5, 5]], [[10, 10], [5, 5]]])
    given = certificate(days, first=7, error=0.02)
    student = 6.964556734  # t with two degrees of freedom at 1 - 0.02 / 2
    assert given.levels == pytest.approx((0.9, 1.0))
    assert given.lower[0] == pytest.approx(0.9 - student * 0.1 / math.sqrt(3), rel=1e-6)
    assert given.lower[1] == pytest.approx(0.01 ** (1 / 15))
    assert certificate(np.zeros((2, 1, 2), dtype=np.int64), first=0, error=0.02).lower == (0.0,)
    assert sum(error_of(attempt) for attempt in range(50)) <= ERROR


def test_what_cannot_be_reached_is_said() -> None:
    """Too few allowed: none; a refused certificate raises the margin, and says what stays unproved."""
    none = solved(a_problem(two_queues(*TEAM)), at_most=1)
    assert (none.found, none.bound, none.certificates, none.is_certified, none.roster) == (None, None, (), False, None)
    hard = solved(a_problem(two_queues(*TEAM, sales=12, law=12), share=0.97), Effort(replications=2, fresh_days=2, plans_max=4))
    assert len(hard.certificates) > 1
    assert any(hard.margins)
    assert [one.days for one in hard.certificates] == [2 * 2**attempt for attempt in range(len(hard.certificates))]
    firsts = [one.first for one in hard.certificates]
    assert firsts == [2, 4, 8, 16][: len(firsts)]
    assert not hard.is_certified or all(lower >= 0.97 for lower in hard.certificates[-1].lower)


def test_goals_are_those_of_the_queues_or_of_every_interval() -> None:
    """Each queue over the day; each hour of each; the named ones; what cannot be promised is refused."""
    scenario = two_queues(*TEAM)
    assert [(goal.queue, goal.target_ms, goal.share) for goal in a_problem(scenario).goals] == [("law", None, 0.8), ("sales", None, 0.8)]
    hourly = a_problem(scenario, every_ms=HOUR_MS, queues=["sales"], target_ms=1_000, share=0.5)
    assert [(goal.starts_at, goal.ends_at, goal.share) for goal in hourly.goals] == [(0, HOUR_MS, 0.5), (HOUR_MS, 2 * HOUR_MS, 0.5)]
    days = Days(problem=Shared(hourly), first=0, count=1, crew=Alone(), on_day=nobody)
    whole = Days(problem=Shared(a_problem(scenario, target_ms=1_000, share=0.5)), first=0, count=1, crew=Alone(), on_day=nobody)
    assert days.counts([(4, 2)])[0].sum(axis=1).tolist() == whole.counts([(4, 2)])[0][:, 1].tolist()
    with pytest.raises(ConfigError, match="is not a queue to which"):
        a_problem(scenario, queues=["sails"])
    with pytest.raises(ConfigError, match="is no share that can be promised"):
        a_problem(scenario, share=1.0)
    with pytest.raises(ConfigError, match="has nobody on shift who may serve"):
        solved(a_problem(two_queues(TEAM[0])))


def test_a_found_roster_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """Written and read again: the same agents; shifts by date are refused."""
    member = replace(
        a_member(an_agent("ana", skills="sales:5 language:es", channels="voice:1"), shrinkage_per_mille=50),
        patterns=(a_shift(22 * HOUR_MS, 30 * HOUR_MS, breaks=[(26 * HOUR_MS, 26 * HOUR_MS + 90_000)]),),
        planned_shrinkage_per_mille=80,
        hourly_cost=28.5,
        zone="Europe/Berlin",
        absent_on=frozenset({dt.date(2026, 3, 4)}),
        dated={dt.date(2026, 3, 5): (replace(a_shift(8 * HOUR_MS, 9 * HOUR_MS), is_overtime=True),)},
    )
    site = a_site(channels=[VOICE], queues=[a_queue()], rules=[a_rule(needs="sales>=1")])
    other = a_member(an_agent("ben", channels="voice:1"), a_shift(HOUR_MS + 1_000, 2 * HOUR_MS))
    roster = Roster(name="found", members=(member, other), assumptions=("a test",), overtime_factor=1.5)
    (tmp_path / "roster.toml").write_text(roster_text(roster), encoding="utf-8")
    assert load_roster(tmp_path / "roster.toml", site) == roster
    with pytest.raises(ConfigError, match="has shifts by date"):
        roster_text(replace(roster, members=(replace(member, dated={dt.date(2026, 3, 5): (a_shift(0, HOUR_MS),)}),)))


def test_the_example_keeps_the_promise_where_the_recommendation_does_not() -> None:
    """Thirteen agents that a guide recommends cannot carry the work; the page's plan does, for less than each queue alone by Erlang."""
    scenario = load_scenario(TWO_SKILLS / "scenario.toml", changes={"ends": "12:00"})
    problem = a_problem(scenario)
    recommended, ours = (7, 6), (6, 12)
    days = Days(problem=Shared(problem), first=0, count=3, crew=Alone(), on_day=nobody)
    billing, technical = days.levels([recommended])[0].tolist()
    assert (billing, technical) == (pytest.approx(0.6, abs=0.1), pytest.approx(0.22, abs=0.06))  # in the long run 54.8 % and 19.1 %
    assert min(days.levels([ours])[0].tolist()) > 0.82
    loads = loads_of(scenario, frozenset({"phone"}), HOUR_MS)
    capacity = capacity_of(scenario, problem.roster, problem.groups, loads)
    assert capacity.utilisation(recommended) == pytest.approx(10 / 9, rel=1e-6)
    assert capacity.utilisation(ours) < 1
    assert capacity.utilisation((20, 0)) == math.inf
    alone = each_alone(problem, loads, 30)
    assert alone.plan == (10, 10)  # Erlang C for 6.7 Erlangs of patient callers, Erlang A for as much of those who leave
    assert cost_of(problem.groups, recommended) < cost_of(problem.groups, ours) < (alone.cost or 0)


def test_the_sample_is_what_compare_counts(tmp_path: Path) -> None:
    """The shares of a plan are the service levels by queue of a comparison of its roster, written and read."""
    scenario = two_queues(*TEAM)
    problem = a_problem(scenario)
    plan = (3, 2)
    days = Days(problem=Shared(problem), first=0, count=2, crew=Alone(), on_day=nobody)
    (tmp_path / "found.toml").write_text(roster_text(roster_of(problem.roster, problem.groups, plan)), encoding="utf-8")
    read = load_roster(tmp_path / "found.toml", scenario.site)
    compared = simulation.compare(replace(scenario, rosters={"found": read}), policies=["balanced"], replications=2)
    balanced = simulation.find_roster(scenario, policy="balanced", replications=2, fresh_days=2, plans_max=1, at_most=4)
    days = replace(days, problem=Shared(replace(problem, policy=balanced.problem.policy)), known={})
    frame = compared.frame().filter(measure="service_level", group="queue")
    told = dict(zip(frame["name"].to_list(), frame["mean"].to_list(), strict=True))
    assert [told[goal.queue] for goal in problem.goals] == pytest.approx(days.levels([plan])[0].tolist())


def test_the_command_prints_the_search_the_answer_and_the_document(tmp_path: Path) -> None:
    """A line for each plan that was tried, the found roster as a file, exit code 1 where nothing is certified."""
    for file in TWO_SKILLS.glob("*.toml"):
        text = file.read_text(encoding="utf-8").replace('"16:00"', '"08:30"')
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    app = typer.Typer()
    app.command()(find_roster)
    words = [str(tmp_path / "scenario.toml"), "--replications", "2", "--fresh-days", "2", "--plans-max", "6", "--workers", "1"]
    told = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "found.toml"), "--json"])
    document = json.loads(told.stdout)
    assert document["schema"] == "careroute/staffing-plan/1"
    assert told.exit_code == (0 if document["is_certified"] else 1)
    assert len(document["steps"]) == sum(" cost " in line for line in told.stderr.splitlines())
    assert (tmp_path / "found.toml").exists() == (document["found"] is not None)
    page = (ROOT / "docs" / "reference" / "find-roster.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0].replace("examples/two-skills/", f"{tmp_path}/")
    exec(compile(code, "find-roster.md", "exec"), {})
    few = CliRunner().invoke(app, [*words, "--at-most", "2"])
    assert few.exit_code == 1
    assert few.stdout.startswith("No plan was found that reaches every goal.")
    assert "As many as that of each miss" in few.stdout
    assert "ITS SKILLS CANNOT CARRY THE WORK" in few.stdout
