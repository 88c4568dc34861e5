"""Pauses, limits and shifts keep pairs apart under every policy, and nobody waits longer for them than they last."""

from routing.core.commands import ApplySite, EndExternalWork, PauseAgent, PutCommitments, RemoveAgents, StartExternalWork, UnpauseAgent
from routing.model.agent import Commitment
from routing.model.queue import AssignmentLimit
from routing.model.site import ShiftRule
from routing.policy.moments import moment
from routing.policy.presets.builtin import LEAST_COST
from routing.policy.queue_gate import QueueGate
from tests.builders import CHAT, VOICE, a_channel, a_queue, a_rule, a_site, an_agent, an_interaction, an_urgency
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

MINUTE = 60_000


def a_floor_with_shifts(**override: int) -> Floor:
    """Calls take three minutes, half a minute of overtime is tolerated, and two agents have commitments in front of them."""
    site = a_phone_site(
        queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0, expected_handling_ms=3 * MINUTE)],
        rules=[a_rule("red", when="type=red", urgency=an_urgency(class_rank=5)), a_rule()],
        shift_rule=ShiftRule(tolerance_ms=30_000, **override),
    )
    return a_floor(site, *callers("", ""))


def remedy(floor: Floor, agent_id: str, interaction_id: str = "i1") -> tuple[str, str]:
    """Why an agent is out, and what would change it."""
    standings = floor.router.explain(interaction_id, floor.now).standings
    return next((one.excluded_by, one.remedy) for one in standings if one.agent_id == agent_id)


def test_no_work_is_begun_that_would_last_beyond_the_tolerance_into_a_commitment() -> None:
    """Two and a half minutes before it the last call begins; the record says why the other agent was out."""
    floor = a_floor_with_shifts()
    start = floor.now
    floor.do(PutCommitments(agent_id="a1", commitments=(Commitment(starts_at=start + 5 * MINUTE),)))
    floor.wait(2 * MINUTE + 30_000)
    floor.enqueue(an_interaction("i1"))
    assert {"i1": ["a1"]} == floor.offered
    floor.accept("i1")
    floor.end("i1")
    floor.now += 1
    floor.enqueue(an_interaction("i2"))
    assert {"i2": ["a2"]} == floor.offered
    assert ("shift", 1) in floor.decisions["i2"].excluded
    assert ("shift", f"is expected elsewhere at {moment(start + 5 * MINUTE)}, before this would be over") == remedy(floor, "a1", "i2")


def test_after_a_break_work_comes_at_once() -> None:
    """Its end is a deadline: what waited for it needs no other event."""
    floor = a_floor_with_shifts()
    pauses = (Commitment(starts_at=floor.now + MINUTE, ends_at=floor.now + 10 * MINUTE), Commitment(starts_at=floor.now + 60 * MINUTE))
    for agent_id in ("a1", "a2"):
        floor.do(PutCommitments(agent_id=agent_id, commitments=pauses))
    floor.enqueue(an_interaction("i1"))
    floor.wait(10 * MINUTE - 1)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i1": ["a1"]} == floor.offered


def test_a_class_may_override_and_a_queue_may_expect_nothing() -> None:
    """Red goes to whoever is there; a queue without an expected handling never thinks of shifts."""
    floor = a_floor_with_shifts(override_class_rank=5)
    for agent_id in ("a1", "a2"):
        floor.do(PutCommitments(agent_id=agent_id, commitments=(Commitment(starts_at=floor.now),)))
    floor.enqueue(an_interaction("i1"), an_interaction("i2", type="red"))
    assert {"i2": ["a1"]} == floor.offered
    floor.do(ApplySite(site=a_phone_site(shift_rule=ShiftRule(tolerance_ms=0))))
    assert {"i1": ["a2"], "i2": ["a1"]} == floor.offered


def test_a_paused_agent_takes_other_work_and_is_back_at_once() -> None:
    """The pause is of one queue; what waits there for them is offered when they are unpaused."""
    site = a_phone_site(queues=[a_queue("main"), a_queue("other")], rules=[a_rule("sales", when="type=sales"), a_rule(queue="other")])
    floor = a_floor(site, *callers(""))
    floor.do(PauseAgent(agent_id="a1", queue_id="main", reason="training"))
    floor.enqueue(an_interaction("i1"))
    assert ("paused", "is paused in main (training); would have to be unpaused there") == remedy(floor, "a1")
    floor.enqueue(an_interaction("i2", type="other"))
    assert {"i2": ["a1"]} == floor.offered
    assert ("paused", 1) not in floor.decisions["i2"].excluded
    floor.accept("i2")
    floor.end("i2")
    floor.wait(10_000)
    floor.do(UnpauseAgent(agent_id="a1", queue_id="main"))
    assert {"i1": ["a1"]} == floor.offered


def test_at_the_limit_others_are_asked_and_the_pair_opens_by_itself() -> None:
    """One call in ten minutes for each agent, under a policy with windows."""
    limit = AssignmentLimit(count=1, window_ms=10 * MINUTE)
    queue = a_queue(wrap_up_limit_ms=0, missed_threshold=0, assignment_limit=limit)
    floor = a_floor(a_phone_site(queues=[queue], policy=LEAST_COST), *callers("", ""))
    start = floor.now
    for number in (1, 2):
        floor.enqueue(an_interaction(f"i{number}"))
        floor.wait(1_000)
        floor.accept(f"i{number}")
        floor.end(f"i{number}")
    assert {"a1", "a2"} == {row.agent.id for row in floor.router.state.agents.values() if row.limited_until}
    floor.enqueue(an_interaction("i3"))
    floor.wait(2_000)
    until = floor.router.state.agents["a1"].limited_until["main"]
    assert ("rate", f"was given as much of main as it allows; may be offered more at {moment(until)}") == remedy(floor, "a1", "i3")
    opening = [change for change in floor.router.explain("i3", floor.now).coming if change.what == "assignment_limit"]
    assert [(change.at, change.opens, change.text) for change in opening if change.agent_id == "a1"] == [
        (until, ("a1",), "a1 may be given more of queue main")
    ]
    floor.wait(until - floor.now)
    assert {} == floor.offered
    floor.wait(1_000)
    assert {"i3": ["a1"]} == floor.offered
    assert start + 1_000 + 10 * MINUTE == until


def test_interruptible_work_leaves_room_and_says_so() -> None:
    """Full of emails an agent is still offered a call, and nothing else; while it rings nothing at all."""
    channels = [VOICE, CHAT, a_channel("email", is_live=False, capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))]
    site = a_site(channels=channels, queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0)])
    floor = a_floor(site, an_agent(channels="voice:1 chat:2 email:2"))
    floor.enqueue(an_interaction("m1", channel="email"), an_interaction("m2", channel="email"))
    floor.accept("m1")
    floor.accept("m2")
    floor.enqueue(an_interaction("chat", channel="chat"))
    assert ("capacity", "has 0 of 100 left; chat needs 30") == remedy(floor, "a1", "chat")
    floor.enqueue(an_interaction("call"))
    assert {"call": ["a1"]} == floor.offered
    assert ("capacity", "is being offered something for which other work will be set aside") == remedy(floor, "a1", "chat")
    floor.accept("call")
    floor.end("call")
    assert ["m1", "m2"] == sorted(floor.router.state.agents["a1"].work)
    assert {} == floor.router.state.agents["a1"].set_aside
    floor.end("m1")
    assert {"chat": ["a1"]} == floor.offered


def test_an_agent_with_room_beside_what_is_set_aside_keeps_it_for_that() -> None:
    """A call of 60 interrupted an email of 100: the 40 left are the email's, and a chat gets them only if it may interrupt, too."""
    for by in (("voice",), ("voice", "chat")):
        channels = [a_channel("voice", capacity_cost=60), CHAT, a_channel("email", is_live=False, interruptible_by=by)]
        floor = a_floor(a_site(channels=channels), an_agent(channels="voice:1 chat:2 email:1"))
        floor.enqueue(an_interaction("mail", channel="email"))
        floor.accept("mail")
        floor.enqueue(an_interaction("call"))
        floor.accept("call")
        floor.enqueue(an_interaction("chat", channel="chat"))
        assert ({"chat": ["a1"]} if "chat" in by else {}) == floor.offered


def test_an_email_taken_opens_the_agent_for_the_call_that_waits() -> None:
    """As an offer it kept its room; as work it may be interrupted."""
    channels = [VOICE, a_channel("email", is_live=False, interruptible_by=("voice",))]
    floor = a_floor(a_site(channels=channels), an_agent(channels="voice:1 email:1"))
    floor.enqueue(an_interaction("mail", channel="email"), an_interaction("call"))
    assert {"mail": ["a1"]} == floor.offered
    floor.accept("mail")
    assert {"call": ["a1"]} == floor.offered


def test_work_of_their_own_keeps_an_agent_from_more_and_its_end_brings_it() -> None:
    """A call that the router did not route."""
    floor = a_floor(a_phone_site(), *callers(""))
    floor.do(StartExternalWork(agent_id="a1", work_id="own", channel="voice"))
    floor.enqueue(an_interaction("i1"))
    assert {} == floor.offered
    floor.do(EndExternalWork(agent_id="a1", work_id="own"))
    assert {"i1": ["a1"]} == floor.offered


def test_gates_follow_agents_who_move_and_tables_that_grow() -> None:
    """Thirty agents, every third paused; the first leaves, others come, and each still is where they were."""
    site = a_phone_site(queues=[a_queue("main"), a_queue("other")], rules=[a_rule()])
    floor = a_floor(site, *callers(*[""] * 12))
    for number in (1, 4, 12):
        floor.do(PauseAgent(agent_id=f"a{number}", queue_id="main"))
    floor.staff(*(an_agent(f"b{number}", channels="voice:1") for number in range(20)))
    floor.do(PauseAgent(agent_id="b19", queue_id="other"))
    floor.enqueue(an_interaction("i0"))
    for agent_id in ("a1", "b19", "a12"):
        floor.do(RemoveAgents(agent_ids=(agent_id,)))
    floor.enqueue(*(an_interaction(f"i{number}") for number in range(1, 40)))
    offered = [agent for agents in floor.offered.values() for agent in agents]
    assert sorted({row.agent.id for row in floor.router.state.agents.values()} - {"a4"}) == sorted(offered)


def test_a_gate_nobody_was_shut_out_of_holds_no_places() -> None:
    """Moving and growing cost nothing then; shut and open again leaves nobody counted."""
    gate = QueueGate(("main", "other"))
    gate.grow(64)
    gate.move(3, 1)
    gate.put(0, (), capacity=64)
    assert (2, 0) == gate.is_open.shape
    gate.put(5, ("main",), capacity=64)
    gate.put(6, ("other",), capacity=64)
    gate.move(6, 5)
    assert (1, [True, False], [True, True]) == (len(gate.shut), gate.is_open[:, 5].tolist(), gate.is_open[:, 6].tolist())
    gate.put(5, (), capacity=64)
    assert (0, True) == (len(gate.shut), bool(gate.is_open.all()))
