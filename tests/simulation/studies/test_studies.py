"""Studies of replications on a small office: stopping, the steady state, control variates, choosing, and what pairing saves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from routing.config.errors import ConfigError
from routing.model.time import DAY_MS, HOUR_MS
from simulation.api import Choice, Comparison, compare, select
from simulation.births import births_of
from simulation.demand import RateSpan
from simulation.demand.records import DrawnDemand
from simulation.scenario import Calendar, Scenario
from simulation.statistics.goals import parse_goals
from simulation.studies.controlling import expected_controls
from simulation.studies.until import is_reached
from simulation.workers import crew_of
from tests.simulation.comparisons import a_busy_office

ROSTERS = ["planned", "fewer"]


def fewer(comparison: Comparison) -> dict[str, object]:
    """The document's figures of the live service level's difference."""
    (difference,) = comparison.to_dict()["differences"]
    found: dict[str, object] = difference["by_kind"]["live"]["service_level"]
    return found


@pytest.fixture(scope="module")
def stopped() -> Comparison:
    """Two rosters, four replications at a time, until the difference is known to three points."""
    return compare(
        a_busy_office(hours=1), policies=["longest-idle"], rosters=ROSTERS, replications=4, until="service_level:6pp", at_most=60
    )


def test_replications_are_added_until_the_goal_is_reached(stopped: Comparison) -> None:
    """The goal holds after the last batch and did not after the one before; the report says how it came about."""
    document = stopped.to_dict()
    count = document["scenario"]["replications"]
    assert document["stopping"] == {"goals": ["service_level:6pp"], "batch": 4, "at_most": 60, "is_reached": True}
    assert count % 4 == 0
    assert 4 < count < 60
    (goal,) = parse_goals("service_level:6pp", key="until")
    arms, results = stopped.results.arms, stopped.replications
    assert [is_reached(goal, arms, results[:days]) for days in range(4, count + 1, 4)] == [False] * (count // 4 - 1) + [True]
    assert any(note.startswith("Replications were added 4 at a time") for note in document["notes"])


def test_stopping_depends_on_nobody_s_speed(stopped: Comparison) -> None:
    """Three at once stop where one does, with the same bytes; and a fixed number of that many replications is the same comparison."""
    office, policies = a_busy_office(hours=1), ["longest-idle"]
    with ThreadPoolExecutor(3) as threads, crew_of(executor=threads) as crew:
        two = compare(office, policies=policies, rosters=ROSTERS, replications=4, until="service_level:6pp", at_most=60, crew=crew)
    assert two.to_json() == stopped.to_json()
    fixed = compare(office, policies=policies, rosters=ROSTERS, replications=len(stopped.replications))
    assert fewer(fixed) == fewer(stopped)


def test_a_goal_out_of_reach_ends_at_the_most_allowed() -> None:
    """And says so."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle"], replications=2, until="asa_s:0.01s", at_most=5)
    assert len(comparison.replications) == 5
    assert any("was not reached" in note for note in comparison.to_dict()["notes"])
    with pytest.raises(ConfigError, match="batches of one"):
        compare(a_busy_office(hours=1), policies=["longest-idle"], replications=1, until="asa_s:1s")


def test_expected_controls_are_what_many_days_bring() -> None:
    """Of 300 drawn days the mean number and the mean work lie within three standard errors of what is expected."""
    scenario = a_busy_office(hours=2)
    expected = expected_controls(scenario)
    drawn = []
    for replication in range(300):
        births = births_of(scenario, replication).births
        drawn.append((len(births), sum(birth.work_ms for birth in births) / HOUR_MS))
    mean, error = np.mean(drawn, axis=0), np.std(drawn, axis=0, ddof=1) / np.sqrt(300)
    assert expected is not None
    assert np.all(np.abs(mean - expected) <= 3 * error)
    assert expected[0] == 80


def test_control_variates_take_the_luck_of_the_days_out() -> None:
    """Occupancy follows the work that came, so a good part of its variance goes; differences are corrected, too."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle"], rosters=ROSTERS, replications=20, control_variates=True)
    found = {(one["arm"], one["measure"], one["is_difference"]): one for one in comparison.to_dict()["control_variates"]}
    occupancy = found["longest-idle @ planned", "occupancy", False]
    assert occupancy["variance_ratio"] < 0.9
    assert occupancy["is_used"]
    assert ("longest-idle @ fewer", "service_level", True) in found
    assert compare(a_busy_office(hours=1), policies=["longest-idle"], replications=2).to_dict().get("control_variates") is None


def a_steady_office(days: int) -> Scenario:
    """The busy office at the same rates without end, so that the start wears off."""
    scenario = a_busy_office()
    assert isinstance(scenario.demand, DrawnDemand)
    span = RateSpan(starts_at=0, ends_at=days * DAY_MS, expected=10.0 * 24 * days)
    streams = tuple(replace(stream, spans=(span,)) for stream in scenario.demand.streams[:2])
    calendar = Calendar(date=scenario.calendar.date, days=days, zone="UTC")
    return replace(scenario, demand=replace(scenario.demand, streams=streams), calendar=calendar, ends_at=days * DAY_MS)


def test_one_long_run_has_batch_means() -> None:
    """Two days of one replication: a warm-up by the rule, twenty batches, and intervals from them."""
    comparison = compare(a_steady_office(2), policies=["longest-idle"], replications=1, steady_state=True)
    steady = comparison.to_dict()["steady_state"]
    assert (steady["rule"], steady["batches"]) == ("mser-5", 20)
    assert steady["warm_up_ms"] % (150 * 60_000) == 0
    level = steady["arms"]["longest-idle"]["service_level"]
    assert level["ci95"][0] < level["mean"] < level["ci95"][1]
    half_hours = comparison.replications[0].tables[0].by_interval[steady["warm_up_ms"] // 1_800_000 :]
    used = half_hours[len(half_hours) % 20 :]
    met, offered = (sum(getattr(row["service_level"], part) for row in used) for part in ("numerator", "denominator"))
    assert level["mean"] == pytest.approx(met / offered)
    assert any("In the long run" in line for line in comparison.to_html().splitlines())


def test_a_steady_state_needs_steady_rates() -> None:
    """A short horizon, and rates that change, are refused."""
    with pytest.raises(ConfigError, match="too short"):
        compare(a_busy_office(hours=2), policies=["longest-idle"], replications=1, steady_state=True)
    scenario = a_steady_office(1)
    assert isinstance(scenario.demand, DrawnDemand)
    half = RateSpan(starts_at=0, ends_at=DAY_MS // 2, expected=100.0)
    rest = RateSpan(starts_at=DAY_MS // 2, ends_at=DAY_MS, expected=200.0)
    changing = replace(scenario.demand, streams=(replace(scenario.demand.streams[0], spans=(half, rest)),))
    with pytest.raises(ConfigError, match="rates that change"):
        compare(replace(scenario, demand=changing), policies=["longest-idle"], replications=1, steady_state=True)


@pytest.fixture(scope="module")
def choice() -> Choice:
    """Two policies under two rosters, chosen among by KN."""
    return select(
        a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], rosters=ROSTERS, by="best:service_level", indifference="10pp",
        replications=6,
    )  # fmt: skip


def test_the_best_arm_is_chosen_and_the_others_are_dropped(choice: Choice) -> None:
    """With three agents and not two; whoever was dropped ran less than who stayed, and the document says all of it."""
    document = choice.to_dict()
    assert choice.chosen.endswith("@ planned")
    assert document["schema"] == "careroute/select/1"
    assert (document["method"], document["indifference"], document["chance"]) == ("kn", 0.1, 0.95)
    ran = {arm["arm"]: (arm["replications"], arm["dropped_after"]) for arm in document["arms"]}
    assert ran[choice.chosen][1] is None
    assert all(dropped == count for count, dropped in ran.values() if dropped is not None)
    assert all(ran[arm][1] is not None for arm in ran if arm.endswith("@ fewer"))


def test_a_choice_depends_on_nobody_s_speed(choice: Choice) -> None:
    """Three at once choose the same with the same bytes."""
    with ThreadPoolExecutor(3) as threads, crew_of(executor=threads) as crew:
        again = select(
            a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], rosters=ROSTERS, by="best:service_level",
            indifference="10pp", replications=6, crew=crew,
        )  # fmt: skip
    assert again.to_json() == choice.to_json()


def test_a_budget_is_spent_and_no_more() -> None:
    """By speed of answer, where less is better; the sum over arms is the budget."""
    found = select(a_busy_office(hours=1), policies=["longest-idle"], rosters=ROSTERS, by="ocba:asa_s", budget=30, replications=5).to_dict()
    assert found["chosen"] == "longest-idle @ planned"
    assert sum(arm["replications"] for arm in found["arms"]) == 30
    assert 0.5 < found["chance"] <= 1


@pytest.mark.parametrize(
    ("by", "given", "message"),
    [
        ("service_level", {}, "is no way to choose"),
        ("best:service_level", {}, "needs an indifference"),
        ("best:service_level", {"indifference": "5%"}, "is relative"),
        ("ocba:service_level", {"indifference": "1pp"}, "needs a budget"),
        ("ocba:service_level", {"budget": 9}, "does not reach"),
        ("best:occupancy", {"indifference": "1pp"}, "neither better"),
    ],
)
def test_what_cannot_be_chosen_by_is_refused(by: str, given: dict[str, str], message: str) -> None:
    """In one message that says what to write."""
    with pytest.raises(ConfigError, match=message):
        select(a_busy_office(hours=1), policies=["longest-idle"], rosters=ROSTERS, by=by, replications=5, **given)  # type: ignore[arg-type] # a table of cases


def test_pairing_is_worth_many_times_the_replications() -> None:
    """One more agent for one hour at the shipped front desk: every headline difference is as sure as 25 times the days, unpaired."""
    comparison = compare("examples/front-desk/scenario.toml", policies=["longest-idle"], rosters=["four", "hour"], replications=10)
    found = {one["measure"]: one["pairing"] for one in comparison.to_dict()["precision"]}
    assert set(found) == {"service_level", "abandonment", "occupancy", "asa_s", "wait_mean_s"}
    assert min(found.values()) >= 25
    assert any(note.startswith("With customers of its own for each arm") for note in comparison.to_dict()["notes"])


def test_the_first_two_are_told_apart_or_it_is_said_what_that_takes() -> None:
    """Of arms whose difference is not established, the number of replications that would."""
    document = compare(a_busy_office(hours=1), policies=["longest-idle", "least-cost"], replications=6).to_dict()
    two = document["first_two"]
    assert {two["first"], two["second"]} == {"longest-idle", "least-cost"}
    assert two["mean"] >= 0
    if two["p"] >= 0.05:
        assert two["replications_needed"] is None or two["replications_needed"] > 6


def test_raw_replications_hold_what_measures_are_made_of() -> None:
    """Sums of the numerators over sums of the denominators are the comparison's own figures."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle"], replications=3)
    frame = comparison.raw_frame()
    rows = frame.filter(group="overall", measure="service_level")
    expected = comparison.results.values["longest-idle"].overall["service_level"]
    assert expected is not None
    assert sum(rows["numerator"].to_list()) / sum(rows["denominator"].to_list()) == pytest.approx(expected.mean)
    assert rows["replication"].to_list() == [0, 1, 2]
    assert set(frame["group"]) == {"overall", "queue", "channel", "kind", "interval", "live_interval"}
