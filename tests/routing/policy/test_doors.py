"""The doors: presence, channel and capacity in one answer, which is what the three say one after the other."""

import numpy as np
import pytest

from routing.core.commands import AcceptOffer, PutAgents, SetPresence
from routing.model.agent import Presence
from routing.policy.arrays import IntArray
from routing.policy.eligible import find_eligible
from routing.policy.filters import DOORS, doors
from routing.policy.pipeline import Block
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_site, an_agent, an_interaction
from tests.routing.policy.floor import Floor, a_floor


def a_busy_floor() -> Floor:
    """Agents of every kind, some of them away, some busy on one of their channels or on all, and seven interactions that wait."""
    floor = a_floor(a_site(policy=a_policy(match_interval_ms=1_000)))
    channels = ("voice:1 chat:2", "chat:1", "email:2", "voice:2 email:1")
    agents = [an_agent(f"a{number:02}", channels=channels[number % 4], capacity=100 if number % 5 else 40) for number in range(16)]
    floor.do(PutAgents(agents=tuple(agents)))
    for number, agent in enumerate(agents):
        if number % 3:
            floor.do(SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))
    floor.enqueue(*(an_interaction(f"b{number}", channel=("voice", "chat", "email")[number % 3]) for number in range(6)))
    floor.wait(1_000)
    for offers in list(floor.router.state.offers):
        floor.do(AcceptOffer(offer_id=offers))
    for agent in agents[:4]:
        floor.do(SetPresence(agent_id=agent.id, presence=Presence.NOT_READY))
    floor.enqueue(*(an_interaction(f"i{number}", channel=("voice", "chat", "email")[number % 3]) for number in range(7)))
    return floor


@pytest.mark.parametrize("places", [None, [3], [4], [11, 0, 5, 9, 14]])
@pytest.mark.parametrize("rows", [[0], [2], [1, 3, 6], [0, 1, 2, 3, 4, 5, 6]])
def test_three_filters_in_one_answer(rows: list[int], places: list[int] | None) -> None:
    """The same cells stay, and each filter takes out as many as it would by itself after those before it."""
    columns = a_busy_floor().columns()
    agents: IntArray | None = None if places is None else np.array(places)
    block = Block(columns, np.array(rows), agents, 0)
    left = np.ones((len(rows), block.width), dtype=np.bool_)
    gone = []
    for keeps in DOORS:
        kept = keeps(block)
        assert kept is not None
        gone.append(int(np.count_nonzero(left & ~kept)))
        left &= kept
    answer, counted = doors(block)
    assert left.tolist() == np.broadcast_to(answer, left.shape).tolist()
    assert gone == list(counted)


def test_the_floor_has_something_for_each_of_them() -> None:
    """Otherwise the comparison would say little."""
    columns = a_busy_floor().columns()
    _, gone = doors(Block(columns, np.arange(7), None, 0))
    assert 0 < min(gone)


def test_a_policy_in_another_order_is_asked_one_by_one() -> None:
    """The short cut is for the order that every policy of ours has; another finds the same pairs, and counts in its own order."""
    orders = (("presence", "channel", "capacity", "skill", "declined"), ("capacity", "presence", "channel", "skill", "declined"))
    usual, other = (default_registry().build(a_policy(filters=names)) for names in orders)
    assert (True, False) == (usual.has_doors, other.has_doors)
    floor = a_busy_floor()
    blocks = (Block(floor.columns(), np.arange(7), None, floor.now),)
    first, second = (find_eligible(policy, blocks, floor.now) for policy in (usual, other))
    assert first.problem.interactions.tolist() == second.problem.interactions.tolist()
    assert first.problem.agents.tolist() == second.problem.agents.tolist()
    assert sum(dict(first.excluded).values()) == sum(dict(second.excluded).values())
    assert dict(first.excluded)["capacity"] < dict(second.excluded)["capacity"]
