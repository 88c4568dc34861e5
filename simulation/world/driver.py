"""The driver: the one clock, the one router, and what begins when the router says that something happened."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import simpy
from simpy.events import Event as Wake

from routing.core import commands
from routing.core.commands import Command
from routing.core.events import Event, Recorded
from routing.core.state import State
from routing.engine import Router
from routing.model.ids import InteractionId
from routing.model.time import Duration, Instant
from simulation.customers.facts import CustomerFact, Witness
from simulation.demand import Birth
from simulation.scenario import Scenario
from simulation.streams import Streams
from simulation.world.clock import Moment, Rank
from simulation.world.stage import Stage, Story

Observer: TypeAlias = Callable[[Recorded], None]
Reaction: TypeAlias = Callable[[Any], None]
"""What a story does on one kind of event; it takes the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all stories of one run know: the scenario, its chance, and every interaction's luck by its id, legs included once they exist.

    `returns` counts how often an interaction was handed back by an agent who had begun with it.
    """

    scenario: Scenario
    streams: Streams
    birth_of: dict[InteractionId, Birth]
    returns: Counter[InteractionId] = field(default_factory=Counter)


class Driver:
    """Gives the router commands at the clock's instants and its deadlines in time, and tells observers and stories what came of them.

    `witnesses` are told what the router never hears.
    """

    def __init__(self, *, router: Router, observers: Sequence[Observer], witnesses: Sequence[Witness], starts_at: Instant) -> None:
        self.router = router
        self.env = simpy.Environment(initial_time=starts_at)
        self._stage = Stage(self.env)
        self._observers = observers
        self._witnesses = witnesses
        self._reactions: dict[type[Event | CustomerFact], tuple[Reaction, ...]] = {}
        self._alarm_at: Instant | None = None

    @property
    def now(self) -> Instant:
        """The present instant."""
        return int(self.env.now)  # SimPy types its clock as any number; every delay here is whole

    @property
    def state(self) -> State:
        """The router's state as it is now."""
        return self.router.state

    def on(self, reactions: Mapping[type[Event | CustomerFact], Reaction]) -> None:
        """Call a reaction whenever its event or fact is known, after the observers saw it; what was asked for first is called first."""
        for kind, reaction in reactions.items():
            self._reactions[kind] = (*self._reactions.get(kind, ()), reaction)

    def start(self, story: Story) -> None:
        """Let a story begin at the present instant."""
        self._stage.start(story)

    def after(self, delay_ms: Duration, rank: Rank) -> Moment:
        """The instant `delay_ms` from now, for a story to wait for."""
        return Moment(self.env, delay_ms, rank)

    def until(self, at: Instant, rank: Rank) -> Moment:
        """An instant that is not over, for a story to wait for."""
        return Moment(self.env, at - self.now, rank)

    def do(self, command: Command) -> Sequence[Recorded]:
        """Give a command to the router and return what came of it; deadlines that are due come first.

        Raises:
            CommandRefused: the router does not take it, and nothing happened but these deadlines.
        """
        now = self.now
        if self._alarm_at is not None and self._alarm_at <= now:  # no deadline lies before the alarm
            self._carry_out_deadlines()
        recorded = self.router.handle(command, now)
        self._tell(recorded)
        self._set_alarm()
        return recorded

    def tell(self, fact: CustomerFact) -> None:
        """Tell what the router never hears to the witnesses, and to the stories that asked for it."""
        for witness in self._witnesses:
            witness(self.now, fact)
        for reaction in self._reactions.get(type(fact), ()):
            reaction(fact)

    def _carry_out_deadlines(self) -> None:
        due_at = self.router.next_deadline()
        if due_at is not None and due_at <= self.now:
            self._tell(self.router.handle(commands.Tick(), self.now))

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        """Hand events to the observers, and to the stories that asked for them."""
        reactions = self._reactions
        for one in recorded:
            for observer in self._observers:
                observer(one)
            for reaction in reactions.get(type(one.event), ()):
                reaction(one.event)

    def _set_alarm(self) -> None:
        """Wake for the router's next deadline, unless an earlier alarm is set: that one will look again."""
        due_at = self.router.next_deadline()
        if due_at is not None and (self._alarm_at is None or due_at < self._alarm_at):
            self._alarm_at = due_at
            self.until(due_at, Rank.DEADLINE).callbacks.append(self._on_alarm)

    def _on_alarm(self, _: Wake) -> None:
        if self._alarm_at is None or self._alarm_at > self.now:
            return  # an earlier alarm was set after this one and has set the next
        self._alarm_at = None
        self._carry_out_deadlines()
        self._set_alarm()
