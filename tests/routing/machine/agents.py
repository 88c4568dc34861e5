"""Agents, their desktops and the site change."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.model.agent import Presence
from tests.routing.machine.door import Door
from tests.routing.machine.draws import request_ids, site_numbers, skills
from tests.routing.machine.sites import AGENT_IDS, SITES, a_varied_agent


class AgentRules(Door):
    """Agents, their desktops and the site change."""

    @rule(agent_id=st.sampled_from(AGENT_IDS), presence=st.sampled_from((*Presence, Presence.AVAILABLE)), request_id=request_ids)
    def an_agent_says(self, agent_id: str, presence: Presence, request_id: str | None) -> None:
        """Presence changes."""
        self.send(commands.SetPresence(agent_id=agent_id, presence=presence, request_id=request_id))

    @rule(agent_id=st.sampled_from(AGENT_IDS), session_id=st.sampled_from(("s1", "s2")), is_lost=st.booleans())
    def a_desktop_comes(self, agent_id: str, session_id: str, is_lost: bool) -> None:
        """And may vanish again, or an older one may."""
        self.send(commands.OpenSession(agent_id=agent_id, session_id=session_id))
        if is_lost:
            self.send(commands.LoseSession(agent_id=agent_id, session_id="s1"))

    @precondition(lambda self: len(self.log) % 3 == 1)
    @rule(
        crew=st.lists(st.tuples(st.sampled_from(AGENT_IDS), skills, st.integers(0, 3)), max_size=2),
        gone=st.lists(st.sampled_from(AGENT_IDS), max_size=1),
        request_id=request_ids,
    )
    def the_roster_changes(self, crew: list[tuple[str, str, int]], gone: list[str], request_id: str | None) -> None:
        """Records of agents change, and some leave for good."""
        self.send(commands.PutAgents(agents=tuple(a_varied_agent(*agent) for agent in crew), request_id=request_id))
        self.send(commands.RemoveAgents(agent_ids=tuple(gone)))

    @precondition(lambda self: len(self.log) > 20 and len(self.log) % 4 == 0)
    @rule(site=site_numbers, request_id=request_ids)
    def the_site_is_replaced(self, site: int, request_id: str | None) -> None:
        """In the middle of everything."""
        self.send(commands.ApplySite(site=SITES[site], request_id=request_id))
