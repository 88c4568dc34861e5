"""Explanations: for each agent the terms they compete with, or why they are out and what would change that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.core.canonical import state_digest
from routing.core.commands import (
    AbandonInteraction,
    DeclineOffer,
    HoldHandling,
    PutAgents,
    SetPresence,
)
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.lifecycle import InteractionPhase
from routing.engine import Router
from routing.model.agent import Presence
from routing.policy.arrays import rows_of
from routing.policy.eligible import find_eligible
from routing.policy.explain import Explanation, Standing
from routing.policy.levers import Lever
from routing.policy.moments import moment
from routing.policy.pipeline import Block
from routing.policy.registry import default_registry
from tests.builders import (
    a_calendar,
    a_channel,
    a_policy,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_agent,
    an_empty_rule,
    an_interaction,
    an_urgency,
    some_hours,
)
from tests.routing.policy.floor import START, Floor, a_floor, a_phone_site, callers


def explained(floor: Floor, interaction_id: str = "i1") -> Explanation:
    """The explanation, which must leave everything as it was."""
    before = state_digest(floor.router.state)
    explanation = floor.router.explain(interaction_id, floor.now)
    assert before == state_digest(floor.router.state)
    assert (interaction_id, floor.now) == (explanation.interaction_id, explanation.at)
    return explanation


def remedies(explanation: Explanation) -> dict[str, tuple[str, str]]:
    """Reason and remedy of everybody who is out."""
    return {standing.agent_id: (standing.excluded_by, standing.remedy) for standing in explanation.standings if standing.excluded_by}


def test_every_reason_comes_with_what_would_change_it() -> None:
    """One agent for each way of being out; the first filter that keeps a pair apart is the one named."""
    floor = a_floor(a_site(rules=[a_rule(needs="sales>=5 english>=3:expiring french>=1:prefer region!=west")]))
    floor.staff(
        an_agent("absent"),
        an_agent("away"),
        an_agent("busy", channels="voice:1"),
        an_agent("chatting", channels="voice:1 chat:2"),
        an_agent("deaf", channels="chat:2"),
        an_agent("unskilled", skills="sales:4 region:west"),
    )
    floor.do(SetPresence(agent_id="absent", presence=Presence.OFFLINE))
    floor.do(SetPresence(agent_id="away", presence=Presence.NOT_READY, reason="lunch"))
    floor.do(PutAgents(agents=(an_agent("absent", skills=""),)))
    free = "english>=0:prefer sales>=0:prefer"
    floor.enqueue(an_interaction("c1", needs="region!=west", preferred="busy:100"))
    floor.enqueue(an_interaction("c2", channel="chat", needs=free))
    floor.enqueue(an_interaction("i1"))
    assert {"c1": ["busy"], "c2": ["chatting"]} == floor.offered
    explanation = explained(floor)
    expected = {
        "absent": ("presence", "is offline; would have to be available"),
        "away": ("presence", "is not_ready (lunch); would have to be available"),
        "busy": ("channel", "holds 1 of at most 1 on voice"),
        "chatting": ("capacity", "has 70 of 100 left; voice needs 100"),
        "deaf": ("channel", "does not serve voice"),
        "unskilled": ("skill", "sales >= 5: has 4; english >= 3: has none; region != west: has west"),
    }
    assert expected == remedies(explanation)
    assert "waits in main: nobody can take it (2 by presence, 2 by channel, 1 by capacity, 1 by skill)" == explanation.summary


def test_eligible_agents_come_first_and_best_first() -> None:
    """With their net value and its terms, while a window is open; then those who are out, by id."""
    floor = a_floor(a_phone_site(policy=a_policy(scorers="skill_fit:1000", match_interval_ms=60_000)), *callers("x:9", "", "x:2"))
    floor.enqueue(an_interaction(needs="x>=1", credit_ms=4_000))
    floor.now += 500
    explanation = explained(floor)
    ten_levels = Lever(agent_id="a3", part="skill_fit", now=8, needed=0)
    expected = (
        Standing(agent_id="a1", excluded_by="", remedy="", net=3_500, terms=(("skill_fit", 1_000),), place=1),
        Standing(agent_id="a3", excluded_by="", remedy="", net=-3_500, terms=(("skill_fit", 8_000),), place=2, levers=(ten_levels,)),
        Standing(agent_id="a2", excluded_by="skill", remedy="x >= 1: has none", net=None, terms=(), place=3),
    )
    assert expected == explanation.standings
    assert (500, 4_500, InteractionPhase.WAITING) == (explanation.waited_ms, explanation.urgency, explanation.phase)
    assert floor.router.state.interactions["i1"].route == explanation.route
    assert "2 agents could take it, best a1; to be decided in the next match" == explanation.summary


@given(st.data())
def test_the_order_is_the_one_that_a_match_would_see(data: st.DataObject) -> None:
    """For any floor: who is eligible, at what net value and in which order, is what the matching room finds on the same columns."""
    levels = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=6))
    policy = a_policy(scorers="skill_fit:1000 load_ratio:60 longest_idle:7", match_interval_ms=60_000)
    floor = a_floor(a_phone_site(policy=policy), *callers(*(f"x:{level}" if level else "" for level in levels)))
    for name in data.draw(st.lists(st.sampled_from([f"a{index + 1}" for index in range(len(levels))]), max_size=3)):
        floor.do(SetPresence(agent_id=name, presence=data.draw(st.sampled_from(Presence)), reason=""))
    floor.enqueue(an_interaction(needs="x>=1"))
    floor.now += data.draw(st.integers(0, 5_000))
    columns = floor.columns()
    found = find_eligible(
        default_registry().build(policy), (Block(columns, rows_of([columns.waiting.row_of["i1"]]), None, floor.now),), floor.now
    )
    order = found.problem.order().tolist()
    expected = [(columns.agents.ids[found.problem.agents[one]], found.problem.urgency[one] - found.problem.cost[one]) for one in order]
    assert expected == [(one.agent_id, one.net) for one in explained(floor).standings if not one.excluded_by]


def test_one_eligible_agent_is_not_called_several() -> None:
    """Grammar is part of an answer."""
    floor = a_floor(a_phone_site(policy=a_policy(match_interval_ms=60_000)), *callers("x:9", ""))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert "1 agent could take it: a1; to be decided in the next match" == explained(floor).summary


def test_a_held_pair_says_that_the_policy_holds_it() -> None:
    """Nothing is in the way but the price."""
    policy = a_policy(scorers="skill_fit:10000", is_work_conserving=False)
    floor = a_floor(a_phone_site(policy=policy), *callers("x:9"))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert "1 agent could take it: a1; the policy holds it until waiting is worth what the pair costs" == explained(floor).summary


def test_without_agents_it_says_so() -> None:
    """An empty floor is a reason, too."""
    floor = a_floor()
    floor.enqueue(an_interaction())
    assert "waits in main: nobody can take it (no agent is registered)" == explained(floor).summary


def test_an_offer_that_rings_and_one_that_was_refused() -> None:
    """The one at whom it rings is out for that reason, the one who refused until a stated instant."""
    site = a_phone_site(queues=[a_queue(declined_ms=60_000)])
    floor = a_floor(site, *callers("", "", ""))
    floor.enqueue(an_interaction())
    until = floor.now + 60_000
    floor.do(DeclineOffer(offer_id="offer-1"))
    explanation = explained(floor)
    expected = {
        "a1": ("declined", f"did not take it before; may be offered it again at {moment(until)}"),
        "a2": ("channel", "holds 1 of at most 1 on voice"),
    }
    assert expected == remedies(explanation)
    assert ["a3"] == [standing.agent_id for standing in explanation.standings if not standing.excluded_by]
    assert "offered to a2, not yet accepted" == explanation.summary


def test_an_agent_with_room_left_is_out_because_it_rings_there() -> None:
    """Capacity and channel have nothing against a second chat; the same chat cannot ring twice."""
    site = a_phone_site(channels=[a_channel("chat", capacity_cost=10)], queues=[a_queue(max_live_offers=2)])
    floor = a_floor(site, an_agent("a1", channels="chat:2"))
    floor.enqueue(an_interaction(channel="chat"))
    assert {"a1": ("declined", "is being offered it now")} == remedies(explained(floor))


def test_a_filter_of_ones_own_is_named() -> None:
    """Careroute cannot know what would change its mind."""
    registry = default_registry()
    registry.add_filter("night", 1, lambda block: block.of_agents(block.columns.agents.present)[None] & False)
    site = a_phone_site(policy=a_policy(filters=(*a_policy().filters, "night")))
    floor = a_floor(site, *callers(""), registry=registry)
    floor.enqueue(an_interaction())
    assert {"a1": ("night", "the policy's filter 'night' would have to let the pair through")} == remedies(explained(floor))


@pytest.mark.parametrize(
    ("phase", "summary"),
    [
        (InteractionPhase.HANDLING, "handling with agent a1"),
        (InteractionPhase.HELD, "held with agent a1"),
        (InteractionPhase.WRAP_UP, "wrap up with agent a1"),
    ],
)
def test_work_in_progress_says_with_whom(phase: InteractionPhase, summary: str) -> None:
    """Who else could take it is still answered."""
    floor = a_floor(a_site(queues=[a_queue()]), *callers("", ""))
    floor.enqueue(an_interaction())
    floor.accept("i1")
    if phase is InteractionPhase.HELD:
        floor.do(HoldHandling(interaction_id="i1"))
    if phase is InteractionPhase.WRAP_UP:
        floor.end("i1")
    explanation = explained(floor)
    assert (phase, summary) == (explanation.phase, explanation.summary)
    assert ["a2", "a1"] == [standing.agent_id for standing in explanation.standings]


def test_what_cannot_be_explained_is_refused() -> None:
    """Unknown, ended, or before any site."""
    floor = a_floor(a_site(rules=[a_rule(urgency=an_urgency())]))
    floor.enqueue(an_interaction())
    floor.do(AbandonInteraction(interaction_id="i1"))
    for router, name, reason in (
        (floor.router, "nobody", RefusalReason.UNKNOWN_INTERACTION),
        (floor.router, "i1", RefusalReason.NOT_WAITING),
        (Router(default_registry()), "i1", RefusalReason.NO_SITE),
    ):
        with pytest.raises(CommandRefused) as refused:
            router.explain(name, floor.now)
        assert reason == refused.value.reason


def test_work_that_waits_for_an_opening_says_until_when() -> None:
    """Who could take it then is answered too; nobody is offered it before."""
    opening = a_calendar((START + 60_000, START + 120_000))
    floor = a_floor(a_site(queues=[a_queue(hours=some_hours())], calendars={"office": opening}), *callers("english:5"))
    floor.enqueue(an_interaction())
    explanation = explained(floor)
    assert f"waits until main opens at {moment(START + 60_000)}" == explanation.summary
    assert ["queue main opens, and it may be offered"] == [change.text for change in explanation.coming]
    assert ["a1"] == [standing.agent_id for standing in explanation.standings if not standing.excluded_by]
    assert {} == floor.offered
    floor.wait(60_000)
    assert {"i1": ["a1"]} == floor.offered


def test_what_ends_a_wait_is_told_beforehand() -> None:
    """A step that diverts, a queue that closes, and nobody being there."""
    hours = a_calendar((0, START + 60_000))
    queue = a_queue(hours=some_hours(), empty=an_empty_rule(leave="offline", grace_ms=5_000))
    rules = [a_rule(steps=[a_step(30_000, divert_to="voicemail:box")])]
    floor = a_floor(a_site(queues=[queue, a_queue("other", hours=some_hours())], rules=rules, calendars={"office": hours}))
    floor.enqueue(an_interaction())
    told = [change.text for change in explained(floor).coming]
    assert told == [
        "it leaves its queue, because nobody is there for it",
        "a step of its ladder ends its wait: voicemail box",
        "queue main closes",
    ]
