"""The plots of a fit of demand: observed against fitted counts, dispersion, days, what neighbours share, and tests of the law."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from scipy import stats

from simulation.fits.demand.fitted import FittedDemand
from simulation.fits.demand.poisson_test import PoissonTest
from simulation.fits.demand.variation import Floats
from simulation.fits.demand.words import clock, day_names
from simulation.report.drawing import BASELINE_COLOUR, INK, styled
from simulation.streams import Purpose, Streams

_BLUE, _ORANGE, _SHADE = "#0072b2", "#d55e00", "rgba(0,114,178,0.18)"
_ALONE = Streams(seed=311, replication=0)
_POINTS_MAX = 2_000


def counts_plot(fit: FittedDemand) -> Any:
    """For each group of days: every day's counts as points, the fitted mean, and where 95 % of counts fall under the fitted law."""
    table = fit.table
    groups = table.group_names
    figure = make_subplots(
        rows=len(groups),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.24 / max(len(groups), 3),
        subplot_titles=[day_names(one) for one in groups],
    )
    hours = _hours(fit)
    middles = hours + table.interval_ms / 7_200_000
    for place, (group, number) in enumerate(zip(groups, range(len(groups)), strict=True), start=1):
        days = table.total[table.group_of_day == number]
        mean = days.mean(axis=0)
        low, high = fit.count_band(mean)
        shown = slice(*_opened(table.total))
        cell = {"row": place, "col": 1}
        figure.add_trace(_scatter(middles[shown], low[shown], mode="lines", line={"width": 0}, hoverinfo="skip"), **cell)
        band = {"mode": "lines", "line": {"width": 0}, "fill": "tonexty", "fillcolor": _SHADE, "name": "95 % of counts, fitted"}
        figure.add_trace(_scatter(middles[shown], high[shown], **band, showlegend=place == 1), **cell)
        x, y = np.tile(middles[shown], len(days)), days[:, shown].ravel()
        dots = {"mode": "markers", "marker": {"color": INK, "size": 3, "opacity": 0.45}, "name": "a day's count"}
        figure.add_trace(_scatter(x, y, **dots, showlegend=place == 1), **cell)
        line = {"mode": "lines", "line": {"color": _BLUE, "width": 2}, "name": "mean"}
        figure.add_trace(_scatter(middles[shown], mean[shown], **line, showlegend=place == 1), **cell)
        figure.layout.annotations[place - 1].text = f"{day_names(group)}: {len(days)} days"
    figure.update_xaxes(title="hour of the day", row=len(groups), col=1)
    figure.update_yaxes(rangemode="tozero")
    return styled(figure, height=90 + 190 * len(groups), legend=True, below=48)


def dispersion_plot(fit: FittedDemand) -> Any:
    """Variance over mean by interval, with where it falls for Poisson counts, and what the fitted law says."""
    degrees = fit.dispersion_degrees
    low, high = (float(stats.chi2.ppf(level, degrees)) / degrees for level in (0.025, 0.975))
    shown = slice(*_opened(fit.table.total))
    hours = (_hours(fit) + fit.table.interval_ms / 7_200_000)[shown]
    mean = fit.table.total.mean(axis=0)
    figure = go.Figure()
    figure.add_hrect(y0=low, y1=high, fillcolor="rgba(91,103,112,0.16)", line={"width": 0})
    figure.add_hline(y=1, line={"color": BASELINE_COLOUR, "width": 1.5})
    figure.add_trace(
        _scatter(hours, fit.dispersion[shown], mode="markers", marker={"color": INK, "size": 6}, name="observed", showlegend=True)
    )
    fitted = fit.variance_of_counts(mean)[shown] / np.maximum(mean[shown], 1e-9)
    figure.add_trace(_scatter(hours, fitted, mode="lines", line={"color": _BLUE, "width": 2}, name="fitted", showlegend=True))
    figure.update_xaxes(title="hour of the day")
    figure.update_yaxes(title="variance over mean", rangemode="tozero")
    return styled(figure, height=330, legend=True, below=48)


def days_plot(fit: FittedDemand) -> Any:
    """Each day's total over the mean of days like it, with where 95 % of days fall under the fitted law."""
    table = fit.table
    totals = table.total.sum(axis=1).astype(np.float64)
    means = np.array([totals[table.group_of_day == group].mean() for group in table.group_of_day])
    spread = 1.96 * np.sqrt(fit.variance_of_totals(means)) / np.maximum(means, 1e-9)
    dates = [date.isoformat() for date in table.dates]
    figure = go.Figure()
    figure.add_trace(_scatter(dates, np.maximum(1 - spread, 0), mode="lines", line={"width": 0}, hoverinfo="skip"))
    shade = {"mode": "lines", "line": {"width": 0}, "fill": "tonexty", "fillcolor": _SHADE, "name": "95 % of days, fitted"}
    figure.add_trace(_scatter(dates, 1 + spread, **shade, showlegend=True))
    figure.add_hline(y=1, line={"color": BASELINE_COLOUR, "width": 1.5})
    dots = {"mode": "markers", "marker": {"color": INK, "size": 6}, "name": "a day"}
    figure.add_trace(_scatter(dates, totals / np.maximum(means, 1e-9), **dots, showlegend=True))
    figure.update_yaxes(title="of the mean of days alike", rangemode="tozero")
    return styled(figure, height=330, legend=True, below=32)


def lags_plot(fit: FittedDemand) -> Any:
    """What intervals share by how far they lie apart: relative covariances, and the fitted curve."""
    lags, found = fit.variation.lags, fit.variation
    hours = np.arange(len(lags)) * fit.table.interval_ms / 3_600_000
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": BASELINE_COLOUR, "width": 1.5})
    size = 4 + 8 * np.sqrt(found.weights / found.weights.max())
    figure.add_trace(
        _scatter(hours, lags, mode="markers", marker={"color": INK, "size": size}, name="observed (larger rests on more)", showlegend=True)
    )
    between = max(found.interval.mean, 0.0) if found.has_intervals else 0.0
    curve = found.day.mean + between * found.correlation.mean ** np.arange(len(lags))
    figure.add_trace(_scatter(hours, curve, mode="lines", line={"color": _BLUE, "width": 2}, name="fitted", showlegend=True))
    figure.update_xaxes(title="hours apart")
    figure.update_yaxes(title="covariance over product of means")
    return styled(figure, height=330, legend=True, below=48)


def tests_plot(fit: FittedDemand, test: PoissonTest) -> Any:
    """Left: transformed times between arrivals against the exponential law. Right: the test's distance by interval of the day."""
    figure = make_subplots(
        rows=1, cols=2, horizontal_spacing=0.1, subplot_titles=("Transformed times between arrivals", "Largest difference by interval")
    )
    count = len(test.values)
    at = np.unique(np.linspace(0, count - 1, min(count, _POINTS_MAX)).astype(np.int64))
    exponential = -np.log1p(-(at + 0.5) / count)
    top = float(exponential[-1])
    figure.add_trace(_scatter([0, top], [0, top], mode="lines", line={"color": BASELINE_COLOUR, "width": 1.5}), row=1, col=1)
    figure.add_trace(_scatter(exponential, test.values[at], mode="markers", marker={"color": INK, "size": 3}), row=1, col=1)
    starts = [clock(number, fit.table.interval_ms) for number, *_ in test.by_interval]
    colours = [_ORANGE if adjusted < 0.05 else INK for *_, adjusted in test.by_interval]
    distances = [distance for _, _, distance, _, _ in test.by_interval]
    limits = [1.358 / np.sqrt(arrivals) for _, arrivals, *_ in test.by_interval]
    figure.add_trace(_scatter(starts, distances, mode="markers", marker={"color": colours, "size": 6}), row=1, col=2)
    figure.add_trace(_scatter(starts, limits, mode="lines", line={"color": BASELINE_COLOUR, "width": 1.5}), row=1, col=2)
    figure.update_xaxes(title="exponential quantile", row=1, col=1)
    figure.update_yaxes(title="observed quantile", row=1, col=1)
    figure.update_xaxes(title="interval beginning at", type="category", nticks=8, row=1, col=2)
    figure.update_yaxes(rangemode="tozero", row=1, col=2)
    return styled(figure, height=380, below=48)


def ranks_plot(fit: FittedDemand) -> Any:
    """Where each count falls within its fitted law (probability integral transform): flat if the law fits."""
    table = fit.table
    values = np.concatenate(
        [
            fit.ranks(table.total[table.group_of_day == group], _ALONE.generator(Purpose.ARRIVALS, f"ranks {group}"))
            for group in range(len(table.group_names))
        ]
    )
    bins = 20
    heights = np.histogram(values, bins=bins, range=(0, 1))[0] / max(len(values), 1) * bins
    half = 1.96 * np.sqrt(bins / max(len(values), 1))
    figure = go.Figure()
    figure.add_hrect(y0=max(1 - half, 0), y1=1 + half, fillcolor="rgba(91,103,112,0.22)", line={"width": 0})
    figure.add_trace(go.Bar(x=(np.arange(bins) + 0.5) / bins, y=heights, marker={"color": "#b9c4cc"}, showlegend=False))
    figure.add_hline(y=1, line={"color": BASELINE_COLOUR, "width": 1.5})
    figure.update_xaxes(title="place of a count within its fitted law", range=[0, 1])
    figure.update_yaxes(title="how often, over what is expected", rangemode="tozero")
    return styled(figure, height=320, below=48)


def _scatter(x: Any, y: Any, *, showlegend: bool = False, **look: Any) -> Any:
    return go.Scatter(x=list(x), y=list(y), showlegend=showlegend, **look)


def _hours(fit: FittedDemand) -> Floats:
    return np.arange(fit.table.total.shape[1]) * fit.table.interval_ms / 3_600_000


def _opened(total: Any) -> tuple[int, int]:
    """The first interval in which something ever arrives, and the one after the last."""
    busy = np.flatnonzero(total.sum(axis=0))
    return int(busy[0]), int(busy[-1]) + 1
