"""Lines: who holds one, and who hears a busy tone."""

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

from routing.core import events
from routing.model.ids import ChannelId, InteractionId
from simulation.customers.lines import LineGroup
from simulation.world.driver import Driver, Setting

_Over: TypeAlias = events.HandlingEnded | events.InteractionEnded | events.CallbackAttemptEnded


@dataclass(frozen=True, slots=True)
class _Call:
    """One customer on one line, with the interactions, their own and its legs, for which the line is needed."""

    lines: LineGroup
    needed_for: set[InteractionId]


class Lines:
    """The telephony's lines. They are counted before the router hears of a customer: a busy tone comes also where an agent is idle."""

    def __init__(self, driver: Driver, setting: Setting) -> None:
        self._lines_of: dict[ChannelId, LineGroup] = {name: group for group in setting.scenario.lines for name in group.channels}
        self._taken: Counter[str] = Counter()
        self._call_of: dict[InteractionId, _Call] = {}
        if self._lines_of:
            driver.on(
                {
                    events.InteractionQueued: self._keep_for_leg,
                    events.HandlingEnded: self._over,
                    events.InteractionEnded: self._over,
                    events.CallbackRequested: lambda requested: self._release(requested.interaction.id),
                    events.CallbackAttemptEnded: self._over,
                }
            )

    def blocking(self, interaction_id: InteractionId, channel: ChannelId) -> str | None:
        """Take a line for a customer: None where one was free, or none is needed on that channel; else the group that is all taken."""
        lines = self._lines_of.get(channel)
        if lines is None:
            return None
        if self._taken[lines.name] == lines.count:
            return lines.name
        self._taken[lines.name] += 1
        self._call_of[interaction_id] = _Call(lines, {interaction_id})
        return None

    def _keep_for_leg(self, queued: events.InteractionQueued) -> None:
        """A leg needs the line of the conversation that it came out of, which is not over yet."""
        leg = queued.interaction.leg
        call = None if leg is None else self._call_of.get(leg.parent_id)
        if call is not None:
            call.needed_for.add(queued.interaction.id)
            self._call_of[queued.interaction.id] = call

    def _over(self, event: _Over) -> None:
        self._release(event.interaction_id)

    def _release(self, interaction_id: InteractionId) -> None:
        call = self._call_of.pop(interaction_id, None)
        if call is None:
            return
        call.needed_for.remove(interaction_id)
        if not call.needed_for:
            self._taken[call.lines.name] -= 1
