"""A scripted day: a small centre from eight to nine, with everything in it that a journal must be able to hold.

The script knows no dice: what an agent or a customer does follows from how many did it before. Time is stepped by hand, deadline by
deadline.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace

from routing.core import commands, events
from routing.core.commands import Command, Tick
from routing.core.errors import CommandRefused
from routing.core.events import Event, Recorded
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS, Duration, Instant
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_queue, a_rule, a_site, a_step, an_agent, an_interaction

EIGHT: Instant = 1_439_280_000_000
"""11 August 2015, 08:00 UTC."""

SALES = a_rule("sales", queue="sales", when="type=sales", needs="sales>=6:expiring", steps=[a_step(40_000, lower="sales:3")])
HELP = a_rule("help", queue="help", when="type=help", needs="english>=4", steps=[a_step(60_000, raise_base_ms=30_000, overflow_to="sales")])
MOVED = a_rule("moved", queue="help", when="region=5")
REST = a_rule("rest", queue="rest")


def the_site() -> Site:
    """Two queues with a ladder each, and one in which three agents are offered an interaction at once."""
    queues = [a_queue("sales"), a_queue("help", missed_threshold=2), a_queue("rest", max_live_offers=3, wrap_up_limit_ms=0)]
    return a_site(queues=queues, rules=[MOVED, SALES, HELP, REST])


def the_second_site() -> Site:
    """The same with a matching window of ten seconds and more wrap-up."""
    site = the_site()
    queues = {name: replace(queue, wrap_up_limit_ms=20_000) for name, queue in site.queues.items()}
    return replace(site, queues=queues, policy=a_policy(assigner="min_cost_flow", match_interval_ms=10_000, version=2))


def the_third_site() -> Site:
    """A policy that would rather wait than match a pair that is not worth its cost."""
    policy = a_policy(scorers="preferred_agent:300 longest_idle:1", is_work_conserving=False, version=3)
    return replace(the_second_site(), policy=policy)


class Day:
    """A router, an agenda, and the log of both."""

    def __init__(self) -> None:
        self.router = Router(default_registry())
        self.log: list[tuple[Recorded, ...]] = []
        self._agenda: list[tuple[Instant, int, Callable[[], Command | None]]] = []
        self._planned = 0
        self._offers = 0
        self._accepted = 0

    def plan(self, at: Instant, make: Callable[[], Command | None]) -> None:
        """Put something on the agenda; what is made at its time may be nothing."""
        self._planned += 1
        heapq.heappush(self._agenda, (at, self._planned, make))

    def send(self, at: Instant, command: Command) -> None:
        """Send a command at its time, and plan what follows from it. The day expects some refusals: the late and the lost."""
        try:
            recorded = self.router.handle(command, at)
        except CommandRefused:
            return
        if recorded:
            self.log.append(recorded)
            for item in recorded:
                self._react(item.at, item.event)

    def run(self, until: Instant) -> None:
        """Live through the agenda and all deadlines up to an instant."""
        while True:
            due_at = self.router.next_deadline()
            at = self._agenda[0][0] if self._agenda else until
            if due_at is not None and due_at <= min(at, until):
                self.send(due_at, Tick())
            elif self._agenda and at <= until:
                command = heapq.heappop(self._agenda)[2]()
                if command is not None:
                    self.send(at, command)
            else:
                return

    def _react(self, at: Instant, event: Event) -> None:
        match event:
            case events.OfferMade(offer_id=offer_id):
                self._offers += 1
                self._answer(at, offer_id, self._offers)
            case events.OfferAccepted(interaction_id=interaction_id):
                self._accepted += 1
                self._work(at, interaction_id, self._accepted)
            case events.HandlingEnded(interaction_id=interaction_id) if self._accepted % 2:
                self.plan(at + 4 * SECOND_MS, lambda: commands.EndWrapUp(interaction_id=interaction_id))
            case events.PresenceChanged(agent_id=agent_id, presence=Presence.NOT_READY):
                self.plan(at + MINUTE_MS, lambda: commands.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE))

    def _answer(self, at: Instant, offer_id: str, number: int) -> None:
        if number % 11 == 5:
            return
        if number % 9 == 4:
            self.plan(at + 2 * SECOND_MS, lambda: commands.ExtendOffer(offer_id=offer_id))
        after_ms: Duration = (2 + number % 5) * SECOND_MS
        if number % 7 == 3:
            self.plan(at + after_ms, lambda: commands.DeclineOffer(offer_id=offer_id))
        elif number % 17 == 8:
            self.plan(at + after_ms, lambda: commands.WithdrawOffer(offer_id=offer_id, reason="supervisor"))
        else:
            self.plan(at + after_ms, lambda: commands.AcceptOffer(offer_id=offer_id, request_id=f"accept-{offer_id}"))

    def _work(self, at: Instant, interaction_id: str, number: int) -> None:
        if number % 13 == 6:
            self.plan(at + SECOND_MS, lambda: commands.FailConnect(interaction_id=interaction_id, reason="no answer"))
            return
        work_ms: Duration = (60 + number * 17 % 120) * SECOND_MS
        if number % 6 == 2:
            self.plan(at + 20 * SECOND_MS, lambda: commands.HoldHandling(interaction_id=interaction_id))
            self.plan(at + 35 * SECOND_MS, lambda: commands.ResumeHandling(interaction_id=interaction_id))
        self.plan(at + work_ms, lambda: commands.EndHandling(interaction_id=interaction_id, request_id=f"end-{interaction_id}"))


AGENTS = (
    an_agent("ada", skills="sales:8 english:9"),
    an_agent("bob", skills="sales:4 english:6"),
    an_agent("cem", skills="sales:6", channels="voice:1 email:3"),
    an_agent("dee", skills="english:5", channels="chat:3 email:5"),
)


def the_day() -> Day:
    """The whole day, lived."""
    day = Day()
    day.send(EIGHT, commands.ApplySite(site=the_site(), request_id="site-1"))
    day.send(EIGHT, commands.PutAgents(agents=AGENTS, request_id="agents-1"))
    for agent in AGENTS:
        day.send(EIGHT, commands.OpenSession(agent_id=agent.id, session_id=f"{agent.id}-1"))
        day.send(EIGHT, commands.SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))
    for number in range(1, 76):
        _plan_interaction(day, number)
    _plan_operations(day)
    day.run(EIGHT + HOUR_MS)
    return day


def _plan_interaction(day: Day, number: int) -> None:
    at = EIGHT + number * 31 * SECOND_MS + number * number % 13 * SECOND_MS
    kind, channel = ("sales", "help", "other")[number % 3], ("voice", "voice", "chat", "email")[number % 4]
    interaction = an_interaction(
        f"i{number}", channel=channel, type=kind, preferred="ada:80" if number % 10 == 1 else "", region=number % 2
    )
    day.plan(at, lambda: commands.EnqueueInteraction(interaction=interaction, request_id=f"arrive-{number}"))
    patience_ms: Duration = (90 + number * 31 % 200) * SECOND_MS
    if channel != "email":
        day.plan(at + patience_ms, lambda: commands.AbandonInteraction(interaction_id=f"i{number}"))
    if number % 15 == 7:
        change = commands.UpdateInteraction(interaction_id=f"i{number}", attributes={"region": 5}, credit_ms=60_000, overwrite=True)
        day.plan(at + 10 * SECOND_MS, lambda: change)
    if number % 25 == 9:
        day.plan(at + 15 * SECOND_MS, lambda: commands.CancelInteraction(interaction_id=f"i{number}", reason="duplicate"))


def _plan_operations(day: Day) -> None:
    """What supervisors and networks do: a lost desktop, a pause, a new skill, a new site, an agent who leaves."""
    steps: tuple[tuple[int, Command], ...] = (
        (5, commands.LoseSession(agent_id="cem", session_id="cem-1")),
        (9, commands.OpenSession(agent_id="cem", session_id="cem-2")),
        (9, commands.SetPresence(agent_id="cem", presence=Presence.AVAILABLE)),
        (12, commands.SetPresence(agent_id="ada", presence=Presence.NOT_READY, reason="break")),
        (15, commands.PutAgents(agents=(an_agent("bob", skills="sales:7 english:6"),))),
        (20, commands.ApplySite(site=the_second_site(), request_id="site-2")),
        (30, commands.ApplySite(site=the_third_site(), request_id="site-3")),
        (50, commands.SetPresence(agent_id="dee", presence=Presence.OFFLINE)),
        (55, commands.RemoveAgents(agent_ids=("dee",))),
    )
    for minutes, command in steps:
        day.plan(EIGHT + minutes * MINUTE_MS, lambda command=command: command)  # type: ignore[misc]  # mypy cannot infer a lambda's default
