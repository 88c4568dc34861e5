"""Commands about waiting interactions: arriving, changing, leaving."""

from collections.abc import Iterable, Iterator

from routing.core import commands
from routing.core.classifier import Classifier
from routing.core.decide import customers
from routing.core.decide.admission import look_at, opening_awaited, turned_away
from routing.core.decide.legs import before_leaving, open_parent_of
from routing.core.decide.lookup import in_phase, site_of
from routing.core.decide.reservations import check_sent_to, limits
from routing.core.decide.withdraw import withdraw_all_of_interaction, withdrawn
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import (
    Event,
    InteractionEnded,
    InteractionQueued,
    InteractionUpdated,
    RouteCause,
    RouteChanged,
    WithdrawCause,
)
from routing.core.ladder import as_early_as, steps_taken_until
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.core.validate import (
    DURATION_MS_MAX,
    INTERACTION_VALUE_MAX,
    PRIORITY_MAX,
    RESERVED_PREFIX,
    check_attributes,
    check_interaction,
    check_requirements,
    check_text,
    check_within,
)
from routing.model.ids import InteractionId
from routing.model.interaction import EndCause, Interaction
from routing.model.record import replace
from routing.model.route import Route
from routing.model.site import Site
from routing.model.time import Instant


def enqueue(state: State, command: commands.EnqueueInteraction, now: Instant, classify: Classifier) -> Iterable[Event]:
    """Accept an interaction, issue its id if it has none, and classify it."""
    site = site_of(state)
    interaction = accepted_as(state, command.interaction, site)
    queued, follows = arrival(state, interaction, now, classify, eligible_since=now)
    queue = site.queues[queued.route.queue_id]
    if queue.takes_all_unasked:
        return [queued, *follows]
    look = look_at(state, queue, queued.interaction, queued.route, now)
    if look.opens_at is not None:  # its ladder begins when anybody may be offered it
        queued, follows = arrival(state, interaction, now, classify, eligible_since=look.opens_at)
    told = replace(queued, estimate=look.estimate, opens_at=look.opens_at) if look.says_something else queued
    return [told, *follows, *turned_away(state, queued, look, now)]


def accepted_as(state: State, interaction: Interaction, site: Site) -> Interaction:
    """A new interaction as it is accepted: checked, and with an id.

    Raises:
        CommandRefused: it names a value out of range or unknown to the site, or its id was used before.
    """
    check_interaction(interaction, site)
    if not interaction.id:
        interaction = replace(interaction, id=next_issued_id(state))
    refuse_known(state, interaction.id, "interaction.id")
    return interaction


def arrival(
    state: State, interaction: Interaction, now: Instant, classify: Classifier, *, eligible_since: Instant
) -> tuple[InteractionQueued, list[Event]]:
    """The fact that a checked interaction was queued, with what is remembered of its customer in it, and the facts that follow from that.

    Raises:
        CommandRefused: no rule matches, or it is sent to an agent who could never have it.
    """
    last_agent_id, kept_place_ms = None, 0
    if interaction.customer_id is not None:
        interaction, last_agent_id, kept_place_ms = customers.recognized(state, interaction, now)
    route = route_of(interaction, eligible_since, site_of(state), classify)
    if interaction.agent_id is not None:
        check_sent_to(state, interaction, interaction.agent_id, route, "interaction.agent_id")
    queued = InteractionQueued(interaction=interaction, route=route, last_agent_id=last_agent_id, kept_place_ms=kept_place_ms)
    place = customers.place_taken(state, interaction, now) if kept_place_ms else ()
    return queued, [*place, *(limits(state, interaction, route, now) if route.reserved is not None else ())]


def refuse_known(state: State, interaction_id: InteractionId, field: str) -> None:
    """Refuse an id that a live interaction has, or one that ended and is remembered.

    Raises:
        CommandRefused: naming the field.
    """
    if interaction_id in state.interactions or interaction_id in state.ended:
        text = f"interaction {interaction_id!r} is already known; ids are not used twice"
        raise CommandRefused(RefusalReason.DUPLICATE_INTERACTION, text, field)


def next_issued_id(state: State) -> InteractionId:
    """The id the router gives to the next interaction that comes without one."""
    return f"{RESERVED_PREFIX}{state.arrived + 1}"


def abandon(state: State, command: commands.AbandonInteraction, now: Instant) -> Iterator[Event]:
    """The customer left the line: live offers are withdrawn and the interaction ends. Who waits for a call-back is not on the line."""
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_WAITING, InteractionPhase.WAITING)
    if open_parent_of(state, row) is not None:
        text = f"no customer waits in {command.interaction_id!r}: it is an open consultation; cancel it or end its parent"
        raise CommandRefused(RefusalReason.CONSULTING, text, "interaction_id")
    if row.callback is not None and row.callback.is_pending:
        text = f"interaction {command.interaction_id!r} is to be called back and need not stay on the line; cancel the call-back instead"
        raise CommandRefused(RefusalReason.CALLBACK_PENDING, text, "interaction_id")
    return leave(state, row, now, EndCause.ABANDONED, "")


def cancel(state: State, command: commands.CancelInteraction, now: Instant) -> Iterator[Event]:
    """The platform takes the interaction out: live offers are withdrawn and it ends."""
    check_text("reason", command.reason)
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_WAITING, InteractionPhase.WAITING)
    return leave(state, row, now, EndCause.CANCELLED, command.reason)


def leave(state: State, row: InteractionRow, now: Instant, cause: EndCause, reason: str) -> Iterator[Event]:
    """The facts that a waiting interaction ended without having been handled."""
    yield from before_leaving(state, row, now)
    yield from withdraw_all_of_interaction(row, WithdrawCause.INTERACTION_ENDED)
    yield InteractionEnded(
        interaction_id=row.interaction.id,
        agent_id=None,
        cause=cause,
        forget_before=now - site_of(state).retention_ms,
        reason=reason,
    )
    if cause is EndCause.ABANDONED:
        yield from customers.gave_up(state, row, now)


def update(state: State, command: commands.UpdateInteraction, now: Instant, classify: Classifier) -> Iterator[Event]:
    """Change what a waiting interaction says of itself, classify it again, and withdraw offers that no longer fit."""
    site = site_of(state)
    row = in_phase(state, command.interaction_id, RefusalReason.NOT_WAITING, InteractionPhase.WAITING)
    _check_version(row, command)
    old = row.interaction
    new = replace(
        old,
        attributes={**old.attributes, **command.attributes},
        requirements=old.requirements if command.requirements is None else command.requirements,
        routing_credit_ms=old.routing_credit_ms + command.credit_ms,
        priority=old.priority if command.priority is None else command.priority,
    )
    check_within("priority", new.priority, -PRIORITY_MAX, PRIORITY_MAX)
    check_attributes("attributes", new.attributes, INTERACTION_VALUE_MAX)
    check_requirements("requirements", new.requirements)
    if not 0 <= new.routing_credit_ms <= DURATION_MS_MAX:
        text = f"the routing credit would become {new.routing_credit_ms} ms; it must stay within 0 and {DURATION_MS_MAX}"
        raise CommandRefused(RefusalReason.INVALID_VALUE, text, "credit_ms")
    yield InteractionUpdated(interaction=new)
    yield from reroute(state, row, reclassified(row, new, now, classify, site), now, RouteCause.UPDATED, site=site)


def _check_version(row: InteractionRow, command: commands.UpdateInteraction) -> None:
    if command.expected_version is None:
        if not command.overwrite:
            text = "state the expected version, or overwrite = true to let the last writer win"
            raise CommandRefused(RefusalReason.INVALID_VALUE, text, "expected_version")
    elif command.expected_version != row.version:
        text = f"interaction {command.interaction_id!r} is at version {row.version}, not {command.expected_version}; read it again"
        raise CommandRefused(RefusalReason.VERSION_CONFLICT, text, "expected_version")


def route_of(interaction: Interaction, eligible_since: Instant, site: Site, classify: Classifier) -> Route:
    """The route classification gives.

    Raises:
        CommandRefused: no rule matches.
    """
    route = classify(interaction, eligible_since, site)
    if route is None:
        text = f"no rule of the site matches channel {interaction.channel!r}, type {interaction.type!r}; add a rule without conditions"
        raise CommandRefused(RefusalReason.NO_ROUTE, text, "interaction")
    return route


def reclassified(row: InteractionRow, interaction: Interaction, now: Instant, classify: Classifier, site: Site) -> Route:
    """A fresh route for what waits, with a ladder that begins when it may be offered: now at the latest, or at the opening of its queue.

    Raises:
        CommandRefused: no rule matches.
    """
    fresh = route_of(interaction, row.eligible_since, site, classify)
    if row.route.brought_forward_ms or steps_taken_until(fresh, now).queue_id != fresh.queue_id:
        return fresh  # its ladder has led it on already
    opens_at = _opens_at(row, fresh, site, now)
    if opens_at is None:
        begins_at = min(row.eligible_since, now) if row.awaits_opening else row.eligible_since
    else:
        begins_at = opens_at + (0 if row.callback is None else row.callback.paused_ms)
    return fresh if begins_at == row.eligible_since else route_of(interaction, begins_at, site, classify)


def reroute(
    state: State, row: InteractionRow, fresh: Route, now: Instant, cause: RouteCause, *, site: Site, has_offers: bool = True
) -> Iterator[Event]:
    """The change from the present route to a fresh one with its due steps taken; nothing when both are equal.

    What the same rule let happen early stays so when the interaction changes. A new site is another matter: its ladders begin anew. A
    reservation that has ended does not come back, and none begins while an interaction waits: who may serve it only ever grows.
    `site` is the one in force from now on. `has_offers` is false where the caller withdraws all offers beforehand.
    """
    came_early = any(branch.brought_forward_ms for branch in row.route.branches)
    if came_early and cause is RouteCause.UPDATED and fresh.rule == row.route.rule:
        fresh = as_early_as(fresh, row.route)
    new = steps_taken_until(fresh, now)
    if row.route.reserved is None and new.reserved is not None:
        new = replace(new, reserved=None)
    if new == row.route:
        return
    opens_at = _opens_at(row, new, site, now)
    if opens_at is not None and has_offers:  # nobody is offered what waits for an opening
        yield from withdraw_all_of_interaction(row, WithdrawCause.ROUTE_CHANGED)
    yield RouteChanged(interaction_id=row.interaction.id, old=row.route, new=new, cause=cause, opens_at=opens_at)
    queues = [branch.queue_id for branch in new.branches]
    for offer_id, agent_id in row.offers.items() if has_offers and opens_at is None else ():
        offer = state.offers[offer_id]
        is_gone = offer.queue_id and offer.queue_id not in queues
        is_kept_from = new.reserved is not None and agent_id not in new.reserved.agents
        if is_gone or is_kept_from or new.queue_for(state.agents[agent_id].agent.attributes) is None:
            yield withdrawn(offer, WithdrawCause.ROUTE_CHANGED)
    if new.reserved != row.route.reserved:
        yield from limits(state, row.interaction, new, now)


def _opens_at(row: InteractionRow, new: Route, site: Site, now: Instant) -> Instant | None:
    """When the queue of a new route opens, for who has to wait for that: whoever enters it, or waited for it before."""
    if new.queue_id == row.route.queue_id and not row.awaits_opening:
        return None
    return opening_awaited(site, new.queue_id, now)
