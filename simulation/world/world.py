"""One world: the rooms put together around one router, and run from the opening until it stops."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routing.core.commands import Command
from routing.engine import Router
from routing.model.ids import AgentId, ChannelId
from routing.model.time import Instant
from simulation.customers.facts import Witness
from simulation.demand import Birth
from simulation.roster import PresenceChange
from simulation.scenario import Scenario
from simulation.streams import Streams
from simulation.world.agents import Agents
from simulation.world.callbacks import Callbacks
from simulation.world.coming_again import ComingAgain
from simulation.world.customers import Customers
from simulation.world.driver import Driver, Observer, Setting
from simulation.world.handing_on import Conversations
from simulation.world.lines import Lines
from simulation.world.outbound import Outbound
from simulation.world.shifts import Shifts


class Beyond(NamedTuple):
    """What the stories brought beyond the births: customers who heard a busy tone, who tried again or came back, outbound jobs, and legs.

    `legs` are the conversations that were handed on, or that another agent was asked about. `not_offered` counts those who would have come
    again too late, by (channel, reason).
    """

    blocked: int
    redials: int
    repeats: int
    outbound: int
    legs: int
    not_offered: Mapping[tuple[ChannelId, str], int]


class World:
    """One run of one router; `run` may be called once. `plan` says when each agent's presence changes."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        router: Router,
        births: Sequence[Birth],
        plan: Mapping[AgentId, Sequence[PresenceChange]],
        streams: Streams,
        observers: Sequence[Observer],
        witnesses: Sequence[Witness],
        starts_at: Instant,
    ) -> None:
        setting = Setting(scenario=scenario, streams=streams, birth_of={birth.interaction.id: birth for birth in births})
        self._births = births
        self._driver = Driver(router=router, observers=observers, witnesses=witnesses, starts_at=starts_at)
        lines = Lines(self._driver, setting)
        self._customers = Customers(self._driver, setting, lines, Callbacks(self._driver, setting, lines))
        self._coming_again = ComingAgain(self._driver, setting, self._customers)
        self._conversations = Conversations(self._driver, setting, self._customers)
        Agents(self._driver, setting, self._conversations)  # they wait for offers
        self._outbound = Outbound(self._driver, setting)
        self._shifts = Shifts(self._driver, setting, self._customers, plan)

    @property
    def beyond(self) -> Beyond:
        """What the stories brought beyond the births, so far."""
        again = self._coming_again
        return Beyond(
            blocked=self._customers.blocked,
            redials=again.redials,
            repeats=again.repeats,
            outbound=self._outbound.started,
            legs=self._conversations.legs,
            not_offered=dict(sorted(again.not_offered.items())),
        )

    def run(self, opening: Sequence[Command], stops_at: Instant) -> None:
        """Give the `opening` commands at the start, then let the stories run until just before `stops_at`.

        Raises:
            ArrivalRefused: the router does not accept an interaction of the demand.
        """
        for command in opening:
            self._driver.do(command)
        self._coming_again.begin()
        self._driver.start(self._shifts.shifts())
        self._driver.start(self._customers.arrivals(self._births))
        self._driver.start(self._outbound.openings())
        self._driver.env.run(until=stops_at)
