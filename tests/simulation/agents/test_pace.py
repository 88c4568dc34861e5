"""How long work takes whom: by name and attributes, by the time of day, by experience and by fatigue; and holds within it."""

import pytest

from routing.core.events import HandlingHeld, HandlingResumed, Recorded
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from simulation.agents.holding import HoldRule
from simulation.agents.pace import Fatigue, Learning, PaceRule, Period
from simulation.behaviour import Behaviour, ProficiencyEffect
from simulation.demand import Birth
from simulation.kpis.facts import ALL_ROWS, facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.registry import INTERACTION_MEASURES
from simulation.laws import Constant, Exponential
from simulation.run import run_replication
from tests.builders import VOICE, a_channel, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.worlds import (
    ASSUMED,
    a_behaviour,
    a_birth,
    a_member,
    a_roster,
    a_scenario,
    a_shift,
    an_arm,
    story_of,
    the_births,
)

MAIL = a_channel("email", is_live=False, capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))
SITE = a_site(channels=[VOICE, MAIL], queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0)], rules=[a_rule()])


def a_pace(factor: float, **overrides: object) -> PaceRule:
    """A rule for everybody and everything, always."""
    fields = {"agents": (), "attributes": {}, "when": {}, "period": None} | overrides
    return PaceRule(factor=factor, source=ASSUMED, **fields)  # type: ignore[arg-type]  # the record checks the names


def log_of(
    behaviour: Behaviour, *births: Birth, skills: str = "", shift_breaks: tuple[tuple[int, int], ...] = (), site: Site = SITE
) -> list[Recorded]:
    """The log of a day with one agent."""
    member = a_member(an_agent(skills=skills, channels="voice:1 email:1"), a_shift(breaks=shift_breaks))
    scenario = a_scenario(a_roster(member), site=site, behaviour=behaviour)
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(*births))
    return log


def talk_ms(log: list[Recorded], name: str) -> int:
    """From the accept to the end of the talk."""
    told = story_of(log)[name]
    return int(told["end_talk"]) - int(told["start"])


def calls(*hours: float) -> list[Birth]:
    """Calls of a minute each, named by their number."""
    return [a_birth(an_interaction(f"c{number}"), at=round(hour * HOUR_MS)) for number, hour in enumerate(hours)]


@pytest.mark.parametrize(
    ("rule", "expected_ms"),
    [
        (a_pace(1.5), 90_000),
        (a_pace(1.5, agents=("a1",)), 90_000),
        (a_pace(1.5, agents=("b1",)), 60_000),
        (a_pace(0.5, attributes={"grade": (1, 2)}), 30_000),
        (a_pace(0.5, attributes={"grade": (3,)}), 60_000),
        (a_pace(0.5, when={"channel": ("voice",)}), 30_000),
        (a_pace(0.5, when={"channel": ("email",)}), 60_000),
        (a_pace(2.0, period=Period(from_ms=9 * HOUR_MS, to_ms=10 * HOUR_MS)), 120_000),
        (a_pace(2.0, period=Period(from_ms=10 * HOUR_MS, to_ms=12 * HOUR_MS)), 60_000),
        (a_pace(2.0, period=Period(from_ms=22 * HOUR_MS, to_ms=10 * HOUR_MS)), 120_000),
        (a_pace(2.0, period=Period(from_ms=9 * HOUR_MS, to_ms=10 * HOUR_MS, weekdays=(0, 4))), 60_000),  # the day is a Thursday
    ],
)  # fmt: skip
def test_a_pace_holds_for_whom_it_names(rule: PaceRule, expected_ms: int) -> None:
    """A minute's call at 9:30 takes the agent of grade 2 as long as the rule says, if it speaks of them."""
    assert talk_ms(log_of(a_behaviour(pace=(rule,)), *calls(9.5), skills="grade:2"), "c0") == expected_ms


def test_the_period_is_that_of_the_start_of_service() -> None:
    """The second caller arrives within the slow hour, and is served after it: at the ordinary pace."""
    slow = a_pace(2.0, period=Period(from_ms=9 * HOUR_MS, to_ms=10 * HOUR_MS))
    log = log_of(a_behaviour(pace=(slow,)), *calls(9.99, 9.991))
    assert [talk_ms(log, name) for name in ("c0", "c1")] == [2 * MINUTE_MS, MINUTE_MS]


def test_effects_multiply() -> None:
    """Ten percent off for the level, half as much again in general, a fifth less for calls: 60 s x .9 x 1.5 x .8."""
    effect = ProficiencyEffect(reference_level=6, faster_per_level_per_mille=50, source=ASSUMED)
    behaviour = a_behaviour(pace=(a_pace(1.5), a_pace(0.8, when={"channel": ("voice",)})), proficiency=effect)
    site = a_site(channels=[VOICE, MAIL], queues=[a_queue(wrap_up_limit_ms=0)], rules=[a_rule(needs="sales>=5")])
    assert talk_ms(log_of(behaviour, *calls(9), skills="sales:8", site=site), "c0") == 64_800


def test_a_beginner_gets_faster_with_every_contact() -> None:
    """Half as much again at first, of which every two contacts take half away: 90, 81.2, 75, 70.6 seconds."""
    learning = Learning(slower=0.5, half_after=2, experience=None, source=ASSUMED)
    log = log_of(a_behaviour(learning=learning), *calls(9, 10, 11, 12))
    assert [talk_ms(log, f"c{number}") for number in range(4)] == [90_000, 81_213, 75_000, 70_607]
    experienced = Learning(slower=0.5, half_after=2, experience="contacts", source=ASSUMED)
    assert talk_ms(log_of(a_behaviour(learning=experienced), *calls(9), skills="contacts:2"), "c0") == 75_000


def test_agents_tire_until_they_rest() -> None:
    """Four percent an hour, a tenth at the most; a break at six begins anew."""
    fatigue = Fatigue(per_hour=0.04, most=0.1, source=ASSUMED)
    log = log_of(a_behaviour(fatigue=fatigue), *calls(1, 2, 5, 7), shift_breaks=((6 * HOUR_MS, 6 * HOUR_MS + 30 * MINUTE_MS),))
    assert [talk_ms(log, f"c{number}") for number in range(4)] == [62_400, 64_800, 66_000, 61_200]


def test_a_hold_is_added_or_is_a_part_of_the_work() -> None:
    """A minute's call with 30 s of hold after a third of it; or with a fifth of it on hold, after half of the talk."""
    added = HoldRule(when={}, share=1.0, begins=1 / 3, law=Constant(value_ms=30_000), part=0.0, source=ASSUMED)
    within = HoldRule(when={}, share=1.0, begins=0.5, law=None, part=0.2, source=ASSUMED)
    for rule, held_at, resumed_at, ended_at in ((added, 20, 50, 90), (within, 24, 36, 60)):
        log = log_of(a_behaviour(hold=(rule,)), *calls(9))
        (held,) = [one.at for one in log if isinstance(one.event, HandlingHeld)]
        (resumed,) = [one.at for one in log if isinstance(one.event, HandlingResumed)]
        assert [(at - 9 * HOUR_MS) // SECOND_MS for at in (held, resumed)] == [held_at, resumed_at]
        assert talk_ms(log, "c0") == ended_at * SECOND_MS


def test_holds_are_the_customers_own_luck() -> None:
    """A third of the calls has one, of a minute on average; work that gives way to a call is never on hold."""
    rule = HoldRule(when={}, share=0.3, begins=0.5, law=Exponential(mean_ms=MINUTE_MS), part=0.0, source=ASSUMED)
    log = log_of(a_behaviour(hold=(rule,)), *calls(*(number / 20 for number in range(400))))
    starts = [one.at for one in log if isinstance(one.event, HandlingHeld)]
    ends = [one.at for one in log if isinstance(one.event, HandlingResumed)]
    assert 90 < len(starts) < 150
    assert 0.8 < sum(ends) / len(ends) / MINUTE_MS - sum(starts) / len(starts) / MINUTE_MS < 1.2
    mail = a_birth(an_interaction("m", channel="email"), at=HOUR_MS)
    certain = HoldRule(when={}, share=1.0, begins=0.5, law=None, part=0.5, source=ASSUMED)
    assert not [one for one in log_of(a_behaviour(hold=(certain,)), mail) if isinstance(one.event, HandlingHeld)]


def test_handle_time_parts_into_talk_hold_and_wrap_up() -> None:
    """A minute of talk, half a minute on hold within it, twenty seconds of notes: 110 s; a call that is never on hold takes 80."""
    rule = HoldRule(when={"type": ("hard",)}, share=1.0, begins=0.5, law=Constant(value_ms=30_000), part=0.0, source=ASSUMED)
    site = a_site(channels=[VOICE, MAIL], queues=[a_queue(wrap_up_limit_ms=MINUTE_MS)], rules=[a_rule()])
    births = [a_birth(an_interaction(name, type=name), at=hour * HOUR_MS, wrap_up_ms=20_000) for name, hour in (("hard", 9), ("easy", 10))]
    facts = facts_of(Ledger().read(log_of(a_behaviour(hold=(rule,)), *births, site=site)))
    names = ("handle_time_s", "talk_time_s", "hold_time_s", "wrap_up_time_s")
    tallies = {measure.name: measure.tally(facts, ALL_ROWS) for measure in INTERACTION_MEASURES if measure.name in names}
    assert tallies == {"handle_time_s": Ratio(190_000, 2), "talk_time_s": Ratio(120_000, 2),
                       "hold_time_s": Ratio(30_000, 2), "wrap_up_time_s": Ratio(40_000, 2)}  # fmt: skip
