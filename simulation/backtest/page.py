"""The page of a back-test: what was predicted for the held-out days, and what happened."""

import datetime as dt
from html import escape
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from simulation.backtest.figures import MEASURES
from simulation.backtest.run import Arrivals, Backtest
from simulation.backtest.scores import Prediction
from simulation.backtest.words import NAMES, answer, day_scores, held_text, interval_scores, notes, predicted_text, value_text
from simulation.kpis.facts import INTERVAL_MS
from simulation.report.drawing import INK, styled
from simulation.report.html import items, page, plot, section, table, terms

_BLUE, _SHADE, _ORANGE = "#0072b2", "rgba(0,114,178,0.18)", "#d55e00"
_AXES = {"offered": "arrivals", "abandonment": "abandonment, %", "service_level": "service level, %", "asa_s": "speed of answer, s"}


def page_of(found: Backtest) -> str:
    """The page as text; the same back-test gives the same bytes."""
    return page(f"Back-test of {found.scenario} on {found.log}", f"{answer(found)}.", _sections(found))


def _sections(found: Backtest) -> list[str]:
    days = [
        section(
            f"{day.date:%A}, {day.date.isoformat()}",
            f"<p>{day.agents} agents at work. The shade is where 95 % of such half hours should fall, the line the mean; points are what "
            f"happened, orange where the interval does not hold it.</p>" + plot(_day_plot(found, place), f"day-{place}"),
        )
        for place, day in enumerate(found.days)
    ]
    return [
        section("What was tested", _facts(found)),
        section("How well", _scores(found)),
        section("What to know before trusting this", items(notes(found))),
        section("Days", _days(found)),
        *days,
        section("Assumptions behind the predictions", items(found.assumptions)),
    ]


def _facts(found: Backtest) -> str:
    drawn = "drawn from the fit" if found.options.arrivals is Arrivals.FITTED else "as recorded"
    return terms(
        {
            "Fitted on": f"{len(found.taught_days)} days, {found.taught_days[0]} to {found.taught_days[-1]}",
            "Held out": ", ".join(day.date.isoformat() for day in found.days),
            "Arrivals": drawn,
            "Staffing": "inferred from the log" if found.options.roster is None else f"roster {found.options.roster}",
            "Policy": found.policy,
            "Simulated": f"{found.options.replications} times each day",
        }
    )


def _scores(found: Backtest) -> str:
    by_day, rows = day_scores(found), []
    for measure, one in interval_scores(found).items():
        rows.append(
            (
                escape(NAMES[measure]),
                value_text(measure, one.level),
                value_text(measure, one.bias),
                value_text(measure, one.mean_absolute_error),
                held_text(one),
                held_text(by_day[measure]),
            )
        )
    header = ("Measure, by half hour", "mean of what happened", "bias", "mean error", "held by 95 % intervals", "the same, whole days")
    return table(header, rows)


def _days(found: Backtest) -> str:
    rows = [
        (day.date.isoformat(), *(f"{value_text(one, day.overall[one].actual)}<br>{_predicted(one, day.overall[one])}" for one in MEASURES))
        for day in found.days
    ]
    return "<p>What happened, and below it what was predicted, with its 95 % interval.</p>" + table(
        ("Day", *(NAMES[measure] for measure in MEASURES)), rows
    )


def _predicted(measure: str, one: Prediction) -> str:
    style = ' style="color:#a33b00"' if one.is_held is False else ""
    return f'<span class="interval"{style}>{escape(predicted_text(measure, one))}</span>'


def _day_plot(found: Backtest, place: int) -> Any:
    day = found.days[place]
    figure = make_subplots(rows=2, cols=2, shared_xaxes=True, horizontal_spacing=0.1, vertical_spacing=0.12)
    times = [
        (day.starts_at + dt.timedelta(milliseconds=(at + 0.5) * INTERVAL_MS)).replace(tzinfo=None) for at in range(len(day.by_interval))
    ]
    for position, measure in enumerate(MEASURES):
        cell = {"row": 1 + position // 2, "col": 1 + position % 2}
        scale = 100 if measure in {"abandonment", "service_level"} else 1
        parts = [(at, one[measure]) for at, one in zip(times, day.by_interval, strict=True)]
        banded = [(at, one) for at, one in parts if one.low is not None and one.high is not None]
        hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_trace(_trace([at for at, _ in banded], [_times(one.low, scale) for _, one in banded], **hidden), **cell)
        shade = {**hidden, "fill": "tonexty", "fillcolor": _SHADE}
        figure.add_trace(_trace([at for at, _ in banded], [_times(one.high, scale) for _, one in banded], **shade), **cell)
        line = {"mode": "lines", "line": {"color": _BLUE, "width": 2}}
        figure.add_trace(_trace(times, [_times(one.mean, scale) for _, one in parts], **line), **cell)
        seen = [(at, one) for at, one in parts if one.actual is not None]
        colours = [_ORANGE if one.is_held is False else INK for _, one in seen]
        dots = {"mode": "markers", "marker": {"color": colours, "size": 6}}
        figure.add_trace(_trace([at for at, _ in seen], [_times(one.actual, scale) for _, one in seen], **dots), **cell)
        figure.update_yaxes(title=_AXES[measure], rangemode="tozero", **cell)
    figure.update_xaxes(tickformat="%H:%M")
    return styled(figure, height=460, below=32)


def _trace(x: list[dt.datetime], y: list[float | None], **look: Any) -> Any:
    return go.Scatter(x=[at.isoformat() for at in x], y=y, showlegend=False, **look)


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
