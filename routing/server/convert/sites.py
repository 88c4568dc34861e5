"""Sites, both ways: the same content as a site file."""

from collections.abc import Iterable, Sequence

from routing.model.channel import Channel
from routing.model.memory import MemoryRule
from routing.model.requirement import AttributeValue
from routing.model.reservation import StickyRule
from routing.model.route import EarlyStep, Reach, Relaxation, RouteRule, RuleBranch, RuleStep, Urgency
from routing.model.site import IdleClock, NotReadyReason, PolicySpec, ShiftRule, Site, WeightedScorer
from routing.server.convert.checks import SITE_PARTS_MAX, EnumTable, count, identifier, short
from routing.server.convert.doors import calendar_of, calendar_to_wire, diversion_of, diversion_to_wire
from routing.server.convert.leg_nouns import age_of, age_to_wire
from routing.server.convert.nouns import (
    attribute_to_wire,
    attributes_of,
    attributes_to_wire,
    requirement_to_wire,
    requirements_of,
    values_of,
)
from routing.server.convert.queues import queue_of, queue_to_wire
from routing.server.errors import invalid
from routing.v1 import site_pb2, types_pb2

IDLE_CLOCKS = EnumTable(site_pb2.IdleClock, "IDLE_CLOCK", IdleClock)
REACHES = EnumTable(site_pb2.Reach, "REACH", Reach)


# ---- in ----


def site_of(message: site_pb2.Site) -> Site:
    """The site of a message; whether its numbers and names fit together is checked by the core.

    Raises:
        Refused: naming the field.
    """
    for field, parts in (("channels", message.channels), ("queues", message.queues), ("rules", message.rules), ("skills", message.skills)):
        count(f"site.{field}", parts, at_most=SITE_PARTS_MAX)
    count("site.not_ready_reasons", message.not_ready_reasons, at_most=SITE_PARTS_MAX)
    _each_once("site.channels", (channel.id for channel in message.channels))
    _each_once("site.queues", (queue.id for queue in message.queues))
    _each_once("site.skills", message.skills)
    count("site.calendars", message.calendars, at_most=SITE_PARTS_MAX)
    _each_once("site.calendars", (calendar.name for calendar in message.calendars))
    if not message.HasField("policy"):
        raise invalid("site.policy", "is required")
    return Site(
        id=identifier("site.id", message.id),
        channels={channel.id: _channel_of(channel) for channel in message.channels},
        queues={queue.id: queue_of(f"site.queues[{queue.id}]", queue) for queue in message.queues},
        skills=tuple(identifier("site.skills", skill) for skill in message.skills),
        rules=tuple(_rule_of(f"site.rules[{rule.name}]", rule) for rule in message.rules),
        policy=_policy_of("site.policy", message.policy),
        session_lease_ms=message.session_lease_ms,
        handling_grace_ms=message.handling_grace_ms,
        retention_ms=message.retention_ms,
        transfer_age=age_of(message.transfer_age),
        keeps_waiting_routes=message.keeps_waiting_routes,
        memory=_memory_of(message.memory) if message.HasField("memory") else None,
        calendars={calendar.name: calendar_of(calendar) for calendar in message.calendars} or None,
        running_callbacks_max=message.running_callbacks_max,
        not_ready_reasons=tuple(
            NotReadyReason(code=short("site.not_ready_reasons", reason.code), is_working_time=reason.is_working_time)
            for reason in message.not_ready_reasons
        ),
        shift_rule=_shift_rule_of(message.shift_rule) if message.HasField("shift_rule") else None,
    )


def _each_once(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if identifier(field, name) in seen:
            raise invalid(field, f"{name!r} is listed twice")
        seen.add(name)


def _memory_of(message: site_pb2.Memory) -> MemoryRule:
    return MemoryRule(
        last_agent_ms=message.last_agent_ms,
        last_agent_score=message.last_agent_score,
        return_within_ms=message.return_within_ms,
        customers_max=message.customers_max,
    )


def _channel_of(message: site_pb2.Channel) -> Channel:
    count(f"site.channels[{message.id}].interruptible_by", message.interruptible_by)
    return Channel(
        id=message.id,
        is_live=message.is_live,
        capacity_cost=message.capacity_cost,
        agent_maximum=message.agent_maximum,
        interruptible_by=tuple(message.interruptible_by),
    )


def _shift_rule_of(message: site_pb2.ShiftRule) -> ShiftRule:
    override = message.override_class_rank if message.HasField("override_class_rank") else None
    return ShiftRule(tolerance_ms=message.tolerance_ms, override_class_rank=override)


def _rule_of(field: str, message: site_pb2.RouteRule) -> RouteRule:
    count(f"{field}.when", message.when)
    count(f"{field}.steps", message.steps)
    count(f"{field}.also", message.also)
    _each_once(f"{field}.when", (condition.field for condition in message.when))
    if not message.HasField("urgency"):
        raise invalid(f"{field}.urgency", "is required")
    return RouteRule(
        name=identifier(f"{field}.name", message.name),
        when={
            condition.field: values_of(f"{field}.when[{condition.field}]", condition.values, at_least=1, at_most=SITE_PARTS_MAX)
            for condition in message.when
        },
        queue_id=identifier(f"{field}.queue_id", message.queue_id),
        urgency=_urgency_of(message.urgency),
        requirements=requirements_of(f"{field}.requirements", message.requirements),
        steps=tuple(_step_of(f"{field}.steps[{index}]", step) for index, step in enumerate(message.steps)),
        sticky=_sticky_of(message.sticky) if message.HasField("sticky") else None,
        also=tuple(_further_of(f"{field}.also[{index}]", further) for index, further in enumerate(message.also)),
    )


def _further_of(field: str, message: site_pb2.FurtherQueue) -> RuleBranch:
    count(f"{field}.steps", message.steps)
    return RuleBranch(
        queue_id=identifier(f"{field}.queue_id", message.queue_id),
        requirements=requirements_of(f"{field}.requirements", message.requirements),
        steps=tuple(_step_of(f"{field}.steps[{index}]", step) for index, step in enumerate(message.steps)),
    )


def _sticky_of(message: site_pb2.StickyRule) -> StickyRule:
    return StickyRule(
        hold_ms=message.hold_ms,
        share_per_mille=message.share_per_mille,
        minimum_score=message.minimum_score,
        away_grace_ms=message.away_grace_ms,
        expedite_ms=message.expedite_ms,
    )


def _urgency_of(message: site_pb2.Urgency) -> Urgency:
    return Urgency(
        class_rank=message.class_rank,
        base_ms=message.base_ms,
        slope_per_mille=message.slope_per_mille,
        cap_ms=message.cap_ms,
        pressure_weight_ms=message.pressure_weight_ms,
        target_ms=message.target_ms,
        ms_per_point=message.ms_per_point,
        class_per_point=message.class_per_point,
    )


def _step_of(field: str, message: site_pb2.RuleStep) -> RuleStep:
    count(f"{field}.drop", message.drop)
    count(f"{field}.lower", message.lower)
    count(f"{field}.widen", message.widen)
    relaxation = Relaxation(
        drop=tuple(identifier(f"{field}.drop", name) for name in message.drop),
        lower={name: message.lower[name] for name in sorted(message.lower)} or None,
        raise_base_ms=message.raise_base_ms,
        class_rank=message.class_rank if message.HasField("class_rank") else None,
        overflow_to=short(f"{field}.overflow_to", message.overflow_to) or None,
        widen={name: values_of(f"{field}.widen[{name}]", message.widen[name].values) for name in sorted(message.widen)} or None,
        release=message.release,
        divert_to=diversion_of(f"{field}.divert_to", message.divert_to) if message.HasField("divert_to") else None,
    )
    return RuleStep(after_ms=message.after_ms, relaxation=relaxation, early=_early_of(field, message))


def _early_of(field: str, message: site_pb2.RuleStep) -> EarlyStep | None:
    if not message.HasField("early"):
        return None
    reach = REACHES.member(f"{field}.early.if_nobody", message.early.if_nobody)
    return EarlyStep(if_nobody=reach, is_watched=message.early.is_watched)


def _policy_of(field: str, message: site_pb2.Policy) -> PolicySpec:
    count(f"{field}.filters", message.filters)
    count(f"{field}.scorers", message.scorers)
    return PolicySpec(
        name=identifier(f"{field}.name", message.name),
        version=message.version,
        filters=tuple(message.filters),
        scorers=tuple(_scorer_of(f"{field}.scorers[{scorer.name}]", scorer) for scorer in message.scorers),
        assigner=message.assigner,
        match_interval_ms=message.match_interval_ms,
        bypass_class_rank=message.bypass_class_rank if message.HasField("bypass_class_rank") else None,
        is_work_conserving=message.is_work_conserving,
        idle_clock=IDLE_CLOCKS.member(f"{field}.idle_clock", message.idle_clock),
        wait_price=message.wait_price or "urgency",
        is_interaction_first=message.is_interaction_first,
    )


def _scorer_of(field: str, message: site_pb2.WeightedScorer) -> WeightedScorer:
    parameters = attributes_of(f"{field}.parameters", message.parameters)
    return WeightedScorer(name=message.name, weight_ms=message.weight_ms, parameters=parameters or None)


# ---- out ----


def site_to_wire(site: Site) -> site_pb2.Site:
    """A site as a message."""
    return site_pb2.Site(
        id=site.id,
        channels=[_channel_to_wire(channel) for channel in site.channels.values()],
        queues=[queue_to_wire(queue) for queue in site.queues.values()],
        skills=site.skills,
        rules=[_rule_to_wire(rule) for rule in site.rules],
        policy=_policy_to_wire(site.policy),
        session_lease_ms=site.session_lease_ms,
        handling_grace_ms=site.handling_grace_ms,
        retention_ms=site.retention_ms,
        transfer_age=age_to_wire(site.transfer_age),
        keeps_waiting_routes=site.keeps_waiting_routes,
        memory=None if site.memory is None else _memory_to_wire(site.memory),
        calendars=[calendar_to_wire(name, calendar) for name, calendar in (site.calendars or {}).items()],
        running_callbacks_max=site.running_callbacks_max,
        not_ready_reasons=[
            site_pb2.NotReadyReason(code=reason.code, is_working_time=reason.is_working_time) for reason in site.not_ready_reasons
        ],
        shift_rule=None if site.shift_rule is None else _shift_rule_to_wire(site.shift_rule),
    )


def _channel_to_wire(channel: Channel) -> site_pb2.Channel:
    return site_pb2.Channel(
        id=channel.id,
        is_live=channel.is_live,
        capacity_cost=channel.capacity_cost,
        agent_maximum=channel.agent_maximum,
        interruptible_by=channel.interruptible_by,
    )


def _shift_rule_to_wire(rule: ShiftRule) -> site_pb2.ShiftRule:
    return site_pb2.ShiftRule(tolerance_ms=rule.tolerance_ms, override_class_rank=rule.override_class_rank)


def _memory_to_wire(memory: MemoryRule) -> site_pb2.Memory:
    return site_pb2.Memory(
        last_agent_ms=memory.last_agent_ms,
        last_agent_score=memory.last_agent_score,
        return_within_ms=memory.return_within_ms,
        customers_max=memory.customers_max,
    )


def _rule_to_wire(rule: RouteRule) -> site_pb2.RouteRule:
    urgency = rule.urgency
    return site_pb2.RouteRule(
        name=rule.name,
        when=[
            site_pb2.Condition(field=field, values=[attribute_to_wire(value) for value in values]) for field, values in rule.when.items()
        ],
        queue_id=rule.queue_id,
        urgency=site_pb2.Urgency(
            class_rank=urgency.class_rank,
            base_ms=urgency.base_ms,
            slope_per_mille=urgency.slope_per_mille,
            cap_ms=urgency.cap_ms,
            pressure_weight_ms=urgency.pressure_weight_ms,
            target_ms=urgency.target_ms,
            ms_per_point=urgency.ms_per_point,
            class_per_point=urgency.class_per_point,
        ),
        requirements=[requirement_to_wire(requirement) for requirement in rule.requirements],
        steps=[_step_to_wire(step) for step in rule.steps],
        sticky=None if rule.sticky is None else _sticky_to_wire(rule.sticky),
        also=[
            site_pb2.FurtherQueue(
                queue_id=further.queue_id,
                requirements=[requirement_to_wire(requirement) for requirement in further.requirements],
                steps=[_step_to_wire(step) for step in further.steps],
            )
            for further in rule.also
        ],
    )


def _sticky_to_wire(sticky: StickyRule) -> site_pb2.StickyRule:
    return site_pb2.StickyRule(
        hold_ms=sticky.hold_ms,
        share_per_mille=sticky.share_per_mille,
        minimum_score=sticky.minimum_score,
        away_grace_ms=sticky.away_grace_ms,
        expedite_ms=sticky.expedite_ms,
    )


def _step_to_wire(step: RuleStep) -> site_pb2.RuleStep:
    change, early = step.relaxation, step.early
    return site_pb2.RuleStep(
        after_ms=step.after_ms,
        drop=change.drop,
        lower=change.lower,
        raise_base_ms=change.raise_base_ms,
        class_rank=change.class_rank,
        overflow_to=change.overflow_to or "",
        widen={name: _value_list(values) for name, values in (change.widen or {}).items()},
        early=None if early is None else site_pb2.EarlyStep(if_nobody=REACHES.number(early.if_nobody), is_watched=early.is_watched),
        release=change.release,
        divert_to=None if change.divert_to is None else diversion_to_wire(change.divert_to),
    )


def _value_list(values: Sequence[AttributeValue]) -> types_pb2.AttributeValueList:
    return types_pb2.AttributeValueList(values=[attribute_to_wire(value) for value in values])


def _policy_to_wire(policy: PolicySpec) -> site_pb2.Policy:
    return site_pb2.Policy(
        name=policy.name,
        version=policy.version,
        filters=policy.filters,
        scorers=[
            site_pb2.WeightedScorer(name=item.name, weight_ms=item.weight_ms, parameters=attributes_to_wire(item.parameters or {}))
            for item in policy.scorers
        ],
        assigner=policy.assigner,
        match_interval_ms=policy.match_interval_ms,
        bypass_class_rank=policy.bypass_class_rank,
        is_work_conserving=policy.is_work_conserving,
        idle_clock=IDLE_CLOCKS.number(policy.idle_clock),
        wait_price=policy.wait_price,
        is_interaction_first=policy.is_interaction_first,
    )
