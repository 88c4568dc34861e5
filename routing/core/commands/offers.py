"""Commands about live offers."""

from dataclasses import dataclass
from enum import StrEnum

from routing.core.commands.request import Request
from routing.model.ids import OfferId
from routing.model.time import Instant


class DeclineReason(StrEnum):
    """Why an agent's side did not take an offer."""

    DECLINED = "declined"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    """The agent's device could not be reached: it did not ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(Request):
    """The agent takes the interaction; the first accept wins."""

    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOffer(Request):
    """The agent does not take the interaction; `retry_at` replaces the queue's cooldown for this pair."""

    offer_id: OfferId
    reason: DeclineReason = DeclineReason.DECLINED
    retry_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendOffer(Request):
    """An accept is in progress: lengthen the lease once, by the queue's bound."""

    offer_id: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Request):
    """Take a live offer back from its agent; the interaction waits on and may be offered elsewhere."""

    offer_id: OfferId
    reason: str
