"""Coming again: customers who were lost try once more, and those whose need was not resolved come back with it.

What becomes of a loss or of an unresolved need is drawn under the id of the interaction that it followed, and the luck of the new one
under its own id, which says where it comes from: `i1~2` is the second attempt of `i1`, `i1/2` the second contact about its need.
"""

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from routing.core import events
from routing.model.ids import ChannelId, InteractionId
from routing.model.interaction import EndCause, Interaction
from routing.model.time import Duration
from simulation import laws
from simulation.births import arrival_of, birth_of_leg, why_not_offered
from simulation.customers.coming_again import Loss, Return
from simulation.customers.facts import Balked, Blocked, CameAgain, ResolutionKnown, Resolved
from simulation.demand import Birth, ReplayedLog
from simulation.demand.recorded_redials import RecordedRedial
from simulation.streams import Purpose
from simulation.world.clock import Rank
from simulation.world.customers import ArrivalRefused, Customers
from simulation.world.driver import Driver, Setting
from simulation.world.stage import Story

_LOSSES = {
    EndCause.ABANDONED: Loss.ABANDONED,
    EndCause.REFUSED: Loss.REFUSED,
    EndCause.DIVERTED: Loss.DIVERTED,
    EndCause.UNSERVED: Loss.UNSERVED,
    EndCause.UNREACHED: Loss.UNREACHED,
}


class Standing(NamedTuple):
    """Where an interaction stands: which contact about the need it is, which attempt at that contact, and the ids of the first ones."""

    contact: int
    attempt: int
    need_id: InteractionId
    contact_id: InteractionId

    def next_attempt(self) -> "tuple[InteractionId, Standing]":
        """The next attempt at the same contact."""
        number = self.attempt + 1
        return f"{self.contact_id}~{number}", self._replace(attempt=number)

    def next_contact(self) -> "tuple[InteractionId, Standing]":
        """The first attempt at the next contact about the same need."""
        number = self.contact + 1
        new_id = f"{self.need_id}/{number}"
        return new_id, Standing(number, 1, self.need_id, new_id)


class ComingAgain:
    """Who comes again, when and how. `redials` and `repeats` count those who did, `not_offered` those who would have, too late."""

    def __init__(self, driver: Driver, setting: Setting, customers: Customers) -> None:
        self._driver = driver
        self._setting = setting
        self._customers = customers
        self._standing: dict[InteractionId, Standing] = {}
        self._own_of: dict[InteractionId, InteractionId] = {}
        self._balked: set[InteractionId] = set()
        self.redials = 0
        self.repeats = 0
        self.not_offered: Counter[tuple[ChannelId, str]] = Counter()
        behaviour = setting.scenario.behaviour
        demand = setting.scenario.demand
        self._recorded = demand.redials if isinstance(demand, ReplayedLog) else {}
        if behaviour.redial or self._recorded:
            driver.on({Blocked: lambda fact: self._lost(fact.interaction, Loss.BLOCKED), Balked: self._see_balk})
        if behaviour.redial or behaviour.resolution or self._recorded:
            driver.on({events.InteractionEnded: self._see_end})
            if behaviour.transfer:
                driver.on({events.InteractionQueued: self._see_leg})

    def begin(self) -> None:
        """Tell once, before anything happens, what will be known."""
        if self._setting.scenario.behaviour.resolution:
            self._driver.tell(ResolutionKnown())

    def comes(self, birth: Birth, delay_ms: Duration, fact: CameAgain) -> Story:
        """After the delay a customer is there again, like any who arrives."""
        yield self._driver.after(delay_ms, Rank.ARRIVE)
        self._driver.tell(fact)
        yield from self._customers.customer(birth)

    def _see_balk(self, fact: Balked) -> None:
        self._balked.add(fact.interaction_id)

    def _see_leg(self, queued: events.InteractionQueued) -> None:
        if queued.interaction.leg is not None:
            self._own_of[queued.interaction.id] = queued.interaction.leg.first_id

    def _see_end(self, ended: events.InteractionEnded) -> None:
        own = self._setting.birth_of[self._own_of.get(ended.interaction_id, ended.interaction_id)].interaction
        if ended.cause is EndCause.HANDLED and ended.agent_id is not None:
            self._served(own, ended)
        elif ended.cause in _LOSSES:
            has_balked = ended.interaction_id in self._balked
            self._balked.discard(ended.interaction_id)
            self._lost(own, Loss.BALKED if has_balked else _LOSSES[ended.cause])

    def _lost(self, own: Interaction, loss: Loss) -> None:
        """Decide by the record whether a lost customer tries again, or where it does not know by the rules."""
        if own.id not in self._recorded:
            self._lost_by_rule(own, loss)
        elif (redial := self._recorded[own.id]) is not None:
            _, standing = self._standing_of(own).next_attempt()
            if self._will_come(own, self._as_recorded(redial), standing, redial.delay_ms):
                self.redials += 1

    def _lost_by_rule(self, own: Interaction, loss: Loss) -> None:
        rule, streams = self._setting.scenario.behaviour.redial_for(own, loss), self._setting.streams
        standing = self._standing_of(own)
        if rule is None or standing.attempt >= rule.attempts_max or streams.uniform(Purpose.REDIAL, own.id) >= rule.share:
            return
        delay_ms = laws.duration_ms(rule.delay, streams.uniform(Purpose.REDIAL_DELAY, own.id))
        new_id, standing = standing.next_attempt()
        if self._will_come(own, self._described(own, new_id, rule.shape, delay_ms), standing, delay_ms):
            self.redials += 1

    def _served(self, own: Interaction, ended: events.InteractionEnded) -> None:
        """Decide by the last conversation and its agent whether the need is resolved; where no rule speaks of them, it is."""
        streams, leg = self._setting.streams, self._setting.birth_of[ended.interaction_id].interaction
        agent = self._driver.state.agents[ended.agent_id or ""].agent
        rule = self._setting.scenario.behaviour.resolution_for(leg, agent)
        if rule is None or streams.uniform(Purpose.RESOLUTION, leg.id) < rule.resolved:
            if self._setting.scenario.behaviour.resolution:
                self._driver.tell(Resolved(interaction_id=own.id))
            return
        standing = self._standing_of(own)
        if standing.contact >= rule.contacts_max or streams.uniform(Purpose.REPEAT, leg.id) >= rule.returns:
            return
        delay_ms = laws.duration_ms(rule.delay, streams.uniform(Purpose.REPEAT_DELAY, leg.id))
        new_id, standing = standing.next_contact()
        if self._will_come(own, self._described(own, new_id, rule.shape, delay_ms), standing, delay_ms):
            self.repeats += 1

    def _standing_of(self, own: Interaction) -> Standing:
        return self._standing.get(own.id) or Standing(1, 1, own.id, own.id)

    def _as_recorded(self, redial: RecordedRedial) -> Interaction:
        """A recorded redial at its new instant; a due time moves along."""
        recorded_at, interaction = arrival_of(redial.recorded)
        later_ms = self._driver.now + redial.delay_ms - recorded_at
        return interaction if interaction.due_at is None else replace(interaction, due_at=interaction.due_at + later_ms)

    def _described(self, own: Interaction, new_id: InteractionId, shape: Return, delay_ms: Duration) -> Interaction:
        later_ms = self._driver.now + delay_ms - self._setting.birth_of[own.id].at
        return shape.next_interaction(own, new_id, later_ms=later_ms)

    def _will_come(self, own: Interaction, described: Interaction, standing: Standing, delay_ms: Duration) -> bool:
        """Let a customer come again; not outside the horizon and the opening hours, which is counted."""
        new_id, at = described.id, self._driver.now + delay_ms
        reason = why_not_offered(self._setting.scenario, described, at)
        if reason:
            self.not_offered[described.channel, reason] += 1
            return False
        if new_id in self._setting.birth_of:
            raise ArrivalRefused(f"interaction {own.id} comes again as {new_id}, an id that the demand uses itself")
        birth = birth_of_leg(self._setting.scenario, described, at, self._setting.streams)
        self._setting.birth_of[new_id] = birth
        self._standing[new_id] = standing
        fact = CameAgain(interaction_id=new_id, after_id=own.id, contact=standing.contact, attempt=standing.attempt)
        self._driver.start(self.comes(birth, delay_ms, fact))
        return True
