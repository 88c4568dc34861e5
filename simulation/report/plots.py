"""The plots of the report page: what the day was like, how the arms differ, and whom they serve."""

from collections.abc import Callable, Mapping
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from simulation.comparison import Comparison, Values
from simulation.kpis.measure import AnyMeasure, Better
from simulation.kpis.registry import MEASURES
from simulation.statistics import Interval

# Okabe and Ito's palette, which most kinds of colour blindness can tell apart, with the baseline in grey.
_BASELINE_COLOUR = "#5b6770"
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_INK, _GRID = "#22282d", "#e3e7ea"
_DIFFERENCES_SHOWN = ("service_level", "asa_s", "wait_p90_s", "abandonment")
_TITLES = {
    "service_level": "service level, points",
    "asa_s": "speed of answer, s",
    "wait_p90_s": "90 % wait at most, s",
    "abandonment": "abandonment, points",
}


def differences_plot(comparison: Comparison) -> Any:
    """One panel a measure: how far each arm lies from the baseline, with its interval; the line at 0 is the baseline."""
    figure = make_subplots(rows=1, cols=len(_DIFFERENCES_SHOWN), shared_yaxes=True, horizontal_spacing=0.03)
    colours = colours_of(comparison)
    for column, name in enumerate(_DIFFERENCES_SHOWN, start=1):
        measure = MEASURES[name]
        for arm in reversed(comparison.differences):
            tested = comparison.headline_differences(arm)[name]
            if tested is None:
                continue
            interval = tested.difference.interval
            trace = _dots([_shown(measure, interval)], [arm.arm], [_half_width(measure, interval)], colours[arm.arm], arm.arm)
            trace.showlegend = False
            figure.add_trace(trace, row=1, col=column)
        figure.add_vline(x=0, line={"color": _BASELINE_COLOUR, "width": 1.5}, row=1, col=column)
        better = {Better.HIGHER: "right is better", Better.LOWER: "left is better", Better.NEITHER: ""}[measure.better]
        figure.update_xaxes(title={"text": f"{_TITLES[name]}<br><i>{better}</i>"}, row=1, col=column)
    return _styled(figure, height=150 + 46 * len(comparison.differences))


def day_plot(comparison: Comparison) -> Any:
    """Over the horizon by half hour: arrivals, agents at work and busy, and service level."""
    titles = ("Arrivals in each half hour", "Agents at work (line) and busy (shaded)", "Service level by half hour of arrival, %")
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.08, subplot_titles=titles)
    colours = colours_of(comparison)
    baseline = comparison.values[comparison.baseline.name]
    times = [starts_at.replace(tzinfo=None).isoformat() for starts_at, _ in baseline.by_interval]
    arrivals = [_mean(values, "offered") for _, values in baseline.by_interval]
    figure.add_trace(
        go.Bar(x=times, y=arrivals, marker={"color": "#b9c4cc"}, name="arrivals", showlegend=False, offset=0, width=1_800_000), row=1, col=1
    )
    staffings: list[list[float | None]] = []
    for arm in comparison.arms:
        rows = [values for _, values in comparison.values[arm.name].by_interval]
        look = {"color": colours[arm.name], "width": 2}
        staffing = [_mean(values, "staffing") for values in rows]
        if arm.roster not in {earlier.roster for earlier in comparison.arms[: comparison.arms.index(arm)]}:
            staffings.append(staffing)
            figure.add_trace(_line(times, staffing, {"color": _INK, "width": 1.5}, f"at work: {arm.roster}", step=True), row=2, col=1)
        busy = [_mean(values, "busy_agents") for values in rows]
        figure.add_trace(_line(times, busy, look, arm.name, step=True, legend=True), row=2, col=1)
        level = [_percent(_mean(values, "service_level")) for values in rows]
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
    titles = ("Service level, %", "Speed of answer, s")
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.05, subplot_titles=titles)
    colours = colours_of(comparison)
    arms = len(comparison.arms)
    for position, arm in enumerate(comparison.arms):
        # Arms lie beside each other within the row of a queue, the first on top.
        offset = 0.5 * ((arms - 1) / 2 - position) / max(arms, 1)
        heights = [place + offset for place in range(len(groups))]
        for column, name in enumerate(("service_level", "asa_s"), start=1):
            measure = MEASURES[name]
            intervals = [of_arm(arm.name)[group][name] for group in groups]
            shown = [(height, interval) for height, interval in zip(heights, intervals, strict=True) if interval is not None]
            trace = _dots(
                [_shown(measure, interval) for _, interval in shown],
                [height for height, _ in shown],
                [_half_width(measure, interval) for _, interval in shown],
                colours[arm.name],
                arm.name,
            )
            trace.showlegend = column == 1
            figure.add_trace(trace, row=1, col=column)
    figure.update_yaxes(tickvals=list(range(len(groups))), ticktext=groups, range=[-0.6, len(groups) - 0.4])
    figure.update_xaxes(rangemode="tozero", col=2)
    return _styled(figure, height=140 + max(30, 14 * arms + 10) * max(1, len(groups)), legend=True)


def colours_of(comparison: Comparison) -> Mapping[str, str]:
    """A colour for every arm, the baseline's first; with more arms than colours they come again."""
    others = {arm.name: _COLOURS[position % len(_COLOURS)] for position, arm in enumerate(comparison.arms[1:])}
    return {comparison.baseline.name: _BASELINE_COLOUR} | others


def _dots(x: list[float], y: list[Any], half_widths: list[float], colour: str, name: str) -> Any:
    return go.Scatter(
        x=x,
        y=y,
        error_x={"type": "data", "array": half_widths, "color": colour, "thickness": 1.5, "width": 3},
        mode="markers",
        marker={"color": colour, "size": 8},
        name=name,
    )


def _line(x: list[str], y: list[float | None], look: Mapping[str, object], name: str, *, step: bool, legend: bool = False) -> Any:
    shape = {"shape": "hv"} if step else {}
    return go.Scatter(x=x, y=y, mode="lines", line={**look, **shape}, name=name, legendgroup=name, showlegend=legend, connectgaps=False)


def _mean(values: Values, name: str) -> float | None:
    interval = values[name]
    return None if interval is None else interval.mean


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _shown(measure: AnyMeasure, interval: Interval) -> float:
    return interval.mean * (100 if measure.unit == "share" else 1)


def _half_width(measure: AnyMeasure, interval: Interval) -> float:
    """Half of the interval in the unit shown; an interval cut at the measure's bounds is drawn from its other end."""
    if interval.low is None or interval.high is None:
        return 0.0
    return max(interval.high - interval.mean, interval.mean - interval.low) * (100 if measure.unit == "share" else 1)


def _styled(figure: Any, *, height: int, legend: bool = False) -> Any:
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 16, "t": 56 if legend else 16, "b": 10},
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
