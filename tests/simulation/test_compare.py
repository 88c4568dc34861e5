"""Comparisons as a planner gets them: the same customers for all, honest intervals, and the same bytes however they are computed."""

import json
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from routing.config.errors import ConfigError
from routing.store.codec import read_events
from routing.store.sqlite import read_journal
from simulation.api import Comparison, compare, select
from simulation.experiment import Experiment, arms_of, run_experiment
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.tabulate import tabulate
from simulation.penalties import Penalties
from simulation.report.terminal import print_comparison
from simulation.statistics import replicate
from tests.builders import a_policy
from tests.simulation.comparisons import a_busy_office

POLICIES = ("longest-idle", "skills-priority")


@pytest.fixture(scope="module")
def office() -> Comparison:
    """Two policies under two rosters, four replications."""
    return compare(a_busy_office(), policies=POLICIES, rosters=["planned", "fewer"], replications=4)


def test_the_same_policy_twice_differs_by_exactly_zero() -> None:
    """An A/A comparison shows no difference anywhere, and says so."""
    comparison = compare(a_busy_office(), policies=["longest-idle", "longest-idle"], replications=3)
    (difference,) = comparison.to_dict()["differences"]
    assert difference["arm"] == "longest-idle #2"
    groups = [difference["overall"], *difference["by_queue"].values(), *difference["by_channel"].values()]
    assert {entry["mean"] for group in groups for entry in group.values()} <= {0.0, None}
    assert not any(entry["is_significant"] for group in groups for entry in group.values())
    assert comparison.answer.startswith("There is no difference in service level")


def test_what_goes_wrong_has_a_price_where_the_scenario_states_one(office: Comparison) -> None:
    """Penalties are a measure like any other: compared in pairs, shown everywhere, and added up over queues."""
    priced = replace(a_busy_office(), penalties=Penalties(abandoned=6.0, late=1.5, waited_hour=30.0))
    found = compare(priced, policies=POLICIES[:1], rosters=["planned", "fewer"], replications=3)
    amounts = found.to_dict()["policies"]["longest-idle @ planned"]
    assert amounts["overall"]["penalty"]["unit"] == "money"
    by_queue = sum(group["penalty"]["mean"] for group in amounts["by_queue"].values())
    assert amounts["overall"]["penalty"]["mean"] == pytest.approx(by_queue)
    difference = found.results.differences[0].overall["penalty"]
    assert difference is not None
    assert difference.difference.interval.mean > 0
    assert "Penalties for what went wrong" in found.to_html()
    printed = StringIO()
    print_comparison(found.results, Console(file=printed, width=120))
    assert "penalties" in printed.getvalue()
    assert "penalty" not in office.to_json()
    assert "Penalties" not in office.to_html()


def test_a_price_that_nobody_stated_is_no_goal() -> None:
    """Neither to stop at nor to choose by."""
    with pytest.raises(ConfigError, match="only where the scenario states penalties"):
        compare(a_busy_office(), policies=POLICIES, until="penalty:5", replications=2)
    with pytest.raises(ConfigError, match="only where the scenario states penalties"):
        select(a_busy_office(), policies=POLICIES, by="ocba:penalty", budget=20, replications=3)


def test_the_number_of_workers_changes_no_byte() -> None:
    """One process and two give the same document."""
    one, two = (compare(a_busy_office(), policies=POLICIES, replications=3, workers=workers).to_json() for workers in (1, 2))
    assert one == two


def test_the_hash_seed_changes_no_byte() -> None:
    """Two interpreters with different hash seeds print the same document and page."""
    program = (
        "from simulation import compare\n"
        "from tests.simulation.comparisons import a_busy_office\n"
        "comparison = compare(a_busy_office(hours=1), policies=['longest-idle', 'least-cost'], replications=2)\n"
        "import hashlib\n"
        "print(comparison.to_dict()['digest'], hashlib.sha256(comparison.to_html().encode()).hexdigest())\n"
    )
    printed = []
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PATH": ""}
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, cwd=Path.cwd())
        printed.append(done.stdout)
    assert printed[0] == printed[1]


def test_every_arm_meets_the_same_customers(office: Comparison) -> None:
    """Offered is equal in every replication, and every arm accounts for all of it."""
    offered = {arm: [day["offered"] for day in days] for arm, days in office.results.daily.items()}
    assert len({tuple(days) for days in offered.values()}) == 1
    parts = ("handled", "abandoned", "refused", "diverted", "unserved", "cancelled", "unreached", "in_progress")
    for days in office.results.daily.values():
        assert [sum(day[part] or 0 for part in parts) for day in days] == [day["offered"] for day in days]


def test_arms_are_policies_under_rosters(office: Comparison) -> None:
    """Every policy under every roster, named by both; the first is the baseline of all differences."""
    document = office.to_dict()
    names = ["longest-idle @ planned", "skills-priority @ planned", "longest-idle @ fewer", "skills-priority @ fewer"]
    assert list(document["policies"]) == names
    assert [(one["arm"], one["baseline"]) for one in document["differences"]] == [(name, names[0]) for name in names[1:]]
    assert document["arms"][names[2]]["agents"] == 2


def test_fewer_agents_answer_later(office: Comparison) -> None:
    """One agent of three missing shows in service level and speed of answer, established on four days."""
    document = office.to_dict()
    fewer = document["differences"][1]["by_kind"]["live"]
    assert fewer["service_level"]["mean"] < -0.05
    assert fewer["service_level"]["is_significant"]
    assert fewer["asa_s"]["mean"] > 0
    assert office.answer.startswith(("longest-idle @ planned answers the most", "No arm is shown", "skills-priority @ planned answers"))


def test_queues_and_half_hours_add_up_to_the_whole(office: Comparison) -> None:
    """Offered by queue, by channel, by kind and by half hour of arrival each sum to the whole."""
    arm = office.to_dict()["policies"]["longest-idle @ planned"]
    whole = arm["overall"]["offered"]["mean"]
    for groups in (arm["by_queue"], arm["by_channel"], arm["by_kind"]):
        assert sum(group["offered"]["mean"] for group in groups.values()) == pytest.approx(whole)
    half_hours = office.to_dict()["intervals"]["longest-idle @ planned"]
    assert [entry["starts_at"][11:16] for entry in half_hours] == ["00:00", "00:30", "01:00", "01:30"]
    assert sum(entry["kpis"]["offered"]["mean"] for entry in half_hours) == pytest.approx(whole)


def test_the_document_keeps_its_promises(office: Comparison) -> None:
    """Every measure has mean, interval and unit; assumptions and notes are repeated; the digest names the content."""
    document = json.loads(office.to_json())
    assert document["schema"] == "careroute/compare/1"
    for arm in document["policies"].values():
        for entry in arm["overall"].values():
            assert set(entry) == {"mean", "ci95", "unit"}
            assert entry["ci95"] is None or entry["ci95"][0] <= entry["mean"] <= entry["ci95"][1]
    assert "nobody calls twice" in document["assumptions"]
    assert "an office of the tests" in document["notes"]
    assert compare(a_busy_office(), policies=POLICIES, replications=4).to_dict()["digest"] != document["digest"]


def test_one_replication_claims_nothing() -> None:
    """Without a second day there is no interval and no significance."""
    document = compare(a_busy_office(hours=1), policies=POLICIES, replications=1).to_dict()
    entries = document["differences"][0]["overall"].values()
    assert {(entry["ci95"], entry["p"], entry["is_significant"]) for entry in entries} == {(None, None, False)}
    assert any("One replication has no interval" in note for note in document["notes"])


def test_frames_hold_what_the_document_holds(office: Comparison) -> None:
    """The tidy tables have one row a value."""
    frame = office.frame()
    row = frame.filter((frame["arm"] == "longest-idle @ fewer") & (frame["group"] == "overall") & (frame["measure"] == "service_level"))
    expected = office.results.values["longest-idle @ fewer"].overall["service_level"]
    assert expected is not None
    assert row["mean"].to_list() == [expected.mean]
    assert office.replications_frame()["replication"].n_unique() == 4
    assert office.differences_frame()["arm"].n_unique() == 3


def test_saved_logs_are_journals_with_the_same_measures(tmp_path: Path) -> None:
    """What the ledger counted while the world ran is what it counts from the saved journal; a folder is not used twice."""
    logs = tmp_path / "logs"
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle"], replications=1, save_logs=logs)
    journal = read_journal(logs / "longest-idle-r0000")
    row = tabulate(facts_of(Ledger().read(read_events(journal)))).overall
    journal.close()
    day = comparison.results.daily["longest-idle"][0]
    names = ("offered", "handled", "abandoned", "service_level", "asa_s", "wait_p90_s")
    scales = {"asa_s": 0.001, "wait_p90_s": 0.001}
    assert {name: replicate([row[name]], scales.get(name, 1.0)).value for name in names} == {name: day[name] for name in names}
    with pytest.raises(ConfigError, match="not an empty folder"):
        compare(a_busy_office(hours=1), policies=["longest-idle"], replications=1, save_logs=logs)


def test_progress_is_told_after_each_replication() -> None:
    """Three replications, three calls, whatever the processes."""
    scenario = a_busy_office(hours=1)
    arms = arms_of([a_policy()], ["planned"], ["test"])
    calls: list[int] = []
    run_experiment(Experiment(scenario=scenario, arms=arms, replications=3), workers=1, on_done=lambda: calls.append(1))
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("policies", "rosters", "message"),
    [(["longest-idel"], None, "longest-idle"), (["longest-idle"], ["planed"], "planned"), ([], None, "at least one")],
)
def test_an_unknown_name_lists_the_nearest(policies: list[str], rosters: list[str] | None, message: str) -> None:
    """A wrong policy or roster ends in one message that helps."""
    with pytest.raises(ConfigError, match=message):
        compare(a_busy_office(), policies=policies, rosters=rosters)


def test_the_page_says_its_answer_and_needs_nothing_else(office: Comparison) -> None:
    """The title is the answer, assumptions and notes are repeated, and nothing is loaded from elsewhere."""
    page = office.to_html()
    visible = page.partition("</script>")[2]
    assert f"<h1>{office.answer}</h1>" in visible
    assert "nobody calls twice" in visible
    assert "an office of the tests" in visible
    assert "http://" not in visible
    assert 'src="' not in visible
    assert page == office.to_html()
