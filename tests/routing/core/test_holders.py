"""Who holds what: a search looks only at the holders of the scarcest attribute, and finds whom a search among all would find."""

import pytest

from routing.core import commands
from routing.core.attendance import Wanted
from routing.core.decide.ladders import candidates
from routing.core.errors import InvariantBroken
from routing.core.invariants import check_state
from routing.core.state import State
from routing.model.agent import Agent
from tests.builders import a_site, an_agent, some_needs
from tests.routing.core.desk import Desk, a_desk

CREW = (
    an_agent("both", skills="sales:5 english:5"),
    an_agent("sales", skills="sales:5"),
    an_agent("english", skills="english:5"),
    an_agent("more english", skills="english:1"),
)


def looked_at(state: State, needs: str) -> list[str]:
    """The agents who are asked, in the order in which they are."""
    return [agent.id for agent, _ in candidates(state, Wanted("voice", some_needs(needs)))]


def a_floor(*agents: Agent) -> Desk:
    """Nobody is asked for on it: the index is read when a test asks."""
    return a_desk(a_site(), *agents)


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ("sales>=9", ["both", "sales"]),
        ("english>=1 sales>=9", ["both", "sales"]),
        ("english<=9", ["both", "english", "more english"]),
        ("german>=1 english>=1", []),
        ("sales!=5", ["both", "sales", "english", "more english"]),
        ("sales>=1:prefer", ["both", "sales", "english", "more english"]),
        ("sales!=5 english>=1", ["both", "english", "more english"]),
    ],
)
def test_only_the_holders_of_the_scarcest_attribute_are_looked_at(needs: str, expected: list[str]) -> None:
    """Who lacks an attribute meets nothing but "is not"; a preference excludes nobody."""
    assert expected == looked_at(a_floor(*CREW).state, needs)


def test_the_index_follows_the_agents() -> None:
    """Registered, changed and removed after the first question, which read everybody."""
    desk = a_floor(*CREW)
    assert ["both", "sales"] == looked_at(desk.state, "sales>=1")
    desk.do(commands.PutAgents(agents=(an_agent("both", skills="english:5"), an_agent("new", skills="sales:1 german:2"))))
    desk.do(commands.RemoveAgents(agent_ids=("sales",)))
    assert ["new"] == looked_at(desk.state, "sales>=1")
    assert ["new"] == looked_at(desk.state, "german>=1")
    assert ["english", "more english", "both"] == looked_at(desk.state, "english>=1")
    desk.do(commands.RemoveAgents(agent_ids=("new",)))
    assert [] == looked_at(desk.state, "german>=1")
    check_state(desk.state)


def test_an_index_that_differs_from_the_rows_is_named() -> None:
    """As when somebody changed a row and told nobody."""
    desk = a_floor(*CREW)
    looked_at(desk.state, "sales>=1")
    desk.state.agents["sales"].agent = an_agent("sales", skills="english:1")
    with pytest.raises(InvariantBroken, match="who holds which attributes"):
        check_state(desk.state)
