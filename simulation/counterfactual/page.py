"""The page of a counterfactual: which policy, by how much and how sure; then what was imputed, and what it all rests on."""

from collections.abc import Mapping
from html import escape
from importlib.metadata import version
from typing import Any

import plotly.graph_objects as go

from simulation.counterfactual.frames import AS_IT_HAPPENED
from simulation.counterfactual.missing import Missing
from simulation.counterfactual.study import Counterfactual, Values, law_statements
from simulation.counterfactual.words import answer, has_two_kinds, is_established
from simulation.kpis.measure import Better
from simulation.kpis.registry import AGENT_MEASURES, INTERACTION_MEASURES, MEASURES
from simulation.report.drawing import BASELINE_COLOUR, INK, colours_for, dots, styled
from simulation.report.html import items, page, plot, quiet_cell, section, table, terms
from simulation.report.names import NAMES, with_priced
from simulation.report.numbers import interval_text, mean_text, number, value_text
from simulation.report.plots import DIFFERENCES_SHOWN, difference_panels
from simulation.statistics import Interval
from simulation.streams import Purpose

_SHOWN = ("offered", "handled", "service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy", "fairness_gini", "in_progress")
_JUDGED = ("service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy", "fairness_gini")
_BESIDE_MAX = 2
"""With more columns than this an interval stands below its value."""
_THINGS = {Purpose.PATIENCE: "Patience", Purpose.WORK: "Handling", Purpose.WRAP_UP: "Wrap-up", Purpose.ANSWER: "Ringing until an answer"}
_WAYS = {
    "known": ("as in the log", "#5b6770"),
    "imputed": ("drawn from fitted laws", "#0072b2"),
    "assumed": ("drawn as the behaviour file says", "#e69f00"),
    "endless": ("without end, as nobody left", "#cc79a7"),
}


def page_of(found: Counterfactual) -> str:
    """The page as text; the same counterfactual gives the same bytes."""
    fitted = tuple(law_statements(found.fit))
    sections = [
        section("Which, by how much, how sure", _first(found)),
        section("What was asked", _facts(found)),
        section("The day under each arm", _arms(found)),
        *_differences(found),
        section("What the log does not hold, and how much of it", _missing(found)),
        section("What to know before acting on this", items(line for line in found.statements if line not in fitted)),
        section("The fitted laws", items(fitted)),
        section("Assumptions behind the numbers", _assumptions(found)),
        section("All measures", _all_measures(found)),
        section("Where this comes from", f"<p>Computed with careroute {escape(version('careroute'))}, seed {found.scenario.seed}.</p>"),
    ]
    return page(f"{found.log.name}: what the day would have been", answer(found), sections)


def _first(found: Counterfactual) -> str:
    """The figure of the answer: differences from the baseline, or where there is one arm only, that arm beside what happened."""
    if not found.differences:
        told = "" if found.measured is None else " The grey diamond is what happened."
        return (
            f"<p>The bar is the 99 % interval: what the log does not hold leaves open as much.{told}</p>{plot(_level_plot(found), 'level')}"
        )
    shown = {name: {arm: one[name] for arm, one in found.differences.items()} for name in DIFFERENCES_SHOWN}
    words = (
        f"<p>Each arm minus {escape(found.arms[0].name)}, on the same customers{_of_whom(found)}. Bars are 99 % intervals by "
        "Rubin's rules: they hold the variance between imputations. A bar that does not touch the line at 0 is unlikely to come from what "
        "the log leaves open.</p>"
    )
    return words + plot(difference_panels(shown, _colours(found), arm_px=40), "differences")


def _level_plot(found: Counterfactual) -> Any:
    measure, name = MEASURES["service_level"], found.arms[0].name
    figure = go.Figure()
    was = None if found.measured is None else found.measured[measure.name]
    if was is not None:
        mark = {"color": BASELINE_COLOUR, "size": 12, "symbol": "diamond-open"}
        figure.add_trace(go.Scatter(x=[100 * was.mean], y=[name], mode="markers", marker=mark, name=AS_IT_HAPPENED))
    level = found.values[name][measure.name]
    if level is not None:
        figure.add_trace(dots(measure, [level], [name], INK, name))
    figure.update_traces(showlegend=False)
    figure.update_xaxes(title="service level, %")
    return styled(figure, height=130, below=48)


def _facts(found: Counterfactual) -> str:
    calendar = found.scenario.calendar
    days = "1 day" if calendar.days == 1 else f"{calendar.days} days"
    return terms(
        {
            "Log": f"{found.log.name}, {len(found.log.interactions):,} interactions",
            "Time": f"{days} from {calendar.date.isoformat()}, {calendar.zone}",
            "Scenario": f"{found.scenario.name}: its site, rosters and what behaviour the log does not tell",
            "Baseline": f"{found.arms[0].name}, the first arm",
            "Imputations": f"{found.imputations}; in each every arm meets the same customers",
        }
    )


def _arms(found: Counterfactual) -> str:
    words = (
        "<p>Interactions on live channels, where somebody waits. Occupancy and its inequality are over all work.</p>"
        if has_two_kinds(found)
        else ""
    )
    return words + _described(found) + _table(found, [_row(found, name, NAMES[name]) for name in with_priced(_SHOWN, _measured(found))])


def _described(found: Counterfactual) -> str:
    """How far the baseline is from what happened: whether scenario and roster describe the day, where the baseline was live."""
    if found.measured is None:
        return "<p>The log is a table without events, so that the day as it happened cannot be measured beside the arms.</p>"
    level, baseline = MEASURES["service_level"], found.arms[0].name
    was, now = found.measured[level.name], found.values[baseline][level.name]
    if was is None or now is None:
        return ""
    gap = number(level, now.mean - was.mean, signed=True)
    return (
        f"<p>{escape(baseline)} is {gap} points of service level away from what happened. Where it was live with this roster, that says "
        "how well the scenario describes the day; where it was not, that is what changing to it would have done.</p>"
    )


def _differences(found: Counterfactual) -> list[str]:
    if not found.differences:
        return []
    rows = [
        (NAMES[name], *(_judged(name, differences[name]) for differences in found.differences.values()))
        for name in with_priced(_JUDGED, _measured(found))
    ]
    among = ""
    if len(found.differences) > 1:
        among = f" Each interval holds by itself; of {len(found.differences)} differences in {len(_JUDGED)} measures one may miss."
    words = (
        f"<p>Each arm minus {escape(found.arms[0].name)}{_of_whom(found)}. Established differences are marked "
        f"<span class='good'>better</span> or <span class='bad'>worse</span>.{among}</p>"
    )
    header = ("Measure, difference with 99 % interval", *(_label(found, name) for name in found.differences))
    return [section("How the arms differ", words + table(header, rows))]


def _judged(name: str, interval: Interval | None) -> str:
    text = quiet_cell(interval_text(MEASURES[name], interval))
    better = MEASURES[name].better
    if interval is None or not is_established(interval) or better is Better.NEITHER:
        return text
    return f'<span class="{"good" if (interval.mean > 0) is (better is Better.HIGHER) else "bad"}">{text}</span>'


def _missing(found: Counterfactual) -> str:
    words = (
        "<p>Of how many customers of the log each thing is known and stays as it was, and how the others come by it. Who was answered "
        "shows only that their patience was longer than their wait: it is drawn beyond that wait, not from the beginning.</p>"
    )
    ways = [way for way in _WAYS if any(_count(one, way) for one in found.missing.values())]
    rows = [(_THINGS[purpose], *(_share(_count(one, way), one.rows) for way in ways)) for purpose, one in found.missing.items()]
    header = ("", *(_WAYS[way][0] for way in ways))
    return words + plot(_missing_plot(found.missing, ways), "missing") + table(header, rows)


def _missing_plot(missing: Mapping[Purpose, Missing], ways: list[str]) -> Any:
    figure = go.Figure()
    things = [_THINGS[purpose] for purpose in missing]
    for way in ways:
        name, colour = _WAYS[way]
        shares = [100 * _count(one, way) / one.rows for one in missing.values()]
        figure.add_trace(
            go.Bar(
                x=shares, y=things, orientation="h", name=name, marker={"color": colour}, hovertemplate="%{y}: %{x:.1f} %<extra></extra>"
            )
        )
    figure.update_layout(barmode="stack", bargap=0.35, legend_traceorder="normal")
    figure.update_xaxes(range=[0, 100], title="of the customers of the log, %")
    figure.update_yaxes(autorange="reversed")
    return styled(figure, height=80 + 40 * len(things) + 48, legend=True, below=48)


def _count(one: Missing, way: str) -> int:
    return {"known": one.known, "imputed": one.imputed, "assumed": one.assumed, "endless": one.endless}[way]


def _share(count: int, rows: int) -> str:
    return f'{count:,} <span class="interval">({100 * count / rows:.1f} %)</span>' if count else "-"


def _assumptions(found: Counterfactual) -> str:
    lines = list(dict.fromkeys(line for arm in found.arms for line in found.scenario.stated_assumptions(arm.roster)))
    return items(lines) if lines else "<p>None stated.</p>"


def _all_measures(found: Counterfactual) -> str:
    every = [measure.name for measure in INTERACTION_MEASURES] + [measure.name for measure in AGENT_MEASURES]
    names = with_priced(every, _measured(found))
    return _table(found, [_row(found, name, f"<code>{name}</code>") for name in names])


def _row(found: Counterfactual, name: str, label: str) -> tuple[str, ...]:
    was = [] if found.measured is None else [mean_text(MEASURES[name], found.measured.get(name))]
    return (label, *was, *(quiet_cell(value_text(MEASURES[name], found.values[arm.name][name])) for arm in found.arms))


def _table(found: Counterfactual, rows: list[tuple[str, ...]]) -> str:
    """A measure a row; with many columns the intervals stand below the values, so that all fit on a narrow page."""
    header = [*([] if found.measured is None else [AS_IT_HAPPENED]), *(_label(found, arm.name) for arm in found.arms)]
    return table(("Measure, 99 % interval", *header), rows, "wide stacked" if len(header) > _BESIDE_MAX else "wide")


def _measured(found: Counterfactual) -> Values:
    return found.values[found.arms[0].name]


def _label(found: Counterfactual, arm: str) -> str:
    return f'<span class="dot" style="background:{_colours(found)[arm]}"></span>{escape(arm)}'


def _colours(found: Counterfactual) -> Mapping[str, str]:
    return colours_for([arm.name for arm in found.arms[1:]]) | {found.arms[0].name: BASELINE_COLOUR}


def _of_whom(found: Counterfactual) -> str:
    return ", live channels only" if has_two_kinds(found) else ""
