"""The plots of the report page: what the day was like, how the arms differ, and whom they serve."""

from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from simulation.comparison import Comparison, Judged, Values
from simulation.kpis.measure import Better
from simulation.kpis.registry import MEASURES
from simulation.report.drawing import BASELINE_COLOUR, INK, WAIT_TICKS, band, colours_of, dots, line, mean_of, styled
from simulation.report.ranking import differences_by_arm, foremost, has_many, ranked, twins_of
from simulation.statistics import Interval

DIFFERENCES_SHOWN = ("service_level", "asa_s", "wait_p90_s", "abandonment")
"""The measures that are drawn."""
_AXIS_PX = 84
"""What the numbers and the two-line title below a panel need."""
_TITLES = {
    "service_level": "service level, points",
    "asa_s": "speed of answer, s",
    "wait_p90_s": "90 % wait at most, s",
    "abandonment": "abandonment, points",
}


def differences_plot(comparison: Comparison) -> Any:
    """One panel a measure: how far each arm lies from the baseline, with its interval; the line at 0 is the baseline."""
    told = [arm.arm for arm in comparison.differences]
    if has_many(comparison):
        told = [name for name in ranked(comparison) if name in told and name not in twins_of(comparison)]
    shown: dict[str, dict[str, Interval | None]] = {}
    for name in DIFFERENCES_SHOWN:
        judged = differences_by_arm(comparison, name)
        shown[name] = {arm: _told(judged[arm], is_joint=has_many(comparison)) for arm in told}
    return difference_panels(shown, colours_of(comparison), arm_px=24 if has_many(comparison) else 40)


def _told(tested: Judged | None, *, is_joint: bool) -> Interval | None:
    if tested is None:
        return None
    return tested.difference.interval if tested.joint is None or not is_joint else tested.joint


def difference_panels(shown: Mapping[str, Mapping[str, Interval | None]], colours: Mapping[str, str], *, arm_px: int) -> Any:
    """The differences of arms from a baseline in four panels: `shown` has, by each of `DIFFERENCES_SHOWN`, the arms from the top down.

    An arm takes `arm_px` of height.
    """
    arms = list(shown[DIFFERENCES_SHOWN[0]])
    panel = 20 + arm_px * len(arms)
    drawn = 2 * panel + _AXIS_PX
    figure = make_subplots(rows=2, cols=2, shared_yaxes=True, horizontal_spacing=0.05, vertical_spacing=_AXIS_PX / drawn)
    for place, name in enumerate(DIFFERENCES_SHOWN):
        measure, cell = MEASURES[name], {"row": 1 + place // 2, "col": 1 + place % 2}
        for arm in reversed(arms):
            interval = shown[name][arm]
            if interval is not None:
                figure.add_trace(dots(measure, [interval], [arm], colours[arm], arm), **cell)
        figure.add_vline(x=0, line={"color": BASELINE_COLOUR, "width": 1.5}, **cell)
        better = {Better.HIGHER: "right is better", Better.LOWER: "left is better", Better.NEITHER: ""}[measure.better]
        figure.update_xaxes(title={"text": f"{_TITLES[name]}<br><i>{better}</i>", "font": {"size": 13}}, **cell)
    figure.update_traces(showlegend=False)
    figure.update_yaxes(range=[-0.6, len(arms) - 0.4], tickmode="linear", dtick=1)  # every arm is named, however many there are
    return styled(figure, height=drawn + _AXIS_PX + 16, below=_AXIS_PX)


def day_plot(comparison: Comparison) -> Any:
    """Over the horizon by half hour: arrivals, agents at work and busy, service level and speed of answer, shaded by their intervals."""
    whose = " of live interactions" if comparison.has_two_kinds else ""
    titles = [
        "Arrivals in each half hour",
        "Agents at work (black) and busy (coloured)",
        f"Service level{whose} by half hour of arrival, %",
        f"Speed of answer{whose} by half hour of arrival, s",
    ]
    figure = make_subplots(rows=4, cols=1, shared_xaxes=True, vertical_spacing=0.06, subplot_titles=titles)
    colours = colours_of(comparison)
    baseline = comparison.values[comparison.baseline.name]
    times = [starts_at.replace(tzinfo=None).isoformat() for starts_at, _ in baseline.by_interval]
    arrivals = [mean_of(values["offered"]) for _, values in baseline.by_interval]
    figure.add_trace(
        go.Bar(x=times, y=arrivals, marker={"color": "#b9c4cc"}, name="arrivals", showlegend=False, offset=0, width=1_800_000), row=1, col=1
    )
    dashes = dict(zip(dict.fromkeys(arm.roster for arm in comparison.arms), cycle(("solid", "dash", "dot", "dashdot"))))
    rosters_drawn: list[str] = []
    for arm in foremost(comparison):
        rows = [values for _, values in comparison.values[arm.name].by_interval]
        look = {"color": colours[arm.name], "width": 2}
        if arm.roster not in rosters_drawn:
            rosters_drawn.append(arm.roster)
            staffing = [mean_of(values["staffing"]) for values in rows]
            at_work = {"color": INK, "width": 1.5, "dash": dashes[arm.roster]}
            figure.add_trace(line(times, staffing, at_work, f"at work, roster {arm.roster}", step=True, legend=True), row=2, col=1)
        busy = [mean_of(values["busy_agents"]) for values in rows]
        figure.add_trace(line(times, busy, look, arm.name, step=True, legend=True), row=2, col=1)
        values_of_arm = comparison.values[arm.name]
        waited_for = values_of_arm.live_by_interval if comparison.has_two_kinds else values_of_arm.by_interval
        for row, name, scale in ((3, "service_level", 100), (4, "asa_s", 1)):
            shown = [values[name] for _, values in waited_for]
            for shade in band(times, shown, colours[arm.name], arm.name, scale=scale):
                figure.add_trace(shade, row=row, col=1)
            curve = [None if one is None else one.mean * scale for one in shown]
            figure.add_trace(line(times, curve, look, arm.name, step=False), row=row, col=1)
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(range=[0, 102], row=3, col=1)
    return styled(figure, height=940, legend=True)


def queues_plot(comparison: Comparison) -> Any:
    """By queue, the busiest on top: service level and speed of answer of every arm, with intervals."""
    baseline = comparison.values[comparison.baseline.name].by_queue
    queues = sorted(
        (name for name in baseline if mean_of(baseline[name]["offered"])), key=lambda name: mean_of(baseline[name]["offered"]) or 0
    )
    return _groups_plot(comparison, queues, lambda arm: comparison.values[arm].by_queue)


def _groups_plot(comparison: Comparison, groups: list[str], of_arm: Callable[[str], Mapping[str, Values]]) -> Any:
    titles = ("Service level, %", "Speed of answer (mean wait of the answered)")
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.05, subplot_titles=titles)
    colours = colours_of(comparison)
    drawn = foremost(comparison)
    arms = len(drawn)
    for position, arm in enumerate(drawn):
        # Arms lie beside each other within the row of a queue, the first on top.
        offset = 0.5 * ((arms - 1) / 2 - position) / max(arms, 1)
        heights = [place + offset for place in range(len(groups))]
        for column, name in enumerate(("service_level", "asa_s"), start=1):
            measure = MEASURES[name]
            intervals = [of_arm(arm.name)[group][name] for group in groups]
            shown = [(height, interval) for height, interval in zip(heights, intervals, strict=True) if interval is not None]
            trace = dots(
                measure,
                [_above_zero(interval) if name == "asa_s" else interval for _, interval in shown],
                [height for height, _ in shown],
                colours[arm.name],
                arm.name,
            )
            trace.showlegend = column == 1
            figure.add_trace(trace, row=1, col=column)
    figure.update_yaxes(tickvals=list(range(len(groups))), ticktext=groups, range=[-0.6, len(groups) - 0.4])
    figure.update_xaxes(type="log", tickvals=list(WAIT_TICKS), ticktext=list(WAIT_TICKS.values()), col=2)
    return styled(figure, height=140 + max(30, 14 * arms + 10) * max(1, len(groups)), legend=True)


def _above_zero(interval: Interval) -> Interval:
    """The interval on a logarithmic scale: what reaches towards 0 is drawn to a tenth of the mean."""
    floor = max(interval.mean / 10, 0.01)
    return Interval(max(interval.mean, 0.01), None if interval.low is None else max(interval.low, floor), interval.high)
