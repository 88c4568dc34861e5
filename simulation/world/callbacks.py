"""Call-backs: customers who hang up for one, and what happens when they are rung up."""

from dataclasses import replace

from routing.core import commands, events
from routing.core.errors import CommandRefused, InvariantBroken, RefusalReason
from routing.core.lifecycle import InteractionPhase
from routing.model.callback import CallbackOutcome, CallbackStage
from routing.model.ids import InteractionId
from simulation.customers.callback_habits import CallbackHabit
from simulation.world.clock import Rank
from simulation.world.driver import Driver, Setting
from simulation.world.lines import Lines
from simulation.world.stage import Story


class Callbacks:
    """The customers' side of call-backs."""

    def __init__(self, driver: Driver, setting: Setting, lines: Lines) -> None:
        self._driver = driver
        self._setting = setting
        self._lines = lines
        driver.on({events.CallbackLaunched: lambda launch: driver.start(self.ring_up(launch))})

    def ring_up(self, launch: events.CallbackLaunched) -> Story:
        """The customer's telephone rings; they answer or they do not, unless the router has given the attempt up by then."""
        interaction = self._setting.birth_of[launch.interaction_id].interaction
        habit = self._setting.scenario.behaviour.habit_for(interaction)
        if habit is None:
            raise InvariantBroken(f"interaction {interaction.id} is called back and never asked for it")
        ring_ms, outcome = habit.attempt(interaction, launch.attempt, self._setting.streams)
        if self._lines.blocking(interaction.id, habit.channel or interaction.channel) is not None:
            ring_ms, outcome = 0, CallbackOutcome.FAILED  # no line is free to ring them up on
        yield self._driver.after(ring_ms, Rank.ANSWER)
        row = self._driver.state.interactions.get(interaction.id)
        callback = None if row is None else row.callback
        if callback is not None and callback.stage is CallbackStage.CALLING and callback.attempts + 1 == launch.attempt:
            self._driver.do(commands.ReportCallbackAttempt(interaction_id=interaction.id, outcome=outcome))

    def hangs_up(self, interaction_id: InteractionId, habit: CallbackHabit) -> bool:
        """Whether a customer who still waits has left the line for a call-back; a queue that takes none offers none."""
        row = self._driver.state.interactions.get(interaction_id)
        if row is None or row.phase is not InteractionPhase.WAITING:
            return False
        not_before, promised_at = habit.wish(interaction_id, self._driver.now, self._setting.streams)
        request = commands.RequestCallback(
            interaction_id=interaction_id, channel=habit.channel, kind=habit.kind, not_before=not_before, promised_at=promised_at
        )
        try:
            self._request(request)
        except CommandRefused as refusal:
            if refusal.reason is RefusalReason.CALLBACK_NOT_TAKEN:
                return False
            raise
        return True

    def _request(self, request: commands.RequestCallback) -> None:
        """Ask for a call-back; where its queue is closed until after the promised instant, nothing is promised."""
        try:
            self._driver.do(request)
        except CommandRefused as refusal:
            if refusal.field != "promised_at":
                raise
            self._driver.do(replace(request, promised_at=None))
