"""How exactly people keep to their shifts: late log-ons, breaks that last longer, early departures."""

from dataclasses import dataclass

from routing.model.time import Duration
from simulation import laws
from simulation.laws import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """Something that happens on a share of the occasions, 0 to 1, and then lasts by a law."""

    share: float
    law: Law

    def drawn_ms(self, draw: float) -> Duration:
        """How long it lasts on the occasion of one draw on (0, 1); 0 where it does not happen."""
        return laws.duration_ms(self.law, draw / self.share) if draw < self.share else 0


NO_LAPSE = Lapse(share=0.0, law=laws.Constant(value_ms=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """How late agents log on, how much longer each break lasts, and how early they leave; and where that is known from."""

    late: Lapse
    break_overrun: Lapse
    early_leave: Lapse
    source: str
