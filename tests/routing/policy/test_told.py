"""Explanations in sentences: numbers with units, names, times of day, and nothing of the program's own."""

from dataclasses import replace

import pytest

from routing.core.commands import DeclineOffer, SetPresence
from routing.model.agent import Presence
from routing.policy.levers import Lever
from routing.policy.moments import moment, seconds, with_times
from routing.policy.told import told, told_as_json
from tests.builders import a_policy, a_queue, a_rule, a_step, an_agent, an_interaction
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers


def lines(floor: Floor, interaction_id: str = "i1") -> list[str]:
    """The explanation as it is told, instants as ms since the floor began its present."""
    return list(told(floor.router.explain(interaction_id, floor.now), lambda instant: f"T{instant - floor.now:+}"))


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [
        (0, "0 s"),
        (-599, "-0.599 s"),
        (119_999, "119.999 s"),
        (120_000, "2 min"),
        (-1_188_823, "-19 min 48.823 s"),
        (7_199_000, "119 min 59 s"),
        (7_200_000, "2 h"),
        (9_001_000, "2 h 30 min 1 s"),
        (10_800_500, "3 h 0.5 s"),
    ],
)
def test_durations_have_units_that_people_use(duration_ms: int, text: str) -> None:
    """Seconds up to two minutes, then minutes, then hours; nothing is rounded."""
    assert seconds(duration_ms) == text


def test_a_moment_becomes_a_time_wherever_it_stands() -> None:
    """And nothing else does."""
    opens, closes = moment(0).split("0")
    brackets = f"{opens}7 and {opens}x{closes}"
    assert with_times(brackets, str) == brackets
    assert with_times(f"from {moment(5)} until {moment(70)}, 70 times", lambda instant: f"<{instant}>") == "from <5> until <70>, 70 times"


def test_a_contested_decision_reads_in_sentences() -> None:
    """Everybody who could take it with what would have put them first, everybody who could not, and what is due."""
    steps = [a_step(30_000, lower="x:3"), a_step(60_000, drop="x")]
    policy = a_policy(scorers="load_ratio:60 skill_fit:1000 longest_idle:10", match_interval_ms=10)
    floor = a_floor(a_phone_site(policy=policy, rules=[a_rule(needs="x>=5:expiring", steps=steps)]), *callers("x:9", "x:7", "x:4", "x:6"))
    floor.do(SetPresence(agent_id="a4", presence=Presence.OFFLINE))
    floor.enqueue(an_interaction())
    assert lines(floor) == [
        "2 agents could take it, best a1; to be decided in the next match; it has waited 0 s",
        "could take it, best first:",
        "  1. a1 (cost: load ratio 0 s, skill fit 1 s, longest idle 36 s)",
        "  2. a2, worth 2 s of waiting less than a1 (cost: load ratio 0 s, skill fit 3 s, longest idle 36 s)",
        "       would be first with 3.4 % of a1's capacity in use or more, instead of 0 %",
        "       would be first were a2 3 levels better in what is asked for",
        "       would be first had a2 been idle 200 s longer",
        "could not:",
        "  a3: x >= 5: has 4 (skill); without that could take it, third of 3",
        "  a4: is offline; would have to be available (presence); without that could take it, third of 3",
        "due anyway, if nothing happens before:",
        "  T+7: the window closes, and all that waits is decided together",
        "  T+30000: a step of its ladder is content with x >= 3; then a3 could take it",
        "  T+60000: a step of its ladder gives up x >= 3",
    ]


def test_what_is_left_out_is_counted() -> None:
    """Of many things that are due the first few are told, and of many agents whom a step opens the first few names; JSON has all."""
    floor = a_floor(a_phone_site(rules=[a_rule(needs="x>=1:expiring", steps=[a_step(90_000, drop="x")])]), *callers(*[""] * 7))
    floor.enqueue(an_interaction())
    assert lines(floor)[-1] == "  T+90000: a step of its ladder gives up x >= 1; then a1, a2, a3, a4, a5 and 2 more could take it"
    busy = a_floor(a_phone_site(), *callers(*[""] * 9))
    busy.enqueue(*(an_interaction(f"i{number}") for number in range(1, 11)))
    told_busy = lines(busy, "i10")
    assert told_busy[0] == "waits in main: nobody can take it (9 by channel); it has waited 0 s"
    assert "  a1: holds 1 of at most 1 on voice (channel); also out by capacity" in told_busy
    assert told_busy[-2] == "  T+15000: a8 has until then to answer the offer of i8; then a8 could take it"
    assert told_busy[-1] == "  and 1 more, the last at T+15000"
    content = told_as_json(busy.router.explain("i10", busy.now))
    assert [len(content[key]) for key in ("standings", "coming")] == [9, 9]  # type: ignore[arg-type]  # both are lists


def test_json_has_instants_as_numbers_also_in_sentences() -> None:
    """Programs read ms since 1970."""
    floor = a_floor(a_phone_site(queues=[a_queue(declined_ms=60_000)]), *callers(""))
    floor.enqueue(an_interaction())
    floor.do(DeclineOffer(offer_id="offer-1"))
    content = told_as_json(floor.router.explain("i1", floor.now))
    assert f"again at {floor.now + 60_000}'" in str(content["standings"])
    assert lines(floor)[2] == "  a1: did not take it before; may be offered it again at T+60000 (declined); without that could take it"


@pytest.mark.parametrize(
    ("lever", "text"),
    [
        (Lever(agent_id="bob", part="load_ratio", now=505, needed=450), "with 45 % of bob's capacity in use or less, instead of 50.5 %"),
        (Lever(agent_id="ann", part="load_ratio", now=0, needed=51), "with 5.1 % of ann's capacity in use or more, instead of 0 %"),
        (Lever(agent_id="bob", part="skill_fit", now=3, needed=2), "were bob 1 level better in what is asked for"),
        (Lever(agent_id="bob", part="fewest_skills", now=5, needed=3), "had bob 2 skills fewer"),
        (Lever(agent_id="bob", part="longest_idle", now=3_600, needed=3_500), "had bob been idle 100 s longer"),
        (Lever(agent_id="ann", part="longest_idle", now=3_500, needed=3_600), "had ann been idle 100 s less"),
        (Lever(agent_id="bob", part="preferred_agent", now=0, needed=-31), "were bob preferred with a score of 31 or more, instead of 0"),
        (Lever(agent_id="bob", part="idle_time", now=4_000, needed=9_001), "had bob been idle 5.001 s longer: that breaks the tie"),
        (
            Lever(agent_id="bob", part="unmet_preferences", now=500, needed=0),
            "if bob missed 0 % of what is preferred or less, instead of 50 %",
        ),
        (Lever(agent_id="bob", part="fewest_calls", now=9, needed=8), "had bob accepted 1 offer fewer"),
        (Lever(agent_id="bob", part="least_talk", now=900, needed=600), "had bob talked 5 min less"),
        (Lever(agent_id="bob", part="own_part", now=1_200, needed=7), "if own part counted 7 for bob or less, instead of 1,200"),
    ],
)
def test_each_lever_is_a_wish_that_a_person_understands(lever: Lever, text: str) -> None:
    """In the unit of its scorer."""
    floor = a_floor(a_phone_site(policy=a_policy(match_interval_ms=10)), *(an_agent(name, channels="voice:1") for name in ("ann", "bob")))
    floor.enqueue(an_interaction())
    explanation = floor.router.explain("i1", floor.now)
    standings = tuple(replace(one, levers=(lever,)) if one.agent_id == "bob" else one for one in explanation.standings)
    assert f"       would be first {text}" in list(told(replace(explanation, standings=standings), str))
