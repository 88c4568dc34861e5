"""Who was found there for a kind of work is not looked for again."""

from collections.abc import Iterator

import pytest

from routing.core.commands import PutAgents, RemoveAgents, SetPresence
from routing.core.cover import Floor, Found, Kind
from routing.model.admission import AgentState
from routing.model.agent import Presence
from routing.model.ids import AgentId
from tests.builders import a_queue, a_site, an_agent, an_empty_rule, an_interaction
from tests.routing.core.desk import Desk, a_desk

OFFLINE = (AgentState.OFFLINE,)
CALLS = Kind("main", "voice", ())


class Watched(Floor):
    """A floor that notes each time everybody is looked at."""

    looks: list[Kind] = []  # noqa: RUF012 - a named tuple holds no more fields; the fixture empties it

    def witness(self, kind: Kind, away: tuple[AgentState, ...]) -> AgentId | None:
        """Look, and note it."""
        self.looks.append(kind)
        return super().witness(kind, away)


@pytest.fixture(autouse=True)
def nothing_noted() -> Iterator[None]:
    """Each test notes for itself."""
    Watched.looks.clear()
    yield
    Watched.looks.clear()


def a_door() -> Desk:
    """A queue that turns away where everybody is offline, with two agents."""
    return a_desk(a_site(queues=[a_queue(empty=an_empty_rule(join="offline"))]), an_agent("a1"), an_agent("a2"))


def watched(desk: Desk) -> Watched:
    """The desk's floor."""
    assert desk.state.site is not None
    return Watched(desk.state.site, desk.state)


def test_who_was_found_is_asked_first_and_another_is_looked_for_when_they_go() -> None:
    """Three questions, two looks; an agent who is forgotten is not there either."""
    desk, found = a_door(), Found()
    assert ["a1", "a1"] == [found.witness(watched(desk), CALLS, OFFLINE) for _ in range(2)]
    assert 1 == len(Watched.looks)
    desk.do(SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    assert "a2" == found.witness(watched(desk), CALLS, OFFLINE)
    desk.do(RemoveAgents(agent_ids=("a2",)))
    assert found.witness(watched(desk), CALLS, OFFLINE) is None
    assert 3 == len(Watched.looks)


def test_nobody_stays_nobody_until_an_agent_comes_who_could() -> None:
    """Each agent who changes is looked at by themselves, and the many who do not are not."""
    desk, found = a_door(), Found()
    for agent_id in ("a1", "a2"):
        desk.do(SetPresence(agent_id=agent_id, presence=Presence.OFFLINE))
    assert [None, None] == [found.witness(watched(desk), CALLS, OFFLINE) for _ in range(2)]
    found.follow_agent(watched(desk), desk.state.agents["a1"])
    assert found.witness(watched(desk), CALLS, OFFLINE) is None
    desk.do(SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    assert [CALLS] == found.mistaken(watched(desk))
    found.follow_agent(watched(desk), desk.state.agents["a2"])
    assert "a2" == found.witness(watched(desk), CALLS, OFFLINE)
    assert [] == found.mistaken(watched(desk))
    assert 2 == len(Watched.looks), "one for the first question, one for the check"


def test_only_so_many_answers_are_kept() -> None:
    """Beyond 256 all are forgotten, and looked for again."""
    desk, found = a_door(), Found()
    kinds = [Kind("main", "voice", (), (f"x{number}",)) for number in range(257)]
    for kind in kinds:
        assert found.witness(watched(desk), kind, OFFLINE) is None
    assert 257 == len(Watched.looks)
    found.witness(watched(desk), kinds[256], OFFLINE)
    found.witness(watched(desk), kinds[0], OFFLINE)
    assert 258 == len(Watched.looks)


def test_a_queue_that_turns_away_takes_the_next_as_soon_as_somebody_is_there() -> None:
    """Through the door: two are refused, one agent comes on, and the third waits; so does one after their record was replaced."""
    desk = a_door()
    for agent_id in ("a1", "a2"):
        desk.do(SetPresence(agent_id=agent_id, presence=Presence.OFFLINE))
    for name in ("i1", "i2"):
        desk.enqueue(an_interaction(name))
    desk.do(SetPresence(agent_id="a2", presence=Presence.NOT_READY))
    desk.enqueue(an_interaction("i3"))
    desk.do(PutAgents(agents=(an_agent("a2", channels="chat:1"),)))
    desk.enqueue(an_interaction("i4"))
    desk.do(PutAgents(agents=(an_agent("a2"),)))
    desk.enqueue(an_interaction("i5"))
    assert ["i3", "i5"] == list(desk.state.interactions)
