"""Call-backs are asked for, attempts end, and customers change their minds."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.model.callback import CallbackKind, CallbackOutcome
from tests.builders import an_interaction
from tests.routing.machine.door import Door
from tests.routing.machine.draws import WAITING, durations, numbers, request_ids
from tests.routing.machine.sites import CHANNELS

wishes = st.none() | durations


class CallbackRules(Door):
    """Call-backs are asked for, attempts end, and customers change their minds."""

    @precondition(lambda self: self.has(WAITING))
    @rule(
        number=numbers,
        channel=st.none() | st.sampled_from(CHANNELS),
        kind=st.sampled_from(CallbackKind),
        times=st.tuples(wishes, wishes),
        request_id=request_ids,
    )
    def one_hangs_up_for_a_call_back(
        self, number: int, channel: str | None, kind: CallbackKind, times: tuple[int | None, int | None], request_id: str | None
    ) -> None:
        """Whoever waits, on the line or for a call already; sometimes with a promise before the wish."""
        wished, promised = times
        command = commands.RequestCallback(
            interaction_id=self.in_phase(number, WAITING),
            channel=channel,
            kind=kind,
            not_before=None if wished is None else self.now + wished,
            promised_at=None if promised is None else self.now + promised,
            request_id=request_id,
        )
        self.send(command)

    @precondition(lambda self: not self.is_crowded)
    @rule(channel=st.sampled_from(CHANNELS), kind=st.sampled_from(CallbackKind), wished=wishes, promised=wishes)
    def a_call_back_is_scheduled(self, channel: str, kind: CallbackKind, wished: int | None, promised: int | None) -> None:
        """For somebody who never waited."""
        command = commands.ScheduleCallback(
            interaction=an_interaction("", channel=channel),
            kind=kind,
            not_before=None if wished is None else self.now + wished,
            promised_at=None if promised is None else self.now + promised,
        )
        self.send(command)

    @precondition(lambda self: self.router.state.callbacks.pending)
    @rule(number=numbers, outcome=st.sampled_from(CallbackOutcome), request_id=request_ids)
    def an_attempt_is_reported(self, number: int, outcome: CallbackOutcome, request_id: str | None) -> None:
        """Of a call-back under way, if there is one; of any other it is refused."""
        known = list(self.router.state.callbacks.in_flight) or list(self.router.state.callbacks.pending)
        interaction_id = known[number % len(known)]
        self.send(commands.ReportCallbackAttempt(interaction_id=interaction_id, outcome=outcome, request_id=request_id))

    @precondition(lambda self: self.router.state.interactions)
    @rule(number=numbers, is_abandoned=st.booleans())
    def a_call_back_is_not_wanted_any_more(self, number: int, is_abandoned: bool) -> None:
        """Whether the interaction is one or not; a hang-up of one who is not on the line changes nothing."""
        known = list(self.router.state.callbacks.pending) or list(self.router.state.interactions)
        interaction_id = known[number % len(known)]
        if is_abandoned:
            self.send(commands.AbandonInteraction(interaction_id=interaction_id))
        else:
            self.send(commands.CancelCallback(interaction_id=interaction_id, reason=""))
