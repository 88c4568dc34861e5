"""Customers: they take a line, ask for service, wait as long as patience lasts, and leave."""

from collections.abc import Sequence
from functools import partial

from simpy.events import Event as Wake

from routing.core import commands, events
from routing.core.errors import CommandRefused
from routing.core.events import Recorded
from routing.core.lifecycle import InteractionPhase
from routing.model.ids import InteractionId
from routing.model.time import Duration
from simulation.customers.facts import Balked, Blocked
from simulation.demand import Birth
from simulation.streams import Purpose
from simulation.world.callbacks import Callbacks
from simulation.world.clock import Rank
from simulation.world.driver import Driver, Setting
from simulation.world.lines import Lines
from simulation.world.stage import Story


class ArrivalRefused(Exception):  # noqa: N818 - the name says what happened
    """The router refused an interaction that the demand brought; the text says which and why."""


class Customers:
    """The stories of those who ask for service. `blocked` counts those who heard a busy tone."""

    def __init__(self, driver: Driver, setting: Setting, lines: Lines, callbacks: Callbacks) -> None:
        self._driver = driver
        self._setting = setting
        self._behaviour = setting.scenario.behaviour
        self._lines = lines
        self._callbacks = callbacks
        self.blocked = 0

    def arrivals(self, births: Sequence[Birth]) -> Story:
        """Customers arrive, one after the other."""
        driver, at = self._driver, self._driver.now
        for birth in births:
            yield driver.after(birth.at - at, Rank.ARRIVE)
            at = birth.at
            driver.start(self.customer(birth))

    def customer(self, birth: Birth) -> Story:
        """Take a line and ask for service; balk, hang up for a call-back, or leave when patience ends and nobody has answered by then."""
        driver, interaction = self._driver, birth.interaction
        busy = self._lines.blocking(interaction.id, interaction.channel)
        if busy is not None:
            self.blocked += 1
            driver.tell(Blocked(interaction=interaction, lines=busy))
            return
        try:
            recorded = driver.do(commands.EnqueueInteraction(interaction=interaction))
        except CommandRefused as refusal:
            raise ArrivalRefused(f"interaction {interaction.id} is refused: {refusal.text}") from refusal
        waited_ms = 0
        balking = self._behaviour.balking_for(interaction)
        if balking is not None and (birth.patience_ms is None or balking.after_ms < birth.patience_ms):
            waited_ms, told_ms = balking.after_ms, _told_ms(recorded)
            yield driver.after(waited_ms, Rank.LEAVE)
            if self._finds_nobody_free(interaction.id):
                draw = self._setting.streams.uniform(Purpose.BALK, interaction.id)
                if balking.leaves(draw=draw, patience_ms=birth.patience_ms, told_ms=told_ms):
                    driver.tell(Balked(interaction_id=interaction.id))
                    driver.do(commands.AbandonInteraction(interaction_id=interaction.id))
                    return
                birth = birth._replace(patience_ms=balking.patience_ms(birth.patience_ms, told_ms))
        habit = self._behaviour.habit_for(interaction)
        if habit is not None and habit.takes(interaction, birth.patience_ms, self._setting.streams):
            yield driver.after(max(0, habit.after_ms - waited_ms), Rank.LEAVE)
            waited_ms = max(waited_ms, habit.after_ms)
            if self._callbacks.hangs_up(interaction.id, habit):
                return
        self.wait(birth, waited_ms)

    def wait(self, birth: Birth, waited_ms: Duration = 0) -> None:
        """The customer waits as long as patience lasts, of which `waited_ms` have gone by, and leaves if nobody has answered by then.

        Who was handed back meanwhile waits with new patience, and this one is over. No story: most have long been served when it ends.
        """
        if birth.patience_ms is not None:
            interaction_id = birth.interaction.id
            returns = self._setting.returns.get(interaction_id, 0)
            end = self._driver.after(birth.patience_ms - waited_ms, Rank.LEAVE)
            end.callbacks.append(partial(self._lose_patience, interaction_id, returns))

    def _lose_patience(self, interaction_id: InteractionId, returns: int, _: Wake) -> None:
        row = self._driver.state.interactions.get(interaction_id)
        is_waiting = row is not None and row.phase is InteractionPhase.WAITING
        if is_waiting and self._setting.returns.get(interaction_id, 0) == returns:
            self._driver.do(commands.AbandonInteraction(interaction_id=interaction_id))

    def _finds_nobody_free(self, interaction_id: InteractionId) -> bool:
        """Whether a customer waits, and no agent is being rung for them."""
        row = self._driver.state.interactions.get(interaction_id)
        return row is not None and row.phase is InteractionPhase.WAITING and not row.offers


def _told_ms(recorded: Sequence[Recorded]) -> Duration | None:
    """The wait that the router told somebody who arrived just now; None where it told or knew none."""
    told_ms: Duration | None = None
    for one in recorded:
        match one.event:
            case events.InteractionQueued(estimate=estimate) | events.InteractionDiverted(estimate=estimate):
                told_ms = None if estimate is None else estimate.wait_ms
            case _:
                pass
    return told_ms
