"""The two models that the speed of the simulator is measured on, as scenarios.

two-skill: four interactions a minute of each of two types, exponential handling of mean one minute, exponential patience of mean two;
four agents serve type A only, five serve both. Type A prefers the agents who serve nothing else; a freed agent takes whoever has waited
longest.

six-skill: six types at equal rates, exponential handling of mean ten minutes, patience of mean twenty; 90 agents serve two types each,
load 0.95; first come first served, longest idle agent first.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.model.agent import Agent
from routing.model.channel import Channel
from routing.model.queue import MissedOfferRule, Queue, ReofferRule, ServiceLevel
from routing.model.requirement import Operator, Requirement
from routing.model.route import RouteRule, Urgency
from routing.model.site import PolicySpec, Site, WeightedScorer
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Duration
from routing.policy.presets.builtin import LONGEST_IDLE
from simulation.behaviour import Behaviour, BehaviourRule
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.laws import Constant, Exponential
from simulation.scenario import Arm, AtEnd, Calendar, Scenario

SOURCE = "assumption: the model that is measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model in the terms both simulators need: per-type rates (per minute), means (ms), and the types each agent serves, in order."""

    name: str
    types: tuple[str, ...]
    rate_per_minute: float
    handling_mean_ms: Duration
    patience_mean_ms: Duration
    agents: tuple[tuple[str, ...], ...]
    policy: PolicySpec

    def minutes_for(self, interactions: int) -> int:
        """How long it takes until about so many interactions have arrived."""
        return round(interactions / (self.rate_per_minute * len(self.types)))


_SPECIALISTS_FIRST = PolicySpec(
    name="specialists-first",
    version=1,
    filters=LONGEST_IDLE.filters,
    scorers=(WeightedScorer(name="fewest_skills", weight_ms=HOUR_MS),),
    assigner=LONGEST_IDLE.assigner,
    match_interval_ms=0,
    bypass_class_rank=None,
    is_work_conserving=True,
    idle_clock=LONGEST_IDLE.idle_clock,
)

TWO_SKILL = Model(
    name="two-skill",
    types=("A", "B"),
    rate_per_minute=4.0,
    handling_mean_ms=MINUTE_MS,
    patience_mean_ms=2 * MINUTE_MS,
    agents=(("A",),) * 4 + (("A", "B"),) * 5,
    policy=_SPECIALISTS_FIRST,
)

SIX_SKILL = Model(
    name="six-skill",
    types=("A", "B", "C", "D", "E", "F"),
    rate_per_minute=0.95 * 90 / 10 / 6,
    handling_mean_ms=10 * MINUTE_MS,
    patience_mean_ms=20 * MINUTE_MS,
    agents=tuple(("ABCDEF"[first % 6], "ABCDEF"[(first % 6 + 1 + first // 6 % 5) % 6]) for first in range(90)),
    policy=LONGEST_IDLE,
)


def scenario_of(model: Model, *, interactions: int, seed: int) -> tuple[Scenario, Arm]:
    """The model as a scenario long enough for about so many interactions, and the arm that runs it."""
    length_ms = model.minutes_for(interactions) * MINUTE_MS
    always = ShiftPattern(start_ms=0, end_ms=length_ms + DAY_MS)
    members = tuple(RosteredAgent(agent=agent, patterns=(always,), shrinkage_per_mille=0) for agent in _agents(model.agents))
    spans = (RateSpan(starts_at=0, ends_at=length_ms, expected=model.rate_per_minute * length_ms / MINUTE_MS),)
    scenario = Scenario(
        name=model.name,
        site=_site(model),
        policies={},
        behaviour=Behaviour(
            patience=(_exponential(model.patience_mean_ms),),
            work=(_exponential(model.handling_mean_ms),),
            wrap_up=(),
            answer=(),
            return_after=Constant(value_ms=MINUTE_MS),
            return_after_source=SOURCE,
        ),
        rosters={"all": Roster(name="all", members=members)},
        demand=DrawnDemand(
            streams=tuple(DemandStream(channel="voice", type=name, attributes={}, spans=spans) for name in model.types), description=SOURCE
        ),
        backlog=(),
        calendar=Calendar(date=dt.date(1970, 1, 1), days=1, zone="UTC"),
        starts_at=0,
        ends_at=length_ms,
        opening_hours={},
        at_end=AtEnd.SERVE_OUT,
        serve_out_limit_ms=DAY_MS // 2,
        seed=seed,
    )
    return scenario, Arm(name=model.policy.name, policy=model.policy, roster="all")


def _agents(skills: Sequence[tuple[str, ...]]) -> list[Agent]:
    return [
        Agent(id=f"agent-{number:02}", attributes=dict.fromkeys(served, 5), capacity=100, channel_maxima={"voice": 1})
        for number, served in enumerate(skills)
    ]


def _exponential(mean_ms: Duration) -> BehaviourRule:
    return BehaviourRule(when={}, law=Exponential(mean_ms=mean_ms), source=SOURCE)


def _site(model: Model) -> Site:
    queue = Queue(
        id="main",
        service_level=ServiceLevel(target_ms=20 * SECOND_MS, goal_per_mille=800, short_abandon_ms=0),
        offer_timeout_ms=20 * SECOND_MS,
        offer_extension_ms=0,
        max_live_offers=1,
        wrap_up_limit_ms=0,
        reoffer=ReofferRule(declined_ms=0, expired_ms=0, connect_failed_ms=0),
        missed_offer=MissedOfferRule(threshold=1),
    )
    urgency = Urgency(class_rank=1, base_ms=0, slope_per_mille=1_000, cap_ms=DAY_MS, pressure_weight_ms=0, target_ms=20 * SECOND_MS)
    return Site(
        id=model.name,
        channels={"voice": Channel(id="voice", is_live=True, capacity_cost=100, agent_maximum=1)},
        queues={"main": queue},
        skills=model.types,
        rules=tuple(
            RouteRule(
                name=name,
                when={"type": (name,)},
                queue_id="main",
                urgency=urgency,
                requirements=(Requirement(attribute=name, operator=Operator.AT_LEAST, value=1),),
                steps=(),
            )
            for name in model.types
        ),
        policy=model.policy,
        session_lease_ms=0,
        handling_grace_ms=0,
        retention_ms=HOUR_MS,
    )
