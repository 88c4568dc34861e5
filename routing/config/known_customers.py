"""What a site file says of customers who are known: agents they are kept for, and what is remembered of them."""

from typing import Annotated, Final

from pydantic import Field

from routing.config.document import FileModel
from routing.config.values import DurationMs, PositiveDurationMs
from routing.model.memory import MemoryRule
from routing.model.reservation import StickyRule

DEFAULT_LAST_AGENT_SCORE: Final = 50
DEFAULT_CUSTOMERS_MAX: Final = 100_000

Score = Annotated[int, Field(ge=1, le=100)]


class StickyFile(FileModel):
    """How long a rule keeps its interactions for the agents they prefer."""

    hold: PositiveDurationMs
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1.0
    minimum_score: Score = 1
    away_grace: DurationMs = 0
    expedite: DurationMs = 0

    def to_model(self) -> StickyRule:
        """The rule as the router takes it; a share of less than a thousandth counts as one."""
        return StickyRule(
            hold_ms=self.hold,
            share_per_mille=max(1, round(self.share * 1_000)),
            minimum_score=self.minimum_score,
            away_grace_ms=self.away_grace,
            expedite_ms=self.expedite,
        )


class MemoryFile(FileModel):
    """The table [memory]."""

    last_agent: DurationMs = 0
    last_agent_score: Score = DEFAULT_LAST_AGENT_SCORE
    return_within: DurationMs = 0
    customers: Annotated[int, Field(ge=1, le=10_000_000)] = DEFAULT_CUSTOMERS_MAX

    def to_model(self) -> MemoryRule:
        """The rule as the router takes it."""
        return MemoryRule(
            last_agent_ms=self.last_agent,
            last_agent_score=self.last_agent_score,
            return_within_ms=self.return_within,
            customers_max=self.customers,
        )
