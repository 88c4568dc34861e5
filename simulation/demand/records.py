"""Demand: who arrives when. Either a recorded log replayed exactly, or arrival rates from which every replication draws its own day.

Births are made once per replication and shared by all arms of a comparison: every interaction's arrival, patience, work, wrap-up and answer
delay are fixed at birth, before any policy has decided anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from routing.model.ids import ChannelId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant
from simulation.interactions import RecordedInteraction


class Birth(NamedTuple):
    """One interaction with everything chance decides about it; durations in milliseconds.

    `patience_ms` None means that the customer never leaves. `work_ms` is the base work before any effect of the agent who does it.
    """

    at: Instant
    interaction: Interaction
    patience_ms: Duration | None
    work_ms: Duration
    wrap_up_ms: Duration
    answer_delay_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Births:
    """One replication's demand: births in order of arrival, and how many recorded or drawn arrivals were left out.

    `excluded` maps (channel, reason) to a count; reasons are "outside opening hours", "before the horizon" and "after the horizon".
    """

    births: tuple[Birth, ...]
    excluded: Mapping[tuple[ChannelId, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedLog:
    """Recorded interactions, replayed at their recorded instants in every replication."""

    log: tuple[RecordedInteraction, ...]
    name: str

    @property
    def description(self) -> str:
        """Where the interactions come from, in words."""
        return f"recorded interactions, replayed exactly: {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpan:
    """A constant arrival rate: `expected` arrivals (>= 0) spread evenly over [starts_at, ends_at)."""

    starts_at: Instant
    ends_at: Instant
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStream:
    """A Poisson stream of like interactions: its channel, type and attributes, and its rate over time in spans, earliest first.

    `due_after_ms` gives deferrable work its due instant, counted from arrival; None leaves it to the queue's target.
    `priority` is in points.
    """

    channel: ChannelId
    type: str
    attributes: Mapping[str, AttributeValue]
    spans: tuple[RateSpan, ...]
    due_after_ms: Duration | None = None
    priority: int = 0

    @property
    def name(self) -> str:
        """The name that keys this stream's arrivals; attributes and priority are part of it, so that streams that differ in these alone
        share no luck.
        """
        attributes = json.dumps(dict(self.attributes), sort_keys=True) if self.attributes else ""
        points = f"\n{self.priority}" if self.priority else ""
        return f"{stream_name(self.channel, self.type)}{attributes}{points}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnDemand:
    """Independent Poisson streams, drawn afresh in every replication. `description` says where the rates come from,
    as a clause without a full stop.
    """

    streams: tuple[DemandStream, ...]
    description: str


Demand: TypeAlias = ReplayedLog | DrawnDemand


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogItem:
    """`count` like interactions that wait when the horizon begins; `waited_ms` is the routing age they bring, `priority` in points."""

    channel: ChannelId
    type: str
    attributes: Mapping[str, AttributeValue]
    count: int
    waited_ms: Duration
    priority: int = 0


def stream_name(channel: ChannelId, type_: str) -> str:
    """The name of the demand stream an interaction belongs to; a line break cannot occur in either part."""
    return f"{channel}\n{type_}"
