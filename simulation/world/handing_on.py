"""Conversations that are handed on: to a queue at once, or after talking with another agent first."""

from simpy.events import Event as Wake

from routing.core import commands, events
from routing.core.errors import CommandRefused
from routing.core.lifecycle import InteractionPhase
from routing.model.ids import InteractionId
from routing.model.time import Duration
from simulation.behaviour import HandingOn
from simulation.demand import Birth
from simulation.transfers import Onward, onward
from simulation.world.clock import Rank
from simulation.world.customers import ArrivalRefused, Customers
from simulation.world.driver import Driver, Setting
from simulation.world.stage import Story


class Conversations:
    """What agents do with customers whom others should have. `legs` counts the conversations handed on, or asked another agent about."""

    def __init__(self, driver: Driver, setting: Setting, customers: Customers) -> None:
        self._driver = driver
        self._setting = setting
        self._customers = customers
        self.legs = 0
        self._taken: dict[InteractionId, Wake] = {}
        self._consults: dict[InteractionId, Duration] = {}
        if setting.scenario.behaviour.transfer:
            driver.on({events.OfferAccepted: self._take})

    def onward(self, birth: Birth) -> Onward | None:
        """Whether and how an interaction, whose work is done, is handed on."""
        if not self._setting.scenario.behaviour.transfer:
            return None
        leg = self._driver.state.interactions[birth.interaction.id].interaction.leg
        number = 0 if leg is None else leg.number
        return onward(self._setting.scenario, self._setting.streams, birth, number=number, now=self._driver.now)

    def consult_ms(self, interaction_id: InteractionId) -> Duration:
        """How long the agent who just took an interaction talks with the one who asked, before the customer is theirs.

        A millisecond more, so that the one who asked leaves first where there is no other work.
        """
        consult_ms = self._consults.get(interaction_id)
        return 0 if consult_ms is None else consult_ms + 1

    def handing_on(self, interaction_id: InteractionId, onward: Onward) -> Story:
        """Hand the conversation on; who consults waits for another agent, talks with them, and leaves the customer to them."""
        leg_id = onward.leg.id
        self._setting.birth_of[leg_id] = onward.birth
        if onward.kind is HandingOn.BLIND:
            self._hand_on(commands.TransferInteraction(interaction_id=interaction_id, leg=onward.leg))
        else:
            yield from self.consulting(interaction_id, onward)
        if self._driver.state.interactions[leg_id].phase is InteractionPhase.WAITING:
            self._customers.wait(onward.birth)

    def consulting(self, interaction_id: InteractionId, onward: Onward) -> Story:
        """Wait for another agent, not without end, talk with them, and leave the customer to them or to their queue."""
        leg_id = onward.leg.id
        self._consults[leg_id] = onward.consult_ms
        self._taken[leg_id] = self._driver.env.event()
        self._hand_on(commands.StartConsult(interaction_id=interaction_id, leg=onward.leg))
        yield self._taken[leg_id] | self._driver.after(onward.consult_wait_ms, Rank.FINISH)
        if self._driver.state.interactions[leg_id].phase is not InteractionPhase.WAITING:
            yield self._driver.after(onward.consult_ms, Rank.FINISH)
        self._driver.do(commands.CompleteConsult(interaction_id=interaction_id))
        del self._consults[leg_id], self._taken[leg_id]

    def _hand_on(self, command: commands.TransferInteraction | commands.StartConsult) -> None:
        self.legs += 1
        try:
            self._driver.do(command)
        except CommandRefused as refusal:
            raise ArrivalRefused(f"interaction {command.interaction_id} cannot be handed on: {refusal.text}") from refusal

    def _take(self, accepted: events.OfferAccepted) -> None:
        taken = self._taken.get(accepted.interaction_id)
        if taken is not None and not taken.triggered:
            taken.succeed()
