"""Customers on hold: how often, after how much of the work, and for how long.

A hold is either added to the work, by a law of its own, or a part of it. It is drawn under the interaction and the number of its leg, so
that the same customers are put on hold under every policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration
from simulation import laws
from simulation.laws import Law


class Holding(NamedTuple):
    """Work in two parts with a hold between them, in milliseconds."""

    before_ms: Duration
    hold_ms: Duration
    after_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRule:
    """A share of the conversations that match `when` is put on hold once, after the share `begins` of the talk.

    Either `law` says for how long, and this is added, or `part` says which share of the work it is.
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    share: float
    begins: float
    law: Law | None
    part: float
    source: str

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items())

    def of(self, work_ms: Duration, draw: float) -> Holding | None:
        """The hold within so much work for a draw on (0, 1); None where there is none."""
        if draw >= self.share:
            return None
        if self.law is None:
            hold_ms = round(work_ms * self.part)
            talk_ms = work_ms - hold_ms
        else:
            hold_ms, talk_ms = laws.duration_ms(self.law, draw / self.share), work_ms
        before_ms = round(talk_ms * self.begins)
        return Holding(before_ms, hold_ms, talk_ms - before_ms)
