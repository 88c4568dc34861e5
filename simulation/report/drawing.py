"""How the plots of the reports are drawn: colours, points, curves with their shades, and one look for all figures."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from simulation.comparison import Comparison
from simulation.kpis.measure import AnyMeasure
from simulation.report.ranking import foremost
from simulation.statistics import Interval

# Okabe and Ito's palette, which most kinds of colour blindness can tell apart, with the baseline in grey.
BASELINE_COLOUR = "#5b6770"
_OTHERS_COLOUR = "#aab4bb"
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
INK, _GRID = "#22282d", "#e3e7ea"
WAIT_TICKS = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3_600: "1 h", 14_400: "4 h", 86_400: "1 d"}


def colours_of(comparison: Comparison) -> Mapping[str, str]:
    """A colour for every arm, the baseline's first. Of many arms the foremost have one each, and all others share a pale grey."""
    others = [arm.name for arm in foremost(comparison) if arm is not comparison.baseline]
    told = colours_for(others)
    rest = {arm.name: _OTHERS_COLOUR for arm in comparison.arms if arm.name not in told}
    return rest | told | {comparison.baseline.name: BASELINE_COLOUR}


def colours_for(names: Sequence[str]) -> dict[str, str]:
    """A colour for each of some names, in their order; from the seventh on they come again."""
    return {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(names)}


def dots(measure: AnyMeasure, intervals: list[Interval], y: list[Any], colour: str, name: str) -> Any:
    """Points with their intervals to both sides."""
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


def line(x: list[str], y: Sequence[float | None], look: Mapping[str, object], name: str, *, step: bool, legend: bool = False) -> Any:
    """A curve, or steps that hold until the next point; it breaks where there is no value."""
    shape = {"shape": "hv"} if step else {}
    return go.Scatter(x=x, y=y, mode="lines", line={**look, **shape}, name=name, legendgroup=name, showlegend=legend, connectgaps=False)


def band(x: Sequence[str], intervals: Sequence[Interval | None], colour: str, name: str, *, scale: float = 1) -> list[Any]:
    """The intervals around a curve as a shade that comes and goes with it."""
    shown = [(place, one) for place, one in zip(x, intervals, strict=True) if one is not None and one.low is not None]
    edges = {"mode": "lines", "line": {"width": 0}, "legendgroup": name, "showlegend": False, "hoverinfo": "skip"}
    places = [place for place, _ in shown]
    lower = go.Scatter(x=places, y=[_low(one) * scale for _, one in shown], **edges)
    upper = go.Scatter(x=places, y=[_high(one) * scale for _, one in shown], fill="tonexty", fillcolor=_pale(colour), **edges)
    return [lower, upper]


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def mean_of(interval: Interval | None) -> float | None:
    """The mean, where there is one."""
    return None if interval is None else interval.mean


def percent(share: float | None) -> float | None:
    """A share in per cent, where there is one."""
    return None if share is None else 100 * share


def styled(figure: Any, *, height: int, legend: bool = False, above: int = 16, below: int = 24) -> Any:
    """A figure in the look of the page; `above` and `below` are what titles and ticks need, in pixels."""
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 16, "t": 64 if legend else above, "b": below},
        paper_bgcolor="white",
        plot_bgcolor="white",
        font={"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 13, "color": INK},
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"},
        hovermode="closest",
    )
    figure.update_xaxes(gridcolor=_GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=_GRID, zeroline=False, automargin=True)
    figure.update_annotations(font={"size": 13, "color": INK})
    return figure
