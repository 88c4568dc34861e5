"""The plots of the report page: what the day was like, how the arms differ, and whom they serve."""

from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from simulation.comparison import Comparison, Values
from simulation.kpis.measure import AnyMeasure, Better
from simulation.kpis.registry import MEASURES
from simulation.report.ranking import differences_by_arm, foremost, has_many, ranked, twins_of
from simulation.statistics import Interval

# Okabe and Ito's palette, which most kinds of colour blindness can tell apart, with the baseline in grey.
_BASELINE_COLOUR = "#5b6770"
_OTHERS_COLOUR = "#aab4bb"
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_INK, _GRID = "#22282d", "#e3e7ea"
_DIFFERENCES_SHOWN = ("service_level", "asa_s", "wait_p90_s", "abandonment")
_WAIT_TICKS = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3_600: "1 h", 14_400: "4 h", 86_400: "1 d"}
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
    colours = colours_of(comparison)
    told = [arm.arm for arm in comparison.differences]
    if has_many(comparison):
        told = [name for name in ranked(comparison) if name in told and name not in twins_of(comparison)]
    panel = 20 + (24 if has_many(comparison) else 40) * len(told)
    drawn = 2 * panel + _AXIS_PX
    figure = make_subplots(rows=2, cols=2, shared_yaxes=True, horizontal_spacing=0.05, vertical_spacing=_AXIS_PX / drawn)
    for place, name in enumerate(_DIFFERENCES_SHOWN):
        measure, cell = MEASURES[name], {"row": 1 + place // 2, "col": 1 + place % 2}
        judged = differences_by_arm(comparison, name)
        for arm in reversed(told):
            tested = judged[arm]
            if tested is not None:
                interval = tested.difference.interval if tested.joint is None or not has_many(comparison) else tested.joint
                figure.add_trace(_dots(measure, [interval], [arm], colours[arm], arm), **cell)
        figure.add_vline(x=0, line={"color": _BASELINE_COLOUR, "width": 1.5}, **cell)
        better = {Better.HIGHER: "right is better", Better.LOWER: "left is better", Better.NEITHER: ""}[measure.better]
        figure.update_xaxes(title={"text": f"{_TITLES[name]}<br><i>{better}</i>", "font": {"size": 13}}, **cell)
    figure.update_traces(showlegend=False)
    figure.update_yaxes(range=[-0.6, len(told) - 0.4], tickmode="linear", dtick=1)  # every arm is named, however many there are
    return _styled(figure, height=drawn + _AXIS_PX + 16, below=_AXIS_PX)


def day_plot(comparison: Comparison) -> Any:
    """Over the horizon by half hour: arrivals, agents at work and busy, and service level."""
    whose = "Service level of live interactions" if comparison.has_two_kinds else "Service level"
    titles = ("Arrivals in each half hour", "Agents at work (black) and busy (coloured)", f"{whose} by half hour of arrival, %")
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.08, subplot_titles=titles)
    colours = colours_of(comparison)
    baseline = comparison.values[comparison.baseline.name]
    times = [starts_at.replace(tzinfo=None).isoformat() for starts_at, _ in baseline.by_interval]
    arrivals = [_mean(values, "offered") for _, values in baseline.by_interval]
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
            staffing = [_mean(values, "staffing") for values in rows]
            at_work = {"color": _INK, "width": 1.5, "dash": dashes[arm.roster]}
            figure.add_trace(_line(times, staffing, at_work, f"at work, roster {arm.roster}", step=True, legend=True), row=2, col=1)
        busy = [_mean(values, "busy_agents") for values in rows]
        figure.add_trace(_line(times, busy, look, arm.name, step=True, legend=True), row=2, col=1)
        values_of_arm = comparison.values[arm.name]
        waited_for = values_of_arm.live_by_interval if comparison.has_two_kinds else values_of_arm.by_interval
        level = [_percent(_mean(values, "service_level")) for _, values in waited_for]
        figure.add_trace(_line(times, level, look, arm.name, step=False), row=3, col=1)
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(range=[0, 102], row=3, col=1)
    return _styled(figure, height=720, legend=True)


def queues_plot(comparison: Comparison) -> Any:
    """By queue, the busiest on top: service level and speed of answer of every arm, with intervals."""
    baseline = comparison.values[comparison.baseline.name].by_queue
    queues = sorted((name for name in baseline if _mean(baseline[name], "offered")), key=lambda name: _mean(baseline[name], "offered") or 0)
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
            trace = _dots(
                measure,
                [_above_zero(interval) if name == "asa_s" else interval for _, interval in shown],
                [height for height, _ in shown],
                colours[arm.name],
                arm.name,
            )
            trace.showlegend = column == 1
            figure.add_trace(trace, row=1, col=column)
    figure.update_yaxes(tickvals=list(range(len(groups))), ticktext=groups, range=[-0.6, len(groups) - 0.4])
    figure.update_xaxes(type="log", tickvals=list(_WAIT_TICKS), ticktext=list(_WAIT_TICKS.values()), col=2)
    return _styled(figure, height=140 + max(30, 14 * arms + 10) * max(1, len(groups)), legend=True)


def _above_zero(interval: Interval) -> Interval:
    """The interval on a logarithmic scale: what reaches towards 0 is drawn to a tenth of the mean."""
    floor = max(interval.mean / 10, 0.01)
    return Interval(max(interval.mean, 0.01), None if interval.low is None else max(interval.low, floor), interval.high)


def colours_of(comparison: Comparison) -> Mapping[str, str]:
    """A colour for every arm, the baseline's first. Of many arms the foremost have one each, and all others share a pale grey."""
    others = [arm.name for arm in foremost(comparison) if arm is not comparison.baseline]
    told = {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(others)}
    rest = {arm.name: _OTHERS_COLOUR for arm in comparison.arms if arm.name not in told}
    return rest | told | {comparison.baseline.name: _BASELINE_COLOUR}


def _dots(measure: AnyMeasure, intervals: list[Interval], y: list[Any], colour: str, name: str) -> Any:
    scale = 100 if measure.unit == "share" else 1
    return go.Scatter(
        x=[interval.mean * scale for interval in intervals],
        y=y,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [(_high(interval) - interval.mean) * scale for interval in intervals],
            "arrayminus": [(interval.mean - _low(interval)) * scale for interval in intervals],
            "color": colour,
            "thickness": 1.5,
            "width": 3,
        },
        mode="markers",
        marker={"color": colour, "size": 8},
        name=name,
    )


def _low(interval: Interval) -> float:
    return interval.mean if interval.low is None else interval.low


def _high(interval: Interval) -> float:
    return interval.mean if interval.high is None else interval.high


def _line(x: list[str], y: list[float | None], look: Mapping[str, object], name: str, *, step: bool, legend: bool = False) -> Any:
    shape = {"shape": "hv"} if step else {}
    return go.Scatter(x=x, y=y, mode="lines", line={**look, **shape}, name=name, legendgroup=name, showlegend=legend, connectgaps=False)


def _mean(values: Values, name: str) -> float | None:
    interval = values[name]
    return None if interval is None else interval.mean


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _styled(figure: Any, *, height: int, legend: bool = False, below: int = 24) -> Any:
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 16, "t": 64 if legend else 16, "b": below},
        paper_bgcolor="white",
        plot_bgcolor="white",
        font={"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 13, "color": _INK},
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"},
        hovermode="closest",
    )
    figure.update_xaxes(gridcolor=_GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=_GRID, zeroline=False, automargin=True)
    figure.update_annotations(font={"size": 13, "color": _INK})
    return figure
