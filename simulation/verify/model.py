"""The systems of the cases as plain records, and how each becomes a scenario of the simulated world."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.model.admission import AdmissionRule
from routing.model.agent import Agent, Presence
from routing.model.channel import Channel
from routing.model.queue import MissedOfferRule, Queue, ReofferRule, ServiceLevel
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.model.route import RouteRule, Urgency
from routing.model.site import PolicySpec, Site
from routing.model.time import DAY_MS, HOUR_MS, Duration, Instant
from routing.policy.presets.builtin import LONGEST_IDLE
from routing.policy.registry import PolicyRegistry
from simulation.agents.outbound import OutboundList
from simulation.agents.parallel import Parallel
from simulation.behaviour import Behaviour, BehaviourRule, ProficiencyEffect
from simulation.customers.coming_again import Redial, Resolution
from simulation.customers.lines import LineGroup
from simulation.demand import DemandStream, DrawnDemand, RateSpan, ReplayedLog
from simulation.demand.chance import DayFactor, Factor, Scope
from simulation.demand.unit_laws import UnitKind, UnitLaw
from simulation.interactions import RecordedInteraction
from simulation.laws import Constant, Law, Never
from simulation.scenario import Arm, AtEnd, Calendar, Scenario, ShiftEnd
from simulation.streams import Purpose, Streams

T = TypeVar("T")

CHANNEL = "voice"
ROSTER = "planned"
_SOURCE = "assumption: a model whose figures are known"
_DRAINED_MS = 10 * DAY_MS
"""How long after the horizon what still waits is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`arrivals` expected (>= 0) over `length_ms`."""

    length_ms: Duration
    arrivals: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """Renewal arrivals whose gaps are exponential with one of several means, drawn with these probabilities."""

    probabilities: tuple[float, ...]
    means_ms: tuple[float, ...]

    @property
    def mean_ms(self) -> float:
        """The mean gap."""
        return float(np.dot(self.probabilities, self.means_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Customers of one kind, who wait in the queue `line`: Poisson with `rates` one after the other, or in `bursts` up to the horizon."""

    kind: str
    line: str
    rates: tuple[Rate, ...]
    work: Law
    patience: Law | Never
    class_rank: int = 0
    bursts: Bursts | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Like agents. `levels` are their skills by line; `staff` is how many are on duty in each period of `period_ms`, the last for ever."""

    name: str
    levels: Mapping[str, int]
    staff: tuple[int, ...]
    period_ms: Duration = 0

    @property
    def most(self) -> int:
        """How many agents there are at the busiest."""
        return max(self.staff)

    def names(self) -> tuple[str, ...]:
        """The agents' ids."""
        return tuple(f"{self.name}-{number:03}" for number in range(1, self.most + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is unusual: agents who hold up to `at_once` conversations and share themselves as `parallel` says, or `hand_back` what they have
    in hand at the end of a shift; customers who dial again, or come again; a number of `lines` that limits everybody together.
    """

    at_once: int = 1
    parallel: Parallel | None = None
    hand_back: bool = False
    redial: Redial | None = None
    resolution: Resolution | None = None
    lines: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A system to be simulated from an empty start over `horizon_ms`; who arrives in the first `warm_up_ms` is not counted.

    `unit_ms` is the case's unit of time. A line turns away whoever finds `waiting_max` waiting. `busyness_shape`, where given, draws
    one Gamma factor of mean 1 a replication that all rates are multiplied by. `costs` are per customer waiting and unit of time, in
    thousandths, and `leaving_costs` per customer who leaves. `parts` registers parts of the policy that are no part of the product.
    `expected_by_period`: the arrivals expected in each period of a day of equal periods. `cycle_ms`: the length of a cycle where rates
    swing, and `staff_at` who is on duty at its whole units. `outbound`: the work that is started between calls. What waits at the
    horizon is served out.
    """

    unit_ms: Duration
    streams: tuple[Stream, ...]
    groups: tuple[Group, ...]
    horizon_ms: Duration
    warm_up_ms: Duration = 0
    target_ms: Duration = 20_000
    policy: PolicySpec = LONGEST_IDLE
    waiting_max: int | None = None
    proficiency: ProficiencyEffect | None = None
    busyness_shape: float | None = None
    costs: Mapping[str, int] = field(default_factory=dict)
    leaving_costs: Mapping[str, int] = field(default_factory=dict)
    parts: Callable[[PolicyRegistry], None] | None = None
    habits: Habits = Habits()
    outbound: tuple[OutboundList, ...] = ()
    expected_by_period: tuple[int, ...] = ()
    cycle_ms: float = 0.0
    staff_at: tuple[int, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The queues, in order of their first stream."""
        return tuple(dict.fromkeys(stream.line for stream in self.streams))

    def best_lines(self) -> tuple[str, ...]:
        """What each agent is best at, in the order of the roster."""
        return tuple(max(group.levels, key=lambda line: group.levels[line]) for group in self.groups for _ in range(group.most))

    @property
    def counted_ms(self) -> Duration:
        """How long arrivals are counted."""
        return self.horizon_ms - self.warm_up_ms


def scenario_of(model: Model, *, seed: int, replication: int) -> Scenario:
    """The system as the scenario of one replication: offers answered at once, no wrap-up, the queue served out after the horizon."""
    roster = _roster(model)
    return Scenario(
        name="a model whose figures are known",
        site=_site(model),
        policies={},
        behaviour=_behaviour(model),
        rosters={ROSTER: roster},
        demand=_demand(model, Streams(seed=seed, replication=replication)),
        backlog=(),
        calendar=Calendar(date=dt.date(1970, 1, 1), days=1, zone="UTC"),
        starts_at=0,
        ends_at=model.horizon_ms,
        opening_hours={},
        at_end=AtEnd.SERVE_OUT,
        serve_out_limit_ms=_DRAINED_MS,
        seed=seed,
        outbound=model.outbound,
        at_shift_end=ShiftEnd.HAND_BACK if model.habits.hand_back else ShiftEnd.FINISH,
        lines=() if model.habits.lines is None else (LineGroup(name="lines", channels=(CHANNEL,), count=model.habits.lines),),
    )


def arm_of(model: Model) -> Arm:
    """The one arm there is."""
    return Arm(name=model.policy.name, policy=model.policy, roster=ROSTER)


def demand_streams(model: Model) -> tuple[DemandStream, ...]:
    """The Poisson streams of a model."""
    return tuple(
        DemandStream(channel=CHANNEL, type=stream.kind, attributes=stream.attributes, spans=_spans(stream.rates))
        for stream in model.streams
    )


def burst_instants(model: Model, streams: Streams) -> list[Instant]:
    """The arrivals of a model whose one stream comes in bursts, earliest first, up to the horizon."""
    (stream,) = model.streams
    bursts = stream.bursts
    if bursts is None:
        raise ValueError("the stream has rates")
    generator = streams.generator(Purpose.ARRIVALS, stream.kind)
    count = int(model.horizon_ms / bursts.mean_ms * 1.2) + 1_000
    means = np.array(bursts.means_ms)[generator.choice(len(bursts.means_ms), size=count, p=bursts.probabilities)]
    instants = np.cumsum(means * generator.exponential(size=count))
    if instants[-1] < model.horizon_ms:
        raise ValueError("the horizon is too short for the law of large numbers")
    kept: list[Instant] = np.floor(instants[instants < model.horizon_ms]).astype(np.int64).tolist()
    return kept


def _spans(rates: tuple[Rate, ...]) -> tuple[RateSpan, ...]:
    spans, at = [], 0
    for rate in rates:
        spans.append(RateSpan(starts_at=at, ends_at=at + rate.length_ms, expected=rate.arrivals))
        at += rate.length_ms
    return tuple(spans)


def _demand(model: Model, streams: Streams) -> DrawnDemand | ReplayedLog:
    if model.streams[0].bursts is None:
        return DrawnDemand(streams=demand_streams(model), description="arrivals of the model", factors=_factors(model))
    kind = model.streams[0].kind
    log = tuple(
        RecordedInteraction(id=f"burst-{place:08}", arrived_at_ms=at, channel=CHANNEL, type=kind, attributes={})
        for place, at in enumerate(burst_instants(model, streams))
    )
    return ReplayedLog(log=log, name="arrivals in bursts")


def _factors(model: Model) -> tuple[Factor, ...]:
    if model.busyness_shape is None:
        return ()
    scope = Scope(name="busyness", when={}, is_common=True, source=_SOURCE)
    return (DayFactor(scope=scope, law=UnitLaw(kind=UnitKind.GAMMA, cv=model.busyness_shape**-0.5)),)


def _site(model: Model) -> Site:
    admission = None if model.waiting_max is None else AdmissionRule(waiting_max=model.waiting_max)
    has_one_line = len(model.lines) == 1
    rules = []
    for stream in model.streams:
        need = Requirement(attribute=stream.line, operator=Operator.AT_LEAST, value=1, kind=RequirementKind.MUST)
        urgency = Urgency(
            class_rank=stream.class_rank,
            base_ms=0,
            slope_per_mille=1_000,
            cap_ms=DAY_MS,
            pressure_weight_ms=0,
            target_ms=max(1, model.target_ms),
        )
        rules.append(
            RouteRule(
                name=stream.kind,
                when={"type": (stream.kind,)},
                queue_id=stream.line,
                urgency=urgency,
                requirements=() if has_one_line and model.proficiency is None else (need,),
                steps=(),
            )
        )
    return Site(
        id="model",
        channels={CHANNEL: Channel(id=CHANNEL, is_live=True, capacity_cost=1, agent_maximum=model.habits.at_once)},
        queues={line: replace(_queue(line, model.target_ms), admission=admission) for line in model.lines},
        skills=model.lines,
        rules=tuple({rule.name: rule for rule in rules}.values()),
        policy=model.policy,
        session_lease_ms=30_000,
        handling_grace_ms=60_000,
        retention_ms=0,
    )


def _queue(line: str, target_ms: Duration) -> Queue:
    return Queue(
        id=line,
        service_level=ServiceLevel(target_ms=target_ms, goal_per_mille=800, short_abandon_ms=0),
        offer_timeout_ms=15_000,
        offer_extension_ms=0,
        max_live_offers=1,
        wrap_up_limit_ms=0,
        reoffer=ReofferRule(declined_ms=0, expired_ms=0, connect_failed_ms=0),
        missed_offer=MissedOfferRule(threshold=1, presence=Presence.NOT_READY),
    )


def _behaviour(model: Model) -> Behaviour:
    def rules(laws: Mapping[str, Law | Never]) -> tuple[BehaviourRule, ...]:
        return tuple(BehaviourRule(when={"type": (kind,)}, law=law, source=_SOURCE) for kind, law in laws.items())

    return Behaviour(
        patience=rules({stream.kind: stream.patience for stream in model.streams}),
        work=rules({stream.kind: stream.work for stream in model.streams}),
        wrap_up=(),
        answer=(),
        return_after=Constant(value_ms=HOUR_MS),
        return_after_source=_SOURCE,
        proficiency=model.proficiency,
        parallel=_one_or_none(model.habits.parallel),
        redial=_one_or_none(model.habits.redial),
        resolution=_one_or_none(model.habits.resolution),
    )


def _one_or_none(habit: T | None) -> tuple[T, ...]:
    return () if habit is None else (habit,)


def _roster(model: Model) -> Roster:
    at_once = model.habits.at_once
    members = [
        RosteredAgent(
            agent=Agent(id=name, attributes=dict(group.levels), capacity=at_once, channel_maxima={CHANNEL: at_once}),
            patterns=_shifts(group, place, model.horizon_ms),
            shrinkage_per_mille=0,
        )
        for group in model.groups
        for place, name in enumerate(group.names())
    ]
    return Roster(name=ROSTER, members=tuple(members))


def _shifts(group: Group, place: int, horizon_ms: Duration) -> tuple[ShiftPattern, ...]:
    """The agent at `place` is on duty in every period that has more agents than that; adjoining periods are one shift."""
    ends = [*(group.period_ms * number for number in range(1, len(group.staff))), horizon_ms + _DRAINED_MS]
    spans: list[tuple[Duration, Duration]] = []
    start = 0
    for count, end in zip(group.staff, ends, strict=True):
        if count > place:
            spans = [*spans[:-1], (spans[-1][0], end)] if spans and spans[-1][1] == start else [*spans, (start, end)]
        start = end
    return tuple(ShiftPattern(start_ms=start, end_ms=end) for start, end in spans)
