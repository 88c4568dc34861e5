"""The one door: matching at once and in windows, several live offers, restarts, and equal answers in every process."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from routing.core.canonical import plain, state_digest
from routing.core.commands import AcceptOffer, ApplySite, DeclineOffer, EnqueueInteraction, PutAgents, SetPresence, Tick
from routing.core.errors import CommandRefused, InvariantBroken, RefusalReason
from routing.core.events import OfferExpired, OfferMade, OfferWithdrawn, Recorded, WindowClosed
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.site import IdleClock, PolicySpec
from routing.policy.arrays import BoolArray
from routing.policy.pipeline import Block
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_queue, a_rule, a_site, a_step, an_agent, an_interaction, an_urgency
from tests.routing.policy.floor import START, Floor, a_floor, a_phone_site, callers

# ---- the law of time ----


def test_commands_wait_for_overdue_deadlines_and_time_never_runs_back() -> None:
    """Both are refused by name, and nothing changes; a tick may come late."""
    floor = a_floor(a_phone_site(), *callers(""))
    floor.enqueue(an_interaction())
    before = state_digest(floor.router.state)
    for command, now, reason in (
        (AcceptOffer(offer_id="offer-1"), floor.now + 15_000, RefusalReason.DEADLINE_OVERDUE),
        (AcceptOffer(offer_id="offer-1"), floor.now - 1, RefusalReason.TIME_RAN_BACK),
        (Tick(), floor.now - 1, RefusalReason.TIME_RAN_BACK),
    ):
        with pytest.raises(CommandRefused) as refused:
            floor.router.handle(command, now)
        assert (reason, "now") == (refused.value.reason, refused.value.field)
        assert before == state_digest(floor.router.state)
    (expired, *_) = floor.router.handle(Tick(), floor.now + 20_000)
    assert isinstance(expired.event, OfferExpired)
    assert (floor.now + 20_000, floor.now + 15_000) == (expired.at, expired.event.due_at)


def test_an_extra_tick_says_nothing() -> None:
    """With and without a window, before and after a match."""
    for interval in (0, 1_000):
        floor = a_floor(a_phone_site(policy=a_policy(match_interval_ms=interval)), *callers("", "x:1"))
        floor.enqueue(an_interaction("i1"), an_interaction("i2", needs="y>=1"))
        assert () == floor.router.handle(Tick(), floor.now)
        floor.wait(5_000)
        assert () == floor.router.handle(Tick(), floor.now)


def test_the_first_command_must_be_a_site() -> None:
    """Everything else is refused, and a tick has nothing to do."""
    router = Router(default_registry())
    assert () == router.handle(Tick(), START)
    assert router.next_deadline() is None
    for command in (PutAgents(agents=()), EnqueueInteraction(interaction=an_interaction())):
        with pytest.raises(CommandRefused) as refused:
            router.handle(command, START)
        assert RefusalReason.NO_SITE == refused.value.reason


# ---- two agents, two calls: worked out by hand ----


@pytest.mark.parametrize(
    ("policy", "total_wait_s"),
    [
        (a_policy(scorers="", idle_clock=IdleClock.SINCE_FREE), 9),
        (a_policy(scorers="fewest_skills:1000"), 0),
        (a_policy(scorers="fewest_skills:1000", assigner="min_cost_flow", match_interval_ms=1_001), 1),
    ],
)
def test_two_agents_and_two_calls(policy: PolicySpec, total_wait_s: int) -> None:
    """A1 {x, y} is idle longer than A2 {x}. Call 1 needs x and comes at 0 s, call 2 needs y and comes at 1 s; each lasts ten seconds.

    Longest idle gives call 1 to A1, so that call 2 waits from 1 to 10: nine. Specialists first gives call 1 to A2: none. A window of just
    over a second sees both and places both, call 1 after one second.
    """
    floor = a_floor(a_phone_site(policy=policy), *callers("x:5 y:5", "x:5"))
    floor.wait(30_000)
    start = floor.now
    calls = {"c1": ("x>=1", start), "c2": ("y>=1", start + 1_000)}
    waits: dict[str, int] = {}
    until: dict[str, int] = {}
    for now in range(start, start + 15_000):
        floor.now = now
        floor.do(Tick())
        for name in [name for name, ends_at in until.items() if ends_at == now]:
            floor.end(name)
        for name, (needs, at) in calls.items():
            if at == now:
                floor.enqueue(an_interaction(name, needs=needs))
        for name in list(floor.offered):
            floor.accept(name)
            waits[name] = (now - calls[name][1]) // 1_000
            until[name] = now + 10_000
    assert set(calls) == set(waits)
    assert total_wait_s == sum(waits.values())


# ---- windows ----


def test_a_window_opens_with_the_first_change_and_closes_once() -> None:
    """What comes within it is matched together; its closing is a fact; the next change opens another."""
    policy = a_policy(scorers="fewest_skills:1000", assigner="min_cost_flow", match_interval_ms=2_000)
    floor = a_floor(a_phone_site(policy=policy), *callers("x:5 y:5", "x:5"))
    floor.wait(10_000)
    assert floor.router.next_deadline() is None
    floor.enqueue(an_interaction("c1", needs="x>=1"))
    opened = floor.now
    floor.wait(1_500)
    floor.enqueue(an_interaction("c2", needs="x>=1 y>=1"))
    assert {} == floor.offered
    assert opened + 2_000 == floor.router.next_deadline()
    events = floor.wait(500)
    assert [OfferMade, OfferMade, WindowClosed] == [type(event) for event in events]
    assert {"c1": ["a2"], "c2": ["a1"]} == floor.offered
    assert opened + 2_000 + 15_000 == floor.router.next_deadline()


def test_a_class_that_bypasses_the_window_is_matched_at_once() -> None:
    """The red flag rings while the window is open, and takes an agent whom the window would have used; the others wait for it."""
    rules = [a_rule("red", when="type=red", urgency=an_urgency(class_rank=5)), a_rule("rest")]
    policy = a_policy(match_interval_ms=2_000, bypass_class_rank=5)
    floor = a_floor(a_phone_site(policy=policy, rules=rules), *callers("", ""))
    floor.wait(5_000)
    floor.enqueue(an_interaction("c1"), an_interaction("c2"))
    floor.wait(1_000)
    floor.enqueue(an_interaction("alarm", type="red"))
    assert {"alarm": ["a1"]} == floor.offered
    floor.wait(1_000)
    assert {"alarm": ["a1"], "c1": ["a2"]} == floor.offered


def test_a_freed_agent_goes_to_the_bypassing_class_at_once() -> None:
    """The dirty agent is looked at for that class only; everybody else waits for the window."""
    rules = [a_rule("red", when="type=red", urgency=an_urgency(class_rank=5)), a_rule("rest")]
    policy = a_policy(match_interval_ms=2_000, bypass_class_rank=5)
    floor = a_floor(a_phone_site(policy=policy, rules=rules), *callers(""))
    floor.enqueue(an_interaction("first"))
    floor.wait(5_000)
    floor.accept("first")
    floor.enqueue(an_interaction("c1"), an_interaction("alarm", type="red"), an_interaction("c2"))
    floor.wait(5_000)
    floor.end("first")
    assert {"alarm": ["a1"]} == floor.offered


def test_a_step_into_the_bypassing_class_ends_the_wait_for_the_window() -> None:
    """A timed step raises the class in the middle of a window."""
    rules = [a_rule(steps=[a_step(500, class_rank=5)])]
    policy = a_policy(match_interval_ms=60_000, bypass_class_rank=5)
    floor = a_floor(a_phone_site(policy=policy, rules=rules), *callers(""))
    floor.wait(60_000)
    floor.enqueue(an_interaction())
    floor.wait(499)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i1": ["a1"]} == floor.offered


def test_taking_the_window_away_matches_what_it_held() -> None:
    """A site without a window decides at once whatever was waiting for one to close."""
    site = a_phone_site(policy=a_policy(match_interval_ms=60_000))
    floor = a_floor(site, *callers(""))
    floor.enqueue(an_interaction())
    assert {} == floor.offered
    floor.do(ApplySite(site=replace(site, policy=a_policy())))
    assert {"i1": ["a1"]} == floor.offered
    assert floor.router.state.window_due_at is None


# ---- several live offers ----


def test_ring_all_rings_at_so_many_and_the_first_accept_wins() -> None:
    """Three of four agents ring, the best first; one accepts, the others are free in the same step."""
    site = a_phone_site(queues=[a_queue(max_live_offers=3, wrap_up_limit_ms=0)], policy=a_policy(scorers="skill_fit:1000"))
    floor = a_floor(site, *callers("x:2", "x:9", "x:4", "x:6"))
    floor.enqueue(an_interaction("i1", needs="x>=1"))
    assert {"i1": ["a2", "a4", "a3"]} == floor.offered
    events = floor.do(AcceptOffer(offer_id="offer-2"))
    assert ["a2", "a3"] == [event.agent_id for event in events if isinstance(event, OfferWithdrawn)]
    assert {"a4": 100} == {agent_id: row.used for agent_id, row in floor.router.state.agents.items() if row.used}


def test_first_offers_go_before_further_ones() -> None:
    """Two interactions, three agents, three live offers each: both ring somewhere before one rings twice."""
    site = a_phone_site(queues=[a_queue(max_live_offers=3)])
    floor = a_floor(site)
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    floor.staff(*callers("", "", ""))
    assert {"i1": ["a1", "a3"], "i2": ["a2"]} == floor.offered
    made = [item.event.interaction_id for item in floor.log if isinstance(item.event, OfferMade)]
    assert ["i1", "i2", "i1"] == made


def test_who_refuses_makes_room_for_the_next() -> None:
    """A refused live offer is replaced by another agent, never by the same one within the cooldown."""
    site = a_phone_site(queues=[a_queue(max_live_offers=2, declined_ms=10_000)])
    floor = a_floor(site, *callers("", "", ""))
    floor.enqueue(an_interaction())
    floor.do(DeclineOffer(offer_id="offer-1"))
    assert {"i1": ["a2", "a3"]} == floor.offered
    floor.do(DeclineOffer(offer_id="offer-2"))
    assert {"i1": ["a3"]} == floor.offered
    floor.wait(10_000)
    assert ["a3", "a1"] == floor.offered["i1"]


# ---- preferences, urgency ----


def test_a_preferred_agent_is_worth_what_the_policy_says() -> None:
    """A hundred points at a second each outweigh the idler agent, and not thirty missing levels at ten seconds each."""
    policy = a_policy(scorers="preferred_agent:1000 skill_fit:10000")
    floor = a_floor(a_phone_site(policy=policy), *callers("x:9", "x:9", "x:9"))
    floor.enqueue(an_interaction("i1", needs="x>=1", preferred="a3:100 a2:50"))
    assert {"i1": ["a3"]} == floor.offered
    floor.do(PutAgents(agents=tuple(callers("x:9", "x:1", "x:9"))))
    floor.enqueue(an_interaction("i2", needs="x>=1", preferred="a2:50"))
    assert {"i1": ["a3"], "i2": ["a1"]} == floor.offered


def test_a_freed_agent_takes_the_dearest_wait() -> None:
    """A higher class first, then the older; an interaction nobody can take stands in nobody's way."""
    rules = [a_rule("red", when="type=red", urgency=an_urgency(class_rank=1)), a_rule("rest")]
    floor = a_floor(a_phone_site(rules=rules), *callers("x:5"))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    for name, needs, kind in (("blocked", "rare>=1", "red"), ("old", "", "sales"), ("young", "", "sales"), ("flag", "", "red")):
        floor.now += 10
        floor.enqueue(an_interaction(name, needs=needs, type=kind))
    taken = ["busy"]
    for _ in range(3):
        floor.end(taken[-1])
        (name,) = floor.offered
        floor.accept(name)
        taken.append(name)
    assert ["busy", "flag", "old", "young"] == taken


# ---- restarts ----


def a_long_story(seed: int, policy: PolicySpec, steps: int = 120) -> Floor:
    """Arrivals, answers, refusals, endings and changes of agents, drawn from a seed."""
    rng = np.random.default_rng(seed)
    rules = [
        a_rule("red", when="type=red", urgency=an_urgency(class_rank=2, pressure_weight_ms=5_000)),
        a_rule("rest", needs="x>=5:expiring", steps=[a_step(4_000, lower="x:2")]),
    ]
    floor = a_floor(a_site(queues=[a_queue(max_live_offers=2)], rules=rules, policy=policy))
    floor.staff(*(an_agent(f"a{number}", skills=f"x:{rng.integers(1, 10)} y:{rng.integers(1, 10)}") for number in range(8)))
    floor.staff(an_agent("idle", skills="z:1"))
    for step in range(steps):
        tell(floor, rng, step)
    return floor


def tell(floor: Floor, rng: np.random.Generator, step: int) -> None:
    """One step of the story; it looks at nothing but the state, so that equal states go on equally."""
    state = floor.router.state
    floor.wait(int(rng.integers(0, 1_500)))
    kind, channel = ("red", "sales", "sales")[rng.integers(3)], ("voice", "chat", "email")[rng.integers(3)]
    floor.enqueue(an_interaction(f"i{step}", type=kind, channel=channel, preferred="a3:60", needs=("", "y>=4")[rng.integers(2)]))
    draw, choice = rng.random(), int(rng.integers(1 << 30))
    offers, work = list(state.offers), [key for key, row in state.interactions.items() if row.phase == "handling"]
    if offers and draw < 0.7:
        offer_id = offers[choice % len(offers)]
        floor.do(AcceptOffer(offer_id=offer_id) if draw < 0.55 else DeclineOffer(offer_id=offer_id))
    if work and draw > 0.3:
        floor.end(work[choice % len(work)])
    if draw > 0.9:
        presence = Presence.AVAILABLE if draw > 0.93 else Presence.NOT_READY
        floor.do(SetPresence(agent_id=f"a{choice % 8}", presence=presence))


POLICIES = [
    *(default_registry().spec(name) for name in default_registry().names()),
    a_policy(scorers="skill_fit:2000 longest_idle:5", is_work_conserving=False),
    a_policy(assigner="min_cost_flow", match_interval_ms=3_000, bypass_class_rank=2, scorers="load_ratio:10 skill_fit:100"),
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: f"{policy.name}-{policy.match_interval_ms}")
def test_a_restored_router_goes_on_as_if_it_had_never_stopped(policy: PolicySpec) -> None:
    """Restored at three points of a story and told the rest, it says the same, record for record; the log alone is the state."""
    for cut in (1, 60, 119):
        original = a_long_story(3, policy, steps=cut)
        again = Floor(Router.restore(default_registry(), original.log), original.now, list(original.log))
        assert state_digest(original.router.state) == state_digest(again.router.state)
        for step in range(cut, 120):
            for floor in (original, again):
                tell(floor, np.random.default_rng(step), step)
        assert original.log == again.log
        assert state_digest(original.router.state) == state_digest(again.router.state)
        assert original.router.state.offers_made > 40


def test_a_broken_log_is_no_state() -> None:
    """A gap is a contradiction."""
    floor = a_floor(a_site(), an_agent())
    with pytest.raises(InvariantBroken):
        Router.restore(default_registry(), floor.log[1:])


def test_after_a_restart_without_its_policy_time_still_passes() -> None:
    """Deadlines run and nothing is matched or lost; every other command is refused by name until a site comes whose policy is known."""
    registry = default_registry()
    registry.add_scorer("house", 1, lambda pairs: pairs.agents * 0)
    for interval in (0, 5_000):
        site = a_phone_site(policy=a_policy(scorers="house:1", match_interval_ms=interval))
        floor = a_floor(site, *callers("", ""), registry=registry)
        floor.enqueue(an_interaction("i1"), an_interaction("i2", needs="x>=1"))
        floor.wait(interval)
        floor.enqueue(an_interaction("i3"))
        again = Floor(Router.restore(default_registry(), floor.log), floor.now, list(floor.log))
        with pytest.raises(CommandRefused) as refused:
            again.do(AcceptOffer(offer_id="offer-1"))
        assert RefusalReason.UNKNOWN_POLICY == refused.value.reason
        assert any(isinstance(event, OfferExpired) for event in again.wait(20_000))
        assert {} == again.offered
        again.do(ApplySite(site=replace(site, policy=a_policy())))
        assert {"i1", "i3"} == set(again.offered)
        assert state_digest(Router.restore(default_registry(), again.log).state) == state_digest(again.router.state)


def everybody(block: Block) -> BoolArray:
    """A presence filter that is wrong."""
    return block.of_agents(block.columns.agents.present)[None] | True


def test_the_state_has_the_last_word_over_a_plan() -> None:
    """A registered filter that lets absent agents through cannot make an offer to one, and does not hang the router."""
    registry = default_registry()
    registry.add_filter("presence", 2, everybody)
    floor = a_floor(a_phone_site(), registry=registry)
    floor.do(PutAgents(agents=tuple(callers(""))))
    floor.enqueue(an_interaction())
    assert {} == floor.offered


# ---- determinism ----


def fingerprint(log: list[Recorded]) -> str:
    """A hash of every event with its place, instant and whole content, in the order of its fields."""
    told = [(item.seq, item.at, type(item.event).__name__, plain(item.event)) for item in log]
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


def test_every_process_tells_the_same_story() -> None:
    """Under another seed of Python's hashes the log of every policy is the same to the byte."""
    code = (
        "from tests.routing.test_engine import POLICIES, a_long_story, fingerprint\n"
        "print(*[fingerprint(a_long_story(9, policy, steps=60).log) for policy in POLICIES])"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert answers[0] == answers[1]
    assert answers[0] == [fingerprint(a_long_story(9, policy, steps=60).log) for policy in POLICIES]
    assert len(POLICIES) == len(set(answers[0]))
