"""The page of a timeline: who waited, and what the agents did meanwhile, on one axis of time."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from routing.model.time import HOUR_MS
from simulation.one_day.figures import figures, headline, local_time
from simulation.one_day.record import Doing, Timeline
from simulation.report.clock_axis import ClockAxis
from simulation.report.drawing import styled
from simulation.report.html import items, page, plot, section, terms
from simulation.scenario import Arm, Scenario

_LOOKS = {
    Doing.OFFLINE: ("offline", "#ffffff"),
    Doing.NOT_READY: ("not ready", "#d5dadd"),
    Doing.AVAILABLE: ("available", "#b7e3cf"),
    Doing.RINGING: ("ringing", "#f0e442"),
    Doing.WRAPPING_UP: ("wrap-up", "#e69f00"),
    Doing.HOLDING: ("hold, set aside", "#cc79a7"),
    Doing.OWN_WORK: ("own work", "#8c6d46"),
    Doing.HANDLING: ("handling", "#0072b2"),
}
_QUEUES_DRAWN = 6
_LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_REST, _REST_COLOUR = "all other queues", "#9aa5ac"
_NAMES_MAX = 100
_WHOLE_TICKS_MAX = 4
"""Up to here every whole number has a tick: halves of customers would be odd."""
_TONES = ("#22282d", "#9aa5ac", "#8c6d46")


def page_of(scenario: Scenario, arm: Arm, replication: int, timeline: Timeline) -> str:
    """The page as text; the same timeline gives the same bytes."""
    step_s = (timeline.instants[1] - timeline.instants[0]) // 1_000 if len(timeline.instants) > 1 else 0
    facts = {
        "Policy": arm.policy.name,
        "Roster": arm.roster,
        "Demand": scenario.demand.description,
        "Day": f"replication {replication}, seed {scenario.seed}: one day of many, to see how things happen, not what happens on average",
        "Time": f"{scenario.calendar.zone}; one look every {step_s} s",
    }
    told = (
        "<p>Above, how many waited on live channels, queue by queue, how long the first of them had waited, and what deferrable work lay "
        f"there.{_told_tones(timeline)} Below, one line an agent in the order in which they came to work. All plots share one axis: "
        "drag over a part of one to look closer at all, double-click to go back.</p>"
    )
    told += "".join(f"<p>{text}</p>" for text in _clocks(scenario, timeline).change_texts())
    sections = [
        section("What was simulated", terms(facts)),
        section("The day", told + plot(day_plot(scenario, timeline), "day")),
        section("In figures", items(figures(scenario, timeline))),
    ]
    return page(f"{scenario.name}: a timeline", headline(scenario, timeline), sections)


def _told_tones(timeline: Timeline) -> str:
    """What the page says of busy tones, where there are lines."""
    if not timeline.lines:
        return ""
    return (
        " Bars count the customers who found all lines taken: they are in no queue."
        if timeline.busy_tones.any()
        else " Nobody found all lines taken."
    )


def _clocks(scenario: Scenario, timeline: Timeline) -> ClockAxis:
    step_ms = timeline.instants[1] - timeline.instants[0] if len(timeline.instants) > 1 else 1
    return ClockAxis(timeline.instants[0], timeline.instants[-1] + step_ms, scenario.calendar.zone_info)


def day_plot(scenario: Scenario, timeline: Timeline) -> Any:
    """Panels over one axis of time: waiting and longest wait by queue, deferrable work where there is any, and what each agent does.

    The axis is one of local times, whose ticks follow whoever looks closer, except on a day on which clocks change: they would draw the
    hour that comes twice over itself.
    """
    panels = [("Waiting on live channels, by queue", timeline.waiting), ("Longest wait under way, s", timeline.longest_wait_s)]
    if timeline.deferred.any():
        panels.append(("Deferrable work waiting, by queue", timeline.deferred))
    has_tones = bool(timeline.busy_tones.any())
    heights = [190] * len(panels) + [110] * has_tones + [max(120, min(1_400, 14 * len(timeline.agents)))]
    whole, last = sum(heights) + 50 * len(heights) + 60, len(heights)
    figure = make_subplots(
        rows=last,
        cols=1,
        shared_xaxes=True,
        row_heights=[one / sum(heights) for one in heights],
        vertical_spacing=50 / whole,
        subplot_titles=[title for title, _ in panels] + ["Busy tones in each step"] * has_tones + ["What each agent does"],
    )
    clocks = _clocks(scenario, timeline)
    times: list[Any] = [local_time(scenario, at).replace(tzinfo=None).isoformat() for at in timeline.instants]
    if clocks.changes:
        times = clocks.hours(timeline.instants)
    for number, (name, places) in enumerate(_drawn(timeline)):
        look = {"color": _REST_COLOUR if name == _REST else _LINES[number], "width": 1.5, "shape": "hv"}
        for row, (_, values) in enumerate(panels, start=1):
            is_length = values is timeline.longest_wait_s
            together = values[places].max(axis=0) if is_length else values[places].sum(axis=0)
            curve = go.Scatter(x=times, y=together.tolist(), mode="lines", line=look, name=name, legendgroup=name, showlegend=row == 1)
            figure.add_trace(curve if is_length else curve.update(stackgroup=f"panel {row}"), row=row, col=1)
            figure.update_yaxes(rangemode="tozero", row=row, col=1)
    if has_tones:
        _add_busy_tones(figure, timeline, times, unit_ms=HOUR_MS if clocks.changes else 1, row=last - 1)
    figure.add_trace(_agents(timeline, times, [clocks.clock(at) for at in timeline.instants] if clocks.changes else None), row=last, col=1)
    figure.update_yaxes(autorange="reversed", showticklabels=len(timeline.agents) <= _NAMES_MAX, tickfont={"size": 10}, row=last, col=1)
    figure.update_layout(coloraxis=_doing_axis(top=figure.layout[f"yaxis{last}"].domain[1]))
    if clocks.changes:
        clocks.draw(figure)
    return styled(figure, height=whole, legend=True)


def _add_busy_tones(figure: Any, timeline: Timeline, times: list[Any], *, unit_ms: int, row: int) -> None:
    """Bars as wide as a step, from its look on, for each group of lines on which anybody heard one; the axis counts in `unit_ms`."""
    step_ms = timeline.instants[1] - timeline.instants[0] if len(timeline.instants) > 1 else 1_000
    for place, name in enumerate(timeline.lines):
        counts = timeline.busy_tones[place]
        heard = np.flatnonzero(counts).tolist()
        bars = go.Bar(
            x=[times[at] for at in heard],
            y=counts[heard].tolist(),
            width=step_ms / unit_ms,
            offset=0,
            marker={"color": _TONES[place % len(_TONES)], "line": {"width": 0}},
            name=f"busy tones on {name}",
        )
        figure.add_trace(bars, row=row, col=1)
    figure.update_layout(barmode="stack")
    most = int(timeline.busy_tones.sum(axis=0).max())
    figure.update_yaxes(rangemode="tozero", dtick=1 if most <= _WHOLE_TICKS_MAX else None, row=row, col=1)


def _drawn(timeline: Timeline) -> list[tuple[str, list[int]]]:
    """The queues with the most people waiting, then those with the most work, each by its place; all others together."""
    weight = timeline.waiting.sum(axis=1) * len(timeline.instants) + timeline.deferred.sum(axis=1)
    order = [place for place in np.argsort(-weight, kind="stable").tolist() if weight[place]]
    deferring = [place for place in order if timeline.deferred[place].any()][:1]
    shown = list(dict.fromkeys((*deferring, *order)))[:_QUEUES_DRAWN]
    rest = [place for place in order if place not in shown]
    return [(timeline.queues[place], [place]) for place in shown] + ([(_REST, rest)] if rest else [])


def _agents(timeline: Timeline, times: list[Any], clocks: list[str] | None) -> Any:
    """What each agent does at each look; `clocks` are the times as words, where the axis does not know them."""
    names = {int(doing): name for doing, (name, _) in _LOOKS.items()}
    words = [[names[cell] for cell in row] for row in timeline.doing.tolist()]
    if clocks is not None:
        words = [[f"{clock}: {word}" for clock, word in zip(clocks, row, strict=True)] for row in words]
    return go.Heatmap(
        x=times,
        y=list(timeline.agents),
        z=timeline.doing.tolist(),
        text=words,
        hovertemplate="%{y}, %{x|%H:%M}: %{text}<extra></extra>" if clocks is None else "%{y}, %{text}<extra></extra>",
        coloraxis="coloraxis",
        ygap=1 if len(timeline.agents) <= _NAMES_MAX else 0,
    )


def _doing_axis(*, top: float) -> dict[str, object]:
    """One flat colour for each thing that an agent can do, named beside the plot."""
    count = len(_LOOKS)
    stops = [stop for place, (_, colour) in enumerate(_LOOKS.values()) for stop in ([place / count, colour], [(place + 1) / count, colour])]
    names = [name for name, _ in _LOOKS.values()]
    bar = {"tickvals": list(range(count)), "ticktext": names, "thickness": 14, "outlinewidth": 1}
    bar |= {"lenmode": "pixels", "len": 220, "y": top, "yanchor": "top"}
    return {"cmin": -0.5, "cmax": count - 0.5, "colorscale": stops, "colorbar": bar}
