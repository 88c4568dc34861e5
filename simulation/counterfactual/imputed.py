"""What a log does not hold, as records that travel to worker processes: for each imputation the law from which it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulation.laws import Law, Never
from simulation.streams import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedRule:
    """The laws for interactions that match `when` (channel, and type where it says one): one law an imputation, in order.

    They differ by the uncertainty of the fit, so that what is drawn from them carries it, too.
    """

    when: Mapping[str, tuple[str, ...]]
    laws: tuple[Law | Never, ...]

    def matches(self, channel: str, kind: str) -> bool:
        """Whether the rule holds for a channel and type."""
        return channel in self.when.get("channel", (channel,)) and kind in self.when.get("type", (kind,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Imputed:
    """The rules of each purpose, the first that matches counts; a purpose or an interaction without one keeps the scenario's behaviour."""

    rules: Mapping[Purpose, tuple[ImputedRule, ...]]

    def law_for(self, purpose: Purpose, channel: str, kind: str, imputation: int) -> Law | Never | None:
        """The law of one imputation for a channel and type; None where no rule matches."""
        return next((rule.laws[imputation] for rule in self.rules.get(purpose, ()) if rule.matches(channel, kind)), None)
