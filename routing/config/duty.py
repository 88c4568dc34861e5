"""What a site file says of agents' own time: the codes of those who are not ready, and the ends of shifts."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from routing.config.document import Document, FileModel
from routing.config.errors import ConfigError, did_you_mean
from routing.config.queues import ChannelFile
from routing.config.values import DurationMs
from routing.model.site import NotReadyReason, ShiftRule

TimeKind: TypeAlias = Literal["working_time", "own_time"]


class ShiftFile(FileModel):
    """The table [shifts]: how far work may last into an agent's next commitment, and which classes are offered all the same."""

    tolerance: DurationMs = 0
    override_class: Annotated[int, Field(ge=0, le=1_000)] | None = None

    def to_model(self) -> ShiftRule:
        """The rule as the router takes it."""
        return ShiftRule(tolerance_ms=self.tolerance, override_class_rank=self.override_class)


def reasons_of(stated: Mapping[str, TimeKind]) -> tuple[NotReadyReason, ...]:
    """The codes as the router takes them, in the order of the file."""
    return tuple(NotReadyReason(code=code, is_working_time=kind == "working_time") for code, kind in stated.items())


def interruption_faults(document: Document, channels: Mapping[str, ChannelFile]) -> Iterator[ConfigError]:
    """Channels that are interrupted by none of the site, or by themselves."""
    for channel_id, channel in channels.items():
        for index, by in enumerate(channel.interruptible_by):
            key = ("channels", channel_id, "interruptible_by", index)
            if by == channel_id:
                yield document.error(key, "is the channel itself", value=by, remedy="Work is set aside for work on other channels only.")
            elif by not in channels:
                yield document.error(key, "is not a channel of this site", value=by, remedy=did_you_mean(by, channels))
