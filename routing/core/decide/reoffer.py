"""What follows for an interaction when an offer of it failed: how long the pair stays apart, and what if nobody is left to ask."""

from collections.abc import Iterator

from routing.core.commands import DeclineReason
from routing.core.decide.leaving import overflow, unserved
from routing.core.decide.lookup import queue_of
from routing.core.decide.reservations import could_serve, has_nobody_left
from routing.core.events import (
    Event,
    ExclusionEndCause,
    ExclusionEnded,
    ReservationEndCause,
    ReservationEnded,
    StepCause,
)
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.agent import Presence
from routing.model.callback import CallbackStage
from routing.model.ids import AgentId
from routing.model.queue import EveryoneDeclined, ExclusionScope, ReofferRule
from routing.model.time import Duration, Instant


def cooldown_ms(rule: ReofferRule, reason: DeclineReason) -> Duration:
    """How long a pair is apart after a decline for that reason."""
    stated = {DeclineReason.BUSY: rule.busy_ms, DeclineReason.UNREACHABLE: rule.unreachable_ms}.get(reason)
    return rule.declined_ms if stated is None else stated


def after_failure(
    state: State, row: InteractionRow, agent_id: AgentId, now: Instant, *, is_apart: bool, is_answer: bool = True
) -> Iterator[Event]:
    """What follows beyond the pair; `is_apart` says whether it stays apart at all. Nothing while it rings elsewhere, or at the customer.

    Only an agent's own answer, or none, can be the last one of everybody's: a device that was busy or did not ring is tried again.
    """
    is_calling = row.callback is not None and row.callback.stage is CallbackStage.CALLING
    if len(row.offers) > 1 or is_calling:
        return
    if has_nobody_left(state, row, agent_id):
        yield ReservationEnded(interaction_id=row.interaction.id, due_at=now, cause=ReservationEndCause.DECLINED)
        return
    rule = queue_of(state, row).reoffer.everyone_declined
    if rule is EveryoneDeclined.COOLDOWN or not is_answer or _is_anyone_left(state, row, agent_id, now):
        return
    if rule is EveryoneDeclined.END:
        yield from unserved(state, row, now, StepCause.EVERYONE_DECLINED)
    elif rule is EveryoneDeclined.OVERFLOW:
        yield from overflow(state, row, row.route, now, StepCause.EVERYONE_DECLINED)
    else:
        apart = dict.fromkeys((*row.exclusions, *row.apart, *((agent_id,) if is_apart else ())))
        for key in apart:
            yield exclusion_ended(row, key, now, ExclusionEndCause.EVERYONE_DECLINED)


def exclusion_ended(row: InteractionRow, agent_id: AgentId, now: Instant, cause: ExclusionEndCause) -> ExclusionEnded:
    """The fact that an agent may be offered an interaction again, before a time or without one."""
    return ExclusionEnded(interaction_id=row.interaction.id, agent_id=agent_id, due_at=now, cause=cause)


def back_on_the_floor(state: State, agent_id: AgentId, now: Instant) -> Iterator[ExclusionEnded]:
    """What the agent was kept from until they had been away may be offered to them again."""
    for interaction_id in state.apart_until_present.get(agent_id, ()):
        yield exclusion_ended(state.interactions[interaction_id], agent_id, now, ExclusionEndCause.PRESENCE_CHANGED)


def scope_of(rule: ReofferRule, reason: DeclineReason) -> ExclusionScope:
    """For how long a decline keeps the pair apart: beyond the time only where it was the agent who said no."""
    return rule.scope if reason is DeclineReason.DECLINED else ExclusionScope.COOLDOWN


def _is_anyone_left(state: State, row: InteractionRow, declined_by: AgentId, now: Instant) -> bool:
    """Whether some other agent on the floor could serve it, busy or not, and has not declined or missed it.

    Looks at the agents one by one, and stops at the first: only a failed offer of a queue with such a rule asks.
    """
    return any(agent_id != declined_by and _could_be_asked(state, row, agent, now) for agent_id, agent in state.agents.items())


def _could_be_asked(state: State, row: InteractionRow, agent: AgentRow, now: Instant) -> bool:
    reserved, leg, agent_id = row.route.reserved, row.interaction.leg, agent.agent.id
    return (
        agent.presence is Presence.AVAILABLE
        and row.exclusions.get(agent_id, now) <= now  # one that ends at this very instant is over
        and agent_id not in row.apart
        and (leg is None or agent_id not in leg.barred)
        and (reserved is None or agent_id in reserved.agents)
        and could_serve(state, agent_id, row.interaction, row.route)
    )
