"""The page of a staffing table: agents scheduled against required over the day, what is too much and too little, and what it costs."""

import datetime as dt
from collections.abc import Callable
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from simulation.report.clock_axis import ClockAxis
from simulation.report.drawing import INK, styled
from simulation.report.html import items, page, plot, section, table, terms
from simulation.staffing.queues import StaffedQueue
from simulation.staffing.report import aim_text, headline, money
from simulation.staffing.table import StaffingRow, StaffingTable

_BLUE, _ORANGE, _PALE = "#0072b2", "#d55e00", "#b9c4cc"
_QUEUES_MAX = 40
_ROW_PX = 26
_ENOUGH = (
    (0.0, "#7f2704"),
    (0.25, "#d94801"),
    (0.499, "#fee6ce"),
    (0.5, "#f7f7f7"),
    (0.501, "#deebf7"),
    (0.75, "#6baed6"),
    (1.0, "#2171b5"),
)
"""Orange where too few may serve, blue where more do than are required."""


def page_of(found: StaffingTable) -> str:
    """The page as text; the same table gives the same bytes."""
    axis = ClockAxis(found.rows[0].starts_at, found.ends_at, ZoneInfo(found.zone))
    clocks = "".join(f"<p>{escape(text)}</p>" for text in axis.change_texts())
    told = (
        "<p>Black: the agents required in each interval. Blue: those present, as the roster has them on shift net of breaks, less what "
        "shrinkage takes; grey: before that. Bars: how many of the present are too many (blue) or too few (orange).</p>"
    )
    sections = [
        section("Scheduled against required", told + clocks + plot(_day_plot(found, axis), "day")),
        section("In figures", terms(_figures(found))),
        *_days(found, axis),
        *_queues(found, axis),
        section("What the formula leaves out", items(found.notes)),
        section("Every interval", _intervals(found, axis)),
    ]
    return page(f"{found.scenario}: roster {found.roster} against the load", headline(found), sections)


def _day_plot(found: StaffingTable, axis: ClockAxis) -> Any:
    """Over the horizon: agents, the difference, the service level that the formula expects, and arrivals."""
    titles = [
        "Agents: required, present and scheduled",
        "Present less required",
        f"Answered within {found.target_ms / 1_000:g} s by the formula, % (dashed: the aim)",
        "Expected arrivals in each interval",
    ]
    figure = make_subplots(rows=4, cols=1, shared_xaxes=True, vertical_spacing=0.07, row_heights=[3, 2, 2, 1.5], subplot_titles=titles)
    edges = axis.hours([*(row.starts_at for row in found.rows), found.ends_at])
    clocks = [axis.clock(row.starts_at) for row in found.rows]

    def steps(of: Callable[[StaffingRow], float | None], name: str, *, place: int, legend: bool = True, **look: Any) -> None:
        values = [of(row) for row in found.rows]
        words = [*clocks, ""]
        hover = "from %{text}: %{y:.1f}<extra>" + name + "</extra>"
        curve = {"x": edges, "y": [*values, values[-1]], "text": words, "hovertemplate": hover, "mode": "lines", "name": name}
        figure.add_trace(go.Scatter(**curve, line={"shape": "hv", "width": 2} | look, showlegend=legend), row=place, col=1)

    steps(lambda row: row.scheduled, "scheduled", place=1, color=_PALE)
    steps(lambda row: row.present, "present", place=1, color=_BLUE)
    steps(lambda row: row.required, "required", place=1, color=INK)
    for is_short, colour in ((False, _BLUE), (True, _ORANGE)):
        differences = [row.difference if (row.difference < 0) is is_short else None for row in found.rows]
        _bars(figure, found, edges, clocks, differences, place=2, colour=colour)
    steps(_level, "answered in time", place=3, legend=False, color=_BLUE)
    figure.add_hline(y=100 * found.share, line={"color": INK, "width": 1, "dash": "dash"}, row=3, col=1)
    _bars(figure, found, edges, clocks, [row.arrivals for row in found.rows], place=4, colour=_PALE)
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(range=[0, 102], row=3, col=1)
    axis.draw(figure)
    return styled(figure, height=860, legend=True, below=44).update_layout(margin_r=28)  # room for the label of the last hour


def _bars(
    figure: Any, found: StaffingTable, edges: list[float], clocks: list[str], values: list[float | None], *, place: int, colour: str
) -> None:
    hover = "from %{text}: %{y:.1f}<extra></extra>"
    bars = go.Bar(
        x=edges[:-1],
        y=values,
        width=list(found.lasts_h),
        offset=0,
        text=clocks,
        textposition="none",
        marker={"color": colour, "line": {"width": 0}},
        hovertemplate=hover,
        showlegend=False,
    )
    figure.add_trace(bars, row=place, col=1)
    figure.update_layout(barmode="overlay")


def _level(row: StaffingRow) -> float | None:
    """The expected service level in per cent; None, a gap in the curve, where nobody comes."""
    return 100 * row.service_level if row.arrivals else None


def _figures(found: StaffingTable) -> dict[str, str]:
    lines = list(money(found))
    return {
        "Aim": aim_text(found),
        "Channels": ", ".join(found.channels),
        "Too few": f"{found.under_h:,.1f} agent hours",
        "Too many": f"{found.over_h:,.1f} agent hours",
        "Expected": f"{_in_time(found.rows)} of {sum(row.arrivals for row in found.rows):,.0f} customers answered in time by the formula, "
        f"{_leaving(found.rows)} leave",
        "Paid": lines[0],
    } | ({"Penalties": lines[1]} if len(lines) > 1 else {})


def _in_time(rows: tuple[StaffingRow, ...]) -> str:
    return _weighted(rows, lambda row: row.service_level)


def _leaving(rows: tuple[StaffingRow, ...]) -> str:
    return _weighted(rows, lambda row: row.abandonment)


def _weighted(rows: tuple[StaffingRow, ...], of: Callable[[StaffingRow], float]) -> str:
    arrivals = sum(row.arrivals for row in rows)
    return f"{100 * sum(row.arrivals * of(row) for row in rows) / arrivals:.1f} %" if arrivals else "-"


def _days(found: StaffingTable, axis: ClockAxis) -> list[str]:
    """Where the horizon has several days, what each comes to; an interval counts on the day on which it begins."""
    days: dict[dt.date, list[tuple[StaffingRow, float]]] = {}
    for row, hours in zip(found.rows, found.lasts_h, strict=True):
        days.setdefault(axis.local(row.starts_at).date(), []).append((row, hours))
    if len(days) < 2:
        return []
    lines = []
    for date, timed in days.items():
        rows = tuple(row for row, _ in timed)
        sums = (
            sum(row.required * hours for row, hours in timed),
            sum(row.present * hours for row, hours in timed),
            sum(max(0.0, -row.difference) * hours for row, hours in timed),
            sum(max(0.0, row.difference) * hours for row, hours in timed),
        )
        figures = (f"{value:,.1f}" for value in sums)
        lines.append((f"{date:%a %d %b}", f"{sum(row.arrivals for row in rows):,.0f}", *figures, _in_time(rows), _leaving(rows)))
    header = ("Day", "arrivals", "required, h", "present, h", "too few, h", "too many, h", "in time", "leave")
    return [section("Day by day", table(header, lines))]


def _queues(found: StaffingTable, axis: ClockAxis) -> list[str]:
    if not found.queues:
        return []
    shown = found.queues[:_QUEUES_MAX]
    rest = len(found.queues) - len(shown)
    words = (
        "<p>Each queue as if it had agents of its own: how many would be required to reach its own aim by the formula, each interval in "
        "its own long run, and how many of those present may serve it. Who may serve several queues counts in each of them, and queues "
        "that share agents need fewer than the sum. So blue does not prove that there are enough, but orange is too few even where all who "
        "may serve that queue do nothing else.</p>"
    )
    more = f"<p>{rest} queues with less work are left out here.</p>" if rest else ""
    return [section("Queue by queue", words + more + plot(_queues_plot(shown, axis), "queues") + _queues_table(found, shown, axis))]


def _queues_plot(shown: tuple[StaffedQueue, ...], axis: ClockAxis) -> Any:
    rows = shown[0].rows
    edges = axis.hours([*(row.starts_at for row in rows), axis.ends_at])
    names = [one.queue for one in shown]
    cells = [[row.difference if row.arrivals else None for row in one.rows] for one in shown]
    words = [
        [f"{axis.clock(row.starts_at)}: {row.able:.1f} able, {row.required} required, {row.load_erlangs:.1f} Erlangs" for row in one.rows]
        for one in shown
    ]
    most = max([1.0, *(abs(cell) for line in cells for cell in line if cell is not None)])
    heat = go.Heatmap(
        x=edges,
        y=names,
        z=cells,
        text=words,
        hovertemplate="%{y}, %{text}<extra></extra>",
        zmin=-most,
        zmax=most,
        colorscale=[list(stop) for stop in _ENOUGH],
        colorbar={"title": {"text": "agents"}, "thickness": 14},
        ygap=1,
    )
    figure = go.Figure(heat)
    figure.update_yaxes(autorange="reversed", type="category")
    axis.draw(figure)
    return styled(figure, height=max(160, _ROW_PX * len(shown) + 80), below=44)


def _queues_table(found: StaffingTable, shown: tuple[StaffedQueue, ...], axis: ClockAxis) -> str:
    lines = []
    for one in shown:
        timed = [(row, hours) for row, hours in zip(one.rows, found.lasts_h, strict=True) if row.arrivals]
        worst = min((row for row, _ in timed), key=lambda row: row.difference)
        lines.append(
            (
                escape(one.queue),
                f"{100 * one.share:g} % in {one.target_ms / 1_000:g} s",
                f"{sum(row.arrivals for row, _ in timed):,.0f}",
                f"{sum(row.load_erlangs * hours for row, hours in timed):,.1f}",
                f"{sum(row.required * hours for row, hours in timed):,.1f}",
                f"{sum(row.able * hours for row, hours in timed):,.1f}",
                f'{_signed(worst.difference)} <span class="interval">at {escape(axis.clock(worst.starts_at))}</span>',
            )
        )
    header = ("Queue", "aim", "arrivals", "work, h", "required alone, h", "able, h", "fewest less required")
    return table(header, lines, "wide stacked")


def _signed(value: float) -> str:
    return f"{value:+,.1f}".replace("-", "\N{MINUS SIGN}")


def _intervals(found: StaffingTable, axis: ClockAxis) -> str:
    """Every interval in which anything happens."""
    lines = [
        (
            escape(axis.clock(row.starts_at)),
            f"{row.arrivals:,.1f}",
            f"{row.handle_s:,.0f} s",
            f"{row.load_erlangs:,.2f}",
            str(row.required),
            f"{row.scheduled:,.1f}",
            f"{row.present:,.1f}",
            f'<span class="bad">{_signed(row.difference)}</span>' if row.difference < 0 else _signed(row.difference),
            f"{100 * row.service_level:.0f} %" if row.arrivals else "-",
            f"{100 * row.abandonment:.1f} %" if row.arrivals else "-",
        )
        for row in found.rows
        if row.arrivals or row.scheduled
    ]
    header = ("From", "arrivals", "handle", "load, Erlangs", "required", "scheduled", "present", "difference", "in time", "leave")
    return table(header, lines)
