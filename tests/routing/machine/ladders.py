"""Ladders: agents of teams come and go under steps that may be early, and priorities change."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from routing.core import commands
from routing.core.cover import Floor
from routing.core.invariants import check_state
from routing.model.agent import Presence
from tests.builders import an_agent, an_interaction
from tests.routing.machine.door import Door
from tests.routing.machine.draws import WAITING, numbers, request_ids
from tests.routing.machine.sites import AGENT_IDS, CHANNELS

TEAMS = ("sales:7 region:west", "sales:4 region:east", "region:east", "sales:9", "")
points = st.sampled_from((-2, -1, 0, 1, 3, 2_000))


class LadderRules(Door):
    """Ladders: agents of teams come and go under steps that may be early, and priorities change."""

    @rule(agent_id=st.sampled_from(AGENT_IDS), team=st.sampled_from(TEAMS), presence=st.sampled_from(tuple(Presence)))
    def an_agent_changes_teams(self, agent_id: str, team: str, presence: Presence) -> None:
        """A record is replaced, and says where it stands."""
        self.send(commands.PutAgents(agents=(an_agent(agent_id, skills=team),)))
        self.send(commands.SetPresence(agent_id=agent_id, presence=presence))

    @precondition(lambda self: not self.is_crowded)
    @rule(channel=st.sampled_from(CHANNELS), worth=points, request_id=request_ids)
    def somebody_important_arrives(self, channel: str, worth: int, request_id: str | None) -> None:
        """Or somebody unimportant."""
        arrival = an_interaction("", channel=channel, type="other", points=worth)
        self.send(commands.EnqueueInteraction(interaction=arrival, request_id=request_id))

    @precondition(lambda self: self.has(WAITING))
    @rule(number=numbers, worth=st.none() | points, overwrite=st.booleans())
    def a_priority_changes(self, number: int, worth: int | None, overwrite: bool) -> None:
        """While it waits, and somebody asks why it does."""
        interaction_id = self.in_phase(number, WAITING)
        self.send(commands.UpdateInteraction(interaction_id=interaction_id, priority=worth, overwrite=overwrite))
        if interaction_id in self.router.state.interactions:
            self.router.explain(interaction_id, self.now)

    @invariant()
    def who_is_there_is_counted(self) -> None:
        """The router's own counts, which the replica never needs, agree with its rows."""
        if self.is_intact:
            state = self.router.state
            check_state(state)
            if state.cover is not None and state.site is not None:
                assert [] == state.cover.found.mistaken(Floor(state.site, state))
