"""Agents at work: they answer or do not, talk with the customer, and wrap up."""

from collections.abc import Generator

from simpy.events import Event as Wake

from routing.core import commands, events
from routing.core.commands import DeclineReason
from routing.core.errors import InvariantBroken
from routing.model.ids import AgentId, InteractionId
from routing.model.time import Duration
from simulation import laws
from simulation.agents.holding import Holding
from simulation.births import rule_for
from simulation.demand import Birth
from simulation.laws import Never
from simulation.streams import Purpose
from simulation.world.clock import Rank
from simulation.world.desks import Desks
from simulation.world.driver import Driver, Setting
from simulation.world.handing_on import Conversations
from simulation.world.pace import Pace
from simulation.world.stage import Story


class Agents:
    """The stories of those who serve."""

    def __init__(self, driver: Driver, setting: Setting, conversations: Conversations) -> None:
        self._driver = driver
        self._setting = setting
        self._behaviour = setting.scenario.behaviour
        self._conversations = conversations
        self._desks = Desks(driver, setting)
        self._pace = Pace(driver, setting)
        self._offers_of: dict[InteractionId, int] = {}
        driver.on(
            {
                events.OfferMade: self._ring,
                events.CallbackReached: self._reach,
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
        consult_ms = self._conversations.consult_ms(interaction_id)
        work_ms = consult_ms + self._work_ms(birth, agent_id)
        # Whoever is asked by another agent has no customer yet to put on hold.
        holding = self._holding(birth, work_ms) if self._behaviour.hold and not consult_ms else None
        if holding is None:
            work = self._desks.work(interaction_id, agent_id, work_ms)
            yield work
            is_done = bool(work.value)
        else:
            is_done = yield from self._work_with_hold(interaction_id, agent_id, holding)
        if not is_done:
            return
        onward = self._conversations.onward(birth)
        if onward is None:
            driver.do(commands.EndHandling(interaction_id=interaction_id))
            self._offers_of.pop(interaction_id, None)  # a long run remembers nobody who has been served
        else:
            yield from self._conversations.handing_on(interaction_id, onward)
        row = driver.state.interactions.get(interaction_id)
        # Without wrap-up the interaction has ended; a wrap-up as long as the limit is ended by the router's own deadline.
        if row is None or row.wrap_up_until is None or driver.now + birth.wrap_up_ms >= row.wrap_up_until:
            return
        yield driver.after(birth.wrap_up_ms, Rank.FINISH)
        driver.do(commands.EndWrapUp(interaction_id=interaction_id))

    def _work_with_hold(self, interaction_id: InteractionId, agent_id: AgentId, holding: Holding) -> Generator[Wake, None, bool]:
        """The agent works with the customer, whom they put on hold once; ends with whether all was done."""
        driver = self._driver
        before = self._desks.work(interaction_id, agent_id, holding.before_ms, later_ms=holding.after_ms)
        yield before
        if not before.value:
            return False
        driver.do(commands.HoldHandling(interaction_id=interaction_id))
        self._desks.put_on_hold(interaction_id, holding.after_ms / max(1, holding.before_ms + holding.after_ms))
        yield driver.after(holding.hold_ms, Rank.FINISH)
        if not self._desks.take_off_hold(interaction_id):
            return False
        driver.do(commands.ResumeHandling(interaction_id=interaction_id))
        after = self._desks.work(interaction_id, agent_id, holding.after_ms)
        yield after
        return bool(after.value)

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
        interaction = birth.interaction
        if not self._behaviour.decline:
            return None
        draw = self._setting.streams.uniform(Purpose.DECLINE, f"{interaction.id}\n{self._offers_of[interaction.id]}")
        return self._behaviour.decline_of(interaction, draw)

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
        """What is left of the work, as this agent does it."""
        work_ms = self._pace.work_ms(birth, agent_id)
        share = self._desks.share_left(birth.interaction.id)
        return work_ms if share == 1.0 else round(work_ms * share)

    def _holding(self, birth: Birth, work_ms: Duration) -> Holding | None:
        """The hold of a conversation; what gives way to other work has none, and one that was handed back has had its chance."""
        scenario, interaction = self._setting.scenario, birth.interaction
        rule = self._behaviour.hold_for(interaction)
        if rule is None or self._setting.returns[interaction.id] or scenario.site.channels[interaction.channel].interruptible_by:
            return None
        return rule.of(work_ms, self._setting.streams.uniform(Purpose.HOLD, interaction.id))
