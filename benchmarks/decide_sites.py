"""The two sites on which decisions are timed: one that asks for skills and nothing else, and one that asks for everything there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.core.commands import Command, PutCommitments
from routing.model.admission import AdmissionRule, AgentState, EmptyRule
from routing.model.agent import Agent, Commitment
from routing.model.callback import CallbackRule
from routing.model.channel import Channel
from routing.model.estimate import EstimateMethod
from routing.model.hours import Calendar, HoursRule, OpenInterval
from routing.model.interaction import Interaction
from routing.model.memory import MemoryRule
from routing.model.queue import AssignmentLimit, MissedOfferRule, MissedOfferScope, Queue, ReofferRule, ServiceLevel
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.reservation import StickyRule
from routing.model.route import EarlyStep, Reach, Relaxation, RouteRule, RuleStep, Urgency
from routing.model.site import PolicySpec, ShiftRule, Site, WeightedScorer
from routing.model.stay import StayRule
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from routing.policy.registry import default_registry

SKILLS, CROWDED = 200, 150

_URGENCY = Urgency(class_rank=1, base_ms=0, slope_per_mille=1_000, cap_ms=DAY_MS, pressure_weight_ms=MINUTE_MS, target_ms=20 * SECOND_MS)
_HORIZON = 10 * DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A site, and what its agents and interactions say. `prefix` goes before the names of its figures."""

    prefix: str
    site: Site
    agent: Callable[[int, int, np.random.Generator], Agent]
    on_duty: Callable[[Agent], Sequence[Command]]
    interaction: Callable[[int, int, Sequence[Agent]], Interaction]


def _agent(number: int, size: int, rng: np.random.Generator) -> Agent:
    """A tenth of the agents serve the quiet skills, the others the crowded ones."""
    first, last = (CROWDED, SKILLS) if number % 10 == 0 else (0, CROWDED)
    chosen = rng.choice(np.arange(first, last), size=int(rng.integers(1, 6)), replace=False)
    attributes = {f"skill-{skill}": int(rng.integers(4, 11)) for skill in sorted(chosen.tolist())}
    return Agent(id=f"agent-{number:0{len(str(size))}}", attributes=attributes, capacity=100, channel_maxima={"voice": 1})


def _plain_interaction(number: int, skill: int, agents: Sequence[Agent]) -> Interaction:
    return Interaction(id=f"i{number}", channel="voice", type=f"skill-{skill}", attributes={})


def _plain_queue() -> Queue:
    return Queue(
        id="main",
        service_level=ServiceLevel(target_ms=20 * SECOND_MS, goal_per_mille=800, short_abandon_ms=5 * SECOND_MS),
        offer_timeout_ms=HOUR_MS,
        offer_extension_ms=0,
        max_live_offers=1,
        wrap_up_limit_ms=0,
        reoffer=ReofferRule(declined_ms=MINUTE_MS, expired_ms=MINUTE_MS, connect_failed_ms=MINUTE_MS),
        missed_offer=MissedOfferRule(threshold=0),
    )


def _plain_rule(skill: int) -> RouteRule:
    return RouteRule(
        name=f"skill-{skill}",
        when={"type": (f"skill-{skill}",)},
        queue_id="main",
        urgency=_URGENCY,
        requirements=(Requirement(attribute=f"skill-{skill}", operator=Operator.AT_LEAST, value=4),),
        steps=(),
    )


def _plain_site() -> Site:
    return Site(
        id="bench",
        channels={"voice": Channel(id="voice", is_live=True, capacity_cost=100, agent_maximum=1)},
        queues={"main": _plain_queue()},
        skills=tuple(f"skill-{skill}" for skill in range(SKILLS)),
        rules=tuple(_plain_rule(skill) for skill in range(SKILLS)),
        policy=default_registry().spec("balanced"),
        session_lease_ms=0,
        handling_grace_ms=0,
        retention_ms=HOUR_MS,
    )


def _full_agent(number: int, size: int, rng: np.random.Generator) -> Agent:
    """The same, who also take emails on the side and wrap up for as long as they choose."""
    return replace(_agent(number, size, rng), channel_maxima={"voice": 1, "email": 2}, wrap_up_limit_ms=0)


def _full_duty(agent: Agent) -> Sequence[Command]:
    """Everybody has a break in the far future."""
    return (PutCommitments(agent_id=agent.id, commitments=(Commitment(starts_at=_HORIZON, ends_at=_HORIZON + HOUR_MS),)),)


def _full_interaction(number: int, skill: int, agents: Sequence[Agent]) -> Interaction:
    """Customers who are known, every tenth with a preferred agent, every seventh with a point of priority, every twelfth by email."""
    preferred = {agents[number % len(agents)].id: 60} if number % 10 == 0 else None
    return Interaction(
        id=f"i{number}",
        channel="email" if number % 12 == 0 else "voice",
        type=f"skill-{skill}",
        attributes={},
        preferred_agents=preferred,
        customer_id=f"customer-{number % 5_000}",
        priority=int(number % 7 == 0),
    )


def _full_queue() -> Queue:
    """Limits that are asked every time and never reached: what is measured is the asking."""
    plain = _plain_queue()
    return replace(
        plain,
        reoffer=replace(plain.reoffer, busy_ms=SECOND_MS, unreachable_ms=SECOND_MS, withdrawn_ms=SECOND_MS),
        missed_offer=MissedOfferRule(threshold=2, scope=MissedOfferScope.QUEUE),
        stay=StayRule(limit_ms=DAY_MS),
        callback=CallbackRule(attempts_max=3),
        admission=AdmissionRule(waiting_max=1_000_000, estimated_wait_max_ms=DAY_MS, held_max_ms=DAY_MS),
        empty=EmptyRule(join_states=(AgentState.OFFLINE,)),
        hours=HoursRule(calendar="always"),
        estimate=EstimateMethod.PLACE_PACE,
        wrap_up_cap_ms=MINUTE_MS,
        assignment_limit=AssignmentLimit(count=1_000, window_ms=HOUR_MS),
        expected_handling_ms=5 * MINUTE_MS,
    )


def _full_rule(skill: int) -> RouteRule:
    plain = _plain_rule(skill)
    level = Requirement(attribute=f"skill-{skill}", operator=Operator.AT_LEAST, value=4, kind=RequirementKind.EXPIRING)
    early = EarlyStep(if_nobody=Reach.PRESENT, is_watched=True)
    return replace(
        plain,
        urgency=replace(_URGENCY, ms_per_point=MINUTE_MS),
        requirements=(level,),
        steps=(RuleStep(after_ms=MINUTE_MS, relaxation=Relaxation(lower={f"skill-{skill}": 2}, raise_base_ms=SECOND_MS), early=early),),
        sticky=StickyRule(hold_ms=5 * SECOND_MS, share_per_mille=500),
    )


def _full_policy() -> PolicySpec:
    """The default, with every scorer of our own beside its three."""
    balanced = default_registry().spec("balanced")
    more = (
        WeightedScorer(name="fewest_skills", weight_ms=10),
        WeightedScorer(name="longest_idle", weight_ms=1),
        WeightedScorer(name="fewest_calls", weight_ms=1),
        WeightedScorer(name="lowest_occupancy", weight_ms=1),
        WeightedScorer(name="unmet_preferences", weight_ms=1_000),
    )
    return replace(balanced, name="everything", scorers=(*balanced.scorers, *more))


def _full_site() -> Site:
    voice = Channel(id="voice", is_live=True, capacity_cost=100, agent_maximum=1)
    email = Channel(id="email", is_live=False, capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))
    open_ = Calendar(intervals=(OpenInterval(opens_at=0, closes_at=2 * _HORIZON),), known_from=0, known_until=2 * _HORIZON)
    return replace(
        _plain_site(),
        channels={"voice": voice, "email": email},
        queues={"main": _full_queue()},
        rules=tuple(_full_rule(skill) for skill in range(SKILLS)),
        policy=_full_policy(),
        memory=MemoryRule(last_agent_ms=HOUR_MS, last_agent_score=20, return_within_ms=MINUTE_MS, customers_max=10_000),
        running_callbacks_max=50,
        calendars={"always": open_},
        shift_rule=ShiftRule(tolerance_ms=MINUTE_MS, override_class_rank=9),
    )


PLAIN = Workload(prefix="", site=_plain_site(), agent=_agent, on_duty=lambda agent: (), interaction=_plain_interaction)
FULL = Workload(prefix="full: ", site=_full_site(), agent=_full_agent, on_duty=_full_duty, interaction=_full_interaction)
