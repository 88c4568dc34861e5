"""The words and numbers of a report, on comparisons whose outcome is known."""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console
from scipy import stats

from routing.config.errors import ConfigError
from simulation import comparison as results
from simulation.api import Comparison, compare
from simulation.comparison import Judged
from simulation.files import write_text
from simulation.kpis.registry import MEASURES
from simulation.report import single_days
from simulation.report.csv import write_csv
from simulation.report.drawing import colours_of
from simulation.report.numbers import compact_text, difference_text, duration_text, number, value_text
from simulation.report.plots import differences_plot
from simulation.report.ranking import alike_counts, foremost, ranked, twins_of
from simulation.report.terminal import print_comparison
from simulation.report.words import answer
from simulation.statistics import Difference, Interval
from tests.simulation.comparisons import a_busy_office


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        ("service_level", 0.8126, "81.3"),
        ("asa_s", 7.254, "7.25"),
        ("asa_s", 72.54, "72.5"),
        ("asa_s", 7254.4, "7,254"),
        ("fairness_gini", 0.12345, "0.123"),
        ("offered", 531.0, "531"),
        ("offered", 12.25, "12.2"),
        ("asa_s", -0.0001, "0.00"),
    ],
)
def test_numbers_are_rounded_as_they_are_read(measure: str, value: float, expected: str) -> None:
    """Shares in per cent, seconds with fewer decimals as they grow, and no minus zero."""
    assert number(MEASURES[measure], value) == expected


def test_a_value_shows_its_interval_and_a_difference_its_sign() -> None:
    """An interval of one point is none, and a measure without a value is a dash."""
    level, tested = MEASURES["service_level"], Judged(difference=Difference(Interval(-0.01, -0.03, 0.01), 0.2, 0.01), p_adjusted=0.2)
    assert value_text(level, Interval(0.8, 0.75, 0.85)) == "80.0 % (75.0 to 85.0)"
    assert value_text(level, Interval(0.8, 0.8, 0.8)) == "80.0 %"
    assert value_text(level, None) == "-"
    assert compact_text(level, Interval(0.98, 0.95, 1.0)) == "98.0 \N{PLUS-MINUS SIGN}3.0 %"
    assert difference_text(level, tested) == "\N{MINUS SIGN}1.0 points (\N{MINUS SIGN}3.0 to +1.0)"


def test_durations_keep_their_largest_whole_unit() -> None:
    """And zero is zero."""
    durations = {20_000: "20 s", 90_000: "90 s", 120_000: "2 min", 14_400_000: "4 h", 1_500: "1500 ms", 0: "0 ms"}
    assert {ms: duration_text(ms) for ms in durations} == durations


@pytest.mark.parametrize("rosters", [["planned"], ["planned", "fewer"]])
def test_the_terminal_shows_every_arm_and_every_caveat(rosters: list[str]) -> None:
    """The answer first, then all arms side by side or below each other, queues, notes and assumptions."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], rosters=rosters, replications=3)
    shown = io.StringIO()
    print_comparison(comparison.results, Console(file=shown, width=300))
    text = shown.getvalue()
    assert text.startswith(comparison.answer)
    for part in ("skills-priority", "queue sales", "channel email", "nobody calls twice", "an office of the tests", "Live interactions"):
        assert part in text


def test_the_page_says_how_much_replications_differ() -> None:
    """From five on, of the live interactions where there are others: the smallest and the largest of the replications' own values."""
    office = a_busy_office(hours=1)
    five = compare(office, policies=["longest-idle"], replications=5)
    found = single_days.bands(five.results, ["longest-idle"])
    days = [day["abandonment"] for day in five.results.daily_headline["longest-idle"]]
    known = [100 * day for day in days if day is not None]
    assert found["abandonment"] == [f"{min(known):.1f} to {max(known):.1f} %"]
    assert days != [day["abandonment"] for day in five.results.daily["longest-idle"]]  # the e-mails beside them
    assert "smallest to the largest value of 5 replications: one more lies there with a probability of 67 %" in five.to_html()
    assert "How much replications differ" not in compare(office, policies=["longest-idle"], replications=4).to_html()


def test_csv_files_are_written_whole(tmp_path: Path) -> None:
    """Three tables that read back, and one message where the folder is a file."""
    comparison = compare(a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], replications=2)
    paths = write_csv(comparison.results, tmp_path / "csv")
    assert [path.name for path in paths] == ["measures.csv", "differences.csv", "replications.csv"]
    assert pl.read_csv(paths[2]).height == comparison.replications_frame().height
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == sorted(path.name for path in paths)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_text(tmp_path / "file" / "report.html", "")


@pytest.fixture(scope="module")
def many() -> Comparison:
    """Every policy of three systems and Careroute's own in a small office, where some of them come out alike."""
    policies = ["longest-idle", "builtin", "asterisk", "azure", "twilio"]
    return compare(a_busy_office(hours=1), policies=policies, replications=3)


def test_many_arms_are_ranked_on_a_terminal_of_eighty_columns(many: Comparison) -> None:
    """An arm a row, the best first, nothing cut off; those that came out alike are named below."""
    shown = io.StringIO()
    print_comparison(many.results, Console(file=shown, width=80))
    text = shown.getvalue()
    assert max(len(line) for line in text.splitlines()) <= 80
    lines = text.split("By queue, channel")[0].splitlines()
    (rule,) = [place for place, line in enumerate(lines) if set(line.strip()) == {"\N{BOX DRAWINGS LIGHT HORIZONTAL}"}]
    assert lines[rule - 1].split() == ["policy", "level", "difference", "answer", "abandoned"]
    assert all(line.rstrip().endswith("%") for line in lines[rule:] if "\N{PLUS-MINUS SIGN}" in line)
    table = "\n".join(lines[rule:])
    order = ranked(many.results)
    assert len(order) == 4 + 9 + 3 + 2
    twins = twins_of(many.results)
    assert twins
    squeezed = "".join(table.split())
    assert [name for name in order if name not in squeezed] == []
    places = [squeezed.index(name) for name in order if name not in twins]
    assert places == sorted(places)
    assert "17 comparisons with longest-idle" in " ".join(text.split())


def test_the_ranking_follows_the_service_level_and_the_foremost_are_distinct(many: Comparison) -> None:
    """The best five that decided differently, with the baseline; a comparison of few shows all."""
    found = many.results
    levels = [interval.mean for name in ranked(found) if (interval := found.headline(name)["service_level"]) is not None]
    assert levels == sorted(levels, reverse=True)
    drawn = [arm.name for arm in foremost(found)]
    assert "longest-idle" in drawn
    assert 2 <= len(drawn) <= 6
    assert not set(drawn) & set(twins_of(found))
    assert len({colours_of(found)[name] for name in drawn}) == len(drawn)


def test_the_page_of_many_arms_has_an_arm_a_row_and_says_what_is_drawn(many: Comparison) -> None:
    """Every arm stands in the tables, those that decided alike in a row with a list of them; the plots say that they show some."""
    page = many.to_html()
    assert "Of 18 arms the baseline and the best that decided differently are drawn" in page
    assert "hold all together with 95 %" in page
    section = page.split("<h2>The arms</h2>")[1].split("</section>")[0]
    counts = alike_counts(many.results)
    assert section.count('<th scope="row">') == len(counts) < 18 == len(counts) + sum(counts.values())
    assert [arm.name for arm in many.results.arms if arm.name not in section] == []


def test_every_arm_of_many_is_named_beside_its_bar(many: Comparison) -> None:
    """The axis has a tick for each, and only those drawn elsewhere have a colour of their own."""
    figure = differences_plot(many.results)
    assert (figure.layout.yaxis.tickmode, figure.layout.yaxis.dtick) == ("linear", 1)
    bars = {name: trace.marker.color for trace in figure.data for name in trace.y}
    told = {arm.name for arm in foremost(many.results)}
    (pale,) = {colour for name, colour in bars.items() if name not in told}
    assert pale not in {colour for name, colour in bars.items() if name in told}


def judged(comparison: results.Comparison, p_adjusted: Mapping[str, float]) -> results.Comparison:
    """The same comparison with other p-values of the service level; 1 for all that are not named."""
    arms = []
    for one in comparison.differences:
        tested = comparison.headline_differences(one)["service_level"]
        assert tested is not None
        changed = {"service_level": replace(tested, p_adjusted=p_adjusted.get(one.arm, 1.0))}
        arms.append(replace(one, overall={**one.overall, **changed}, by_kind={"live": {**one.by_kind["live"], **changed}}))
    return replace(comparison, differences=tuple(arms))


def test_the_answer_names_all_that_is_established_either_way(many: Comparison) -> None:
    """Where nothing is shown to be better, what is shown to be worse is named all the same, and the other way round."""
    found = many.results
    means = {
        one.arm: tested.difference.interval.mean
        for one in found.differences
        if (tested := found.headline_differences(one)["service_level"])
    }
    best, worst = max(means, key=lambda arm: means[arm]), min(means, key=lambda arm: means[arm])
    assert means[worst] < 0 < means[best]
    assert answer(judged(found, {worst: 0.01})).endswith(f" others no higher; shown to answer fewer: {worst}.")
    both = answer(judged(found, {best: 0.01, worst: 0.01}))
    assert both.startswith(f"{best} answers ")
    assert both.endswith(f"by itself, established among 17); shown to answer fewer: {worst}.")
    higher = [arm for arm, mean in means.items() if mean > 0]
    others = [arm for arm in higher if arm != best]
    assert len(others) > 3
    listed = f"; shown to answer more: {', '.join(others[:3])} and {len(others) - 3} others."
    assert answer(judged(found, dict.fromkeys(higher, 0.01))).endswith(listed)
    assert "shown" not in answer(judged(found, {})).removeprefix("No arm is shown")


def test_the_answer_of_many_quotes_the_interval_of_the_table(many: Comparison) -> None:
    """Not that of one comparison by itself, which may exclude zero where nothing is established."""
    found = judged(many.results, {})
    one = max(found.differences, key=lambda arm: mean_of(found.headline_differences(arm)["service_level"]))
    tested = found.headline_differences(one)["service_level"]
    level = MEASURES["service_level"]
    assert difference_text(level, tested, is_joint=True) != difference_text(level, tested)
    assert f": {one.arm} {difference_text(level, tested, is_joint=True)}; " in answer(found)


def mean_of(tested: Judged | None) -> float:
    """How large a difference is."""
    assert tested is not None
    return tested.difference.interval.mean


def test_joint_intervals_are_wider_by_the_quantile_of_all_comparisons(many: Comparison) -> None:
    """Bonferroni over seventeen: Student's quantile at 1 - 0.05 / 34 with two degrees of freedom, against that at 0.975."""
    (one,) = [arm for arm in many.results.differences if arm.arm == "least-cost"]
    tested = many.results.headline_differences(one)["service_level"]
    assert tested is not None
    assert tested.joint is not None
    assert tested.joint.high is not None
    assert tested.difference.interval.high is not None
    ratio = (tested.joint.high - tested.joint.mean) / (tested.difference.interval.high - tested.difference.interval.mean)
    assert ratio == pytest.approx(stats.t.ppf(1 - 0.05 / 34, 2) / stats.t.ppf(0.975, 2))


def test_a_group_leaves_out_what_is_named_beside_it() -> None:
    """The baseline is named first and comes once; a policy named twice by hand is meant twice."""
    arms = compare(a_busy_office(hours=1), policies=["azure-round-robin", "azure", "azure-round-robin"], replications=1).results.arms
    assert [arm.name for arm in arms] == ["azure-round-robin", "azure-best-worker", "azure-longest-idle", "azure-round-robin #2"]
