"""What the state keeps of an agent's past, and the scorers that ask for it."""

import pytest

from routing.core.commands import AbandonInteraction, ApplySite, EndHandling, EndWrapUp, FailConnect, PutAgents, SetPresence
from routing.model.agent import Presence
from routing.model.site import IdleClock, PolicySpec
from tests.builders import CHAT, VOICE, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

SECOND_MS = 1_000


def a_call(floor: Floor, name: str, talk_s: int = 0, wrap_up_s: int = 0) -> str:
    """A call arrives, is taken, talked about and wrapped up; the agent who had it."""
    floor.enqueue(an_interaction(name))
    ((_, (agent_id,)),) = floor.offered.items()
    floor.accept(name)
    floor.wait(talk_s * SECOND_MS)
    floor.do(EndHandling(interaction_id=name))
    floor.wait(wrap_up_s * SECOND_MS)
    if name in floor.router.state.interactions:
        floor.do(EndWrapUp(interaction_id=name))
    return agent_id


def a_floor_with(scorers: str, *skills: str, wrap_up_ms: int = 60_000, **policy: object) -> Floor:
    """A phone floor with such scorers."""
    site = a_phone_site(policy=a_policy(scorers=scorers, **policy), queues=[a_queue(wrap_up_limit_ms=wrap_up_ms, missed_threshold=0)])
    return a_floor(site, *callers(*skills))


def test_handling_and_wrap_up_are_credited_when_the_interaction_leaves_the_agent() -> None:
    """Ten seconds of talk and five of wrap-up; a connection that fails counts as far as it went, and no accept is taken back."""
    floor = a_floor_with("", "")
    a_call(floor, "i1", talk_s=10, wrap_up_s=5)
    row = floor.router.state.agents["a1"]
    assert (1, 10_000, 15_000, {"main": 15_000}) == (row.accepted, row.talk_ms, row.worked_ms, row.worked_by_queue)
    floor.enqueue(an_interaction("i2"))
    floor.accept("i2")
    floor.wait(3_000)
    assert (10_000, 15_000) == (row.talk_ms, row.worked_ms)
    floor.do(FailConnect(interaction_id="i2", reason=""))
    assert (2, 13_000, 18_000) == (row.accepted, row.talk_ms, row.worked_ms)
    assert floor.router.state.interactions["i2"].handled_since is None


def test_time_on_the_floor_is_all_but_offline() -> None:
    """A break counts, being away does not; coming on twice begins nothing anew."""
    floor = a_floor_with("", "")
    row = floor.router.state.agents["a1"]
    began = floor.now
    floor.wait(10_000)
    floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY, reason="break"))
    assert (0, began) == (row.staffed_ms, row.staffed_since)
    floor.wait(5_000)
    floor.do(SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    assert (15_000, None) == (row.staffed_ms, row.staffed_since)
    floor.wait(100_000)
    floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    assert (15_000, floor.now) == (row.staffed_ms, row.staffed_since)


def test_a_queue_that_leaves_the_site_takes_its_turn_along() -> None:
    """What no queue asks for any more is not kept."""
    rules = [a_rule("b", when="type=b", queue="b"), a_rule(queue="a")]
    floor = a_floor(
        a_phone_site(queues=[a_queue("a", wrap_up_limit_ms=0), a_queue("b", wrap_up_limit_ms=0)], rules=rules), *callers("", "")
    )
    floor.enqueue(an_interaction("one"), an_interaction("two", type="b"))
    assert {"a": 1, "b": 2} == floor.router.state.turns
    floor.accept("one")
    floor.accept("two")
    floor.end("one")
    floor.end("two")
    floor.do(ApplySite(site=a_phone_site(queues=[a_queue("b")], rules=[a_rule(queue="b")])))
    assert {"b": 2} == floor.router.state.turns


def test_the_fewest_accepted_go_first() -> None:
    """Two calls each for the first two, none for the one who came last, who has the next three."""
    floor = a_floor_with("fewest_calls:1", "", "")
    assert ["a1", "a2", "a1", "a2"] == [a_call(floor, f"i{number}") for number in range(4)]
    floor.staff(an_agent("a3", skills="", channels="voice:1"))
    assert ["a3", "a3"] == [a_call(floor, f"n{number}") for number in range(2)]
    assert "a1" == a_call(floor, "last")


def test_the_least_talk_goes_first_and_wrap_up_is_no_talk() -> None:
    """a1 talked 5 s and wrapped up 50, a2 talked 6: the first one."""
    floor = a_floor_with("least_talk:1", "", "")
    assert ["a1", "a2", "a1"] == [a_call(floor, "i1", 5, 50), a_call(floor, "i2", 6), a_call(floor, "i3")]


def test_the_lowest_share_of_time_at_work_goes_first() -> None:
    """a1 worked 50 of 110 s; a2, on for 10 s, worked 5: the shares are 454 and 500 per mille."""
    floor = a_floor_with("lowest_occupancy:1", "")
    a_call(floor, "i1", 50)
    floor.wait(50_000)
    floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    floor.staff(an_agent("a2", skills="", channels="voice:1"))
    a_call(floor, "i2", 5)
    floor.wait(5_000)
    floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    floor.enqueue(an_interaction("i3"))
    assert {"i3": ["a1"]} == floor.offered
    assert (("lowest_occupancy", 454),) == floor.decisions["i3"].best[0].terms
    assert (("lowest_occupancy", 500),) == floor.decisions["i3"].best[1].terms


def test_an_allotted_share_is_worked_off() -> None:
    """a1 is allotted 100 %, a2 half of that: of nine calls of 10 s, a1 has six."""
    floor = a_floor_with("percent_allocation:1", "allocation.main:100", "allocation.main:50")
    had = [a_call(floor, f"i{number}", 10) for number in range(9)]
    assert (6, 3) == (had.count("a1"), had.count("a2"))
    assert ["a1", "a2", "a1"] == had[:3]


def test_an_agent_without_a_share_has_all_of_it_and_none_counts_as_one_per_cent() -> None:
    """10 s of work cost 10 without the attribute, 1000 at 0 per cent."""
    floor = a_floor_with("percent_allocation:1", "", "allocation.main:0")
    a_call(floor, "i1", 10)
    a_call(floor, "i2", 10)
    floor.enqueue(an_interaction("i3"))
    assert [("a1", 10), ("a2", 1_000)] == [(one.id, one.terms[0][1]) for one in floor.decisions["i3"].best]


def test_the_round_goes_on_behind_whoever_was_offered_last() -> None:
    """Also over one who declined, and each queue has a round of its own."""
    rules = [a_rule("b", when="type=b", queue="b"), a_rule(queue="a")]
    queues = [a_queue(name, wrap_up_limit_ms=0, declined_ms=0) for name in ("a", "b")]
    site = a_phone_site(policy=a_policy(scorers="round_robin:1"), queues=queues, rules=rules)
    floor = a_floor(site, *callers("", "", ""))

    def turn_of(name: str, kind: str = "any") -> str:
        floor.enqueue(an_interaction(name, type=kind))
        ((_, (agent_id,)),) = floor.offered.items()
        floor.accept(name)
        floor.end(name)
        return agent_id

    assert ["a1", "a2", "a3", "a1"] == [turn_of(f"i{number}") for number in range(4)]
    assert ["a1", "a2"] == [turn_of(f"b{number}", "b") for number in range(2)]
    assert "a2" == turn_of("i4")


@pytest.mark.parametrize(
    ("clock", "first"),
    [
        (IdleClock.SINCE_FREE, "a2"),
        (IdleClock.SINCE_WORKED, "a1"),
        (IdleClock.SINCE_ASSIGNED, "a1"),
        (IdleClock.SINCE_OFFERED, "a2"),
        (IdleClock.NONE, "a1"),
    ],
)
def test_each_idle_clock_counts_from_its_own_instant(clock: IdleClock, first: str) -> None:
    """a1 worked first, missed an offer and came back; a2 worked second."""
    floor = a_floor_with("", "", "", wrap_up_ms=0, idle_clock=clock)
    floor.wait(1_000)
    floor.enqueue(an_interaction("one", needs="x!=1"), an_interaction("two"))
    by_agent = {agents[0]: name for name, agents in floor.offered.items()}
    for agent_id in ("a1", "a2"):
        floor.accept(by_agent[agent_id])
    for agent_id in ("a1", "a2"):
        floor.wait(1_000)
        floor.end(by_agent[agent_id])
    floor.do(PutAgents(agents=(an_agent("a1", skills="only:1", channels="voice:1"),)))
    floor.enqueue(an_interaction("missed", needs="only==1"))
    floor.wait(20_000)
    floor.do(AbandonInteraction(interaction_id="missed"))
    floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    floor.wait(1_000)
    floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    floor.enqueue(an_interaction("next"))
    assert {"next": [first]} == floor.offered


def test_whoever_never_worked_is_idle_longest_since_work() -> None:
    """However late they came."""
    floor = a_floor_with("", "", wrap_up_ms=0, idle_clock=IdleClock.SINCE_WORKED)
    a_call(floor, "i1")
    floor.wait(1_000_000)
    floor.staff(an_agent("a2", skills="", channels="voice:1"))
    floor.enqueue(an_interaction("next"))
    assert {"next": ["a2"]} == floor.offered


def test_the_most_free_capacity_goes_first() -> None:
    """Free budget is counted in units, not as a share: 100 free of 250 before 80 of 100."""
    policy: PolicySpec = a_policy(scorers="most_free_capacity:1")
    floor = a_floor(a_site(policy=policy, queues=[a_queue(wrap_up_limit_ms=0)], rules=[a_rule()], channels=[VOICE, CHAT]))
    floor.staff(
        an_agent("small", skills="", channels="chat:9", capacity=100), an_agent("large", skills="", channels="chat:9", capacity=170)
    )
    order = []
    for number in range(4):
        floor.enqueue(an_interaction(f"i{number}", channel="chat"))
        order += floor.offered[f"i{number}"]
        floor.accept(f"i{number}")
    assert ["large", "large", "large", "small"] == order
