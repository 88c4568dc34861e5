"""Checks on sites: numbers in range, and nothing named that is not defined."""

from collections.abc import Iterator

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate.doors import check_diversion, check_doors
from routing.core.validate.requirements import check_requirements
from routing.core.validate.values import (
    ASSIGNMENTS_MAX,
    ATTEMPTS_MAX,
    CAPACITY_MAX,
    CLASS_RANK_MAX,
    CUSTOMERS_MAX,
    DURATION_MS_MAX,
    LIVE_OFFERS_MAX,
    MS_PER_POINT_MAX,
    PREFERENCE_MAX,
    SLOPE_PER_MILLE_MAX,
    SLOPE_PER_MILLE_MIN,
    STEPS_MAX,
    check_attributes,
    check_id,
    check_values,
    check_within,
    refuse_value,
)
from routing.model.callback import CallbackRule
from routing.model.channel import Channel
from routing.model.memory import MemoryRule
from routing.model.reservation import StickyRule
from routing.model.route import Relaxation, RouteRule, RuleBranch, Urgency
from routing.model.site import Site


def check_site(site: Site) -> None:
    """Refuse a site that names what it does not define, or numbers out of range.

    Raises:
        CommandRefused: naming the first fault.
    """
    for kind, parts in (("channels", site.channels), ("queues", site.queues)):
        for key, part in parts.items():
            check_id(f"site.{kind}", key)
            if part.id != key:
                refuse_value(f"site.{kind}[{key}].id", f"must be {key!r} as in the table, got {part.id!r}")
    for field, value, low, high in _site_numbers(site):
        check_within(field, value, low, high)
    check_doors(site)
    for channel in site.channels.values():
        _check_interruptible(channel, site)
    codes: set[str] = set()
    for reason in site.not_ready_reasons:
        check_id("site.not_ready_reasons", reason.code)
        if reason.code in codes:
            refuse_value("site.not_ready_reasons", f"{reason.code!r} is listed twice")
        codes.add(reason.code)
    for rule in site.rules:
        _check_rule(rule, site)


def _check_interruptible(channel: Channel, site: Site) -> None:
    field = f"site.channels[{channel.id}].interruptible_by"
    for by in channel.interruptible_by:
        if by not in site.channels:
            raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, f"channel {by!r} is not defined", field)
        if by == channel.id:
            refuse_value(field, "a channel cannot interrupt its own work")


def _site_numbers(site: Site) -> Iterator[tuple[str, int, int, int]]:
    yield "site.session_lease_ms", site.session_lease_ms, 0, DURATION_MS_MAX
    yield "site.handling_grace_ms", site.handling_grace_ms, 0, DURATION_MS_MAX
    yield "site.retention_ms", site.retention_ms, 0, DURATION_MS_MAX
    yield "site.transfer_age.limit_ms", site.transfer_age.limit_ms or 0, 0, DURATION_MS_MAX
    yield "site.policy.match_interval_ms", site.policy.match_interval_ms, 0, DURATION_MS_MAX
    yield "site.policy.bypass_class_rank", site.policy.bypass_class_rank or 0, 0, CLASS_RANK_MAX
    yield "site.running_callbacks_max", site.running_callbacks_max, 0, CAPACITY_MAX
    for channel in site.channels.values():
        yield f"site.channels[{channel.id}].capacity_cost", channel.capacity_cost, 1, CAPACITY_MAX
        yield f"site.channels[{channel.id}].agent_maximum", channel.agent_maximum, 1, CAPACITY_MAX
    for queue in site.queues.values():
        field = f"site.queues[{queue.id}]"
        yield f"{field}.service_level.target_ms", queue.service_level.target_ms, 0, DURATION_MS_MAX
        yield f"{field}.service_level.goal_per_mille", queue.service_level.goal_per_mille, 0, 1_000
        yield f"{field}.service_level.short_abandon_ms", queue.service_level.short_abandon_ms, 0, DURATION_MS_MAX
        yield f"{field}.offer_timeout_ms", queue.offer_timeout_ms, 1, DURATION_MS_MAX
        yield f"{field}.offer_extension_ms", queue.offer_extension_ms, 0, DURATION_MS_MAX
        yield f"{field}.max_live_offers", queue.max_live_offers, 1, LIVE_OFFERS_MAX
        yield f"{field}.wrap_up_limit_ms", queue.wrap_up_limit_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.declined_ms", queue.reoffer.declined_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.expired_ms", queue.reoffer.expired_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.connect_failed_ms", queue.reoffer.connect_failed_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.busy_ms", queue.reoffer.busy_ms or 0, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.unreachable_ms", queue.reoffer.unreachable_ms or 0, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.withdrawn_ms", queue.reoffer.withdrawn_ms, 0, DURATION_MS_MAX
        yield f"{field}.missed_offer.threshold", queue.missed_offer.threshold, 0, CAPACITY_MAX
        if queue.stay is not None and queue.stay.limit_ms is not None:
            yield f"{field}.stay.limit_ms", queue.stay.limit_ms, 1, DURATION_MS_MAX
        yield from _callback_numbers(f"{field}.callback", queue.callback)
        yield f"{field}.wrap_up_cap_ms", queue.wrap_up_cap_ms or 0, 0, DURATION_MS_MAX
        yield f"{field}.expected_handling_ms", queue.expected_handling_ms or 0, 0, DURATION_MS_MAX
        if queue.assignment_limit is not None:
            yield f"{field}.assignment_limit.count", queue.assignment_limit.count, 1, ASSIGNMENTS_MAX
            yield f"{field}.assignment_limit.window_ms", queue.assignment_limit.window_ms, 1, DURATION_MS_MAX
    if site.memory is not None:
        yield from _memory_numbers(site.memory)
    if site.shift_rule is not None:
        yield "site.shift_rule.tolerance_ms", site.shift_rule.tolerance_ms, 0, DURATION_MS_MAX
        yield "site.shift_rule.override_class_rank", site.shift_rule.override_class_rank or 0, 0, CLASS_RANK_MAX
    for rule in site.rules:
        if rule.sticky is not None:
            yield from _sticky_numbers(f"site.rules[{rule.name}].sticky", rule.sticky)
        yield from _urgency_numbers(f"site.rules[{rule.name}].urgency", rule.urgency)


def _callback_numbers(field: str, rule: CallbackRule) -> Iterator[tuple[str, int, int, int]]:
    yield f"{field}.attempts_max", rule.attempts_max, 0, ATTEMPTS_MAX
    yield f"{field}.spacing_ms", rule.spacing_ms, 0, DURATION_MS_MAX
    yield f"{field}.answer_timeout_ms", rule.answer_timeout_ms, 1, DURATION_MS_MAX
    yield f"{field}.promise_lead_ms", rule.promise_lead_ms, 0, DURATION_MS_MAX
    yield f"{field}.promise_class_rank", rule.promise_class_rank or 0, 0, CLASS_RANK_MAX


def _urgency_numbers(field: str, urgency: Urgency) -> Iterator[tuple[str, int, int, int]]:
    yield f"{field}.class_rank", urgency.class_rank, 0, CLASS_RANK_MAX
    yield f"{field}.base_ms", urgency.base_ms, 0, DURATION_MS_MAX
    yield f"{field}.slope_per_mille", urgency.slope_per_mille, SLOPE_PER_MILLE_MIN, SLOPE_PER_MILLE_MAX
    yield f"{field}.cap_ms", urgency.cap_ms, 0, 10 * DURATION_MS_MAX
    yield f"{field}.pressure_weight_ms", urgency.pressure_weight_ms, 0, DURATION_MS_MAX
    yield f"{field}.target_ms", urgency.target_ms, 1, DURATION_MS_MAX
    yield f"{field}.ms_per_point", urgency.ms_per_point, -MS_PER_POINT_MAX, MS_PER_POINT_MAX
    yield f"{field}.class_per_point", urgency.class_per_point, -CLASS_RANK_MAX, CLASS_RANK_MAX


def _memory_numbers(memory: MemoryRule) -> Iterator[tuple[str, int, int, int]]:
    yield "site.memory.last_agent_ms", memory.last_agent_ms, 0, DURATION_MS_MAX
    yield "site.memory.last_agent_score", memory.last_agent_score, 1, PREFERENCE_MAX
    yield "site.memory.return_within_ms", memory.return_within_ms, 0, DURATION_MS_MAX
    yield "site.memory.customers_max", memory.customers_max, 1, CUSTOMERS_MAX


def _sticky_numbers(field: str, sticky: StickyRule) -> Iterator[tuple[str, int, int, int]]:
    yield f"{field}.hold_ms", sticky.hold_ms, 1, DURATION_MS_MAX
    yield f"{field}.share_per_mille", sticky.share_per_mille, 1, 1_000
    yield f"{field}.minimum_score", sticky.minimum_score, 1, PREFERENCE_MAX
    yield f"{field}.away_grace_ms", sticky.away_grace_ms, 0, DURATION_MS_MAX
    yield f"{field}.expedite_ms", sticky.expedite_ms, 0, DURATION_MS_MAX


def _check_rule(rule: RouteRule, site: Site) -> None:
    field = f"site.rules[{rule.name}]"
    check_within(f"{field}.steps, their number,", len(rule.steps) + sum(len(branch.steps) for branch in rule.also), 0, STEPS_MAX)
    _check_branch(field, RuleBranch(queue_id=rule.queue_id, requirements=rule.requirements, steps=rule.steps), site)
    if rule.urgency.slope_per_mille < 0 and not site.policy.is_work_conserving:
        text = "must not fall with age under a policy that holds pairs back: it waits for urgency to grow"
        refuse_value(f"{field}.urgency.slope_per_mille", text)
    if rule.also:
        _check_also(f"{field}.also", rule, site)


def _check_also(field: str, rule: RouteRule, site: Site) -> None:
    queues = [rule.queue_id]
    for index, branch in enumerate(rule.also):
        _check_branch(f"{field}[{index}]", branch, site)
        if branch.queue_id in queues:
            refuse_value(f"{field}[{index}].queue_id", f"the interactions of this rule stand in queue {branch.queue_id!r} already")
        queues.append(branch.queue_id)
    changes = [step.relaxation for steps in (rule.steps, *(one.steps for one in rule.also)) for step in steps]
    if any(change.overflow_to is not None or change.divert_to is not None for change in changes):
        refuse_value(field, "an interaction in several queues keeps them: none of its steps may move it to another, or out")
    for queue_id in queues:
        queue = site.queues[queue_id]
        if queue.hours is not None or queue.empty is not None or (queue_id != rule.queue_id and queue.admission is not None):
            refuse_value(field, f"queue {queue_id!r} has a door of its own, by which an interaction in several queues cannot go alone")


def _check_branch(field: str, branch: RuleBranch, site: Site) -> None:
    check_requirements(f"{field}.requirements", branch.requirements)
    if branch.queue_id not in site.queues:
        raise CommandRefused(RefusalReason.UNKNOWN_QUEUE, f"queue {branch.queue_id!r} is not defined", f"{field}.queue_id")
    reached = -1
    for index, step in enumerate(branch.steps):
        if step.after_ms < max(0, reached):
            refuse_value(f"{field}.steps[{index}].after_ms", "steps must be listed earliest first and not before the arrival")
        reached = step.after_ms
        check_within(f"{field}.steps[{index}].after_ms", step.after_ms, 0, DURATION_MS_MAX)
        _check_relaxation(f"{field}.steps[{index}]", step.relaxation, site)


def _check_relaxation(field: str, relaxation: Relaxation, site: Site) -> None:
    check_within(f"{field}.raise_base_ms", relaxation.raise_base_ms, 0, DURATION_MS_MAX)
    check_attributes(f"{field}.lower", relaxation.lower or {})
    for name, values in (relaxation.widen or {}).items():
        check_id(f"a name in {field}.widen", name)
        check_values(f"{field}.widen[{name}]", values)
    if relaxation.class_rank is not None:
        check_within(f"{field}.class_rank", relaxation.class_rank, 0, CLASS_RANK_MAX)
    if relaxation.overflow_to is not None and relaxation.overflow_to not in site.queues:
        raise CommandRefused(RefusalReason.UNKNOWN_QUEUE, f"queue {relaxation.overflow_to!r} is not defined", f"{field}.overflow_to")
    if relaxation.divert_to is not None:
        check_diversion(f"{field}.divert_to", relaxation.divert_to, site, may_be_queue=False)
