"""What customers do about call-backs: who takes one, and who answers when they are rung up."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.model.callback import CallbackKind
from routing.model.ids import ChannelId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration
from simulation import laws
from simulation.laws import Law
from simulation.streams import Purpose, Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackHabit:
    """The customers who match `when` are offered a call-back once they have waited `after_ms`, and a share `taken` of them takes it.

    Each attempt is answered with the chance `answered`, both ways after it rang for as long as `ring` says. `channel` is that of the call
    (`None`: the one they came on).
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    after_ms: Duration
    taken: float
    kind: CallbackKind
    channel: ChannelId | None
    answered: float
    ring: Law
    source: str

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items())

    def takes(self, interaction: Interaction, patience_ms: Duration | None, streams: Streams) -> bool:
        """Whether this customer, if still waiting by then, takes the offer: drawn under the interaction's id, whatever the policy."""
        is_there = patience_ms is None or self.after_ms < patience_ms
        return is_there and streams.uniform(Purpose.CALLBACK, interaction.id) < self.taken

    def attempt(self, interaction: Interaction, number: int, streams: Streams) -> tuple[Duration, bool]:
        """How long an attempt rings, and whether the customer answers: drawn under the interaction's id and the attempt's number."""
        name = f"{interaction.id}\n{number}"
        ring_ms = laws.duration_ms(self.ring, streams.uniform(Purpose.CALLBACK_RING, name))
        return ring_ms, streams.uniform(Purpose.CALLBACK_ANSWER, name) < self.answered
