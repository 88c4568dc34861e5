"""Each filter and each scorer on its own, over blocks of every shape."""

import numpy as np
import pytest

from routing.core.commands import DeclineOffer, PutAgents, SetPresence
from routing.model.agent import Presence
from routing.model.site import IdleClock
from routing.model.time import HOUR_MS, MINUTE_MS
from routing.policy import filters, scorers
from routing.policy.pipeline import Block, Filter, Pairs, Scorer
from tests.builders import VOICE, a_channel, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.routing.policy.floor import START, Floor, a_floor, a_phone_site, callers

CHAT = a_channel("chat", capacity_cost=10)
EMAIL = a_channel("email", is_live=False, capacity_cost=10)


def kept(floor: Floor, keeps: Filter) -> dict[str, list[str]]:
    """Whom a filter keeps for each waiting interaction, the same whatever block is asked: all, one row, one agent, some of both."""
    columns = floor.columns()
    rows, places = np.arange(columns.waiting.count), np.arange(columns.agents.count)
    whole = answer(Block(columns, rows, None, START), keeps)
    for some_rows in (rows, rows[:1], rows[::-1]):
        for some_places in (places, places[:1], places[1::2], places[::-1]):
            part = answer(Block(columns, some_rows, some_places, START), keeps)
            assert part.tolist() == whole[np.ix_(some_rows, some_places)].tolist()
    assert answer(Block(columns, rows[-1:], None, START), keeps).tolist() == whole[-1:].tolist()
    return {columns.waiting.ids[row]: [columns.agents.ids[place] for place in places if whole[row, place]] for row in rows.tolist()}


def answer(block: Block, keeps: Filter) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The filter's answer for every cell of the block."""
    part = keeps(block)
    return np.broadcast_to(np.True_ if part is None else part, (len(block.waiting), len(block.places)))


def cost(floor: Floor, score: Scorer, *pairs: tuple[str, str]) -> list[int]:
    """What pairs (interaction, agent) cost."""
    columns = floor.columns()
    waiting = np.array([columns.waiting.row_of[interaction] for interaction, _ in pairs])
    agents = np.array([columns.agents.place_of[agent] for _, agent in pairs])
    costs = score(Pairs(columns, waiting, agents, floor.now))
    assert np.int64 == costs.dtype
    return [int(value) for value in costs]


def nobody_takes(*interactions: str, **overrides: object) -> Floor:
    """A floor of three agents with interactions that wait because nobody has the skill they need."""
    site = a_phone_site(channels=[VOICE, CHAT, EMAIL], rules=[a_rule(needs="rare>=1:expiring")], **overrides)
    skills = ("sales:7 english:4", "sales:2 region:west", "")
    floor = a_floor(site, *(an_agent(f"a{number}", skills=held, channels="voice:1 chat:2") for number, held in enumerate(skills, start=1)))
    floor.enqueue(*(an_interaction(name) for name in interactions or ("i1", "i2", "i3")))
    return floor


def test_presence_keeps_those_who_are_available() -> None:
    """Offline and not ready are both out, for every interaction alike."""
    floor = nobody_takes()
    floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY, reason="lunch"))
    floor.do(SetPresence(agent_id="a2", presence=Presence.OFFLINE))
    assert {name: ["a3"] for name in ("i1", "i2", "i3")} == kept(floor, filters.presence)


def test_channel_keeps_those_who_serve_it_and_are_below_their_maximum() -> None:
    """One call and two chats are a1's maxima; nobody has email."""
    floor = nobody_takes()
    for name, channel in (("c1", "chat"), ("c2", "chat"), ("c3", "chat"), ("e1", "email")):
        floor.enqueue(an_interaction(name, channel=channel, needs="rare>=0:prefer"))
    assert {"i1", "i2", "i3", "e1"} == set(kept(floor, filters.channel))
    assert {"c1": ["a1"], "c2": ["a2"], "c3": ["a3"]} == floor.offered
    floor.enqueue(*(an_interaction(f"d{number}", channel="chat", needs="rare>=0:prefer sales>=2") for number in range(3)))
    assert {"i1": ["a1", "a2", "a3"], "i2": ["a1", "a2", "a3"], "i3": ["a1", "a2", "a3"], "e1": [], "d2": ["a3"]} == kept(
        floor, filters.channel
    )


def test_capacity_keeps_those_whose_budget_has_room() -> None:
    """A call costs all of 100, a chat 10: one chat closes a1 to calls and not to chats."""
    floor = nobody_takes()
    floor.enqueue(an_interaction("c1", channel="chat", needs="rare>=0:prefer"))
    floor.enqueue(an_interaction("c2", channel="chat"))
    assert {"c1": ["a1"]} == floor.offered
    everybody, without_a1 = ["a1", "a2", "a3"], ["a2", "a3"]
    assert {"i1": without_a1, "i2": without_a1, "i3": without_a1, "c2": everybody} == kept(floor, filters.capacity)


def test_a_budget_holds_one_call_and_two_of_each_text_channel() -> None:
    """Voice 60, chat 10 at most twice, email 10 at most twice, on 100: five pieces of work, and a call always stays possible."""
    channels = [a_channel("voice", capacity_cost=60), CHAT, EMAIL]
    floor = a_floor(a_phone_site(channels=channels), an_agent("a1", channels="voice:1 chat:2 email:2", capacity=100))
    names = {"c": "chat", "e": "email", "v": "voice"}
    floor.enqueue(*(an_interaction(f"{letter}{number}", channel=names[letter]) for letter in "cev" for number in (1, 2, 3)))
    assert {"c1", "c2", "e1", "e2", "v1"} == set(floor.offered)
    assert 100 == floor.router.state.agents["a1"].used
    for name in ("c1", "v1"):
        floor.accept(name)
        floor.end(name)
    assert {"c2", "c3", "e1", "e2", "v2"} == set(floor.offered)


def test_a_smaller_budget_gives_way_to_what_costs_less() -> None:
    """What no longer fits does not block what does: with 40 left a waiting call lets the email through."""
    channels = [a_channel("voice", capacity_cost=60), EMAIL]
    floor = a_floor(a_phone_site(channels=channels), an_agent("a1", channels="voice:2 email:2", capacity=100))
    floor.enqueue(an_interaction("v1"), an_interaction("v2"), an_interaction("e1", channel="email"))
    assert {"v1": ["a1"], "e1": ["a1"]} == floor.offered


def test_skill_keeps_those_who_meet_every_hard_requirement() -> None:
    """Must and expiring exclude, prefer never does; no requirement keeps everybody."""
    floor = nobody_takes("i1")
    for name, needs in (("j1", "sales>=5 rare>=9:expiring"), ("j2", "rare>=2:prefer never==1"), ("j3", "region!=west rare<=0")):
        floor.enqueue(an_interaction(name, needs=needs))
    assert {"i1": [], "j1": [], "j2": [], "j3": []} == kept(floor, filters.skill)
    skilled = (("a1", "rare:9 sales:5"), ("a2", "rare:1"), ("a3", "rare:0 region:west"))
    for agent_id, held in skilled:
        floor.do(SetPresence(agent_id=agent_id, presence=Presence.OFFLINE))
        floor.do(PutAgents(agents=(an_agent(agent_id, skills=held),)))
    assert {"i1": ["a1", "a2"], "j1": ["a1"], "j2": [], "j3": []} == kept(floor, filters.skill)


def test_declined_leaves_out_who_refused_and_at_whom_it_rings() -> None:
    """Of three agents one refused i1 and it rings at another; of i2 nobody is left out; agents who are gone are no obstacle."""
    site = a_phone_site(queues=[a_queue(max_live_offers=3, declined_ms=60_000)], rules=[a_rule(needs="x>=1")])
    floor = a_floor(site, *callers("x:1", "x:1", ""))
    floor.enqueue(an_interaction("i1"))
    assert {"i1": ["a1", "a2"]} == floor.offered
    assert {"i1": ["a3"]} == kept(floor, filters.declined)
    floor.do(DeclineOffer(offer_id="offer-1"))
    floor.enqueue(an_interaction("i2", needs="y>=1"))
    assert {"i1": ["a3"], "i2": ["a1", "a2", "a3"]} == kept(floor, filters.declined)


def test_declined_has_nothing_to_say_where_nobody_is_left_out() -> None:
    """Then it costs no array either, even where it has something to say of another row."""
    site = a_phone_site(queues=[a_queue(max_live_offers=2)], rules=[a_rule()])
    floor = a_floor(site, *callers("x:1"))
    floor.enqueue(an_interaction("i1", needs="rare>=1"))
    columns = floor.columns()
    assert filters.declined(Block(columns, np.array([0]), None, START)) is None
    floor.enqueue(an_interaction("i2"))
    columns = floor.columns()
    assert filters.declined(Block(columns, np.array([columns.waiting.row_of["i1"]]), None, START)) is None
    assert filters.declined(Block(columns, np.array([columns.waiting.row_of["i2"]]), None, START)) is not None


def test_skill_fit_counts_the_levels_below_full_proficiency() -> None:
    """Over all numeric requirements, hard or not; whoever lacks one is ten levels short of it."""
    floor = nobody_takes("i1")
    floor.enqueue(an_interaction("i2", needs="sales>=1 english>=1:prefer region==west"))
    assert [10, 10, 10] == cost(floor, scorers.skill_fit, ("i1", "a1"), ("i1", "a2"), ("i1", "a3"))
    assert [10 + 3 + 6, 10 + 8 + 10, 30] == cost(floor, scorers.skill_fit, ("i2", "a1"), ("i2", "a2"), ("i2", "a3"))


def test_fewest_skills_counts_skills_and_not_symbols() -> None:
    """Two skills, one skill beside a symbol, none."""
    assert [2, 1, 0] == cost(nobody_takes(), scorers.fewest_skills, ("i1", "a1"), ("i1", "a2"), ("i1", "a3"))


def test_load_ratio_is_the_used_share_of_the_agents_own_budget() -> None:
    """A chat of 10 is a tenth of one budget and 3 per mille, rounded down, of another."""
    floor = a_floor(
        a_phone_site(channels=[CHAT, VOICE]),
        an_agent("a1", channels="chat:2", capacity=100),
        an_agent("a2", channels="chat:2", capacity=3_001),
        an_agent("a3", channels="chat:2"),
    )
    floor.enqueue(an_interaction("c1", channel="chat"), an_interaction("c2", channel="chat"), an_interaction("i1"))
    assert [100, 3, 0] == cost(floor, scorers.load_ratio, ("i1", "a1"), ("i1", "a2"), ("i1", "a3"))


@pytest.mark.parametrize(("waited_ms", "seconds"), [(0, 3_600), (999, 3_600), (1_000, 3_599), (HOUR_MS, 0), (2 * HOUR_MS, 0)])
def test_longest_idle_counts_the_seconds_that_an_hour_lacks(waited_ms: int, seconds: int) -> None:
    """After an hour everybody counts the same."""
    floor = nobody_takes("i1")
    floor.now = floor.router.state.agents["a1"].available_since + waited_ms
    assert [seconds] == cost(floor, scorers.longest_idle, ("i1", "a1"))


@pytest.mark.parametrize(("clock", "idle_since_ms"), [(IdleClock.SINCE_FREE, 3 * MINUTE_MS), (IdleClock.SINCE_ASSIGNED, MINUTE_MS)])
def test_the_idle_clock_of_the_policy_decides_since_when(clock: IdleClock, idle_since_ms: int) -> None:
    """Accepted after one minute, free after three, since becoming available where neither happened; coming back restarts only one clock."""
    floor = a_floor(a_phone_site(policy=a_policy(idle_clock=clock)), *callers("", ""))
    start = floor.now
    floor.now = start + MINUTE_MS
    floor.enqueue(an_interaction("i1"))
    floor.accept("i1")
    floor.now = start + 3 * MINUTE_MS
    floor.end("i1")
    agents = floor.columns().agents
    assert [start + idle_since_ms, start] == [int(agents.idle_since[agents.place_of[agent_id]]) for agent_id in ("a1", "a2")]
    floor.now = start + 9 * MINUTE_MS
    for presence in (Presence.NOT_READY, Presence.AVAILABLE):
        floor.do(SetPresence(agent_id="a1", presence=presence))
    expected = floor.now if clock is IdleClock.SINCE_FREE else start + MINUTE_MS
    assert expected == floor.columns().agents.idle_since[0]


def test_preferred_agent_rewards_the_score_of_that_pair_only() -> None:
    """Scores belong to pairs: other agents, other interactions and agents nobody knows are 0."""
    floor = nobody_takes("i1")
    floor.enqueue(an_interaction("i2", preferred="a2:70 a3:5 nobody:99"), an_interaction("i3", preferred="a1:40"))
    pairs = [(interaction, agent) for interaction in ("i1", "i2", "i3") for agent in ("a1", "a2", "a3")]
    assert [0, 0, 0, 0, -70, -5, -40, 0, 0] == cost(floor, scorers.preferred_agent, *pairs)
    assert [-5, 0, -70] == cost(floor, scorers.preferred_agent, ("i2", "a3"), ("i1", "a2"), ("i2", "a2"))
    assert [0] == cost(floor, scorers.preferred_agent, ("i1", "a1"))
    assert [0, 0] == cost(nobody_takes(), scorers.preferred_agent, ("i1", "a1"), ("i2", "a2"))


@pytest.mark.parametrize(
    ("scorer", "winner"),
    [("skill_fit:1", "a1"), ("fewest_skills:1", "a2"), ("longest_idle:1", "a1"), ("preferred_agent:1", "a2"), ("load_ratio:1", "a1")],
)
def test_each_scorer_decides_where_it_is_the_only_one(scorer: str, winner: str) -> None:
    """a1 has been idle longer and is the fitter, a2 has fewer skills and is preferred."""
    site = a_site(policy=a_policy(scorers=scorer))
    floor = a_floor(site)
    floor.staff(an_agent("a1", skills="sales:9 english:9"))
    floor.now += 5_000
    floor.staff(an_agent("a2", skills="sales:5"))
    floor.enqueue(an_interaction(needs="sales>=1", preferred="a2:10"))
    assert {"i1": [winner]} == floor.offered
