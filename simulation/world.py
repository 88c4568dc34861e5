"""The simulated world: customers and agents as SimPy stories around one router, in whole milliseconds.

Nothing here decides who gets whom and nothing here measures. The stories give the router the commands that telephones and desktops would
give it; every recorded event goes to the observers, and measures are folds over these.

Order of equal instants: the router's deadlines; agents who finish; agents who answer; shifts and breaks, in the roster's order; agents who
come back after a missed offer; arrivals, in the order of the demand; customers who leave. Within the others, what was scheduled first comes
first. So a customer whose patience ends as an agent answers is served.
"""

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from enum import IntEnum
from typing import TypeAlias

import simpy
from simpy.core import Environment
from simpy.events import Event, EventPriority

from routing.core import commands, events
from routing.core.commands import Command, DeclineReason
from routing.core.errors import CommandRefused, InvariantBroken, RefusalReason
from routing.core.events import Recorded
from routing.core.lifecycle import InteractionPhase
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.callback import CallbackOutcome, CallbackStage
from routing.model.ids import AgentId, InteractionId, QueueId
from routing.model.time import Duration, Instant
from simulation import laws
from simulation.behaviour import HandingOn
from simulation.births import rule_for
from simulation.callback_habits import CallbackHabit
from simulation.demand import Birth
from simulation.interruptions import Interruptions
from simulation.laws import Never
from simulation.roster import PresenceChange
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams
from simulation.transfers import Onward, onward

Observer: TypeAlias = Callable[[Recorded], None]
Story: TypeAlias = Generator[Event, None, None]

MISSED_OFFER = "missed_offer"


class Rank(IntEnum):
    """The order of equal instants, lowest first; SimPy keeps 0 for itself."""

    DEADLINE = 1
    FINISH = 2
    ANSWER = 3
    SHIFT = 4
    RETURN = 5
    ARRIVE = 6
    LEAVE = 7


class ArrivalRefused(Exception):  # noqa: N818 - the name says what happened
    """The router refused an interaction that the demand brought; the text says which and why."""


class Moment(Event):
    """An instant to wake at. SimPy's own timeout cannot be ranked among equal instants."""

    def __init__(self, env: Environment, delay_ms: Duration, rank: Rank) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(rank), delay_ms)


class World:
    """One run of one router; `run` may be called once. `plan` says when each agent's presence changes.

    `legs` counts the conversations that the stories handed on, or asked another agent about.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        router: Router,
        births: Sequence[Birth],
        plan: Mapping[AgentId, Sequence[PresenceChange]],
        streams: Streams,
        observers: Sequence[Observer],
        starts_at: Instant,
    ) -> None:
        self._scenario = scenario
        self._router = router
        self._births = births
        self._birth_of = {birth.interaction.id: birth for birth in births}
        self._plan = plan
        self._streams = streams
        self._observers = observers
        self._env = simpy.Environment(initial_time=starts_at)
        self._interruptions = Interruptions()
        self._alarm_at: Instant | None = None
        self._offers_of: dict[InteractionId, int] = {}
        self._misses_of: Counter[AgentId] = Counter()
        self.legs = 0
        self._taken: dict[InteractionId, Event] = {}
        self._consults: dict[InteractionId, Duration] = {}

    def run(self, opening: Sequence[Command], stops_at: Instant) -> None:
        """Give the `opening` commands at the start, then let the stories run until just before `stops_at`.

        Raises:
            ArrivalRefused: the router does not accept an interaction of the demand.
        """
        for command in opening:
            self._do(command)
        self._env.process(self.shifts())
        self._env.process(self.arrivals())
        self._env.run(until=stops_at)

    # ---- stories ----

    def arrivals(self) -> Story:
        """Customers arrive, one after the other."""
        for birth in self._births:
            yield self._until(birth.at, Rank.ARRIVE)
            self._env.process(self.customer(birth))

    def customer(self, birth: Birth) -> Story:
        """Ask for service, wait at most as long as patience lasts, and leave if nobody has answered by then; or hang up for a call-back."""
        interaction = birth.interaction
        try:
            self._do(commands.EnqueueInteraction(interaction=interaction))
        except CommandRefused as refusal:
            raise ArrivalRefused(f"interaction {interaction.id} is refused: {refusal.text}") from refusal
        waited_ms = 0
        habit = self._scenario.behaviour.habit_for(interaction)
        if habit is not None and habit.takes(interaction, birth.patience_ms, self._streams):
            waited_ms = habit.after_ms
            yield self._after(waited_ms, Rank.LEAVE)
            if self._hangs_up(interaction.id, habit):
                return
        yield from self.patience(birth, waited_ms)

    def patience(self, birth: Birth, waited_ms: Duration = 0) -> Story:
        """Wait as long as patience lasts, of which `waited_ms` have gone by, and leave if nobody has answered by then."""
        if birth.patience_ms is None:
            return
        yield self._after(birth.patience_ms - waited_ms, Rank.LEAVE)
        row = self._router.state.interactions.get(birth.interaction.id)
        if row is not None and row.phase is InteractionPhase.WAITING:
            self._do(commands.AbandonInteraction(interaction_id=birth.interaction.id))

    def service(self, offer: events.OfferMade, delay_ms: Duration) -> Story:
        """An agent answers after the delay unless the offer is gone by then, and works; a customer to be called back is rung up first."""
        if delay_ms:
            yield self._after(delay_ms, Rank.ANSWER)
            if offer.offer_id not in self._router.state.offers:
                return
        self._do(commands.AcceptOffer(offer_id=offer.offer_id))
        callback = self._router.state.interactions[offer.interaction_id].callback
        if callback is None or not callback.is_pending:
            yield from self.talk(offer.interaction_id, offer.agent_id)

    def talk(self, interaction_id: InteractionId, agent_id: AgentId) -> Story:
        """An agent works with the customer, hands them on where chance says so, and wraps up within the queue's limit."""
        birth = self._birth_of[interaction_id]
        yield self._after(self._consult_ms(interaction_id) + self._work_ms(birth, agent_id), Rank.FINISH)
        while self._interruptions.owes(interaction_id):
            resumed = self._env.event()
            if self._interruptions.waits(interaction_id, self._now, resumed.succeed):
                yield resumed
            yield self._after(self._interruptions.rest_ms(interaction_id), Rank.FINISH)
        onward = self._onward(birth)
        if onward is None:
            self._do(commands.EndHandling(interaction_id=interaction_id))
        else:
            yield from self.handing_on(interaction_id, onward)
        row = self._router.state.interactions.get(interaction_id)
        # Without wrap-up the interaction has ended; a wrap-up as long as the limit is ended by the router's own deadline.
        if row is None or row.wrap_up_until is None or self._now + birth.wrap_up_ms >= row.wrap_up_until:
            return
        yield self._after(birth.wrap_up_ms, Rank.FINISH)
        self._do(commands.EndWrapUp(interaction_id=interaction_id))

    def ring_up(self, launch: events.CallbackLaunched) -> Story:
        """The customer's telephone rings; they answer or they do not, unless the router has given the attempt up by then."""
        interaction = self._birth_of[launch.interaction_id].interaction
        habit = self._scenario.behaviour.habit_for(interaction)
        if habit is None:
            raise InvariantBroken(f"interaction {interaction.id} is called back and never asked for it")
        ring_ms, is_answered = habit.attempt(interaction, launch.attempt, self._streams)
        yield self._after(ring_ms, Rank.ANSWER)
        row = self._router.state.interactions.get(interaction.id)
        callback = None if row is None else row.callback
        if callback is not None and callback.stage is CallbackStage.CALLING and callback.attempts + 1 == launch.attempt:
            outcome = CallbackOutcome.ANSWERED if is_answered else CallbackOutcome.NO_ANSWER
            self._do(commands.ReportCallbackAttempt(interaction_id=interaction.id, outcome=outcome))

    def refusal(self, offer: events.OfferMade, delay_ms: Duration, reason: DeclineReason) -> Story:
        """An agent says no after the delay, unless the offer is gone by then."""
        yield self._after(delay_ms, Rank.ANSWER)
        if offer.offer_id in self._router.state.offers:
            self._do(commands.DeclineOffer(offer_id=offer.offer_id, reason=reason))

    def handing_on(self, interaction_id: InteractionId, onward: Onward) -> Story:
        """Hand the conversation on; who consults waits for another agent, talks with them, and leaves the customer to them."""
        leg_id = onward.leg.id
        self._birth_of[leg_id] = onward.birth
        if onward.kind is HandingOn.BLIND:
            self._hand_on(commands.TransferInteraction(interaction_id=interaction_id, leg=onward.leg))
        else:
            yield from self.consulting(interaction_id, onward)
        if self._router.state.interactions[leg_id].phase is InteractionPhase.WAITING:
            self._env.process(self.patience(onward.birth))

    def consulting(self, interaction_id: InteractionId, onward: Onward) -> Story:
        """Wait for another agent, not without end, talk with them, and leave the customer to them or to their queue."""
        leg_id = onward.leg.id
        self._consults[leg_id] = onward.consult_ms
        self._taken[leg_id] = self._env.event()
        self._hand_on(commands.StartConsult(interaction_id=interaction_id, leg=onward.leg))
        yield self._taken[leg_id] | self._after(onward.consult_wait_ms, Rank.FINISH)
        if self._router.state.interactions[leg_id].phase is not InteractionPhase.WAITING:
            yield self._after(onward.consult_ms, Rank.FINISH)
        self._do(commands.CompleteConsult(interaction_id=interaction_id))
        del self._consults[leg_id], self._taken[leg_id]

    def shifts(self) -> Story:
        """Agents come, take breaks and go."""
        by_instant = sorted(
            ((change, agent_id) for agent_id, changes in self._plan.items() for change in changes), key=lambda pair: pair[0].at
        )
        for change, agent_id in by_instant:
            yield self._until(change.at, Rank.SHIFT)
            self._do(commands.SetPresence(agent_id=agent_id, presence=change.presence, reason=change.reason))

    def come_back(self, agent_id: AgentId) -> Story:
        """After a missed offer took them off the floor, an agent makes themselves available again, unless something else came up."""
        yield self._after(self._away_ms(agent_id), Rank.RETURN)
        row = self._router.state.agents[agent_id]
        if row.presence is not Presence.AVAILABLE and row.presence_reason == MISSED_OFFER:
            self._do(commands.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE))

    def _hand_on(self, command: commands.TransferInteraction | commands.StartConsult) -> None:
        self.legs += 1
        try:
            self._do(command)
        except CommandRefused as refusal:
            raise ArrivalRefused(f"interaction {command.interaction_id} cannot be handed on: {refusal.text}") from refusal

    def come_back_to(self, agent_id: AgentId, queue_id: QueueId) -> Story:
        """After a missed offer paused them in one queue, an agent takes its work again, unless they are paused otherwise by then."""
        yield self._after(self._away_ms(agent_id), Rank.RETURN)
        if self._router.state.agents[agent_id].paused.get(queue_id) == MISSED_OFFER:
            self._do(commands.UnpauseAgent(agent_id=agent_id, queue_id=queue_id))

    # ---- the router ----

    @property
    def _now(self) -> Instant:
        return int(self._env.now)  # SimPy types its clock as any number; every delay here is whole

    def _do(self, command: Command) -> None:
        """Give a command to the router; deadlines that are due come first."""
        now = self._now
        if self._alarm_at is not None and self._alarm_at <= now:  # no deadline lies before the alarm
            self._carry_out_deadlines()
        self._tell(self._router.handle(command, now))
        self._set_alarm()

    def _carry_out_deadlines(self) -> None:
        due_at = self._router.next_deadline()
        if due_at is not None and due_at <= self._now:
            self._tell(self._router.handle(commands.Tick(), self._now))

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        """Hand events to the observers, and start the stories of agents whom they call."""
        for one in recorded:
            for observer in self._observers:
                observer(one)
            match one.event:
                case events.OfferMade() as offer:
                    self._ring(offer)
                case events.InteractionQueued() | events.HandlingEnded() | events.InteractionEnded():
                    pass  # most events are one of these
                case events.PresenceChanged(reason="missed_offer", agent_id=agent_id):
                    self._env.process(self.come_back(agent_id))
                case events.AgentPaused(reason="missed_offer", agent_id=agent_id, queue_id=queue_id):
                    self._env.process(self.come_back_to(agent_id, queue_id))
                case events.HandlingInterrupted(interaction_id=interaction_id):
                    self._interruptions.begin(interaction_id, self._now)
                case events.InterruptionEnded(interaction_id=interaction_id):
                    self._interruptions.end(interaction_id, self._now)
                case events.CallbackLaunched() as launch:
                    self._env.process(self.ring_up(launch))
                case events.CallbackReached(interaction_id=interaction_id, agent_id=str() as agent_id):
                    self._env.process(self.talk(interaction_id, agent_id))
                case events.OfferAccepted(interaction_id=leg_id) if leg_id in self._taken and not self._taken[leg_id].triggered:
                    self._taken[leg_id].succeed()
                case _:
                    pass

    def _set_alarm(self) -> None:
        """Wake for the router's next deadline, unless an earlier alarm is set: that one will look again."""
        due_at = self._router.next_deadline()
        if due_at is not None and (self._alarm_at is None or due_at < self._alarm_at):
            self._alarm_at = due_at
            self._until(due_at, Rank.DEADLINE).callbacks.append(self._on_alarm)

    def _on_alarm(self, _: Event) -> None:
        if self._alarm_at is None or self._alarm_at > self._now:
            return  # an earlier alarm was set after this one and has set the next
        self._alarm_at = None
        self._carry_out_deadlines()
        self._set_alarm()

    # ---- customers ----

    def _hangs_up(self, interaction_id: InteractionId, habit: CallbackHabit) -> bool:
        """Whether a customer who still waits has left the line for a call-back; a queue that takes none offers none."""
        row = self._router.state.interactions.get(interaction_id)
        if row is None or row.phase is not InteractionPhase.WAITING:
            return False
        try:
            self._do(commands.RequestCallback(interaction_id=interaction_id, channel=habit.channel, kind=habit.kind))
        except CommandRefused as refusal:
            if refusal.reason is RefusalReason.CALLBACK_NOT_TAKEN:
                return False
            raise
        return True

    # ---- agents ----

    def _ring(self, offer: events.OfferMade) -> None:
        """The agent will answer if their delay ends before the lease does; if not, the router's deadline says that they missed it.

        Nothing rings where the offer only keeps them free for a customer who is rung up first.
        """
        row = self._router.state.interactions.get(offer.interaction_id)
        if row is not None and row.callback is not None and row.callback.is_reserving:
            return
        delay_ms = self._answer_delay_ms(self._birth_of[offer.interaction_id])
        if self._now + delay_ms < offer.expires_at:
            reason = self._decline_of(self._birth_of[offer.interaction_id])
            self._env.process(self.service(offer, delay_ms) if reason is None else self.refusal(offer, delay_ms, reason))

    def _decline_of(self, birth: Birth) -> DeclineReason | None:
        """Whether the agent will not take the latest offer of an interaction: drawn under (interaction, number of the offer)."""
        behaviour, interaction = self._scenario.behaviour, birth.interaction
        if not behaviour.decline:
            return None
        draw = self._streams.uniform(Purpose.DECLINE, f"{interaction.id}\n{self._offers_of[interaction.id]}")
        return behaviour.decline_of(interaction, draw)

    def _answer_delay_ms(self, birth: Birth) -> Duration:
        """The delay drawn at birth for an interaction's first offer; later offers draw theirs under (interaction, number of the offer)."""
        interaction = birth.interaction
        number = self._offers_of.get(interaction.id, 0) + 1
        self._offers_of[interaction.id] = number
        if number == 1:
            return birth.answer_delay_ms
        law = rule_for(self._scenario, Purpose.ANSWER, interaction).law
        if isinstance(law, Never):
            raise InvariantBroken(f"interaction {interaction.id}: an answer delay cannot be endless")
        return laws.duration_ms(law, self._streams.uniform(Purpose.ANSWER, f"{interaction.id}\n{number}"))

    def _away_ms(self, agent_id: AgentId) -> Duration:
        """How long a missed offer keeps an agent away, drawn under (agent, number of the miss)."""
        self._misses_of[agent_id] += 1
        draw = self._streams.uniform(Purpose.RETURN_AFTER, f"{agent_id}\n{self._misses_of[agent_id]}")
        return laws.duration_ms(self._scenario.behaviour.return_after, draw)

    def _work_ms(self, birth: Birth, agent_id: AgentId) -> Duration:
        effect = self._scenario.behaviour.proficiency
        if effect is None:
            return birth.work_ms
        state = self._router.state
        return effect.scaled_ms(birth.work_ms, state.agents[agent_id].agent, state.interactions[birth.interaction.id].route.requirements)

    def _consult_ms(self, interaction_id: InteractionId) -> Duration:
        """How long the agent who just took an interaction talks with the one who asked, before the customer is theirs.

        A millisecond more, so that the one who asked leaves first where there is no other work.
        """
        consult_ms = self._consults.get(interaction_id)
        return 0 if consult_ms is None else consult_ms + 1

    def _onward(self, birth: Birth) -> Onward | None:
        if not self._scenario.behaviour.transfer:
            return None
        leg = self._router.state.interactions[birth.interaction.id].interaction.leg
        return onward(self._scenario, self._streams, birth, number=0 if leg is None else leg.number, now=self._now)

    def _after(self, delay_ms: Duration, rank: Rank) -> Moment:
        return Moment(self._env, delay_ms, rank)

    def _until(self, at: Instant, rank: Rank) -> Moment:
        return Moment(self._env, at - self._now, rank)
