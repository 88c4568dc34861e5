"""Builders of the nouns with sensible defaults, so that a test states only what it is about.

Short texts stand for the long records: skills `"sales:7 english:5 licence:yes"`, channels `"voice:1 chat:2"`, needs
`"sales>=5 english>=4:expiring region!=west team==a|b french>=2:prefer"`, conditions `"channel=voice type=sales|billing"`, early steps
`"available"` or, where they are watched, `"available:watched"`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from routing.model.admission import AdmissionRule, AgentState, EmptyRule
from routing.model.agent import Agent, Presence
from routing.model.channel import Channel
from routing.model.decision import Candidate, Compared, Decision
from routing.model.diversion import Diversion, DiversionKind
from routing.model.hours import Calendar, HoursRule, OpenInterval
from routing.model.interaction import Interaction
from routing.model.queue import EveryoneDeclined, ExclusionScope, MissedOfferRule, MissedOfferScope, Queue, ReofferRule, ServiceLevel
from routing.model.requirement import AttributeValue, Operator, Requirement, RequirementKind
from routing.model.reservation import StickyRule
from routing.model.route import EarlyStep, Reach, Relaxation, Route, RouteRule, RouteStep, RuleBranch, RuleStep, Urgency
from routing.model.site import IdleClock, PolicySpec, Site, WeightedScorer
from routing.model.time import DAY_MS, Duration, Instant

ALL_FILTERS = ("presence", "channel", "capacity", "skill", "declined")


def some_attributes(text: str) -> dict[str, AttributeValue]:
    """Attributes from `"sales:7 licence:yes"`: digits become numbers, all else symbols; a name alone counts 5."""
    pairs = (token.partition(":") for token in text.split())
    return {name: _a_value(value or "5") for name, _, value in pairs}


def some_needs(text: str) -> tuple[Requirement, ...]:
    """Requirements from `"sales>=5 english>=4:expiring french>=2:prefer"`; without a kind they are meant as must."""
    return tuple(_a_need(token) for token in text.split())


def a_channel(
    id: str = "voice",  # noqa: A002 - mirrors the field
    *,
    is_live: bool = True,
    capacity_cost: int = 100,
    agent_maximum: int = 1,
    **overrides: Any,
) -> Channel:
    """A channel; by default a voice channel that fills an agent. `overrides` replaces any other field of `Channel`."""
    channel = Channel(id=id, is_live=is_live, capacity_cost=capacity_cost, agent_maximum=agent_maximum)
    return replace(channel, **overrides)


VOICE = a_channel("voice")
CHAT = a_channel("chat", capacity_cost=30, agent_maximum=3)
EMAIL = a_channel("email", is_live=False, capacity_cost=20, agent_maximum=5)


def a_queue(
    id: str = "main",  # noqa: A002 - mirrors the field
    *,
    target_ms: Duration = 20_000,
    goal_per_mille: int = 800,
    short_abandon_ms: Duration = 5_000,
    declined_ms: Duration = 10_000,
    expired_ms: Duration = 10_000,
    connect_failed_ms: Duration = 10_000,
    busy_ms: Duration | None = None,
    missed_threshold: int = 1,
    missed_presence: Presence = Presence.NOT_READY,
    counts_unreachable: bool = False,
    unreachable_ms: Duration | None = None,
    withdrawn_ms: Duration = 0,
    scope: ExclusionScope = ExclusionScope.COOLDOWN,
    everyone_declined: EveryoneDeclined = EveryoneDeclined.COOLDOWN,
    missed_scope: MissedOfferScope = MissedOfferScope.AGENT,
    **overrides: Any,
) -> Queue:
    """A queue with 15 s leases, one live offer at a time and 10 s of wrap-up; `overrides` replaces any field of `Queue`."""
    queue = Queue(
        id=id,
        service_level=ServiceLevel(target_ms=target_ms, goal_per_mille=goal_per_mille, short_abandon_ms=short_abandon_ms),
        offer_timeout_ms=15_000,
        offer_extension_ms=5_000,
        max_live_offers=1,
        wrap_up_limit_ms=10_000,
        reoffer=ReofferRule(
            declined_ms=declined_ms,
            expired_ms=expired_ms,
            connect_failed_ms=connect_failed_ms,
            busy_ms=busy_ms,
            unreachable_ms=unreachable_ms,
            withdrawn_ms=withdrawn_ms,
            scope=scope,
            everyone_declined=everyone_declined,
        ),
        missed_offer=MissedOfferRule(
            threshold=missed_threshold, presence=missed_presence, counts_unreachable=counts_unreachable, scope=missed_scope
        ),
    )
    return replace(queue, **overrides)


def an_urgency(**overrides: Any) -> Urgency:
    """An urgency of class 0 that grows one millisecond a millisecond; `overrides` replaces any field of `Urgency`."""
    urgency = Urgency(class_rank=0, base_ms=0, slope_per_mille=1_000, cap_ms=DAY_MS, pressure_weight_ms=0, target_ms=20_000)
    return replace(urgency, **overrides)


def a_relaxation(
    *,
    drop: str = "",
    lower: str = "",
    widen: str = "",
    raise_base_ms: int = 0,
    class_rank: int | None = None,
    overflow_to: str | None = None,
    release: bool = False,
    divert_to: str = "",
) -> Relaxation:
    """A relaxation from `drop="english french"`, `lower="sales:3"`, `widen="team:b|c"`, `divert_to="voicemail:box-7"`."""
    levels = {name: int(level) for name, level in some_attributes(lower).items()}
    values = {name: tuple(_a_value(value) for value in listed.split("|")) for name, _, listed in map(_parts_of, widen.split())}
    return Relaxation(
        drop=tuple(drop.split()),
        lower=levels or None,
        widen=values or None,
        raise_base_ms=raise_base_ms,
        class_rank=class_rank,
        overflow_to=overflow_to,
        release=release,
        divert_to=a_diversion(divert_to) if divert_to else None,
    )


def a_diversion(text: str) -> Diversion:
    """A diversion from `"queue:second"`, `"voicemail:box-7"`, `"self_service"` or `"refuse"`."""
    kind, _, target = text.partition(":")
    return Diversion(kind=DiversionKind(kind), target=target)


def an_admission(*, otherwise: str = "refuse", **limits: Any) -> AdmissionRule:
    """A rule with those limits of `AdmissionRule`; without any it turns nobody away."""
    return AdmissionRule(otherwise=a_diversion(otherwise), **limits)


def an_empty_rule(*, join: str = "", leave: str = "", grace_ms: Duration = 0, otherwise: str = "refuse") -> EmptyRule:
    """A rule from `join="offline not_ready"`, `leave="offline"`."""
    return EmptyRule(
        join_states=tuple(AgentState(state) for state in join.split()),
        leave_states=tuple(AgentState(state) for state in leave.split()),
        leave_grace_ms=grace_ms,
        otherwise=a_diversion(otherwise),
    )


def a_calendar(*intervals: tuple[Instant, Instant], known_from: Instant = 0, known_until: Instant = DAY_MS) -> Calendar:
    """A calendar that knows the first day of 1970, UTC, unless told otherwise."""
    return Calendar(intervals=tuple(OpenInterval(*interval) for interval in intervals), known_from=known_from, known_until=known_until)


def some_hours(*, when_closed: str = "", at_close: str = "", calendar: str = "office") -> HoursRule:
    """Hours by the calendar `office`; without a diversion who comes waits, and who waits is served on."""
    return HoursRule(
        calendar=calendar,
        when_closed=a_diversion(when_closed) if when_closed else None,
        at_close=a_diversion(at_close) if at_close else None,
    )


def a_step(after_ms: Duration, *, early: str = "", **relaxation: Any) -> RuleStep:
    """A step of a rule's ladder; `relaxation` as for `a_relaxation`."""
    return RuleStep(after_ms=after_ms, relaxation=a_relaxation(**relaxation), early=_early(early))


def a_route_step(due_at: Instant, *, early: str = "", **relaxation: Any) -> RouteStep:
    """A step of a route's ladder; `relaxation` as for `a_relaxation`."""
    return RouteStep(due_at=due_at, relaxation=a_relaxation(**relaxation), early=_early(early))


def a_rule(
    name: str = "any",
    *,
    queue: str = "main",
    when: str = "",
    needs: str = "",
    urgency: Urgency | None = None,
    steps: Iterable[RuleStep] = (),
    sticky: StickyRule | None = None,
    also: Iterable[RuleBranch] = (),
) -> RouteRule:
    """A rule that matches everything unless `when` says `"channel=voice|chat type=sales"`."""
    conditions = (token.partition("=") for token in when.split())
    return RouteRule(
        name=name,
        when={name: tuple(_a_value(value) for value in values.split("|")) for name, _, values in conditions},
        queue_id=queue,
        urgency=urgency or an_urgency(),
        requirements=some_needs(needs),
        steps=tuple(steps),
        sticky=sticky,
        also=tuple(also),
    )


def a_further_queue(queue: str, *, needs: str = "", steps: Iterable[RuleStep] = ()) -> RuleBranch:
    """A further queue of a rule."""
    return RuleBranch(queue_id=queue, requirements=some_needs(needs), steps=tuple(steps))


def a_route(
    *, rule: str = "any", queue: str = "main", needs: str = "", urgency: Urgency | None = None, steps: Iterable[RouteStep] = ()
) -> Route:
    """A route to the queue `main` without requirements or steps."""
    return Route(rule=rule, queue_id=queue, urgency=urgency or an_urgency(), requirements=some_needs(needs), steps=tuple(steps))


def a_policy(*, scorers: str = "load_ratio:1000 longest_idle:1", **overrides: Any) -> PolicySpec:
    """A greedy, work-conserving policy that decides on every event, with scorers from `"name:weight_ms ..."`.

    `overrides` replaces any other field of `PolicySpec`.
    """
    policy = PolicySpec(
        name="test",
        version=1,
        filters=ALL_FILTERS,
        scorers=tuple(WeightedScorer(name=name, weight_ms=int(weight)) for name, weight in some_attributes(scorers).items()),
        assigner="greedy",
        match_interval_ms=0,
        bypass_class_rank=None,
        is_work_conserving=True,
        idle_clock=IdleClock.SINCE_FREE,
    )
    return replace(policy, **overrides)


def a_site(
    *,
    queues: Iterable[Queue] | None = None,
    rules: Iterable[RouteRule] | None = None,
    channels: Iterable[Channel] = (VOICE, CHAT, EMAIL),
    policy: PolicySpec | None = None,
    skills: str = "sales english french",
    **overrides: Any,
) -> Site:
    """A site with voice, chat and email, the queue `main` and one rule that sends everything to the first queue.

    `overrides` replaces any other field of `Site`.
    """
    waiting_lines = [a_queue()] if queues is None else list(queues)
    site = Site(
        id="test-site",
        channels={channel.id: channel for channel in channels},
        queues={queue.id: queue for queue in waiting_lines},
        skills=tuple(skills.split()),
        rules=(a_rule(queue=waiting_lines[0].id),) if rules is None else tuple(rules),
        policy=policy or a_policy(),
        session_lease_ms=30_000,
        handling_grace_ms=60_000,
        retention_ms=7 * DAY_MS,
    )
    return replace(site, **overrides)


def an_agent(
    id: str = "a1",  # noqa: A002 - mirrors the field
    *,
    skills: str = "sales:7 english:5",
    channels: str = "voice:1 chat:2",
    capacity: int = 100,
    **overrides: Any,
) -> Agent:
    """An agent who takes one call or two chats; `overrides` replaces any other field of `Agent`."""
    maxima = {channel: int(maximum) for channel, maximum in some_attributes(channels).items()}
    return replace(Agent(id=id, attributes=some_attributes(skills), capacity=capacity, channel_maxima=maxima), **overrides)


def an_interaction(
    id: str = "i1",  # noqa: A002 - mirrors the field
    *,
    channel: str = "voice",
    type: str = "sales",  # noqa: A002 - mirrors the field
    needs: str = "",
    preferred: str = "",
    due_at: Instant | None = None,
    credit_ms: Duration = 0,
    correlation_id: str = "",
    opaque: Mapping[str, str] | None = None,
    points: int = 0,
    agent_id: str | None = None,
    customer_id: str | None = None,
    stay_limit_ms: Duration | None = None,
    **attributes: AttributeValue,
) -> Interaction:
    """A sales call without requirements; preferred agents from `"a1:100 a2:50"`, priority from `points`."""
    scores = {agent_id: int(score) for agent_id, score in some_attributes(preferred).items()}
    return Interaction(
        id=id,
        channel=channel,
        type=type,
        attributes=attributes,
        requirements=some_needs(needs),
        preferred_agents=scores or None,
        due_at=due_at,
        routing_credit_ms=credit_ms,
        correlation_id=correlation_id,
        opaque=opaque,
        priority=points,
        agent_id=agent_id,
        customer_id=customer_id,
        stay_limit_ms=stay_limit_ms,
    )


def a_decision(**overrides: Any) -> Decision:
    """The record of a decision with one candidate, for offers made by hand; `overrides` replaces any field of `Decision`."""
    decision = Decision(
        policy_hash="policy",
        site_hash="site",
        compared=Compared.AGENTS,
        made_by="hand",
        urgency=0,
        excluded=(),
        eligible=1,
        best=(Candidate(id="a1", class_rank=0, net=0, terms=()),),
        tie_break="",
    )
    return replace(decision, **overrides)


def _a_need(token: str) -> Requirement:
    matched = re.fullmatch(r"([\w.]+)(>=|<=|==|!=)([\w|]+)(?::(must|expiring|prefer))?", token)
    if matched is None:
        raise ValueError(f"not a requirement: {token!r}")
    attribute, operator, values, kind = matched.groups()
    value, *alternatives = map(_a_value, values.split("|"))
    return Requirement(
        attribute=attribute,
        operator=Operator(operator),
        value=value,
        kind=RequirementKind(kind or "must"),
        alternatives=tuple(alternatives),
    )


def _early(text: str) -> EarlyStep | None:
    reach, _, watched = text.partition(":")
    return EarlyStep(if_nobody=Reach(reach), is_watched=watched == "watched") if text else None


def _parts_of(token: str) -> tuple[str, str, str]:
    return token.partition(":")


def _a_value(text: str) -> AttributeValue:
    return int(text) if text.removeprefix("-").isdigit() else text
