"""Books of a run, kept from its events alone, and what must add up in every run whatever the policy, the customers or the roster.

- Everything offered came to exactly one end or is still there: overall, by queue, by channel and by half hour of arrival.
- Little's law: the integral of the number waiting over time is the sum of all waits.
- The agents' states add up: busy, other work, available and not ready are the time on duty, and what is done after it.
"""

from collections.abc import Iterator

import numpy as np

from routing.core import events
from routing.core.events import Recorded
from routing.model.agent import Presence
from routing.model.ids import AgentId, InteractionId
from routing.model.time import Duration, Instant
from simulation.kpis import counts
from simulation.kpis.facts import Facts, Rows
from simulation.kpis.measure import Measure, Ratio


class Books:
    """An observer that writes down who waits and who is on duty. It shares no code with the ledger that measures are folded from."""

    def __init__(self) -> None:
        self.waited_ms: Duration = 0
        self.on_duty_ms: dict[AgentId, Duration] = {}
        self.answered_by: dict[InteractionId, AgentId] = {}
        self.returned = 0
        self.faults: list[str] = []
        self._waiting: set[InteractionId] = set()
        self._came: set[InteractionId] = set()
        self._ended: set[InteractionId] = set()
        self._at: Instant = 0
        self._on_duty_since: dict[AgentId, Instant] = {}

    def __call__(self, recorded: Recorded) -> None:
        """The next event."""
        _, at, _, event = recorded
        self.waited_ms += len(self._waiting) * (at - self._at)
        self._at = at
        match event:
            case events.InteractionQueued(interaction=interaction):
                self._once(self._came, interaction.id, "came")
                self._waiting.add(interaction.id)
            case events.OfferAccepted(interaction_id=one, agent_id=agent_id):
                self._waiting.discard(one)
                self.answered_by[one] = agent_id
            case events.CallbackRequested(interaction=interaction):
                self._waiting.discard(interaction.id)
            case events.HandlingReturned():
                self.returned += 1
            case events.InteractionEnded(interaction_id=one):
                self._once(self._ended, one, "ended")
                self._waiting.discard(one)
            case events.PresenceChanged(agent_id=agent_id, presence=presence):
                self._present(agent_id, at, is_on_duty=presence is not Presence.OFFLINE)
            case events.AgentRemoved(agent_id=agent_id):
                self._present(agent_id, at, is_on_duty=False)
            case _:
                pass

    def broken(self, facts: Facts) -> list[str]:
        """The identities that do not hold between these books and the facts of the same run, each as a sentence."""
        return [*self.faults, *self._of_customers(facts), *self._of_waits(facts), *self._of_agents(facts)]

    def _once(self, known: set[InteractionId], one: InteractionId, what: str) -> None:
        if one in known:
            self.faults.append(f"interaction {one} {what} twice")
        known.add(one)

    def _present(self, agent_id: AgentId, at: Instant, *, is_on_duty: bool) -> None:
        since = self._on_duty_since.pop(agent_id, None)
        if since is not None:
            self.on_duty_ms[agent_id] = self.on_duty_ms.get(agent_id, 0) + at - since
        if is_on_duty:
            self._on_duty_since[agent_id] = at

    def _of_customers(self, facts: Facts) -> Iterator[str]:
        for name, rows in _groups(facts):
            offered, ends = _count(counts.OFFERED, facts, rows), {end.name: _count(end, facts, rows) for end in counts.ENDS}
            if offered != sum(ends.values()):
                yield f"{name}: {offered} offered, and {ends}"
        blocked = _count(counts.BLOCKED, facts, slice(None))
        if len(self._came) + blocked != len(facts.outcome):
            yield f"{len(self._came)} came to the router and {blocked} were blocked, but the facts are of {len(facts.outcome)}"

    def _of_waits(self, facts: Facts) -> Iterator[str]:
        if self.returned:  # a wait that was interrupted by handling is counted from its first beginning
            return
        waited_ms = self.waited_ms + len(self._waiting) * (facts.closes_at - self._at)
        measured_ms = int(facts.waited_ms.sum())
        if waited_ms != measured_ms:
            yield f"the number waiting adds up to {waited_ms} ms over time, and the waits to {measured_ms} ms"

    def _of_agents(self, facts: Facts) -> Iterator[str]:
        times = facts.agents
        states = times.busy_ms + times.external_ms + times.available_ms + times.not_ready_ms - times.ghost_ms
        for agent_id, in_states in zip(facts.agent_ids, states.tolist(), strict=True):
            since = self._on_duty_since.get(agent_id)
            on_duty = self.on_duty_ms.get(agent_id, 0) + (0 if since is None else facts.closes_at - since)
            if on_duty != in_states:
                yield f"agent {agent_id} was on duty for {on_duty} ms, and in all states together for {in_states} ms"


def _groups(facts: Facts) -> Iterator[tuple[str, Rows]]:
    yield "all", slice(None)
    for place, queue in enumerate(facts.queues):
        yield f"queue {queue}", np.flatnonzero(facts.queue == place)
    for place, channel in enumerate(facts.channels):
        yield f"channel {channel}", np.flatnonzero(facts.channel == place)
    for interval in np.unique(facts.interval).tolist():
        yield f"half hour {interval}", np.flatnonzero(facts.interval == interval)


def _count(measure: Measure, facts: Facts, rows: Rows) -> int:
    tally = measure.tally(facts, rows)
    return tally.numerator if isinstance(tally, Ratio) else 0
