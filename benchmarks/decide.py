"""How long one event's decision takes in the core, without any input or output, as the number of agents grows.

A site with 200 skills; every agent has one to five of them and takes one call at a time. 150 skills are crowded: all their agents are
busy and 1,000 interactions wait. 50 skills are quiet: many of their agents are free. The measured mix is arrivals (two thirds crowded,
one third quiet), accepts, ends and declines, through `Router.handle`, interval 0 and garbage collection on. A change of one agent's skills
and a change of the whole site are measured apart, because they are rare.

It is measured twice: with the default policy on a site that asks for nothing else, and on one that asks for everything there is ("full"),
so that both the price of what is unused and that of what is used can be read off.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.decide_sites import CROWDED, FULL, PLAIN, SKILLS, Workload
from benchmarks.result import Result
from routing.core.commands import (
    AcceptOffer,
    ApplySite,
    Command,
    DeclineOffer,
    EndHandling,
    EnqueueInteraction,
    PutAgents,
    SetPresence,
    Tick,
)
from routing.core.events import OfferAccepted, OfferMade, Recorded
from routing.engine import Router
from routing.model.agent import Presence
from routing.policy.registry import default_registry

PACKAGES = ("numpy",)
SIZES = (100, 1_000, 10_000)
WAITING, EVENTS = 1_000, 20_000


def run(*, quick: bool = False) -> Iterator[Result]:
    """The figures for every size; `quick` measures a tenth of the events."""
    for size in SIZES:
        for workload in (PLAIN, FULL):
            yield from _Scene(size, workload).measure(EVENTS // 10 if quick else EVENTS)


class _Scene:
    """A router brought into the measured situation, and the clock around `handle`."""

    def __init__(self, size: int, workload: Workload) -> None:
        self._size = size
        self._workload = workload
        self._rng = np.random.Generator(np.random.Philox(key=[size, 1]))
        self._now = 0
        self._arrivals = 0
        self._router = Router(default_registry())
        self._site = workload.site
        self._offered: list[str] = []
        self._handled: list[str] = []
        self._nanoseconds: dict[str, list[int]] = {}
        self._agents = [workload.agent(number, size, self._rng) for number in range(size)]
        self._send(ApplySite(site=self._site))
        self._send(PutAgents(agents=tuple(self._agents)))
        for agent in self._agents:
            self._send(SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))
            for command in workload.on_duty(agent):
                self._send(command)
        self._crowd()
        self._nanoseconds.clear()

    def _crowd(self) -> None:
        """Keep every agent of a crowded skill busy, then let interactions wait."""
        waiting = self._router.state
        while sum(row.agent_id is None and not row.offers for row in waiting.interactions.values()) < WAITING:
            for _ in range(WAITING // 4):
                self._arrive(int(self._rng.integers(CROWDED)))
            while self._offered:
                self._send(AcceptOffer(offer_id=self._offered.pop()))

    def measure(self, events: int) -> Iterator[Result]:
        """Time `events` commands of the mix, then the rare ones."""
        while sum(map(len, self._nanoseconds.values())) < events:
            self._step()
        everything = [elapsed for name in ("arrive", "accept", "end", "decline") for elapsed in self._nanoseconds[name]]
        yield from self._figures("mix", everything)
        for name in ("arrive", "accept", "end", "decline"):
            yield from self._figures(name, self._nanoseconds[name])
        yield from self._rare()

    def _step(self) -> None:
        """Two arrivals, and what keeps the crowd as large as it is."""
        self._now += 20
        draw = self._rng.random(4)
        skill = int(draw[0] * CROWDED) if draw[1] < 2 / 3 else CROWDED + int(draw[0] * (SKILLS - CROWDED))
        self._arrive(skill)
        if self._offered and draw[2] < 0.1:
            self._send(DeclineOffer(offer_id=self._offered.pop(0)), "decline")
        while self._offered:
            self._send(AcceptOffer(offer_id=self._offered.pop(0)), "accept")
        if self._handled:
            chosen = int(draw[3] * len(self._handled))
            self._handled[chosen], self._handled[-1] = self._handled[-1], self._handled[chosen]
            self._send(EndHandling(interaction_id=self._handled.pop()), "end")

    def _arrive(self, skill: int) -> None:
        self._arrivals += 1
        interaction = self._workload.interaction(self._arrivals, skill, self._agents)
        self._send(EnqueueInteraction(interaction=interaction), "arrive")

    def _rare(self) -> Iterator[Result]:
        for number in range(50):
            changed = replace(self._agents[number], attributes={f"skill-{int(self._rng.integers(SKILLS))}": 9})
            self._send(PutAgents(agents=(changed,)), "skill edit")
        yield from self._figures("skill edit", self._nanoseconds["skill edit"])
        for round_ in range(5):
            self._send(ApplySite(site=replace(self._site, session_lease_ms=1 + round_)), "site change")
        yield from self._figures("site change", self._nanoseconds["site change"])

    def _send(self, command: Command, name: str = "") -> None:
        due_at = self._router.next_deadline()
        if due_at is not None and due_at <= self._now:
            self._collect(self._router.handle(Tick(), self._now))
        start = time.perf_counter_ns()
        log = self._router.handle(command, self._now)
        elapsed = time.perf_counter_ns() - start
        if name:
            self._nanoseconds.setdefault(name, []).append(elapsed)
        self._collect(log)

    def _collect(self, log: tuple[Recorded, ...]) -> None:
        for recorded in log:
            if isinstance(recorded.event, OfferMade):
                self._offered.append(recorded.event.offer_id)
            elif isinstance(recorded.event, OfferAccepted):
                self._handled.append(recorded.event.interaction_id)

    def _figures(self, name: str, nanoseconds: list[int]) -> Iterator[Result]:
        milliseconds = np.array(nanoseconds) / 1e6
        case = f"{self._size} agents, {self._workload.prefix}{name}"
        yield Result(case=case, metric="p50", value=float(np.quantile(milliseconds, 0.5)), unit="ms")
        yield Result(case=case, metric="p99", value=float(np.quantile(milliseconds, 0.99)), unit="ms")
        yield Result(case=case, metric="max", value=float(milliseconds.max()), unit="ms")
