"""Arrival rates as records: what kind of interaction, and how many of them are expected when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from routing.model.ids import ChannelId
from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpan:
    """A constant arrival rate: `expected` arrivals (>= 0) spread evenly over [starts_at, ends_at)."""

    starts_at: Instant
    ends_at: Instant
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStream:
    """A Poisson stream of like interactions: its channel, type and attributes, and its rate over time in spans, earliest first.

    `label` names the event that brings these arrivals, where an event does.
    `due_after_ms` gives deferrable work its due instant, counted from arrival; None leaves it to the queue's target.
    `priority` is in points.
    """

    channel: ChannelId
    type: str
    attributes: Mapping[str, AttributeValue]
    spans: tuple[RateSpan, ...]
    due_after_ms: Duration | None = None
    priority: int = 0
    label: str = ""

    @property
    def name(self) -> str:
        """The name that keys this stream's arrivals; attributes and priority are part of it, so that streams that differ in these alone
        share no luck.
        """
        attributes = json.dumps(dict(self.attributes), sort_keys=True) if self.attributes else ""
        points = f"\n{self.priority}" if self.priority else ""
        event = f"\nevent {self.label}" if self.label else ""
        return f"{stream_name(self.channel, self.type)}{attributes}{points}{event}"


def stream_name(channel: ChannelId, type_: str) -> str:
    """The name of the demand stream an interaction belongs to; a line break cannot occur in either part."""
    return f"{channel}\n{type_}"
