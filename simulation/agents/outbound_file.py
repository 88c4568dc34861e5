"""The tables [outbound.NAME] of a scenario file."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, model_validator

from routing.config.document import Document, FileModel
from routing.config.errors import ConfigError, did_you_mean
from routing.config.roster import local_instant
from routing.config.values import Identifier, TimeOfDayMs
from routing.model.site import Site
from routing.model.time import DAY_MS
from simulation.agents.outbound import OutboundList
from simulation.scenario import Calendar


class OutboundFile(FileModel):
    """An entry of [outbound.NAME]."""

    channel: Identifier
    type: Identifier
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    count: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    busy_below: Annotated[int, Field(ge=1, le=100_000)] | None = None
    keep_free: Annotated[int, Field(ge=0, le=100_000)] | None = None
    from_: TimeOfDayMs = Field(default=0, alias="from")
    to: TimeOfDayMs = DAY_MS

    @model_validator(mode="after")
    def _has_a_threshold(self) -> "OutboundFile":
        if (self.busy_below is None) == (self.keep_free is None):
            raise ValueError("states one of busy_below and keep_free: how many agents may be busy, or stay free")
        if self.from_ >= self.to:
            raise ValueError("from is not before to")
        return self

    def to_list(self, name: str, calendar: Calendar) -> OutboundList:
        """The record of this entry on the days of a calendar."""
        spans = (
            (local_instant(date, self.from_, calendar.zone_info), local_instant(date, self.to, calendar.zone_info))
            for date in calendar.dates
        )
        return OutboundList(
            name=name,
            channel=self.channel,
            type=self.type,
            attributes=self.attributes,
            count=self.count,
            busy_below=self.busy_below,
            keep_free=self.keep_free,
            spans=tuple(span for span in spans if span[0] < span[1]),
        )


def outbound_faults(document: Document, stated: Mapping[str, OutboundFile], site: Site) -> Iterator[ConfigError]:
    """Lists on channels that the site lacks, or on which somebody would wait."""
    for name, one in stated.items():
        key = ("outbound", name, "channel")
        channel = site.channels.get(one.channel)
        if channel is None:
            remedy = did_you_mean(one.channel, site.channels)
            yield document.error(key, "is not a channel of the site", value=one.channel, remedy=remedy)
        elif channel.is_live:
            problem = "has customers on the line, and nobody waits for outbound work"
            yield document.error(key, problem, value=one.channel, remedy="Choose a deferrable channel.")
