"""What requests said, read back from facts in which the router has mixed it with what it knew: arrivals, changes, call-backs, legs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TypeVar

from routing.core import commands, events
from routing.core.commands import Mutation, NextLeg
from routing.core.decide.lookup import queue_of_offer
from routing.core.decide.reoffer import cooldown_ms, scope_of
from routing.core.events import Event
from routing.core.state import State
from routing.core.validate import DURATION_MS_MAX, RESERVED_PREFIX
from routing.model.interaction import Interaction
from routing.model.leg import Barred, Leg, LegAge, TransferKind
from routing.model.queue import ExclusionScope
from routing.model.requirement import AttributeValue
from routing.model.time import Instant

_Value = TypeVar("_Value")


def new_interactions(queued: events.InteractionQueued) -> Iterator[Mutation]:
    """Arrivals as the platform described them."""
    for interaction in _as_described(queued):
        yield commands.EnqueueInteraction(interaction=interaction)


def _as_described(queued: events.InteractionQueued) -> Iterator[Interaction]:
    """Without what the router remembered of the customer, and without an id that it issued."""
    told = queued.interaction
    preferred = {agent_id: score for agent_id, score in (told.preferred_agents or {}).items() if agent_id != queued.last_agent_id}
    described = replace(
        told,
        id="" if told.id.startswith(RESERVED_PREFIX) else told.id,
        routing_credit_ms=told.routing_credit_ms - queued.kept_place_ms,
        preferred_agents=preferred or (None if queued.last_agent_id is not None else told.preferred_agents),
    )
    yield described
    if not preferred:
        yield replace(described, preferred_agents=None if described.preferred_agents is not None else {})


def scheduled(told: Sequence[Event]) -> events.CallbackRequested | None:
    """The call-back that an arrival is from the beginning, where it is one; what may stand between both follows from the arrival."""
    for event in told[1:]:
        if isinstance(event, events.CallbackRequested):
            return event
        if not isinstance(event, events.CustomerRemembered | events.ReservationLimited):
            return None
    return None


def updates(updated: events.InteractionUpdated, state: State) -> Iterator[Mutation]:
    """Changes of a waiting interaction: what differs, or all that was restated, by the last writer or on a version."""
    new = updated.interaction
    row = state.interactions[new.id]
    old = row.interaction
    requirements = (None, new.requirements) if new.requirements == old.requirements else (new.requirements,)
    priorities = (None, new.priority) if new.priority == old.priority else (new.priority,)
    versions = ((None, True), (row.version, False), (row.version, True))
    patches = (_changed(old.attributes, new.attributes), dict(new.attributes))
    for attributes, needs, priority, (version, overwrite) in product(patches, requirements, priorities, versions):
        yield commands.UpdateInteraction(
            interaction_id=new.id,
            attributes=attributes,
            requirements=needs,
            credit_ms=new.routing_credit_ms - old.routing_credit_ms,
            expected_version=version,
            overwrite=overwrite,
            priority=priority,
        )


def called_back(
    requested: events.CallbackRequested, state: State, at: Instant, *, queued: events.InteractionQueued | None = None
) -> Iterator[Mutation]:
    """Wishes to be called back, of one who waits, or of one who arrives with it (`queued`)."""
    row = None if queued is not None else state.interactions[requested.interaction.id]
    before_ms = 0 if row is None or row.callback is None else row.callback.paused_ms
    begun_at = at if row is None else max(at, row.enqueued_at if row.opens_at is None else row.opens_at)
    wished_ms = requested.paused_ms - before_ms
    # The fact has the first instant at which the queue is open; how long the customer wished not to be called says what they said.
    wishes = (begun_at + wished_ms,) if wished_ms else (None, at, requested.not_before)
    for not_before in dict.fromkeys(wishes):
        if queued is not None:
            for interaction in _as_described(queued):
                yield commands.ScheduleCallback(
                    interaction=interaction, kind=requested.kind, not_before=not_before, promised_at=requested.promised_at
                )
        elif row is not None:
            for channel in _stated(row.interaction.channel, requested.interaction.channel):
                yield commands.RequestCallback(
                    interaction_id=row.interaction.id,
                    channel=channel,
                    kind=requested.kind,
                    not_before=not_before,
                    promised_at=requested.promised_at,
                )


def declined(no: events.OfferDeclined, state: State, at: Instant) -> Iterator[Mutation]:
    """Refusals of an offer, with an instant of their own where the pair is not apart for as long as its queue says."""
    plain = commands.DeclineOffer(offer_id=no.offer_id, reason=no.reason)
    rule = queue_of_offer(state, state.offers[no.offer_id]).reoffer
    as_the_queue_says = (at + cooldown_ms(rule, no.reason), scope_of(rule, no.reason)) == (no.excluded_until, no.scope)
    if as_the_queue_says:
        yield plain
    if no.scope is ExclusionScope.COOLDOWN:
        yield replace(plain, retry_at=no.excluded_until)
    if not as_the_queue_says:
        yield plain


def legs(leg_interaction: Interaction, leg: Leg, state: State, at: Instant) -> Iterator[Mutation]:
    """Hands on to a next leg, or consultations of another agent."""
    row = state.interactions[leg.parent_id]
    old, new = row.interaction, leg_interaction
    age_ms = at - row.eligible_since + old.routing_credit_ms
    patches: tuple[dict[str, AttributeValue], ...] = (_changed(old.attributes, new.attributes), {}, dict(new.attributes))
    needs = (None, new.requirements) if new.requirements == old.requirements else (new.requirements,)
    is_kept = old.preferred_agents is not None and new.preferred_agents == old.preferred_agents
    keeps = (is_kept, not is_kept) if old.preferred_agents is None else (is_kept,)
    channels, types = _stated(old.channel, new.channel), _stated(old.type, new.type)
    ages = _ages(state, age_ms, new.routing_credit_ms)
    for patch, wanted, kept, channel, kind, age, barred in product(patches, needs, keeps, channels, types, ages, _barred(leg)):
        following = NextLeg(
            id="" if new.id.startswith(RESERVED_PREFIX) else new.id,
            channel=channel,
            type=kind,
            attributes=patch,
            requirements=wanted,
            keeps_preferred=kept,
            age=age,
            barred=barred,
            agent_id=new.agent_id,
        )
        if leg.kind is TransferKind.BLIND:
            yield commands.TransferInteraction(interaction_id=leg.parent_id, leg=following)
        else:
            yield commands.StartConsult(interaction_id=leg.parent_id, leg=following)


def _ages(state: State, age_ms: int, credit_ms: int) -> Iterator[LegAge | None]:
    limit_ms = None if state.site is None else state.site.transfer_age.limit_ms
    if credit_ms == min(age_ms, DURATION_MS_MAX if limit_ms is None else limit_ms):
        yield None
    if credit_ms == min(age_ms, DURATION_MS_MAX):
        yield LegAge(limit_ms=None)
    yield LegAge(limit_ms=credit_ms)


def _barred(leg: Leg) -> tuple[Barred, ...]:
    if not leg.barred:
        return (Barred.NOBODY,)
    if len(leg.barred) > 1:
        return (Barred.EARLIER_AGENTS,)
    return (Barred.LAST_AGENT, Barred.EARLIER_AGENTS, Barred.NOBODY) if len(leg.agents) == 1 else (Barred.LAST_AGENT, Barred.NOBODY)


def _stated(old: _Value, new: _Value) -> tuple[_Value | None, ...]:
    """What a request may have said of a value that was `old` and is `new`: nothing only where they are equal."""
    return (None, new) if old == new else (new,)


def _changed(old: Mapping[str, AttributeValue], new: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {name: value for name, value in new.items() if name not in old or old[name] != value}
