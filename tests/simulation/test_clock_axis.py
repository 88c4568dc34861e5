"""Axes of time: as long as the day is, with the clock on the wall at the ticks."""

import datetime as dt
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from routing.model.time import HOUR_MS, MINUTE_MS, Instant
from simulation.report.clock_axis import ClockAxis

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN) -> Instant:
    """An instant by the clock."""
    return round(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1_000)


def an_axis(start: str, end: str, zone: ZoneInfo = BERLIN) -> ClockAxis:
    """From one time on the clock to another."""
    return ClockAxis(at(start, zone), at(end, zone), zone)


def test_the_day_on_which_clocks_go_back_has_25_hours() -> None:
    """Two o'clock comes twice, an hour apart, and is told apart; the ticks stay where the clock shows them."""
    axis = an_axis("2026-10-25T00:00", "2026-10-26T00:00")
    last = axis.hours([axis.ends_at])
    assert last == [25.0]
    first = at("2026-10-25T02:00")
    assert [axis.clock(first), axis.clock(first + HOUR_MS)] == ["02:00 CEST", "02:00 CET"]
    assert axis.hours([first, first + HOUR_MS]) == [2.0, 3.0]
    assert axis.change_texts() == ["On Sunday 25 October at 03:00 clocks are put back to 02:00."]
    ticks = axis.ticks()
    assert axis.hours([ticks[-1]]) == [25.0]
    assert axis.tick_texts(ticks[:2]) == ["00:00", "03:00"]
    assert axis.hours(ticks[:2]) == [0.0, 4.0]


def test_the_day_on_which_clocks_go_forward_has_23_hours() -> None:
    """Two o'clock does not come, and the change is marked on every panel."""
    axis = an_axis("2026-03-29T00:00", "2026-03-30T00:00")
    assert axis.hours([axis.ends_at]) == [23.0]
    assert axis.change_texts() == ["On Sunday 29 March at 02:00 clocks are put forward to 03:00."]
    assert "02:00" not in [axis.clock(tick)[:5] for tick in axis.ticks()]
    figure = go.Figure(go.Scatter(x=[0, 23], y=[0, 1]))
    axis.draw(figure)
    assert [shape.x0 for shape in figure.layout.shapes] == [2.0]


def test_a_night_shows_both_dates() -> None:
    """The date stands at the first tick of each day, and with every time that is told."""
    axis = an_axis("2026-03-02T22:00", "2026-03-03T06:00")
    assert axis.tick_texts(axis.ticks())[:4] == ["22:00<br>Mon 02 Mar", "23:00", "00:00<br>Tue 03 Mar", "01:00"]
    assert axis.clock(at("2026-03-03T00:30")) == "Tue 03 Mar 00:30"
    assert not axis.changes


def test_no_axis_is_too_crowded() -> None:
    """A day, a week and half a year, also where the clock is off by three quarters of an hour."""
    for end in ("2026-01-02T00:00", "2026-01-08T00:00", "2026-06-30T00:00"):
        axis = an_axis("2026-01-01T00:00", end, ZoneInfo("Asia/Kathmandu"))
        ticks = axis.ticks()
        assert 6 <= len(ticks) <= 13
        assert {axis.local(tick).minute for tick in ticks} == {0}
        assert ticks[0] % HOUR_MS == 15 * MINUTE_MS
