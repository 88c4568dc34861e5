"""Counterfactuals: what is known stays exactly, what is missing is drawn given the rest, and intervals say so."""

import json
import math
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pytest

from routing.cli import main
from routing.config.errors import ConfigError
from simulation import laws
from simulation.api import compare
from simulation.births import births_of
from simulation.counterfactual.api import counterfactual
from simulation.counterfactual.completing import has_left
from simulation.counterfactual.imputed import Imputed, ImputedRule
from simulation.counterfactual.missing import Missing, missing_of
from simulation.counterfactual.rubin import combined
from simulation.counterfactual.study import Counterfactual
from simulation.counterfactual.words import answer, document_of, is_established
from simulation.demand import ReplayedLog
from simulation.interactions import RecordedInteraction, write_interactions
from simulation.recorded import read_log
from simulation.scenario import Scenario
from simulation.statistics import Interval
from simulation.streams import Purpose
from tests.simulation.comparisons import a_busy_office


def a_call(number: int, **told: object) -> RecordedInteraction:
    """A caller, one a second."""
    return RecordedInteraction(id=f"i{number}", arrived_at_ms=number * 1_000, channel="voice", type="sales", attributes={}, **told)  # type: ignore[arg-type]  # columns by name


def a_day_of(office: Scenario, folder: Path, *, policy: str = "longest-idle", seed: int = 5) -> Path:
    """The journal that one simulated day of the office leaves."""
    compare(office, policies=[policy], replications=1, seed=seed, save_logs=folder)
    return folder / f"{policy}-r0000"


def test_the_same_policy_gives_the_day_again(tmp_path: Path) -> None:
    """Whoever was answered keeps their handling and waits at least as long, whoever left leaves: nothing that is imputed matters."""
    office = a_busy_office(hours=2)
    found = counterfactual(a_day_of(office, tmp_path), scenario=office, policies=["longest-idle"], imputations=5)
    assert found.measured is not None
    again = found.values["longest-idle"]
    for name in ("offered", "handled", "abandoned", "service_level", "asa_s", "wait_p90_s", "abandonment"):
        was, now = found.measured[name], again[name]
        assert was is not None
        assert now is not None
        assert (now.low, now.mean, now.high) == (was.mean, was.mean, was.mean), name


def test_what_the_log_knows_holds_in_every_imputation(tmp_path: Path) -> None:
    """Patience of those who left, handling and wrap-up of those who were answered; the rest differs from imputation to imputation."""
    office = a_busy_office(hours=1)
    log = read_log(a_day_of(office, tmp_path)).interactions
    never = tuple(laws.Never() for _ in range(2))
    slow = tuple(laws.Exponential(mean_ms=mean) for mean in (100_000, 400_000))
    imputed = Imputed(rules={Purpose.PATIENCE: (ImputedRule(when={"channel": ("email",)}, laws=never), ImputedRule(when={}, laws=slow))})
    day = replace(office, demand=ReplayedLog(log=log, name="log", imputed=imputed))
    first, second = ({birth.interaction.id: birth for birth in births_of(day, number).births} for number in (0, 1))
    assert any(has_left(row) for row in log)
    for row in log:
        births = (first[row.id], second[row.id])
        if has_left(row):
            assert {birth.patience_ms for birth in births} == {row.wait_ms}
        elif row.channel == "email":
            assert {birth.patience_ms for birth in births} == {None}
        else:
            assert all((birth.patience_ms or 0) > (row.wait_ms or 0) for birth in births)
            assert births[0].patience_ms != births[1].patience_ms
        if row.handling_ms is not None:
            assert {birth.work_ms for birth in births} == {row.handling_ms}


def test_more_patience_is_imputed_than_the_wait_alone_tells() -> None:
    """Beyond the wait an exponential customer waits for the mean once more: given the wait, not from the beginning."""
    rows = tuple(a_call(n, answered_at_ms=n * 1_000 + 60_000, ended_at_ms=n * 1_000 + 90_000, outcome="handled") for n in range(2_000))
    imputed = Imputed(rules={Purpose.PATIENCE: (ImputedRule(when={}, laws=(laws.Exponential(mean_ms=120_000),)),)})
    day = replace(a_busy_office(hours=1), demand=ReplayedLog(log=rows, name="log", imputed=imputed))
    patience = np.array([birth.patience_ms for birth in births_of(day, 0).births], dtype=np.float64)
    assert patience.min() > 60_000
    assert patience.mean() == pytest.approx(180_000, rel=0.05)


def test_rubin_s_rules() -> None:
    """By hand: three values, variance within 4, between 1; and the day's own interval, where nothing is within."""
    interval = combined([1.0, 2.0, 3.0], within=4.0)
    added = 4 / 3
    degrees = 2 * (1 + 4 / added) ** 2
    assert degrees == 32
    half = 2.738481 * math.sqrt(4 + added)
    assert interval is not None
    assert interval.mean == 2.0
    assert interval.high == pytest.approx(2 + half, abs=1e-4)
    alone = combined([1.0, 2.0, 3.0])
    assert alone is not None
    assert alone.high == pytest.approx(2 + 9.924843 * math.sqrt(added), abs=1e-4)
    assert combined([1.0, None]) is None
    same = combined([2.0, 2.0])
    assert same is not None
    assert (same.low, same.high) == (2.0, 2.0)
    assert combined([0.9, 1.0, 0.95], (0.0, 1.0)) is not None
    cut = combined([0.9, 1.0, 0.95], (0.0, 1.0))
    assert cut is not None
    assert cut.high == 1.0


def test_a_leaner_roster_is_told_with_its_doubt(tmp_path: Path) -> None:
    """One agent fewer makes more customers leave, but a day of some sixty calls bounds by how many only widely; what was done is said."""
    office = a_busy_office(hours=2)
    log = a_day_of(office, tmp_path)
    found = counterfactual(log, scenario=office, policies=["longest-idle"], rosters=["planned", "fewer"], imputations=6)
    difference = found.differences["longest-idle @ fewer"]["abandonment"]
    assert difference is not None
    assert difference.mean > 0.1
    assert not is_established(difference)
    document = document_of(found)
    level = found.differences["longest-idle @ fewer"]["service_level"]
    assert level is not None
    assert is_established(level) != ("not established" in document["answer"])
    assert document["schema"] == "careroute/counterfactual/1"
    assert document["imputations"] == 6
    assert document["missing"]["patience"]["known"] == found.missing[Purpose.PATIENCE].known
    assert any("this day alone" in line for line in document["statements"])
    assert any("Rubin" in line for line in document["statements"])
    again = counterfactual(log, scenario=office, policies=["longest-idle"], rosters=["planned", "fewer"], imputations=6, workers=2)
    assert document_of(again) == document


def test_the_page_shows_the_answer_and_what_was_imputed(tmp_path: Path) -> None:
    """The answer is its title, its first figure has a difference an arm, and everybody of the log is counted for each thing once."""
    office = a_busy_office(hours=2)
    log = a_day_of(office, tmp_path)
    found = counterfactual(log, scenario=office, policies=["longest-idle"], rosters=["planned", "fewer"], imputations=5)
    page = found.to_html()
    assert f"<h1>{escape(answer(found))}</h1>" in page
    assert page.index("plot-differences") < page.index("plot-missing")
    assert all(escape(line) in page for line in found.statements)
    rows = found.log.interactions
    assert {one.rows for one in found.missing.values()} == {len(rows)}
    patience = found.missing[Purpose.PATIENCE]
    assert patience.known == sum(1 for row in rows if has_left(row))
    assert found.missing[Purpose.WORK].known == sum(1 for row in rows if row.handling_ms is not None)
    assert f"{patience.imputed:,} <span" in page
    assert page == found.to_html()


def test_whoever_is_drawn_for_is_counted_by_where_the_draw_comes_from() -> None:
    """One left, one was answered on a channel with a law, one where nobody leaves, and one where the log tells nothing to fit."""
    left = a_call(0, ended_at_ms=9_000, outcome="abandoned")
    answered = [replace(a_call(n, answered_at_ms=9_000), channel=channel) for n, channel in ((1, "voice"), (2, "email"), (3, "chat"))]
    voice = ImputedRule(when={"channel": ("voice",)}, laws=(laws.Exponential(mean_ms=60_000),))
    email = ImputedRule(when={"channel": ("email",)}, laws=(laws.Never(),))
    found = missing_of([left, *answered], Imputed(rules={Purpose.PATIENCE: (voice, email)}))
    assert found == {Purpose.PATIENCE: Missing(known=1, imputed=1, endless=1, assumed=1)}


def test_the_page_of_one_arm_sets_it_beside_what_happened(tmp_path: Path) -> None:
    """Nothing is compared; a table without events has nothing to set beside, and both say so."""
    office = a_busy_office(hours=1)
    folder = a_day_of(office, tmp_path / "logs")
    write_interactions(tmp_path / "log.csv", read_log(folder).interactions)
    of_journal, of_table = (
        counterfactual(log, scenario=office, policies=["longest-idle"], imputations=5) for log in (folder, tmp_path / "log.csv")
    )
    was = of_journal.measured
    assert was is not None
    level = was["service_level"]
    assert level is not None
    assert f"it was {100 * level.mean:.1f} %" in answer(of_journal)
    assert "it was" not in answer(of_table)
    assert "plot-level" in of_journal.to_html()
    assert "How the arms differ" not in of_journal.to_html()
    assert "cannot be measured beside the arms" in of_table.to_html()


def test_the_answer_names_who_is_better_who_is_worse_and_who_is_not_known_to_be_either(tmp_path: Path) -> None:
    """Differences as they may turn out, set by hand into a study."""
    office = a_busy_office(hours=1)
    study = counterfactual(a_day_of(office, tmp_path), scenario=office, policies=["longest-idle"], imputations=5)

    def told(**levels: Interval) -> str:
        return answer(replace(study, differences={arm: {"service_level": level} for arm, level in levels.items()}))

    gain, loss, doubt = Interval(0.02, 0.01, 0.03), Interval(-0.02, -0.03, -0.01), Interval(0.01, -0.01, 0.03)
    beginning = "within their targets than longest-idle (99 % interval +1.0 to +3.0)"
    assert told(a=gain, b=loss).endswith(f"{beginning}; shown to answer fewer: b.")
    assert told(a=doubt, b=gain).startswith("b would have answered 2.0 points more of the live interactions")
    assert told(a=gain, b=Interval(0.04, 0.03, 0.05)).endswith("; shown to answer more: a.")
    assert told(a=loss).startswith("longest-idle would have answered the most")
    assert told(a=doubt, b=loss).startswith("It is not established")
    assert told(a=doubt, b=loss).endswith("shown to answer fewer: b.")
    assert told(a=Interval(0, 0, 0)).startswith("There is no difference in service level")
    many = told(a=doubt, b=doubt, c=doubt, d=doubt)
    assert "2 others no higher" in many


def test_recorded_redials_follow_what_they_followed(tmp_path: Path) -> None:
    """One who left called again; where nobody need leave, nobody calls again, and the report says which of both was assumed."""
    office = a_busy_office(hours=1)
    rows = [a_call(n, answered_at_ms=60_000 * n + 5_000, ended_at_ms=60_000 * n + 35_000, outcome="handled") for n in range(1, 20)]
    rows = [replace(row, arrived_at_ms=60_000 * number) for number, row in enumerate(rows, start=1)]
    left = replace(a_call(90, customer="c"), arrived_at_ms=65_000, ended_at_ms=95_000, outcome="abandoned")
    again = replace(left, id="i91", arrived_at_ms=125_000, answered_at_ms=126_000, ended_at_ms=150_000, outcome="handled")
    write_interactions(tmp_path / "log.csv", [*rows, left, again])
    bound, loose = (
        counterfactual(tmp_path / "log.csv", scenario=office, policies=["longest-idle"], imputations=5, redials_within_ms=within)
        for within in (600_000, None)
    )
    told = [found.values["longest-idle"]["offered"] for found in (bound, loose)]
    assert [one.mean if one is not None else None for one in told] == [20, 21]
    assert any("lost again" in line for line in bound.statements)
    assert any("as in the log" in line for line in loose.statements)


def laws_of(found: Counterfactual) -> list[object]:
    """Every fitted law of patience and of handling."""
    return [rule.law for purpose in (Purpose.PATIENCE, Purpose.WORK) for rule in found.fit.of(purpose)]


def test_the_laws_may_be_those_of_another_log(tmp_path: Path) -> None:
    """`fit_to` gives what is missing its laws, and what the day's own log holds stays all the same."""
    office = a_busy_office(hours=1)
    log, other = a_day_of(office, tmp_path / "day"), a_day_of(office, tmp_path / "other", seed=6)
    found, own, others = (
        counterfactual(named, scenario=office, policies=["longest-idle"], imputations=5, fit_to=fit_to)
        for named, fit_to in ((log, other), (log, None), (other, None))
    )
    assert laws_of(found) == laws_of(others) != laws_of(own)
    assert found.values["longest-idle"]["offered"] == own.values["longest-idle"]["offered"] != others.values["longest-idle"]["offered"]
    assert found.measured == own.measured


def test_a_table_tells_as_much_as_a_journal(tmp_path: Path) -> None:
    """The interactions of a journal written as a file give the same values; only the measures as it happened are missing."""
    office = a_busy_office(hours=1)
    folder = a_day_of(office, tmp_path / "logs")
    write_interactions(tmp_path / "log.csv", read_log(folder).interactions)
    of_journal, of_table = (
        counterfactual(log, scenario=office, policies=["least-cost"], imputations=5) for log in (folder, tmp_path / "log.csv")
    )
    assert of_table.values == of_journal.values
    assert of_table.measured is None


def test_what_cannot_be_answered_is_refused(tmp_path: Path) -> None:
    """Too few imputations, and a log without what became of its customers."""
    office = a_busy_office(hours=1)
    write_interactions(tmp_path / "log.csv", [a_call(n) for n in range(3)])
    with pytest.raises(ConfigError, match="less than 5"):
        counterfactual(tmp_path / "log.csv", scenario=office, policies=["least-cost"], imputations=4)
    with pytest.raises(ConfigError, match="waits and handling"):
        counterfactual(tmp_path / "log.csv", scenario=office, policies=["least-cost"])


def test_the_command_prints_what_it_knows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """On a recorded day of the example city with waits and outcomes made up for it."""
    scenario = Path("examples/boston-311/busy-day.toml")
    arrivals = read_log(Path("examples/boston-311/day-2015-08-11.interactions.csv.gz")).interactions
    rows = []
    for number, row in enumerate(arrivals):
        answered = None if number % 9 == 0 else row.arrived_at_ms + 20_000 + number * 37 % 60_000
        ended = row.arrived_at_ms + 45_000 if answered is None else answered + 90_000 + number * 991 % 200_000
        rows.append(replace(row, answered_at_ms=answered, ended_at_ms=ended, outcome="abandoned" if answered is None else "handled"))
    write_interactions(tmp_path / "log.csv", rows)
    words = ["counterfactual", str(tmp_path / "log.csv"), "--scenario", str(scenario), "--policies", "longest-idle,least-cost"]
    for more in (["--json"], []):
        with pytest.raises(SystemExit) as caught:
            main([*words, "--imputations", "5", "--workers", "1", "--html", str(tmp_path / "day.html"), *more])
        assert not caught.value.code
        printed = capsys.readouterr().out
        if more:
            assert set(json.loads(printed)["arms"]) == {"longest-idle", "least-cost"}
        else:
            assert "imputations" in printed
    assert "plot-differences" in (tmp_path / "day.html").read_text()
