"""Arrival rates taken from a recorded log: its counts by interval, channel and type become the rates of a Poisson process."""

from collections.abc import Sequence

from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant
from simulation.demand.stream import DemandStream, RateSpan
from simulation.interactions import RecordedInteraction


def streams_from_log(
    log: Sequence[RecordedInteraction], *, starts_at: Instant, ends_at: Instant, interval_ms: Duration, multiply: float
) -> tuple[DemandStream, ...]:
    """One stream for each channel, type and priority of the log, in that order.

    In each interval, counted from `starts_at`, a stream expects `multiply` times the recorded number; the last interval is cut at
    `ends_at`. Interactions outside [starts_at, ends_at) do not count. A stream keeps the attributes that all its interactions share: one
    that belongs to a single request, such as a date of its own, is not copied to requests that never happened.
    """
    groups: dict[tuple[str, str, int], list[RecordedInteraction]] = {}
    for recorded in log:
        if starts_at <= recorded.arrived_at_ms < ends_at:
            groups.setdefault((recorded.channel, recorded.type, recorded.priority), []).append(recorded)
    return tuple(
        DemandStream(
            channel=channel,
            type=type_,
            priority=priority,
            attributes=shared_attributes(group),
            spans=_spans(group, starts_at=starts_at, ends_at=ends_at, interval_ms=interval_ms, multiply=multiply),
        )
        for (channel, type_, priority), group in sorted(groups.items())
    )


def shared_attributes(group: Sequence[RecordedInteraction]) -> dict[str, AttributeValue]:
    """The attributes that every interaction of a group (not empty) has with one value."""
    first, *others = group
    return {name: value for name, value in sorted(first.attributes.items()) if all(other.attributes.get(name) == value for other in others)}


def _spans(
    group: Sequence[RecordedInteraction], *, starts_at: Instant, ends_at: Instant, interval_ms: Duration, multiply: float
) -> tuple[RateSpan, ...]:
    counts: dict[int, int] = {}
    for recorded in group:
        index = (recorded.arrived_at_ms - starts_at) // interval_ms
        counts[index] = counts.get(index, 0) + 1
    return tuple(
        RateSpan(
            starts_at=starts_at + index * interval_ms,
            ends_at=min(starts_at + (index + 1) * interval_ms, ends_at),
            expected=multiply * count,
        )
        for index, count in sorted(counts.items())
    )
