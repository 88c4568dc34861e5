"""The plots of who and when: service level by queue and half hour, how long people wait, and how much each agent has to do."""

from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from simulation.comparison import Comparison
from simulation.kpis.breakdown import WAITS_S
from simulation.report.drawing import WAIT_TICKS, band, colours_of, line, mean_of, percent, styled
from simulation.report.ranking import foremost
from simulation.statistics import Interval

_LEVELS = ((0.0, "#7f2704"), (0.5, "#d94801"), (0.7, "#fdae6b"), (0.8, "#fee6ce"), (0.9, "#c6dbef"), (1.0, "#2171b5"))
"""Orange below 80 % and blue above 90 %, which all kinds of colour blindness tell apart; the darker, the farther from the middle."""
_BAR = {"title": {"text": "%"}, "lenmode": "pixels", "len": 240, "y": 1, "yanchor": "top", "thickness": 14}
_ROW_PX, _TITLE_PX = 26, 46
_QUEUES_MAX = 40


def levels_plot(comparison: Comparison) -> Any:
    """One panel an arm, one row a queue, the busiest on top: the service level of each half hour of arrival."""
    drawn = foremost(comparison)
    queues = busiest_queues(comparison)
    panel = _ROW_PX * len(queues)
    height = len(drawn) * (panel + _TITLE_PX) + 60
    titles = [arm.name for arm in drawn]
    spacing = 0.0 if len(drawn) == 1 else _TITLE_PX / height
    figure = make_subplots(rows=len(drawn), cols=1, shared_xaxes=True, vertical_spacing=spacing, subplot_titles=titles)
    times = times_of(comparison)
    for place, arm in enumerate(drawn, start=1):
        by_queue = comparison.values[arm.name].level_by_queue
        cells = [[percent(mean_of(interval)) for interval in by_queue[name]] for name in reversed(queues)]
        heat = go.Heatmap(x=times, y=list(reversed(queues)), z=cells, coloraxis="coloraxis", xgap=1, ygap=1, hovertemplate=_HOVER)
        figure.add_trace(heat, row=place, col=1)
    figure.update_layout(coloraxis={"cmin": 0, "cmax": 100, "colorscale": [list(stop) for stop in _LEVELS], "colorbar": _BAR})
    return styled(figure, height=height, above=40)


_HOVER = "%{y}, %{x|%H:%M}: %{z:.1f} %<extra></extra>"


def waits_plot(comparison: Comparison) -> Any:
    """How many still wait after how long, both on scales on which a long tail shows; the shade is the 95 % interval."""
    figure = go.Figure()
    colours = colours_of(comparison)
    for arm in foremost(comparison):
        longer = comparison.values[arm.name].waits_longer
        shown = [(str(after), one) for after, one in zip(WAITS_S, longer, strict=True) if after and one is not None and one.mean]
        after_s, shares = [after for after, _ in shown], [_above_nothing(one) for _, one in shown]
        look = {"color": colours[arm.name], "width": 2}
        figure.add_traces(band(after_s, shares, colours[arm.name], arm.name, scale=100))
        figure.add_trace(line(after_s, [100 * one.mean for one in shares], look, arm.name, step=False, legend=True))
    figure.update_xaxes(type="log", tickvals=list(WAIT_TICKS), ticktext=list(WAIT_TICKS.values()), title="after")
    ticks = [0.1, 1, 10, 100]
    figure.update_yaxes(type="log", range=[-1, 2.05], tickvals=ticks, ticktext=[f"{share:g} %" for share in ticks], title="still wait")
    return styled(figure, height=420, legend=True)


def _above_nothing(interval: Interval) -> Interval:
    """What reaches down to nothing is drawn to a hundredth of the mean: nothing has no place on a logarithmic scale."""
    return Interval(interval.mean, None if interval.low is None else max(interval.low, interval.mean / 100), interval.high)


def agents_plot(comparison: Comparison) -> Any:
    """The occupancy of every agent, from the least to the most occupied, one curve an arm: flat is fair."""
    figure = go.Figure()
    colours = colours_of(comparison)
    for arm in foremost(comparison):
        found = [(name, one.mean) for name, one in comparison.values[arm.name].occupancy_by_agent.items() if one is not None]
        ranked = sorted(found, key=lambda pair: pair[1])
        figure.add_trace(
            go.Scatter(
                x=[place / max(1, len(ranked) - 1) * 100 for place in range(len(ranked))],
                y=[share * 100 for _, share in ranked],
                text=[name for name, _ in ranked],
                mode="lines+markers",
                line={"color": colours[arm.name], "width": 1.5},
                marker={"color": colours[arm.name], "size": 5},
                name=arm.name,
                hovertemplate="%{text}: %{y:.1f} %<extra></extra>",
            )
        )
    figure.update_xaxes(title="agents, from the least to the most occupied, %")
    figure.update_yaxes(range=[0, 102], title="occupancy, %")
    return styled(figure, height=360, legend=True)


def busiest_queues(comparison: Comparison) -> list[str]:
    """The queues that were offered anything, the busiest first, as many as a reader can look at."""
    by_queue = comparison.values[comparison.baseline.name].by_queue
    offered = {name: mean_of(values["offered"]) or 0.0 for name, values in by_queue.items()}
    return sorted((name for name in by_queue if offered[name]), key=lambda name: -offered[name])[:_QUEUES_MAX]


def queues_left_out(comparison: Comparison) -> int:
    """How many queues were offered something and are not drawn."""
    by_queue = comparison.values[comparison.baseline.name].by_queue
    return sum(1 for values in by_queue.values() if mean_of(values["offered"])) - len(busiest_queues(comparison))


def times_of(comparison: Comparison) -> list[str]:
    """The starts of the half hours, local time."""
    return [starts_at.replace(tzinfo=None).isoformat() for starts_at, _ in comparison.values[comparison.baseline.name].by_interval]
