"""What customers do about call-backs: who takes one, and who answers when they are rung up."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.model.callback import CallbackKind, CallbackOutcome
from routing.model.ids import ChannelId, InteractionId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant
from simulation import laws
from simulation.laws import Law
from simulation.streams import Purpose, Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackHabit:
    """The customers who match `when` are offered a call-back once they have waited `after_ms`, and a share `taken` of them takes it.

    They want to be called after a time by `wished` (`None`: as soon as may be), and are promised a first attempt within `promised_ms`
    from then (`None`: nothing). An attempt finds the customer's line engaged with the chance `busy`, at once; if not, it is answered with
    the chance `answered`, both ways after it rang for as long as `ring` says. A share `gone` of the customers answers no attempt at all.
    `channel` is that of the call (`None`: the one they came on).
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    after_ms: Duration
    taken: float
    kind: CallbackKind
    channel: ChannelId | None
    answered: float
    ring: Law
    source: str
    gone: float = 0.0
    busy: float = 0.0
    wished: Law | None = None
    promised_ms: Duration | None = None

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items())

    def takes(self, interaction: Interaction, patience_ms: Duration | None, streams: Streams) -> bool:
        """Whether this customer, if still waiting by then, takes the offer: drawn under the interaction's id, whatever the policy."""
        is_there = patience_ms is None or self.after_ms < patience_ms
        return is_there and streams.uniform(Purpose.CALLBACK, interaction.id) < self.taken

    def wish(self, interaction_id: InteractionId, now: Instant, streams: Streams) -> tuple[Instant | None, Instant | None]:
        """Not before when a customer who hangs up now wants to be called, and by when they are told it will be."""
        wished = self.wished
        not_before = None if wished is None else now + laws.duration_ms(wished, streams.uniform(Purpose.CALLBACK_WISH, interaction_id))
        return not_before, None if self.promised_ms is None else (not_before or now) + self.promised_ms

    def attempt(self, interaction: Interaction, number: int, streams: Streams) -> tuple[Duration, CallbackOutcome]:
        """How long an attempt rings, and what comes of it: drawn under the interaction's id and, but for `gone`, the attempt's number."""
        name = f"{interaction.id}\n{number}"
        if self.busy and streams.uniform(Purpose.CALLBACK_BUSY, name) < self.busy:
            return 0, CallbackOutcome.BUSY
        ring_ms = laws.duration_ms(self.ring, streams.uniform(Purpose.CALLBACK_RING, name))
        is_there = not self.gone or streams.uniform(Purpose.CALLBACK_GONE, interaction.id) >= self.gone
        is_answered = is_there and streams.uniform(Purpose.CALLBACK_ANSWER, name) < self.answered
        return ring_ms, CallbackOutcome.ANSWERED if is_answered else CallbackOutcome.NO_ANSWER
