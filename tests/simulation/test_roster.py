"""Shifts become presence: over several days, with absences that depend on nobody else, and agents whose level changes the work."""

import datetime as dt

import pytest

from routing.config.errors import ConfigError
from routing.core.events import Recorded
from routing.model.agent import Presence
from routing.model.time import DAY_MS, HOUR_MS
from simulation.behaviour import ProficiencyEffect
from simulation.roster import PresenceChange, presence_plan
from simulation.run import run_replication
from simulation.scenario import Calendar
from simulation.streams import Streams
from tests.builders import VOICE, a_queue, a_rule, a_site, an_agent, an_interaction, some_needs
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

STREAMS = Streams(seed=1, replication=0)


def test_shifts_of_several_days_follow_each_other() -> None:
    """Two days of a shift with a break at its end: available, break, offline, and the same again a day later."""
    roster = a_roster(a_member(an_agent(), a_shift(HOUR_MS, 3 * HOUR_MS, breaks=[(2 * HOUR_MS, 3 * HOUR_MS)])))
    scenario = a_scenario(roster, calendar=Calendar(date=dt.date(1970, 1, 1), days=2, zone="UTC"), ends_at=2 * DAY_MS)
    first = (
        PresenceChange(HOUR_MS, Presence.AVAILABLE, ""),
        PresenceChange(2 * HOUR_MS, Presence.NOT_READY, "break"),
        PresenceChange(3 * HOUR_MS, Presence.OFFLINE, ""),
    )
    second = tuple(change._replace(at=change.at + DAY_MS) for change in first)
    assert presence_plan(scenario, roster, STREAMS) == {"a1": (*first, *second)}


def test_absence_is_an_agents_own_luck() -> None:
    """A fifth of the shifts is missed, and who is absent does not depend on who else is on the roster."""
    members = [a_member(an_agent(f"a{number}"), shrinkage_per_mille=200) for number in range(500)]
    roster, smaller = a_roster(*members), a_roster(*members[100:])
    present = presence_plan(a_scenario(roster), roster, STREAMS)
    assert 370 < len(present) < 430
    assert set(presence_plan(a_scenario(smaller), smaller, STREAMS)) == set(present) & {member.agent.id for member in members[100:]}


def test_overlapping_shifts_are_refused() -> None:
    """An agent cannot come before they have gone."""
    roster = a_roster(a_member(an_agent(), a_shift(0, 2 * HOUR_MS), a_shift(HOUR_MS, 3 * HOUR_MS)))
    with pytest.raises(ConfigError, match='"a1" has two shifts that overlap in the roster planned'):
        presence_plan(a_scenario(roster), roster, STREAMS)


@pytest.mark.parametrize(("skills", "needs", "expected_ms"), [("sales:8", "sales>=5", 54_000), ("sales:5", "sales>=5", 63_000)])
def test_better_agents_are_faster(skills: str, needs: str, expected_ms: int) -> None:
    """At five percent a level around level 6, a minute of work takes an agent of level 8 54 s and one of level 5 63 s."""
    effect = ProficiencyEffect(reference_level=6, faster_per_level_per_mille=50, source=ASSUMED)
    scenario = a_scenario(
        a_roster(a_member(an_agent(skills=skills, channels="voice:1"))),
        site=a_site(queues=[a_queue(wrap_up_limit_ms=0)], rules=[a_rule(needs=needs)], channels=[VOICE]),
        behaviour=a_behaviour(proficiency=effect),
    )
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(a_birth(an_interaction(), work_ms=60_000)))
    assert story_of(log)["i1"]["end_talk"] == expected_ms


def test_the_effect_of_proficiency_has_bounds() -> None:
    """The lowest required level counts; without a requirement nothing changes; a tenth of the work always remains."""
    agent = an_agent(skills="sales:9 english:4 region:west")
    mild = ProficiencyEffect(reference_level=6, faster_per_level_per_mille=100, source=ASSUMED)
    steep = ProficiencyEffect(reference_level=1, faster_per_level_per_mille=500, source=ASSUMED)
    assert mild.scaled_ms(1_000, agent, some_needs("sales>=5 english>=3")) == 1_200
    assert mild.scaled_ms(1_000, agent, some_needs("region==west")) == 1_000
    assert steep.scaled_ms(1_000, agent, some_needs("sales>=5")) == 100
