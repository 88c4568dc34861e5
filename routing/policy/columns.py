"""The matching room's picture of the state: waiting interactions and agents as columns, kept fresh from the marks `evolve` leaves."""

from collections.abc import Sequence

import numpy as np

from routing.core.errors import InvariantBroken
from routing.core.lifecycle import InteractionPhase
from routing.core.offer_limit import offers_max
from routing.core.room import firm_use
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.ids import InteractionId
from routing.model.site import ShiftRule, Site
from routing.policy.agent_columns import NEVER, AgentColumns, Edit
from routing.policy.arrays import IntArray
from routing.policy.profiles import AnyOf, Profiles
from routing.policy.statistics import RINGING, TURNS, UNMET
from routing.policy.waiting_columns import WaitingColumns


class Columns:
    """Agents, waiting interactions and the requirement profiles between them. Never state: `Columns.of(state)` builds an equal one.

    `needs` names what the policy's parts ask for beyond that. `turns[q]`, where needed, is the registration number of the agent who was
    offered the last interaction of queue q, 0 at first. `ringing`, where needed, holds the interactions that wait and want no more offers.
    """

    def __init__(self, site: Site, needs: Sequence[str] = ()) -> None:
        self.site = site
        self.queue_index = {queue_id: index for index, queue_id in enumerate(site.queues)}
        self.agents = AgentColumns(site.channels, site.policy.idle_clock, tuple(site.queues), needs)
        self.waiting = WaitingColumns()
        self._needs = needs
        self._needs_ringing = RINGING in needs
        self._needs_turns = TURNS in needs
        self.profiles = self._new_profiles()
        self.turns: IntArray = np.zeros(len(site.queues), dtype=np.int64)
        self.ringing: dict[InteractionId, InteractionRow] = {}
        self._has_interruptions = any(channel.interruptible_by for channel in site.channels.values())

    @classmethod
    def of(
        cls, state: State, also: InteractionId | None = None, needs: Sequence[str] = (), *, former: "Columns | None" = None
    ) -> "Columns":
        """Columns built from the state alone; `also` is entered even when it wants no further offer.

        `former` are those of the site before, as fresh as the marks say: where the agents' side is the same, it is taken over.
        """
        if state.site is None:
            raise InvariantBroken("there are no columns without a site")
        columns = cls(state.site, needs)
        if columns._needs_turns:
            columns._refresh_turns(state)
        if former is not None and columns.agents.is_like(former.agents):
            columns.agents, columns.profiles = former.agents, former.profiles
            columns.refresh_agents(state)
        else:
            for agent in state.agents.values():
                columns._put_agent(state, agent)
        for interaction_id, row in state.interactions.items():
            if interaction_id == also or columns.wants_offer(state, row):
                columns._put_waiting(row)
            elif columns._needs_ringing and row.offers:
                columns.ringing[interaction_id] = row
        return columns

    @property
    def says_more(self) -> bool:
        """Whether the filters that every policy has besides those it names have anything to look at."""
        agents = self.agents
        return bool(self.waiting.reserved or agents.paused.shut or agents.limited.shut or self.site.shift_rule)

    def wants_offer(self, state: State, row: InteractionRow) -> bool:
        """Whether an interaction is waiting, below the number of live offers it may have, and not in a round that has to end first."""
        is_open = row.phase is InteractionPhase.WAITING and not row.is_round_closed
        return is_open and len(row.offers) < offers_max(state, self.site, row)

    def refresh_waiting(self, state: State) -> None:
        """Bring every marked interaction up to date and clear those marks; where none waits, the agents can wait, too."""
        marks = state.marks
        for interaction_id in marks.stale_interactions:
            row = state.interactions.get(interaction_id)
            if row is not None and self.wants_offer(state, row):
                self._put_waiting(row)
            else:
                self.waiting.remove(interaction_id)
            if self._needs_ringing:
                self._refresh_ringing(interaction_id, row)
        marks.stale_interactions.clear()
        if self.profiles.is_overgrown:
            self._rebuild_profiles(state)
        if self._needs_turns:
            self._refresh_turns(state)

    def refresh_agents(self, state: State) -> None:
        """Bring every marked agent up to date and clear those marks."""
        stale = state.marks.stale_agents
        if not stale:
            return
        present = [row for agent_id in stale if (row := state.agents.get(agent_id)) is not None]
        edits: list[Edit | None] = []
        if len(present) < len(stale):
            # Those who left first: it moves others, and the places to be evaluated must be the final ones.
            gone = [agent_id for agent_id in stale if agent_id not in state.agents and agent_id in self.agents.place_of]
            edits += [self.agents.remove(agent_id) for agent_id in gone]
        edits += [edit for row in present if (edit := self._put_agent(state, row)) is not None]
        if edits:
            changed = [edit for edit in edits if edit is not None and edit.place < self.agents.count]
            if changed:
                self.profiles.refresh_agents(changed)
        stale.clear()

    def _rebuild_profiles(self, state: State) -> None:
        self.profiles = self._new_profiles()
        for interaction_id in self.waiting.ids:
            self._put_waiting(state.interactions[interaction_id])
        self.profiles.set_limit()

    def _new_profiles(self) -> Profiles:
        return Profiles(self.agents, needs_unmet=UNMET in self._needs)

    def _refresh_turns(self, state: State) -> None:
        self.turns = np.array([state.turns.get(queue_id, 0) for queue_id in self.queue_index], dtype=np.int64)

    def _refresh_ringing(self, interaction_id: InteractionId, row: InteractionRow | None) -> None:
        if row is not None and row.offers and interaction_id not in self.waiting.row_of:
            self.ringing[interaction_id] = row
        else:
            self.ringing.pop(interaction_id, None)

    def _put_waiting(self, row: InteractionRow) -> None:
        route = row.route
        needs = AnyOf(tuple([branch.requirements for branch in route.branches])) if route.also else route.requirements
        profile = self.profiles.number_of(needs)
        self.waiting.put(
            row,
            channel=self.agents.channel_index[row.interaction.channel],
            profile=profile,
            queue=self.queue_index[row.route.queue_id],
            expected_ms=-NEVER if self.site.shift_rule is None else self._expected_ms(row, self.site.shift_rule),
        )

    def _put_agent(self, state: State, row: AgentRow) -> Edit | None:
        """Refresh an agent. Only where a channel may interrupt is their work looked at: elsewhere what is used is used for all channels.

        An interruption that rings, and work set aside, may come from the site before this one.
        """
        if row.interrupting is not None:
            return self.agents.put(row, [row.agent.capacity] * len(self.site.channels))
        if not row.work or not (self._has_interruptions or row.set_aside):
            return self.agents.put(row)
        return self.agents.put(row, [firm_use(state, self.site, row, channel_id) for channel_id in self.site.channels])

    def _expected_ms(self, row: InteractionRow, rule: ShiftRule) -> int:
        """How long before a commitment an interaction must begin: its expected handling less the tolerance; at once is always early enough
        where nothing is expected, or where its class overrides the rule.
        """
        expected_ms = self.site.queues[row.route.queue_id].expected_handling_ms
        if expected_ms is None:
            return -NEVER
        is_exempt = rule.override_class_rank is not None and row.class_rank >= rule.override_class_rank
        return -NEVER if is_exempt else expected_ms - rule.tolerance_ms
