"""Customers: they arrive, wait as long as patience lasts, and leave."""

from collections.abc import Sequence

from routing.core import commands
from routing.core.errors import CommandRefused
from routing.core.lifecycle import InteractionPhase
from routing.model.time import Duration
from simulation.demand import Birth
from simulation.world.callbacks import Callbacks
from simulation.world.clock import Rank, Story
from simulation.world.driver import Driver, Setting


class ArrivalRefused(Exception):  # noqa: N818 - the name says what happened
    """The router refused an interaction that the demand brought; the text says which and why."""


class Customers:
    """The stories of those who ask for service."""

    def __init__(self, driver: Driver, setting: Setting, callbacks: Callbacks) -> None:
        self._driver = driver
        self._setting = setting
        self._callbacks = callbacks

    def arrivals(self, births: Sequence[Birth]) -> Story:
        """Customers arrive, one after the other."""
        for birth in births:
            yield self._driver.until(birth.at, Rank.ARRIVE)
            self._driver.start(self.customer(birth))

    def customer(self, birth: Birth) -> Story:
        """Ask for service, wait at most as long as patience lasts, and leave if nobody has answered by then; or hang up for a call-back."""
        interaction = birth.interaction
        try:
            self._driver.do(commands.EnqueueInteraction(interaction=interaction))
        except CommandRefused as refusal:
            raise ArrivalRefused(f"interaction {interaction.id} is refused: {refusal.text}") from refusal
        waited_ms = 0
        habit = self._setting.scenario.behaviour.habit_for(interaction)
        if habit is not None and habit.takes(interaction, birth.patience_ms, self._setting.streams):
            waited_ms = habit.after_ms
            yield self._driver.after(waited_ms, Rank.LEAVE)
            if self._callbacks.hangs_up(interaction.id, habit):
                return
        yield from self.patience(birth, waited_ms)

    def patience(self, birth: Birth, waited_ms: Duration = 0) -> Story:
        """Wait as long as patience lasts, of which `waited_ms` have gone by, and leave if nobody has answered by then.

        Who was handed back meanwhile waits with new patience, and this one is over.
        """
        if birth.patience_ms is None:
            return
        returns = self._setting.returns[birth.interaction.id]
        yield self._driver.after(birth.patience_ms - waited_ms, Rank.LEAVE)
        row = self._driver.state.interactions.get(birth.interaction.id)
        is_waiting = row is not None and row.phase is InteractionPhase.WAITING
        if is_waiting and self._setting.returns[birth.interaction.id] == returns:
            self._driver.do(commands.AbandonInteraction(interaction_id=birth.interaction.id))
