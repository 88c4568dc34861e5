"""Lays the factors of one replication over a stream's rates: spans are cut where a factor changes, and each piece is multiplied."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, assert_never

import numpy as np
import numpy.typing as npt

from routing.config.roster import local_instant
from routing.model.time import DAY_MS, Duration
from simulation.demand import chance
from simulation.demand.chance import DayFactor, Factor, ForecastError, IntervalFactors, OverDispersion, Spike, Steps
from simulation.demand.stream import DemandStream
from simulation.demand.unit_laws import Floats, UnitLaw
from simulation.scenario import Calendar
from simulation.streams import Streams


class Pieces(NamedTuple):
    """A stream's rate in pieces: instants `starts` and lengths (milliseconds), expected arrivals, and the span each was cut from; (n,)."""

    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    expected: Floats
    span: npt.NDArray[np.int64]


def pieces_of(stream: DemandStream, factors: Sequence[Factor], calendar: Calendar, streams: Streams) -> Pieces:
    """The stream's rate of one replication, all factors that hold for it applied in turn."""
    pieces = whole_spans(stream)
    for factor in factors:
        if factor.scope.holds_for(stream) and len(pieces.starts):
            pieces = _applied(pieces, factor, stream, calendar, streams)
    return pieces


def whole_spans(stream: DemandStream) -> Pieces:
    """The stream's rate as it is stated, a piece for each span."""
    return Pieces(
        np.array([span.starts_at for span in stream.spans], dtype=np.int64),
        np.array([span.ends_at - span.starts_at for span in stream.spans], dtype=np.int64),
        np.array([span.expected for span in stream.spans], dtype=np.float64),
        np.arange(len(stream.spans)),
    )


def _applied(pieces: Pieces, factor: Factor, stream: DemandStream, calendar: Calendar, streams: Streams) -> Pieces:
    match factor:
        case DayFactor():
            for date in calendar.dates:
                value = chance.day_value(factor, stream, date, streams)
                pieces = _times(pieces, Steps(_slots(date, calendar, 0, DAY_MS, 1), np.array([value])))
            return pieces
        case IntervalFactors():
            for date in calendar.dates:
                edges_of_day = _slots(date, calendar, factor.from_ms, factor.every_ms, len(factor.laws))
                pieces = _times(pieces, Steps(edges_of_day, chance.interval_values(factor, stream, date, streams)))
            return pieces
        case ForecastError():
            return _off_by(pieces, factor, stream, calendar, streams)
        case Spike():
            if factor.label and factor.label != stream.label:
                return pieces
            for happening in factor.happenings:
                value = chance.spike_value(factor, happening, streams)
                pieces = _times(pieces, Steps(np.array([happening.starts_at, happening.ends_at], dtype=np.float64), np.array([value])))
            return pieces
        case OverDispersion():
            count = -(-DAY_MS // factor.every_ms)
            for date in calendar.dates:
                edges_of_day = _slots(date, calendar, 0, factor.every_ms, count)
                pieces = _cut(pieces, edges_of_day)
                expected = _expected_in(pieces, edges_of_day)
                pieces = _times(pieces, Steps(edges_of_day, chance.dispersion_values(factor, stream, date, expected, streams)))
            return pieces
        case unreachable:
            assert_never(unreachable)


def _off_by(pieces: Pieces, factor: ForecastError, stream: DemandStream, calendar: Calendar, streams: Streams) -> Pieces:
    """Every piece off by the score of its interval and the cv of the span it comes from."""
    cvs = factor.cvs.get(stream.name, {})
    count = -(-DAY_MS // factor.every_ms)
    by_day = [_slots(date, calendar, 0, factor.every_ms, count) for date in calendar.dates]
    for edges in by_day:
        pieces = _cut(pieces, edges)
    scores = np.zeros(len(pieces.starts))
    for date, edges in zip(calendar.dates, by_day, strict=True):
        inside = (pieces.starts >= edges[0]) & (pieces.starts < edges[-1])
        slots = np.searchsorted(edges, pieces.starts[inside], side="right") - 1
        scores[inside] = chance.forecast_scores(factor, stream, date, count, streams)[slots]
    span_cvs = np.array([cvs.get(span.starts_at, 0.0) for span in stream.spans])[pieces.span]
    off = [UnitLaw(kind=factor.kind, cv=cv).factors(np.array(score)) for cv, score in zip(span_cvs.tolist(), scores, strict=True)]
    return pieces._replace(expected=pieces.expected * np.array(off))


def _slots(date: dt.date, calendar: Calendar, from_ms: Duration, every_ms: Duration, count: int) -> Floats:
    """The instants between `count` intervals on the clock of one day, shape (count + 1,); the last ends with the day at the latest.

    Where the clock is put forward, the intervals that it skips have no length.
    """
    times = [min(from_ms + place * every_ms, DAY_MS) for place in range(count + 1)]
    instants = np.array([local_instant(date, time_ms, calendar.zone_info) for time_ms in times], dtype=np.float64)
    return np.asarray(np.maximum.accumulate(instants), dtype=np.float64)


def _times(pieces: Pieces, steps: Steps) -> Pieces:
    """The pieces, cut at the edges of a step function and multiplied by its values."""
    finer = _cut(pieces, steps.edges)
    return finer._replace(expected=finer.expected * steps.at(finer.starts.astype(np.float64)))


def _cut(pieces: Pieces, edges: Floats) -> Pieces:
    """The pieces cut wherever an edge lies inside one; what a piece expects is shared out by length."""
    edges = np.unique(edges)  # an hour that the clock skips begins and ends in one instant
    ends = pieces.starts + pieces.lengths
    first, last = np.searchsorted(edges, pieces.starts, side="right"), np.searchsorted(edges, ends, side="left")
    if (first >= last).all():
        return pieces
    parts = np.maximum(last - first, 0) + 1
    piece = np.repeat(np.arange(len(parts)), parts)
    place = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    inner = edges[np.minimum(first[piece] + place - 1, len(edges) - 1)].astype(np.int64)
    starts = np.where(place == 0, pieces.starts[piece], inner)
    stops = np.append(starts[1:], ends[-1])
    stops = np.where(place == parts[piece] - 1, ends[piece], stops)
    lengths = stops - starts
    return Pieces(starts, lengths, pieces.expected[piece] * (lengths / pieces.lengths[piece]), pieces.span[piece])


def _expected_in(pieces: Pieces, edges: Floats) -> Floats:
    """What the pieces expect between each two edges, shape (edges - 1,); no piece lies across an edge."""
    slots = np.searchsorted(edges, pieces.starts, side="right") - 1
    inside = (slots >= 0) & (slots < len(edges) - 1)
    return np.asarray(np.bincount(slots[inside], weights=pieces.expected[inside], minlength=len(edges) - 1), dtype=np.float64)
