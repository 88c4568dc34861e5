"""The matching room's picture of the state: waiting interactions and agents as columns, kept fresh from the marks `evolve` leaves."""

from routing.core.errors import InvariantBroken
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.model.ids import InteractionId
from routing.model.site import Site
from routing.policy.agent_columns import AgentColumns
from routing.policy.profiles import Profiles
from routing.policy.waiting_columns import WaitingColumns


class Columns:
    """Agents, waiting interactions and the requirement profiles between them. Never state: `Columns.of(state)` builds an equal one."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.agents = AgentColumns(site.channels, site.policy.idle_clock)
        self.waiting = WaitingColumns()
        self.profiles = Profiles(self.agents)

    @classmethod
    def of(cls, state: State, also: InteractionId | None = None) -> "Columns":
        """Columns built from the state alone; `also` is entered even when it wants no further offer."""
        if state.site is None:
            raise InvariantBroken("there are no columns without a site")
        columns = cls(state.site)
        for agent in state.agents.values():
            columns.agents.put(agent)
        for interaction_id, row in state.interactions.items():
            if interaction_id == also or columns.wants_offer(row):
                columns._put_waiting(row)
        return columns

    def wants_offer(self, row: InteractionRow) -> bool:
        """Whether an interaction is waiting and below its queue's number of live offers."""
        return row.phase is InteractionPhase.WAITING and len(row.offers) < self.site.queues[row.route.queue_id].max_live_offers

    def refresh_waiting(self, state: State) -> None:
        """Bring every marked interaction up to date and clear those marks; where none waits, the agents can wait, too."""
        marks = state.marks
        for interaction_id in marks.stale_interactions:
            row = state.interactions.get(interaction_id)
            if row is not None and self.wants_offer(row):
                self._put_waiting(row)
            else:
                self.waiting.remove(interaction_id)
        marks.stale_interactions.clear()
        if self.profiles.is_overgrown:
            self._rebuild_profiles(state)

    def refresh_agents(self, state: State) -> None:
        """Bring every marked agent up to date and clear those marks."""
        stale = state.marks.stale_agents
        if not stale:
            return
        # Those who left first: it moves others, and the places to be evaluated must be the final ones.
        edits = [self.agents.remove(agent_id) for agent_id in stale if agent_id not in state.agents and agent_id in self.agents.place_of]
        edits += [self.agents.put(state.agents[agent_id]) for agent_id in stale if agent_id in state.agents]
        changed = [edit for edit in edits if edit is not None and edit.place < self.agents.count]
        if changed:
            self.profiles.refresh_agents(changed)
        stale.clear()

    def _rebuild_profiles(self, state: State) -> None:
        self.profiles = Profiles(self.agents)
        for interaction_id in self.waiting.ids:
            self._put_waiting(state.interactions[interaction_id])
        self.profiles.set_limit()

    def _put_waiting(self, row: InteractionRow) -> None:
        profile = self.profiles.number_of(row.route.requirements)
        self.waiting.put(row, channel=self.agents.channel_index[row.interaction.channel], profile=profile)
