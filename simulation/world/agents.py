"""Agents at work: they answer or do not, talk with the customer, and wrap up."""

from routing.core import commands, events
from routing.core.commands import DeclineReason
from routing.core.errors import InvariantBroken
from routing.model.ids import AgentId, InteractionId
from routing.model.time import Duration
from simulation import laws
from simulation.births import rule_for
from simulation.demand import Birth
from simulation.interruptions import Interruptions
from simulation.laws import Never
from simulation.streams import Purpose
from simulation.world.clock import Rank, Story
from simulation.world.driver import Driver, Setting
from simulation.world.handing_on import Conversations


class Agents:
    """The stories of those who serve."""

    def __init__(self, driver: Driver, setting: Setting, conversations: Conversations) -> None:
        self._driver = driver
        self._setting = setting
        self._conversations = conversations
        self._interruptions = Interruptions()
        self._offers_of: dict[InteractionId, int] = {}
        driver.on(
            {
                events.OfferMade: self._ring,
                events.CallbackReached: self._reach,
                events.HandlingInterrupted: lambda event: self._interruptions.begin(event.interaction_id, driver.now),
                events.InterruptionEnded: lambda event: self._interruptions.end(event.interaction_id, driver.now),
            }
        )

    def service(self, offer: events.OfferMade, delay_ms: Duration) -> Story:
        """An agent answers after the delay unless the offer is gone by then, and works; a customer to be called back is rung up first."""
        if delay_ms:
            yield self._driver.after(delay_ms, Rank.ANSWER)
            if offer.offer_id not in self._driver.state.offers:
                return
        self._driver.do(commands.AcceptOffer(offer_id=offer.offer_id))
        callback = self._driver.state.interactions[offer.interaction_id].callback
        if callback is None or not callback.is_pending:
            yield from self.talk(offer.interaction_id, offer.agent_id)

    def talk(self, interaction_id: InteractionId, agent_id: AgentId) -> Story:
        """An agent works with the customer, hands them on where chance says so, and wraps up within the queue's limit."""
        driver, birth = self._driver, self._setting.birth_of[interaction_id]
        yield driver.after(self._conversations.consult_ms(interaction_id) + self._work_ms(birth, agent_id), Rank.FINISH)
        while self._interruptions.owes(interaction_id):
            resumed = driver.env.event()
            if self._interruptions.waits(interaction_id, driver.now, resumed.succeed):
                yield resumed
            yield driver.after(self._interruptions.rest_ms(interaction_id), Rank.FINISH)
        onward = self._conversations.onward(birth)
        if onward is None:
            driver.do(commands.EndHandling(interaction_id=interaction_id))
        else:
            yield from self._conversations.handing_on(interaction_id, onward)
        row = driver.state.interactions.get(interaction_id)
        # Without wrap-up the interaction has ended; a wrap-up as long as the limit is ended by the router's own deadline.
        if row is None or row.wrap_up_until is None or driver.now + birth.wrap_up_ms >= row.wrap_up_until:
            return
        yield driver.after(birth.wrap_up_ms, Rank.FINISH)
        driver.do(commands.EndWrapUp(interaction_id=interaction_id))

    def refusal(self, offer: events.OfferMade, delay_ms: Duration, reason: DeclineReason) -> Story:
        """An agent says no after the delay, unless the offer is gone by then."""
        yield self._driver.after(delay_ms, Rank.ANSWER)
        if offer.offer_id in self._driver.state.offers:
            self._driver.do(commands.DeclineOffer(offer_id=offer.offer_id, reason=reason))

    def _ring(self, offer: events.OfferMade) -> None:
        """The agent will answer if their delay ends before the lease does; if not, the router's deadline says that they missed it.

        Nothing rings where the offer only keeps them free for a customer who is rung up first.
        """
        row = self._driver.state.interactions.get(offer.interaction_id)
        if row is not None and row.callback is not None and row.callback.is_reserving:
            return
        birth = self._setting.birth_of[offer.interaction_id]
        delay_ms = self._answer_delay_ms(birth)
        if self._driver.now + delay_ms < offer.expires_at:
            reason = self._decline_of(birth)
            self._driver.start(self.service(offer, delay_ms) if reason is None else self.refusal(offer, delay_ms, reason))

    def _reach(self, reached: events.CallbackReached) -> None:
        """A customer who was rung up for an agent answered; who is rung up first waits for an agent as on arrival."""
        if reached.agent_id is not None:
            self._driver.start(self.talk(reached.interaction_id, reached.agent_id))

    def _decline_of(self, birth: Birth) -> DeclineReason | None:
        """Whether the agent will not take the latest offer of an interaction: drawn under (interaction, number of the offer)."""
        behaviour, interaction = self._setting.scenario.behaviour, birth.interaction
        if not behaviour.decline:
            return None
        draw = self._setting.streams.uniform(Purpose.DECLINE, f"{interaction.id}\n{self._offers_of[interaction.id]}")
        return behaviour.decline_of(interaction, draw)

    def _answer_delay_ms(self, birth: Birth) -> Duration:
        """The delay drawn at birth for an interaction's first offer; later offers draw theirs under (interaction, number of the offer)."""
        interaction = birth.interaction
        number = self._offers_of.get(interaction.id, 0) + 1
        self._offers_of[interaction.id] = number
        if number == 1:
            return birth.answer_delay_ms
        law = rule_for(self._setting.scenario, Purpose.ANSWER, interaction).law
        if isinstance(law, Never):
            raise InvariantBroken(f"interaction {interaction.id}: an answer delay cannot be endless")
        return laws.duration_ms(law, self._setting.streams.uniform(Purpose.ANSWER, f"{interaction.id}\n{number}"))

    def _work_ms(self, birth: Birth, agent_id: AgentId) -> Duration:
        effect = self._setting.scenario.behaviour.proficiency
        if effect is None:
            return birth.work_ms
        state = self._driver.state
        return effect.scaled_ms(birth.work_ms, state.agents[agent_id].agent, state.interactions[birth.interaction.id].route.requirements)
