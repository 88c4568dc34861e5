"""The driver: the one clock, the one router, and what begins when the router says that something happened."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from simpy.events import Event as Wake
from simpy.events import EventPriority

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
from simulation.world.clock import Clock, Moment, Rank
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

    `witnesses` are told what the router never hears. `state` is the router's, as it is at any time. `start` lets a story begin at the
    present instant; `after` gives the instant so many milliseconds from now, with its rank, for a story to wait for.
    """

    def __init__(self, *, router: Router, observers: Sequence[Observer], witnesses: Sequence[Witness], starts_at: Instant) -> None:
        self.router = router
        self.state: State = router.state
        self.env = Clock(initial_time=starts_at)
        self.start: Callable[[Story], None] = Stage(self.env).start
        self.after: Callable[[Duration, EventPriority], Moment] = partial(Moment, self.env)
        self._observers = observers
        self._witnesses = witnesses
        self._reactions: dict[type[Event | CustomerFact], tuple[Reaction, ...]] = {}
        self._alarm_at: Instant | None = None

    @property
    def now(self) -> Instant:
        """The present instant."""
        return self.env.now

    def on(self, reactions: Mapping[type[Event | CustomerFact], Reaction]) -> None:
        """Call a reaction whenever its event or fact is known, after the observers saw it; what was asked for first is called first."""
        for kind, reaction in reactions.items():
            self._reactions[kind] = (*self._reactions.get(kind, ()), reaction)

    def until(self, at: Instant, rank: EventPriority) -> Moment:
        """An instant that is not over, for a story to wait for."""
        return Moment(self.env, at - self.env.now, rank)

    def do(self, command: Command) -> Sequence[Recorded]:
        """Give a command to the router and return what came of it; deadlines that are due come first.

        Raises:
            CommandRefused: the router does not take it, and nothing happened but these deadlines.
        """
        now = self.env.now
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
        if self._alarm_at is not None and not self.state.deadlines.may_be_before(self._alarm_at):
            return
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
