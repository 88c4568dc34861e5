"""Checks on records that come from outside. Limits keep every sum of the matching room far inside 64 bits."""

from collections.abc import Iterator, Mapping

from routing.core.errors import CommandRefused, RefusalReason
from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue, Operator, Requirement
from routing.model.route import Relaxation, RouteRule, Urgency
from routing.model.site import Site
from routing.model.time import DAY_MS

ID_LENGTH_MAX = 128
TEXT_LENGTH_MAX = 1_000
OPAQUE_LENGTH_MAX = 16_384
ATTRIBUTE_VALUE_MAX = 1_000_000
INTERACTION_VALUE_MAX = 2**53 - 1  # rules only compare these for equality: an instant or a case number may ride along, exact in any JSON
ATTRIBUTES_MAX = 64
CAPACITY_MAX = 1_000_000
DURATION_MS_MAX = 366 * DAY_MS
INSTANT_MAX = 2**45
SLOPE_PER_MILLE_MAX = 100_000
CLASS_RANK_MAX = 1_000
LIVE_OFFERS_MAX = 1_000
PREFERENCE_MAX = 100
RESERVED_PREFIX = "auto-"


def check_interaction(interaction: Interaction, site: Site) -> None:
    """Refuse an interaction with an unknown channel or a value out of range.

    Raises:
        CommandRefused: naming the field.
    """
    if interaction.channel not in site.channels:
        known = ", ".join(sorted(site.channels))
        raise CommandRefused(
            RefusalReason.UNKNOWN_CHANNEL, f"channel {interaction.channel!r} is not one of: {known}", "interaction.channel"
        )
    if interaction.id.startswith(RESERVED_PREFIX):
        _refuse("interaction.id", f"ids beginning with {RESERVED_PREFIX!r} are issued by the router, got {interaction.id!r}")
    for name, text in (("id", interaction.id), ("type", interaction.type), ("correlation_id", interaction.correlation_id)):
        if len(text) > ID_LENGTH_MAX:
            _refuse(f"interaction.{name}", f"longer than {ID_LENGTH_MAX} characters")
    if interaction.due_at is not None:
        _within("interaction.due_at", interaction.due_at, 0, INSTANT_MAX)
    _within("interaction.routing_credit_ms", interaction.routing_credit_ms, 0, DURATION_MS_MAX)
    check_attributes("interaction.attributes", interaction.attributes, INTERACTION_VALUE_MAX)
    check_requirements("interaction.requirements", interaction.requirements)
    if interaction.preferred_agents:
        _check_preferred(interaction.preferred_agents)
    if interaction.opaque:
        opaque_length = sum(len(key) + len(text) for key, text in interaction.opaque.items())
        if opaque_length > OPAQUE_LENGTH_MAX:
            _refuse("interaction.opaque", f"{opaque_length} characters; at most {OPAQUE_LENGTH_MAX} are allowed")


def _check_preferred(preferred: Mapping[AgentId, int]) -> None:
    if len(preferred) > ATTRIBUTES_MAX:
        _refuse("interaction.preferred_agents", f"{len(preferred)} agents; at most {ATTRIBUTES_MAX} are allowed")
    for agent_id, score in preferred.items():
        _within(f"interaction.preferred_agents[{agent_id}]", score, 1, PREFERENCE_MAX)


def check_id(field: str, text: str) -> None:
    """Refuse an id that is empty or too long.

    Raises:
        CommandRefused: naming the field.
    """
    if not 1 <= len(text) <= ID_LENGTH_MAX:
        _refuse(field, f"must have 1 to {ID_LENGTH_MAX} characters, got {len(text)}")


def check_text(field: str, text: str) -> None:
    """Refuse a text for people that is too long.

    Raises:
        CommandRefused: naming the field.
    """
    if len(text) > TEXT_LENGTH_MAX:
        _refuse(field, f"{len(text)} characters; at most {TEXT_LENGTH_MAX} are allowed")


def check_attributes(field: str, attributes: Mapping[str, AttributeValue], value_max: int = ATTRIBUTE_VALUE_MAX) -> None:
    """Refuse too many attributes, or one that is too large.

    Raises:
        CommandRefused: naming the attribute.
    """
    if len(attributes) > ATTRIBUTES_MAX:
        _refuse(field, f"{len(attributes)} attributes; at most {ATTRIBUTES_MAX} are allowed")
    for name, value in attributes.items():
        check_id(f"a name in {field}", name)
        _check_value(f"{field}[{name}]", value, value_max)


def check_requirements(field: str, requirements: tuple[Requirement, ...]) -> None:
    """Refuse requirements that can never be compared.

    Raises:
        CommandRefused: naming the requirement.
    """
    if len(requirements) > ATTRIBUTES_MAX:
        _refuse(field, f"{len(requirements)} requirements; at most {ATTRIBUTES_MAX} are allowed")
    for index, requirement in enumerate(requirements):
        check_id(f"{field}[{index}].attribute", requirement.attribute)
        _check_value(f"{field}[{index}].value", requirement.value)
        if isinstance(requirement.value, str) and requirement.operator in (Operator.AT_LEAST, Operator.AT_MOST):
            _refuse(f"{field}[{index}]", f"{requirement.operator} needs a number, got {requirement.value!r}")


def check_agent(field: str, agent: Agent, site: Site) -> None:
    """Refuse an agent with a value out of range or a channel the site does not have.

    Raises:
        CommandRefused: naming the field.
    """
    check_id(f"{field}.id", agent.id)
    _within(f"{field}.capacity", agent.capacity, 1, CAPACITY_MAX)
    check_attributes(f"{field}.attributes", agent.attributes)
    for channel, maximum in agent.channel_maxima.items():
        if channel not in site.channels:
            known = ", ".join(sorted(site.channels))
            raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, f"channel {channel!r} is not one of: {known}", f"{field}.channel_maxima")
        _within(f"{field}.channel_maxima[{channel}]", maximum, 1, CAPACITY_MAX)


def check_site(site: Site) -> None:
    """Refuse a site that names what it does not define, or numbers out of range.

    Raises:
        CommandRefused: naming the first fault.
    """
    for kind, parts in (("channels", site.channels), ("queues", site.queues)):
        for key, part in parts.items():
            check_id(f"site.{kind}", key)
            if part.id != key:
                _refuse(f"site.{kind}[{key}].id", f"must be {key!r} as in the table, got {part.id!r}")
    for field, value, low, high in _site_numbers(site):
        _within(field, value, low, high)
    for rule in site.rules:
        _check_rule(rule, site)


def _site_numbers(site: Site) -> Iterator[tuple[str, int, int, int]]:
    yield "site.session_lease_ms", site.session_lease_ms, 0, DURATION_MS_MAX
    yield "site.handling_grace_ms", site.handling_grace_ms, 0, DURATION_MS_MAX
    yield "site.retention_ms", site.retention_ms, 0, DURATION_MS_MAX
    yield "site.policy.match_interval_ms", site.policy.match_interval_ms, 0, DURATION_MS_MAX
    for channel in site.channels.values():
        yield f"site.channels[{channel.id}].capacity_cost", channel.capacity_cost, 1, CAPACITY_MAX
        yield f"site.channels[{channel.id}].agent_maximum", channel.agent_maximum, 1, CAPACITY_MAX
    for queue in site.queues.values():
        field = f"site.queues[{queue.id}]"
        yield f"{field}.service_level.target_ms", queue.service_level.target_ms, 0, DURATION_MS_MAX
        yield f"{field}.service_level.goal_per_mille", queue.service_level.goal_per_mille, 0, 1_000
        yield f"{field}.offer_timeout_ms", queue.offer_timeout_ms, 1, DURATION_MS_MAX
        yield f"{field}.offer_extension_ms", queue.offer_extension_ms, 0, DURATION_MS_MAX
        yield f"{field}.max_live_offers", queue.max_live_offers, 1, LIVE_OFFERS_MAX
        yield f"{field}.wrap_up_limit_ms", queue.wrap_up_limit_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.declined_ms", queue.reoffer.declined_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.expired_ms", queue.reoffer.expired_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.connect_failed_ms", queue.reoffer.connect_failed_ms, 0, DURATION_MS_MAX
        yield f"{field}.reoffer.busy_ms", queue.reoffer.busy_ms or 0, 0, DURATION_MS_MAX
        yield f"{field}.missed_offer.threshold", queue.missed_offer.threshold, 0, CAPACITY_MAX
    for rule in site.rules:
        yield from _urgency_numbers(f"site.rules[{rule.name}].urgency", rule.urgency)


def _urgency_numbers(field: str, urgency: Urgency) -> Iterator[tuple[str, int, int, int]]:
    yield f"{field}.class_rank", urgency.class_rank, 0, CLASS_RANK_MAX
    yield f"{field}.base_ms", urgency.base_ms, 0, DURATION_MS_MAX
    yield f"{field}.slope_per_mille", urgency.slope_per_mille, 0, SLOPE_PER_MILLE_MAX
    yield f"{field}.cap_ms", urgency.cap_ms, 0, 10 * DURATION_MS_MAX
    yield f"{field}.pressure_weight_ms", urgency.pressure_weight_ms, 0, DURATION_MS_MAX
    yield f"{field}.target_ms", urgency.target_ms, 1, DURATION_MS_MAX


def _check_rule(rule: RouteRule, site: Site) -> None:
    field = f"site.rules[{rule.name}]"
    check_requirements(f"{field}.requirements", rule.requirements)
    if rule.queue_id not in site.queues:
        raise CommandRefused(RefusalReason.UNKNOWN_QUEUE, f"queue {rule.queue_id!r} is not defined", f"{field}.queue_id")
    reached = -1
    for index, step in enumerate(rule.steps):
        if step.after_ms < max(0, reached):
            _refuse(f"{field}.steps[{index}].after_ms", "steps must be listed earliest first and not before the arrival")
        reached = step.after_ms
        _within(f"{field}.steps[{index}].after_ms", step.after_ms, 0, DURATION_MS_MAX)
        _check_relaxation(f"{field}.steps[{index}]", step.relaxation, site)


def _check_relaxation(field: str, relaxation: Relaxation, site: Site) -> None:
    _within(f"{field}.raise_base_ms", relaxation.raise_base_ms, 0, DURATION_MS_MAX)
    check_attributes(f"{field}.lower", relaxation.lower or {})
    if relaxation.class_rank is not None:
        _within(f"{field}.class_rank", relaxation.class_rank, 0, CLASS_RANK_MAX)
    if relaxation.overflow_to is not None and relaxation.overflow_to not in site.queues:
        raise CommandRefused(RefusalReason.UNKNOWN_QUEUE, f"queue {relaxation.overflow_to!r} is not defined", f"{field}.overflow_to")


def _check_value(field: str, value: AttributeValue, value_max: int = ATTRIBUTE_VALUE_MAX) -> None:
    if isinstance(value, int):
        _within(field, value, -value_max, value_max)
    elif len(value) > ID_LENGTH_MAX:
        _refuse(field, f"longer than {ID_LENGTH_MAX} characters")


def _within(field: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        _refuse(field, f"must be {low} to {high}, got {value}")


def _refuse(field: str, text: str) -> None:
    raise CommandRefused(RefusalReason.INVALID_VALUE, f"{field}: {text}", field)
