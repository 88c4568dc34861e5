"""Behaviour cases: what keeps agents from work besides presence, and for how long."""

import pytest

from routing.core.commands import EndExternalWork, StartExternalWork, UnpauseAgent
from routing.core.events import HandlingEnded
from routing.model.queue import AssignmentLimit, MissedOfferScope
from routing.policy.presets.builtin import LONGEST_IDLE
from tests.builders import a_queue, a_rule, an_agent, an_interaction
from tests.cases.centers import MINUTE_MS, SECOND_MS, a_default_site
from tests.routing.policy.floor import a_floor, a_phone_site, callers


@pytest.mark.parametrize(("counts", "place"), [(True, 3), (False, 2)])
def test_at_13_a_call_of_their_own_counts_for_the_idle_clock_or_does_not(counts: bool, place: int) -> None:
    """Joe is third of four by idle time, and telephones for ten minutes: he is last, or still where he was."""
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE), *(an_agent(name, channels="voice:1") for name in ("ann", "bob", "joe", "kim")))
    floor.do(StartExternalWork(agent_id="joe", work_id="own", channel="voice", is_assignment=counts))
    floor.enqueue(an_interaction("early"))
    assert {"early": ["ann"]} == floor.offered
    floor.accept("early")
    floor.wait(10 * MINUTE_MS)
    floor.do(EndExternalWork(agent_id="joe", work_id="own"))
    floor.enqueue(*(an_interaction(f"i{number}") for number in range(1, 4)))
    called = [agent for agents in floor.offered.values() for agent in agents]
    assert place == called.index("joe") + 1
    assert ["bob", "kim"] == [name for name in called if name != "joe"]


def test_at_60_a_missed_offer_pauses_the_agent_in_that_queue_only() -> None:
    """The consequence "here": calls of the second queue still come, and those of the first once the agent is unpaused."""
    queues = [a_queue("a", missed_scope=MissedOfferScope.QUEUE, expired_ms=0, wrap_up_limit_ms=0), a_queue("b", wrap_up_limit_ms=0)]
    site = a_default_site(queues=queues, rules=[a_rule("b", when="type=b", queue="b"), a_rule(queue="a")])
    floor = a_floor(site, *callers(""))
    floor.enqueue(an_interaction("missed"))
    floor.wait(15 * SECOND_MS)
    assert {} == floor.offered
    floor.enqueue(an_interaction("i1", type="b"))
    assert {"i1": ["a1"]} == floor.offered
    floor.accept("i1")
    floor.end("i1")
    assert {} == floor.offered
    floor.do(UnpauseAgent(agent_id="a1", queue_id="a"))
    assert {"missed": ["a1"]} == floor.offered


@pytest.mark.parametrize(
    ("agent_s", "queue_s", "cap_s", "expected_s"),
    [(None, 30, None, 30), (45, 30, None, 45), (45, 30, 20, 20)],
    ids=["queue", "agent", "cap"],
)
def test_at_61_wrap_up_of_the_agent_before_that_of_the_queue_with_a_cap(
    agent_s: int | None, queue_s: int, cap_s: int | None, expected_s: int
) -> None:
    """An agent of 45 s in a queue of 30 s wraps up for 45; under a cap of 20 s for 20. Another queue's calls wait as long."""
    queues = [
        a_queue("a", wrap_up_limit_ms=queue_s * SECOND_MS, wrap_up_cap_ms=None if cap_s is None else cap_s * SECOND_MS),
        a_queue("b", wrap_up_limit_ms=0),
    ]
    site = a_default_site(queues=queues, rules=[a_rule("b", when="type=b", queue="b"), a_rule(queue="a")])
    own_ms = None if agent_s is None else agent_s * SECOND_MS
    floor = a_floor(site, an_agent(channels="voice:1", wrap_up_limit_ms=own_ms))
    floor.enqueue(an_interaction("first"))
    floor.accept("first")
    (ended,) = [event for event in floor.end("first") if isinstance(event, HandlingEnded)]
    assert floor.now + expected_s * SECOND_MS == ended.wrap_up_until
    floor.enqueue(an_interaction("next", type="b"))
    floor.wait(expected_s * SECOND_MS - 1)
    assert {} == floor.offered
    floor.wait(1)
    assert {"next": ["a1"]} == floor.offered


def test_at_74_at_most_so_many_assignments_a_window_by_agent_and_queue() -> None:
    """Two in ten minutes: the third goes to the other agent, the other queue still reaches the first, and the pair opens by itself."""
    limit = AssignmentLimit(count=2, window_ms=10 * MINUTE_MS)
    queues = [a_queue("a", wrap_up_limit_ms=0, assignment_limit=limit), a_queue("b", wrap_up_limit_ms=0)]
    site = a_default_site(queues=queues, rules=[a_rule("b", when="type=b", queue="b"), a_rule(queue="a")])
    floor = a_floor(site, *callers("star:9"))
    for name in ("i1", "i2"):
        floor.enqueue(an_interaction(name))
        floor.accept(name)
        floor.wait(MINUTE_MS)
        floor.end(name)
    floor.enqueue(an_interaction("i3"))
    assert {} == floor.offered
    floor.enqueue(an_interaction("other", type="b"))
    assert {"other": ["a1"]} == floor.offered
    floor.accept("other")
    floor.end("other")
    floor.wait(8 * MINUTE_MS - 1)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i3": ["a1"]} == floor.offered
