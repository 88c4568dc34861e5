"""Conversations are handed on, second agents are asked, and either may leave in the middle of it."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.core.commands import NextLeg
from routing.model.leg import Barred, LegAge
from tests.builders import some_needs
from tests.routing.machine.door import Door
from tests.routing.machine.draws import HANDLING, HELD, durations, needs, numbers, request_ids
from tests.routing.machine.sites import CHANNELS, INTERACTION_IDS

Tied = commands.CompleteConsult | commands.CancelConsult | commands.StartConference

kinds = st.sampled_from((commands.CompleteConsult, commands.CancelConsult, commands.StartConference))

next_legs = st.builds(
    NextLeg,
    id=st.sampled_from(("", "", "", "", "", "", *INTERACTION_IDS)),
    channel=st.sampled_from((None, None, *CHANNELS)),
    type=st.sampled_from((None, "urgent", "other")),
    attributes=st.sampled_from(({}, {"for": "billing"})),
    requirements=st.none() | needs.map(some_needs),
    keeps_preferred=st.booleans(),
    agent_id=st.sampled_from((None, None, "a1", "a2", "nobody")),
    age=st.none() | st.builds(LegAge, limit_ms=st.none() | durations),
    barred=st.sampled_from(Barred),
)


class TransferRules(Door):
    """Conversations are handed on, second agents are asked, and either may leave in the middle of it."""

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers, leg=next_legs, request_id=request_ids)
    def a_conversation_is_handed_on(self, number: int, leg: NextLeg, request_id: str | None) -> None:
        """Unannounced; refused where a consultation is open."""
        held = self.in_phase(number, HANDLING, HELD)
        self.send(commands.TransferInteraction(interaction_id=held, leg=leg, request_id=request_id))

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers, leg=next_legs, request_id=request_ids)
    def another_agent_is_asked(self, number: int, leg: NextLeg, request_id: str | None) -> None:
        """The leg is offered like any work, and often taken in the same breath."""
        held = self.in_phase(number, HANDLING, HELD)
        self.send(commands.StartConsult(interaction_id=held, leg=leg, request_id=request_id))
        row = self.router.state.interactions.get(held)
        offers = [] if row is None or row.leg_id is None else list(self.router.state.interactions[row.leg_id].offers)
        if offers and number % 3:
            self.send(commands.AcceptOffer(offer_id=offers[0]))

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers, kind=kinds)
    def a_consultation_goes_on(self, number: int, kind: type[Tied]) -> None:
        """Whether there is one or not."""
        tied = self.tied()
        self.send(kind(interaction_id=tied[number % len(tied)] if tied else self.in_phase(number, HANDLING, HELD)))

    @precondition(lambda self: self.tied())
    @rule(number=numbers, kind=kinds)
    def a_consultation_comes_to_its_end(self, number: int, kind: type[Tied]) -> None:
        """The colleague, where one is still asked, takes it first."""
        tied = self.tied()
        interaction_id = tied[number % len(tied)]
        state = self.router.state
        leg = state.interactions.get(state.interactions[interaction_id].leg_id or "")  # of a transferred one it may have ended
        if leg is not None:
            for offer_id in list(leg.offers)[:1]:
                self.send(commands.AcceptOffer(offer_id=offer_id))
        self.send(kind(interaction_id=interaction_id))

    def tied(self) -> list[str]:
        """Whoever speaks with two agents, or waits for the second."""
        return [key for key, row in self.router.state.interactions.items() if row.tie is not None]
