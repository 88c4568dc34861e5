"""Commands about handling and wrap-up."""

from dataclasses import dataclass

from routing.core.commands.request import Request
from routing.model.ids import InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class FailConnect(Request):
    """The media leg of an accepted offer failed: the interaction waits on with its age."""

    interaction_id: InteractionId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldHandling(Request):
    """Put the customer on hold."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeHandling(Request):
    """Take the customer off hold."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHandling(Request):
    """The contact is over; wrap-up begins where the queue has one."""

    interaction_id: InteractionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWrapUp(Request):
    """The agent finished after-contact work before its limit."""

    interaction_id: InteractionId
