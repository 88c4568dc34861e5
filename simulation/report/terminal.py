"""The comparison on a terminal: the answer, the measures of every arm, the differences, and what to know before acting on them."""

from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simulation.comparison import Comparison, Judged
from simulation.kpis.measure import Better
from simulation.kpis.registry import MEASURES
from simulation.report.names import with_priced
from simulation.report.numbers import compact_text, mean_text, number
from simulation.report.ranking import alike_counts, alike_texts, differences_by_arm, has_many
from simulation.report.studies import StudyTable, study_tables
from simulation.report.words import answer, assumptions, notes

SHOWN = ("service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy", "fairness_gini")
"""The measures that fit a terminal; JSON, CSV and the page have them all."""

TITLES = {
    "service_level": "service level",
    "asa_s": "speed of answer",
    "wait_p90_s": "90 % wait at most",
    "abandonment": "abandonment",
    "occupancy": "occupancy",
    "fairness_gini": "inequality (Gini)",
    "penalty": "penalties",
    "offered": "offered",
}
_ARMS_BESIDE_MAX = 3
_LEFT_OUT = ("occupancy", "fairness_gini", "penalty")  # the last of those shown
_BY_GROUP = ("service_level", "asa_s")


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print the whole summary."""
    scenario = comparison.scenario
    console.print(Text(answer(comparison), style="bold"))
    console.print(
        Text(
            f"{scenario.name}: {scenario.demand.description}; {comparison.replications} replications, seed {scenario.seed}.",
            style="dim",
        )
    )
    console.print()
    if has_many(comparison):
        console.print(_ranking_table(comparison))
        for line in alike_texts(comparison):
            console.print(Text(line, style="dim"))
        console.print(Text("By queue, channel and half hour: --html, --csv or --json.", style="dim"))
        console.print()
    else:
        _print_side_by_side(comparison, console)
    for study in study_tables(comparison):
        _print_study(study, console)
    console.print(_list("Notes", notes(comparison)))
    console.print(_list("Assumptions", assumptions(comparison)))


def _print_study(study: StudyTable, console: Console) -> None:
    table = Table(title=study.title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    for place, column in enumerate(study.header):
        table.add_column(TITLES.get(column, column), justify="right" if place else "left")
    for row in study.rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    for sentence in study.sentences:
        console.print(Text(sentence, style="dim"))
    console.print()


def _print_side_by_side(comparison: Comparison, console: Console) -> None:
    console.print(_arms_table(comparison))
    if comparison.differences:
        console.print(_differences_table(comparison))
    console.print(_groups_table(comparison))


def _ranking_table(comparison: Comparison) -> Table:
    """An arm a row, the best first; those that decided alike in every replication share one."""
    title = (
        f"{_whose(comparison)} by service level; difference from {comparison.baseline.name} in points (* established at 5 %); "
        f"+N: N more came out alike, see below"
    )
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column("policy", overflow="fold", min_width=24)
    for column in ("level", "difference", "answer", "abandoned"):
        table.add_column(column, justify="right")
    tested = differences_by_arm(comparison, "service_level")
    for arm, alike in alike_counts(comparison).items():
        values = comparison.headline(arm)
        level, answer_s, abandoned = (Text(mean_text(MEASURES[name], values[name])) for name in ("service_level", "asa_s", "abandonment"))
        table.add_row(Text(f"{arm} +{alike}" if alike else arm), level, _joint_difference(arm, tested), answer_s, abandoned)
    return table


def _joint_difference(arm: str, tested: Mapping[str, Judged | None]) -> Text:
    if arm not in tested:
        return Text("baseline  ")
    one = tested[arm]
    text = compact_text(MEASURES["service_level"], None if one is None else one.joint, is_difference=True).removesuffix(" points")
    if one is None or not one.is_significant:
        return Text(f"{text}  ")
    return Text(f"{text} *", style=_style("service_level", one))


def _arms_table(comparison: Comparison) -> Table:
    names = ("offered", *_shown(comparison))
    columns = {
        arm.name: [
            Text((mean_text if name == "offered" else compact_text)(MEASURES[name], comparison.headline(arm.name)[name])) for name in names
        ]
        for arm in comparison.arms
    }
    return _table(f"{_whose(comparison)}, with 95 % intervals", names, columns)


def _differences_table(comparison: Comparison) -> Table:
    shown = _shown(comparison)
    columns = {arm.arm: [_difference(name, comparison.headline_differences(arm)[name]) for name in shown] for arm in comparison.differences}
    return _table(f"Difference from {comparison.baseline.name} on the same customers (* established at 5 %)", shown, columns)


def _shown(comparison: Comparison) -> tuple[str, ...]:
    return with_priced(SHOWN, comparison.headline(comparison.baseline.name))


def _whose(comparison: Comparison) -> str:
    return "Live interactions" if comparison.has_two_kinds else "All interactions"


def _table(title: str, names: tuple[str, ...], cells_by_arm: Mapping[str, list[Text]]) -> Table:
    """A measure a row and an arm a column; the other way round when there are more arms than fit side by side."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    if len(cells_by_arm) > _ARMS_BESIDE_MAX:
        # The agents' measures fall out: with them, no line of an ordinary terminal would hold an arm.
        names = tuple(name for name in names if name not in _LEFT_OUT)
        table.add_column("", min_width=13, overflow="fold")
        for name in names:
            table.add_column(TITLES[name], justify="right", min_width=8)
        for arm, cells in cells_by_arm.items():
            table.add_row(Text(arm), *cells[: len(names)])
    else:
        table.add_column("")
        for arm in cells_by_arm:
            table.add_column(Text(arm), justify="right")
        for place, name in enumerate(names):
            table.add_row(TITLES[name], *(cells[place] for cells in cells_by_arm.values()))
    return table


def _difference(name: str, tested: Judged | None) -> Text:
    text = compact_text(MEASURES[name], None if tested is None else tested.difference.interval, is_difference=True)
    if tested is None or not tested.is_significant:
        return Text(f"{text}  ")
    return Text(f"{text} *", style=_style(name, tested))


def _style(name: str, tested: Judged) -> str:
    match MEASURES[name].better:
        case Better.NEITHER:
            return ""
        case direction:
            return "green" if (tested.difference.interval.mean > 0) == (direction is Better.HIGHER) else "red"


def _groups_table(comparison: Comparison) -> Table:
    """Service level and speed of answer by channel and by queue, for those that anything was offered to; the latter as far as it fits."""
    names = _BY_GROUP if len(comparison.arms) <= _ARMS_BESIDE_MAX else _BY_GROUP[:1]
    title = " and ".join(TITLES[name] for name in names).capitalize()
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column("channel or queue (offered)")
    for arm in comparison.arms:
        table.add_column(Text(arm.name), justify="right")
    first = comparison.values[comparison.baseline.name]
    for kind, groups in (("channel", first.by_channel), ("queue", first.by_queue)):
        for group, values in groups.items():
            offered = values["offered"]
            if offered is None or not offered.mean:
                continue
            of_arms = [arm.by_channel if kind == "channel" else arm.by_queue for arm in comparison.values.values()]
            cells = [", ".join(mean_text(MEASURES[name], arm[group][name]) for name in names) for arm in of_arms]
            table.add_row(Text(f"{kind} {group} ({number(MEASURES['offered'], offered.mean)})"), *cells)
    return table


def _list(title: str, lines: tuple[str, ...]) -> Group:
    items = [Padding(Text(f"- {line}"), (0, 0, 0, 1)) for line in lines] or [Padding(Text("none stated"), (0, 0, 0, 1))]
    return Group(Text(title, style="bold"), *items, Text())
