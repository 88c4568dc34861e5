"""The page of a comparison: the answer first, then how the arms differ, for whom and when, and what it all rests on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from html import escape

from simulation.comparison import Comparison, Judged, Values
from simulation.kpis.measure import Better
from simulation.kpis.registry import AGENT_MEASURES, INTERACTION_MEASURES, MEASURES
from simulation.report import single_days
from simulation.report.detail_plots import agents_plot, levels_plot, queues_left_out, waits_plot
from simulation.report.document import document_of
from simulation.report.drawing import colours_of
from simulation.report.html import items, page, plot, quiet_cell, section, table, terms
from simulation.report.names import NAMES, with_priced
from simulation.report.numbers import difference_text, value_text
from simulation.report.plots import day_plot, differences_plot, queues_plot
from simulation.report.ranking import alike_counts, alike_texts, differences_by_arm, has_many
from simulation.report.studies import StudyTable, study_tables
from simulation.report.words import answer, assumptions, notes

_ABOUT_QUEUES = "The busiest queue on top; bars are 95 % intervals. Waits are on a logarithmic scale: equal steps are equal factors."
_JUDGED = ("service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy", "fairness_gini")
_SHOWN = ("offered", "handled", "service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy", "fairness_gini", "in_progress")


def page_of(comparison: Comparison) -> str:
    """The page as text; the same comparison gives the same bytes."""
    sections = [
        section("What was compared", _facts(comparison)),
        section(
            "The arms",
            _by_arm(comparison, with_priced(_SHOWN, comparison.headline(comparison.baseline.name)), comparison.headline)
            + _whose(comparison)
            + _alike(comparison),
        ),
        *_difference_sections(comparison),
        *_single_days(comparison),
        section("What to know before acting on this", items(notes(comparison))),
        *(_study_section(study) for study in study_tables(comparison)),
        section(
            "The day by half hour",
            "<p>Interactions count in the half hour in which they arrived, agents by the clock. Values are means over replications.</p>"
            + _which(comparison)
            + plot(day_plot(comparison), "day"),
        ),
        section("By queue", f"<p>{_ABOUT_QUEUES}</p>{_which(comparison)}{plot(queues_plot(comparison), 'queues')}"),
        section("Queues through the day", _levels_words(comparison) + _which(comparison) + plot(levels_plot(comparison), "levels")),
        section("How long people wait", _waits_words(comparison) + _which(comparison) + plot(waits_plot(comparison), "waits")),
        section(
            "How even the work is",
            "<p>The occupancy of every agent. A flat curve shares the work evenly; a steep one leaves some idle while others rush.</p>"
            + _which(comparison)
            + plot(agents_plot(comparison), "agents"),
        ),
        section("By channel", _channel_table(comparison)),
        section("Assumptions behind the numbers", items(assumptions(comparison)) if assumptions(comparison) else "<p>None stated.</p>"),
        section("All measures", _all_measures(comparison)),
        section("Where this comes from", _origin(comparison)),
    ]
    return page(comparison.scenario.name, answer(comparison), sections)


def _study_section(study: StudyTable) -> str:
    read = "".join(f"<p>{escape(sentence)}</p>" for sentence in study.sentences)
    rows = [tuple(escape(cell) for cell in row) for row in study.rows]
    return section(study.title, read + (table([escape(NAMES.get(name, name)) for name in study.header], rows) if rows else ""))


def _facts(comparison: Comparison) -> str:
    scenario = comparison.scenario
    days = "1 day" if scenario.calendar.days == 1 else f"{scenario.calendar.days} days"
    pairs = {
        "Demand": comparison.scenario.demand.description,
        "Time": f"{days} from {scenario.calendar.date.isoformat()}, {scenario.calendar.zone}",
        "Replications": f"{comparison.replications}, seed {scenario.seed}; every arm meets the same customers in each",
        "Baseline": f"{comparison.baseline.name}, the first arm",
    }
    return terms(pairs)


def _whose(comparison: Comparison) -> str:
    if not comparison.has_two_kinds:
        return ""
    return (
        "<p>Interactions on live channels, where somebody waits; deferrable work is below, by channel. "
        "Occupancy and its inequality are over all work.</p>"
    )


def _levels_words(comparison: Comparison) -> str:
    left_out = queues_left_out(comparison)
    more = f" {left_out} queues with less traffic are in the tables." if left_out else ""
    return (
        "<p>The service level of every queue by half hour of arrival, the busiest queue on top. Orange is below 80 %, blue above 90 %; "
        f"a gap is a half hour in which nobody came.{more}</p>"
    )


def _waits_words(comparison: Comparison) -> str:
    whom = "interactions on live channels" if comparison.has_two_kinds else "interactions"
    return (
        f"<p>The share of {whom} that still wait after so long, answered later or not; who left does not wait any more. "
        "Both scales are logarithmic, so that the few who wait longest can be seen; the shade is the 95 % interval.</p>"
    )


def _of_whom(comparison: Comparison) -> str:
    return ", live channels only" if comparison.has_two_kinds else ""


def _by_arm(comparison: Comparison, names: Iterable[str], of_arm: Callable[[str], Values]) -> str:
    arms = list(alike_counts(comparison)) if has_many(comparison) else [arm.name for arm in comparison.arms]
    named = {escape(NAMES.get(name, name)): [quiet_cell(value_text(MEASURES[name], of_arm(arm)[name])) for arm in arms] for name in names}
    return _by_measure(comparison, "95 % interval", arms, named)


def _by_measure(comparison: Comparison, what: str, arms: Sequence[str], cells: Mapping[str, Sequence[str]]) -> str:
    """A measure a row and an arm a column; the other way round where there are too many arms to stand side by side."""
    labels = [_label(comparison, arm) for arm in arms]
    if not has_many(comparison):
        return table((f"Measure, {what}", *labels), [(name, *row) for name, row in cells.items()])
    alike = [f'<span class="alike">and {count} alike</span>' if (count := alike_counts(comparison)[arm]) else "" for arm in arms]
    rows = [(labels[place] + alike[place], *(row[place] for row in cells.values())) for place in range(len(arms))]
    return table((f"Arm, {what}", *cells), rows, "wide stacked")


def _alike(comparison: Comparison) -> str:
    """Who stands for whom, where those that decided alike share a row."""
    return items(alike_texts(comparison)) if has_many(comparison) else ""


def _which(comparison: Comparison) -> str:
    """Which arms a plot shows, where it does not show all."""
    if not has_many(comparison):
        return ""
    return f"<p>Of {len(comparison.arms)} arms the baseline and the best that decided differently are drawn; the tables have all.</p>"


def _label(comparison: Comparison, arm: str) -> str:
    return f'<span class="dot" style="background:{colours_of(comparison)[arm]}"></span>{escape(arm)}'


def _difference_sections(comparison: Comparison) -> list[str]:
    if not comparison.differences:
        return []
    shown = with_priced(_JUDGED, comparison.headline(comparison.baseline.name))
    arms = [name for name in alike_counts(comparison) if name != comparison.baseline.name]
    if not has_many(comparison):
        arms = [arm.arm for arm in comparison.differences]
    tested = {name: differences_by_arm(comparison, name) for name in shown}
    cells = {escape(NAMES[name]): [_difference_cell(name, tested[name][arm], has_many(comparison)) for arm in arms] for name in shown}
    table = _by_measure(comparison, "difference with 95 % interval", arms, cells)
    words = (
        f"<p>{_together(comparison)}Each arm minus {escape(comparison.baseline.name)}, on the same customers{_of_whom(comparison)}. "
        f"A bar that does not touch the line at 0 is unlikely to be chance. In the table, established differences are marked "
        f"<span class='good'>better</span> or <span class='bad'>worse</span>.</p>"
    )
    return [section("How the arms differ", words + plot(differences_plot(comparison), "differences") + table)]


def _single_days(comparison: Comparison) -> list[str]:
    if comparison.replications < single_days.DAYS_MIN:
        return []
    arms = list(alike_counts(comparison)) if has_many(comparison) else [arm.name for arm in comparison.arms]
    cells = {escape(NAMES[name]): [escape(text) for text in texts] for name, texts in single_days.bands(comparison, arms).items()}
    words = f"<p>{escape(single_days.sentence(comparison))}</p>"
    return [section("How much replications differ", words + _by_measure(comparison, "single replications", arms, cells))]


def _together(comparison: Comparison) -> str:
    if not has_many(comparison):
        return ""
    return (
        "Bars and intervals hold all together with 95 % (Bonferroni). What the table marks is by Holm's test, which establishes "
        "a little more. "
    )


def _difference_cell(name: str, tested: Judged | None, is_joint: bool) -> str:
    text = quiet_cell(difference_text(MEASURES[name], tested, is_joint=is_joint))
    if tested is None or not tested.is_significant or MEASURES[name].better is Better.NEITHER:
        return text
    is_better = (tested.difference.interval.mean > 0) == (MEASURES[name].better is Better.HIGHER)
    return f'<span class="{"good" if is_better else "bad"}">{text}</span>'


def _channel_table(comparison: Comparison) -> str:
    baseline = comparison.values[comparison.baseline.name].by_channel
    parts = []
    for channel, values in baseline.items():
        offered = values["offered"]
        if offered is None or not offered.mean:
            continue
        table = _by_arm(
            comparison,
            ("offered", "service_level", "asa_s", "wait_p90_s", "abandonment"),
            partial(_of_channel, comparison, channel),
        )
        parts.append(f"<h3>{escape(channel)}</h3>{table}")
    return "".join(parts)


def _of_channel(comparison: Comparison, channel: str, arm: str) -> Values:
    return comparison.values[arm].by_channel[channel]


def _all_measures(comparison: Comparison) -> str:
    every = [measure.name for measure in INTERACTION_MEASURES] + [measure.name for measure in AGENT_MEASURES]
    names = with_priced(every, comparison.values[comparison.baseline.name].overall)
    rows = [
        (
            f"<code>{name}</code>",
            *(quiet_cell(value_text(MEASURES[name], comparison.values[arm.name].overall[name])) for arm in comparison.arms),
        )
        for name in names
    ]
    return table(("Measure", *(_label(comparison, arm.name) for arm in comparison.arms)), rows)


def _origin(comparison: Comparison) -> str:
    document = document_of(comparison)
    versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    arms = [
        f"{arm.name}: policy {arm.policy.name}, {_window(arm.policy.match_interval_ms)}, roster {arm.roster} "
        f"with {len(comparison.scenario.rosters[arm.roster].members)} agents"
        for arm in comparison.arms
    ]
    return f"{items(arms)}<p>Computed with {escape(versions)}.<br>Digest of input and results: <code>{document['digest']}</code></p>"


def _window(match_interval_ms: int) -> str:
    return "decides on every event" if not match_interval_ms else f"decides jointly every {match_interval_ms / 1_000:g} s"
