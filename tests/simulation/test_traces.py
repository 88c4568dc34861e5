"""Two days small enough to work out by hand, through the world and the whole router."""

from dataclasses import replace
from typing import TypeAlias

from routing.core.events import Recorded
from routing.model.site import PolicySpec
from simulation.demand import Birth
from simulation.run import run_replication
from tests.builders import VOICE, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.worlds import a_birth, a_member, a_roster, a_scenario, a_shift, an_arm, story_of, the_births

Stories: TypeAlias = dict[str, dict[str, int | str]]

T0 = 60_000
"""The traces' second 0, late enough that agents can become available before it."""


def a_call(id: str, second: int, skill: str, *, talk: int, acw: int = 0, patience: int | None = None) -> Birth:  # noqa: A002 - mirrors the trace
    """A call of a trace; times in seconds."""
    interaction = an_interaction(id, needs=f"{skill}>=1")
    patience_ms = None if patience is None else patience * 1_000
    return a_birth(interaction, at=T0 + second * 1_000, patience_ms=patience_ms, work_ms=talk * 1_000, wrap_up_ms=acw * 1_000)


def run(policy: PolicySpec, skills: dict[str, str], calls: tuple[Birth, ...]) -> Stories:
    """The story of each call in seconds after T0. Agents become available ten seconds apart, in the order of `skills`, the last at -10."""
    members = [
        a_member(an_agent(agent_id, skills=held, channels="voice:1"), a_shift(T0 - (len(skills) - place) * 10_000))
        for place, (agent_id, held) in enumerate(skills.items())
    ]
    site = a_site(queues=[a_queue(wrap_up_limit_ms=3_600_000)], rules=[a_rule()], channels=[VOICE], skills="en es x y", policy=policy)
    scenario = a_scenario(a_roster(*members), site=site)
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(*calls))
    return {
        call: {key: value if isinstance(value, str) else (value - T0) // 1_000 for key, value in told.items()}
        for call, told in story_of(log).items()
    }


def total_wait(stories: Stories, calls: tuple[Birth, ...]) -> int:
    """Seconds waited by all calls together."""
    return sum(int(stories[call.interaction.id]["start"]) - (call.at - T0) // 1_000 for call in calls)


LONGEST_IDLE = a_policy(scorers="longest_idle:1")
FEWEST_SKILLS = a_policy(scorers="fewest_skills:60000")


def test_fifo_longest_idle_with_skills_abandonment_and_wrap_up() -> None:
    """Trace 1: c1 finds A1, idle longest. c2 needs A2. c3 leaves at 20 + 15 = 35 while both talk. At 40 A2 is free and takes c4, who waits
    longer than c5 (25 before 30). At 60 A1 enters wrap-up until 70, and A2 takes c5, whom only A2 can serve.
    """
    calls = (
        a_call("c1", 0, "en", talk=60, acw=10, patience=999),
        a_call("c2", 10, "es", talk=30, patience=999),
        a_call("c3", 20, "en", talk=20, acw=5, patience=15),
        a_call("c4", 25, "en", talk=20, patience=100),
        a_call("c5", 30, "es", talk=10, patience=100),
    )
    expected = {
        "c1": {"agent": "A1", "start": 0, "end_talk": 60, "agent_free": 70},
        "c2": {"agent": "A2", "start": 10, "end_talk": 40, "agent_free": 40},
        "c3": {"abandoned_at": 35},
        "c4": {"agent": "A2", "start": 40, "end_talk": 60, "agent_free": 60},
        "c5": {"agent": "A2", "start": 60, "end_talk": 70, "agent_free": 70},
    }
    assert run(LONGEST_IDLE, {"A1": "en:5", "A2": "en:5 es:5"}, calls) == expected


TRACE_2 = (a_call("c1", 0, "x", talk=10), a_call("c2", 1, "y", talk=10))
TWO_AGENTS = {"A1": "x:5 y:5", "A2": "x:5"}


def test_longest_idle_spends_the_generalist() -> None:
    """Trace 2: the longest idle A1 takes c1, so that c2, whom only A1 can serve, waits from 1 to 10: nine seconds in all."""
    assert total_wait(run(LONGEST_IDLE, TWO_AGENTS, TRACE_2), TRACE_2) == 9


def test_fewest_skills_first_keeps_the_generalist() -> None:
    """Trace 2: the specialist A2 takes c1 and A1 stays free for c2: nobody waits."""
    assert total_wait(run(FEWEST_SKILLS, TWO_AGENTS, TRACE_2), TRACE_2) == 0


def test_a_window_that_closes_just_after_second_one_places_both() -> None:
    """Trace 2: a window opened by c1 at 0 that is still open when c2 comes at 1 gives c1 to A2 and c2 to A1: c1 waited one second, c2 none.

    Deadlines run before other commands of the same instant, so the window is one millisecond longer than the second it has to include.
    """
    batch = replace(LONGEST_IDLE, assigner="min_cost_flow", match_interval_ms=1_001)
    assert total_wait(run(batch, TWO_AGENTS, TRACE_2), TRACE_2) == 1
