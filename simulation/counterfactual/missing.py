"""What of a recorded day its log does not hold: of how many customers each thing is known, and how the others come by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulation.counterfactual.completing import is_known
from simulation.counterfactual.imputed import Imputed
from simulation.interactions import RecordedInteraction
from simulation.laws import Never
from simulation.streams import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """How many interactions of a log come by one thing, such as their patience, in which way; the four add up to all of them."""

    known: int
    """The log has it, and it stays."""
    imputed: int
    """It is drawn from laws fitted to a log, which differ from imputation to imputation; patience beyond the wait there was."""
    endless: int
    """Nobody of their channel and type left, so that they are taken to wait without end."""
    assumed: int
    """The log tells nothing to fit, and it is drawn as the behaviour file says."""

    @property
    def rows(self) -> int:
        """All interactions."""
        return self.known + self.imputed + self.endless + self.assumed


def missing_of(rows: Sequence[RecordedInteraction], imputed: Imputed) -> dict[Purpose, Missing]:
    """What is known and missing of a log, by purpose in the order of the behaviour file."""
    return {purpose: _of(purpose, rows, imputed) for purpose in imputed.rules}


def _of(purpose: Purpose, rows: Sequence[RecordedInteraction], imputed: Imputed) -> Missing:
    unknown = [row for row in rows if not is_known(purpose, row)]
    laws = [imputed.law_for(purpose, row.channel, row.type, 0) for row in unknown]
    endless, assumed = sum(1 for law in laws if isinstance(law, Never)), sum(1 for law in laws if law is None)
    return Missing(known=len(rows) - len(unknown), imputed=len(laws) - endless - assumed, endless=endless, assumed=assumed)
