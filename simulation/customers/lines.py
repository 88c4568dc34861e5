"""Lines: how many customers the telephony can hold at once."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from routing.config.document import FileModel
from routing.config.values import Identifier
from routing.model.ids import ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """`count` lines (trunks) that the live `channels` share. A customer takes one from the arrival to the end of the talk.

    Waiting, ringing, hold, and every further leg of a conversation that is handed on keep the line; wrap-up does not. Whoever finds all
    taken hears a busy tone, whether or not an agent is idle. Who hangs up for a call-back gives the line back, and being rung up takes one.
    """

    name: str
    channels: tuple[ChannelId, ...]
    count: int


class LineGroupFile(FileModel):
    """One entry of [lines] in a scenario."""

    channels: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1, le=1_000_000)]

    def to_group(self, name: str) -> LineGroup:
        """The record of this entry."""
        return LineGroup(name=name, channels=self.channels, count=self.count)
