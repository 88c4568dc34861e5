"""The large day, as a scenario: 300 agents with three to eight of forty skills, three channels side by side, ladders and wrap-up.

Twelve hours, 5,000 interactions an hour: half of them calls, which take a whole agent; three in ten are chats, of which an agent holds
three at once; the rest are e-mails, of which one takes the room of a chat. An interaction asks for level 6 in one skill, after a minute for
3 and after three minutes for 1. Callers lose patience after five minutes in the mean, people in a chat after ten. After a call follow notes
of half a minute in the mean. First come, first served over all channels; the agent who has been free longest.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from benchmarks.models import SOURCE
from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.model.agent import Agent
from routing.model.channel import Channel
from routing.model.queue import MissedOfferRule, Queue, ReofferRule, ServiceLevel
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.route import Relaxation, RouteRule, RuleStep, Urgency
from routing.model.site import Site
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Duration
from routing.policy.presets.builtin import LONGEST_IDLE
from simulation.behaviour import Behaviour, BehaviourRule
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.laws import Constant, Exponential
from simulation.scenario import Arm, AtEnd, Calendar, Scenario

NAME = "large day"
AGENTS, SKILLS = 300, 40
PER_HOUR = 5_000
BUDGET = 100
LADDER = ((0, 6), (MINUTE_MS, 3), (3 * MINUTE_MS, 1))
"""After how long a wait which level will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A channel of the day: its share of the demand, what one interaction takes of an agent, and its means (ms); no patience, no end."""

    name: str
    share: float
    cost: int
    at_once: int
    work_ms: Duration
    wrap_up_ms: Duration
    patience_ms: Duration | None


MEDIA = (
    Medium(name="voice", share=0.5, cost=100, at_once=1, work_ms=4 * MINUTE_MS, wrap_up_ms=30 * SECOND_MS, patience_ms=5 * MINUTE_MS),
    Medium(name="chat", share=0.3, cost=33, at_once=3, work_ms=8 * MINUTE_MS, wrap_up_ms=0, patience_ms=10 * MINUTE_MS),
    Medium(name="email", share=0.2, cost=33, at_once=1, work_ms=5 * MINUTE_MS, wrap_up_ms=0, patience_ms=None),
)


def staff() -> tuple[dict[str, int], ...]:
    """The skills of every agent with their levels; the same at every call."""
    rng = np.random.Generator(np.random.Philox(key=40))
    found = []
    for _ in range(AGENTS):
        chosen = rng.choice(SKILLS, size=int(rng.integers(3, 9)), replace=False)
        found.append({f"skill-{skill:02}": int(rng.integers(1, 11)) for skill in sorted(chosen.tolist())})
    return tuple(found)


def length_ms_for(interactions: int) -> Duration:
    """How long it takes until about so many interactions have arrived."""
    return round(interactions / PER_HOUR * HOUR_MS)


def scenario_of(interactions: int, seed: int) -> tuple[Scenario, Arm]:
    """The day, or as much of it as brings about so many interactions, and the arm that runs it."""
    length_ms = length_ms_for(interactions)
    always = ShiftPattern(start_ms=0, end_ms=length_ms + DAY_MS)
    members = tuple(RosteredAgent(agent=agent, patterns=(always,), shrinkage_per_mille=0) for agent in _agents())
    scenario = Scenario(
        name=NAME,
        site=_site(),
        policies={},
        behaviour=_behaviour(),
        rosters={"all": Roster(name="all", members=members)},
        demand=DrawnDemand(streams=_streams(length_ms), description=SOURCE),
        backlog=(),
        calendar=Calendar(date=dt.date(1970, 1, 1), days=1, zone="UTC"),
        starts_at=0,
        ends_at=length_ms,
        opening_hours={},
        at_end=AtEnd.SERVE_OUT,
        serve_out_limit_ms=DAY_MS // 2,
        seed=seed,
    )
    return scenario, Arm(name=LONGEST_IDLE.name, policy=LONGEST_IDLE, roster="all")


def _agents() -> list[Agent]:
    maxima = {medium.name: medium.at_once for medium in MEDIA}
    return [
        Agent(id=f"agent-{number:03}", attributes=skills, capacity=BUDGET, channel_maxima=maxima) for number, skills in enumerate(staff())
    ]


def _streams(length_ms: Duration) -> tuple[DemandStream, ...]:
    per_skill = PER_HOUR * length_ms / HOUR_MS / SKILLS
    return tuple(
        DemandStream(
            channel=medium.name,
            type=f"skill-{skill:02}",
            attributes={},
            spans=(RateSpan(starts_at=0, ends_at=length_ms, expected=per_skill * medium.share),),
        )
        for medium in MEDIA
        for skill in range(SKILLS)
    )


def _behaviour() -> Behaviour:
    def of(medium: Medium, mean_ms: Duration) -> BehaviourRule:
        return BehaviourRule(when={"channel": (medium.name,)}, law=Exponential(mean_ms=mean_ms), source=SOURCE)

    return Behaviour(
        patience=tuple(of(medium, medium.patience_ms) for medium in MEDIA if medium.patience_ms is not None),
        work=tuple(of(medium, medium.work_ms) for medium in MEDIA),
        wrap_up=tuple(of(medium, medium.wrap_up_ms) for medium in MEDIA if medium.wrap_up_ms),
        answer=(),
        return_after=Constant(value_ms=MINUTE_MS),
        return_after_source=SOURCE,
    )


def _site() -> Site:
    queue = Queue(
        id="main",
        service_level=ServiceLevel(target_ms=20 * SECOND_MS, goal_per_mille=800, short_abandon_ms=0),
        offer_timeout_ms=20 * SECOND_MS,
        offer_extension_ms=0,
        max_live_offers=1,
        wrap_up_limit_ms=HOUR_MS,
        reoffer=ReofferRule(declined_ms=0, expired_ms=0, connect_failed_ms=0),
        missed_offer=MissedOfferRule(threshold=1),
    )
    media = {
        one.name: Channel(id=one.name, is_live=one.patience_ms is not None, capacity_cost=one.cost, agent_maximum=one.at_once)
        for one in MEDIA
    }
    names = tuple(f"skill-{skill:02}" for skill in range(SKILLS))
    return Site(
        id="large-day",
        channels=media,
        queues={"main": queue},
        skills=names,
        rules=tuple(_rule(name) for name in names),
        policy=LONGEST_IDLE,
        session_lease_ms=0,
        handling_grace_ms=0,
        retention_ms=HOUR_MS,
    )


def _rule(skill: str) -> RouteRule:
    (_, first), *later = LADDER
    return RouteRule(
        name=skill,
        when={"type": (skill,)},
        queue_id="main",
        urgency=Urgency(class_rank=1, base_ms=0, slope_per_mille=1_000, cap_ms=DAY_MS, pressure_weight_ms=0, target_ms=20 * SECOND_MS),
        requirements=(Requirement(attribute=skill, operator=Operator.AT_LEAST, value=first, kind=RequirementKind.EXPIRING),),
        steps=tuple(RuleStep(after_ms=after_ms, relaxation=Relaxation(lower={skill: level})) for after_ms, level in later),
    )
