"""`careroute check` on the planner's files: what it tells of those that ship, and what only reading everything they name can find."""

import shutil
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.checks import check_behaviour_file, check_interactions_file, check_mapping_file, check_scenario_file

BOSTON = Path(__file__).parents[2] / "examples" / "boston-311"
FRONT_DESK = BOSTON.parent / "front-desk"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example."""
    return Path(shutil.copytree(BOSTON, tmp_path / "boston"))


def rewrite(path: Path, old: str, new: str) -> Path:
    """The file with one text replaced wherever it stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_scenario_is_told_as_a_planner_speaks_of_it() -> None:
    """The horizon is local time, rosters say how many agents they have, and nothing is in milliseconds."""
    facts = check_scenario_file(BOSTON / "busy-day.toml").facts
    assert facts["horizon"] == "2015-08-11 00:00 to 2015-08-11 18:00 (America/New_York)"
    assert facts["rosters"] == "planned (13 agents), one-fewer (12 agents)"
    assert facts["demand"] == "recorded interactions, replayed exactly: day-2015-08-11.interactions.csv.gz"


@pytest.mark.parametrize("name", ["busy-day", "busy-day-x10", "busy-week", "quiet-week"])
def test_the_examples_have_no_findings(name: str) -> None:
    """Neither the site, nor any roster with it, nor the patience of its customers."""
    assert check_scenario_file(BOSTON / f"{name}.toml").findings == ()


def test_a_lease_longer_than_patience_is_found(folder: Path) -> None:
    """Half of the callers hang up while the first agent is rung: the finding of each queue of calls, as the reference shows it."""
    draw = 'draw = { law = "exponential", mean = "5min" }'
    rewrite(folder / "behaviour.toml", draw, 'draw = { law = "constant", value = "15s" }')
    findings = check_scenario_file(folder / "busy-day.toml").findings
    assert {(one.check, one.key, one.file) for one in findings} == {
        ("offer-outlasts-patience", "queue_defaults.offer_timeout", str(folder / "site.toml"))
    }
    page = (BOSTON.parents[1] / "docs" / "reference" / "findings.md").read_text(encoding="utf-8").replace("\n> ", " ")
    shown = [one for one in findings if f"{one.consequence}. {one.remedy}\n" in page]
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("key", "old", "new", "told"),
    [
        ("valid_until", "2027-12-31", "2026-03-01", "knows nothing from 2026-03-02 on, and the scenario lasts until 2026-03-02 17:30"),
        ("valid_from", "2026-01-01", "2026-03-03", "knows nothing before 2026-03-03, and the scenario begins at 2026-03-02 07:30"),
    ],
)
def test_a_calendar_that_does_not_know_the_day_is_found(key: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    """The front desk as it is has no findings; with a calendar that ends before the day, or begins after it, one."""
    for file in FRONT_DESK.glob("*.toml"):
        shutil.copy(file, tmp_path)
    assert check_scenario_file(tmp_path / "scenario.toml").findings == ()
    rewrite(tmp_path / "site.toml", f"{key} = {old}", f"{key} = {new}")
    (found,) = check_scenario_file(tmp_path / "scenario.toml").findings
    assert (found.check, found.key) == ("horizon-beyond-calendar", f"calendars.desk.{key}")
    assert told in found.consequence
    page = (BOSTON.parents[1] / "docs" / "reference" / "findings.md").read_text(encoding="utf-8").replace("\n> ", " ")
    assert (f"{found.consequence}. {found.remedy}\n" in page) is (key == "valid_until")


def test_the_other_files_are_told_in_a_few_facts() -> None:
    """What each kind holds, by its own words."""
    assert check_behaviour_file(BOSTON / "behaviour.toml").facts["effect of proficiency"] == "5 % a level above 6"
    assert check_mapping_file(BOSTON / "mapping.toml").facts["attributes"] == "family, department, target_at_ms"
    log = check_interactions_file(BOSTON / "day-2015-08-11.interactions.csv.gz").facts
    assert (log["interactions"], log["arrivals"]) == (686, "2015-08-11 04:04 to 2015-08-12 03:59 UTC")


def test_an_empty_log_is_a_log(tmp_path: Path) -> None:
    """A day without interactions can be read, and has no first arrival."""
    path = tmp_path / "log.csv"
    path.write_text("id,arrived_at_ms,channel,type,attributes,due_at_ms\n", encoding="utf-8")
    assert check_interactions_file(path).facts == {"interactions": 0, "channels": "", "types": 0}


def test_a_log_of_another_day_is_refused(folder: Path) -> None:
    """A wrong date would otherwise be an empty day with perfect service."""
    rewrite(folder / "busy-day.toml", "date = 2015-08-11", "date = 2016-08-11")
    with pytest.raises(ConfigError, match="runs from 2015-08-11 00:04 to 2015-08-11 23:59"):
        check_scenario_file(folder / "busy-day.toml")


def test_a_behaviour_rule_for_an_unknown_channel_is_refused(folder: Path) -> None:
    """A rule that nothing can match would change the results without a word."""
    rewrite(folder / "behaviour.toml", 'channel = ["phone"], family = ["info', 'channel = ["fone"], family = ["info')
    with pytest.raises(ConfigError) as caught:
        check_scenario_file(folder / "busy-day.toml")
    expected = 'behaviour.toml, key work[0].when.channel: "fone" is not a channel of the scenario\'s site. Did you mean "phone"?'
    assert str(caught.value).endswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"sources.csv"', '"source.csv"', "source.csv: cannot be read"),
        ('map_to = "family"', 'map_to = "famly"', 'key attributes.family.map_to: "famly" is not a column of types.csv'),
        ('format = "csv"', 'format = "xls"', 'key format: "xls" is not a format that can be imported. Known: amazon-connect'),
    ],
)
def test_a_mapping_is_checked_with_the_maps_it_names(folder: Path, old: str, new: str, expected: str) -> None:
    """The check finds what the import would, but for the columns of the table."""
    with pytest.raises(ConfigError) as caught:
        check_mapping_file(rewrite(folder / "mapping.toml", old, new))
    assert expected in str(caught.value)
