"""Explanations in full: for one interaction, every agent with the reason they are out, or the terms they compete with.

And what would change it: what is due anyway, what would let an excluded agent in and where they would stand then, and for a runner-up the
single changes that would have put them first.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from routing.core.decide.lookup import interaction_of, site_of
from routing.core.lifecycle import InteractionPhase
from routing.core.offer_limit import offers_max
from routing.core.room import firm_use
from routing.core.state import AgentRow, InteractionRow, State, reservation_due_at
from routing.model.agent import Presence
from routing.model.callback import CallbackStage
from routing.model.ids import AgentId, ChannelId, InteractionId
from routing.model.queue import ExclusionScope
from routing.model.requirement import Requirement
from routing.model.route import Route
from routing.model.site import IdleClock
from routing.model.time import Instant
from routing.policy.arrays import rows_of
from routing.policy.columns import Columns
from routing.policy.coming import Coming, coming
from routing.policy.eligible import costs
from routing.policy.levers import Lever, Rival, levers
from routing.policy.moments import moment
from routing.policy.pipeline import Block, Pairs, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one agent stands towards the interaction.

    `excluded_by` names the first filter that keeps the pair apart, `remedy` what would change that, in a sentence whose instants
    `with_times` completes, and `also_out_by` the further filters that do; all are empty for an eligible agent, who has a `net` value
    (`urgency - sum of terms`, ms-equivalents). `place` counts from 1: where an eligible agent stands among all, and where an excluded one
    would stand if the one reason against them were gone; `None` where there are several reasons. `levers` are the single changes that
    would have put an eligible runner-up first.
    """

    agent_id: AgentId
    excluded_by: str
    remedy: str
    net: int | None
    terms: tuple[tuple[str, int], ...]
    also_out_by: tuple[str, ...] = ()
    place: int | None = None
    levers: tuple[Lever, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an interaction goes to whom, or waits. `standings` lists eligible agents from best to worst, then the others by id.

    `urgency` is the price of waiting now, ms-equivalents. `summary` is the answer in a sentence, for people; `coming` what is due anyway.
    """

    interaction_id: InteractionId
    at: Instant
    phase: InteractionPhase
    waited_ms: int
    route: Route
    urgency: int
    summary: str
    standings: tuple[Standing, ...]
    coming: tuple[Coming, ...]


def explain(policy: Policy, state: State, interaction_id: InteractionId, now: Instant) -> Explanation:
    """The explanation of a live interaction at `now`, computed from the state alone and without changing it.

    Raises:
        CommandRefused: the interaction is unknown or has ended.
    """
    row = interaction_of(state, interaction_id)
    columns = Columns.of(state, also=interaction_id, needs=policy.needs)
    place = columns.waiting.row_of[interaction_id]
    urgency = policy.wait_price.of_row(columns.waiting, place, now)
    out_by = _out_by(policy, Block(columns, rows_of([place]), None, now))
    rivals = _rivals(policy, columns, place, now)
    competing = sorted((rival for rival in rivals if rival.agent_id not in out_by), key=lambda rival: rival.order)
    standings = (
        *_competing(policy, row, competing, urgency, now),
        *_excluded(state, row, out_by, [rival for rival in rivals if rival.agent_id in out_by], competing),
    )
    return Explanation(
        interaction_id=interaction_id,
        at=now,
        phase=row.phase,
        waited_ms=row.waited_ms(now),
        route=row.route,
        urgency=urgency,
        summary=_summary(policy, state, row, standings),
        standings=standings,
        coming=coming(state, row, out_by) if row.phase is InteractionPhase.WAITING else (),
    )


def _out_by(policy: Policy, block: Block) -> Mapping[AgentId, tuple[str, ...]]:
    """Every agent whom some filter keeps from the block's one interaction, with the names of all that do, in the policy's order."""
    agents = block.columns.agents
    found: dict[AgentId, tuple[str, ...]] = {}
    for name, keeps in policy.filters:
        kept = keeps(block)
        if kept is not None:
            for place in np.flatnonzero(~np.broadcast_to(kept, (1, agents.count))[0]).tolist():
                found[agents.ids[place]] = (*found.get(agents.ids[place], ()), name)
    return found


def _rivals(policy: Policy, columns: Columns, place: int, now: Instant) -> tuple[Rival, ...]:
    """Every agent, eligible or not, with what the pair costs."""
    agents = columns.agents
    everybody = np.arange(agents.count, dtype=np.int64)
    cost, terms = costs(policy, Pairs(columns, np.full_like(everybody, place), everybody, now))
    return tuple(
        Rival(
            agent_id=agent_id,
            cost=cost.item(index),
            terms=tuple((name, term.item(index)) for name, term in terms),
            idle_since=agents.idle_since.item(index),
            sequence=agents.sequence.item(index),
        )
        for index, agent_id in enumerate(agents.ids)
    )


def _competing(policy: Policy, row: InteractionRow, rivals: list[Rival], urgency: int, now: Instant) -> tuple[Standing, ...]:
    weights = tuple(item.weight_ms for item in policy.spec.scorers)
    counted_to = None if policy.spec.idle_clock is IdleClock.NONE else now
    least_skills = len({need.attribute: None for need in row.route.requirements if need.is_hard and isinstance(need.value, int)})
    return tuple(
        Standing(
            agent_id=rival.agent_id,
            excluded_by="",
            remedy="",
            net=urgency - rival.cost,
            terms=rival.terms,
            place=place,
            levers=levers(rivals[0], rival, weights, counted_to, least_skills) if place > 1 else (),
        )
        for place, rival in enumerate(rivals, start=1)
    )


def _excluded(
    state: State, row: InteractionRow, out_by: Mapping[AgentId, tuple[str, ...]], rivals: list[Rival], competing: list[Rival]
) -> tuple[Standing, ...]:
    orders = [rival.order for rival in competing]
    return tuple(
        Standing(
            agent_id=rival.agent_id,
            excluded_by=out_by[rival.agent_id][0],
            remedy=_remedy(out_by[rival.agent_id][0], state, row, state.agents[rival.agent_id]),
            net=None,
            terms=(),
            also_out_by=out_by[rival.agent_id][1:],
            place=1 + bisect_left(orders, rival.order) if len(out_by[rival.agent_id]) == 1 else None,
        )
        for rival in sorted(rivals, key=lambda rival: rival.agent_id)
    )


def _remedy(reason: str, state: State, row: InteractionRow, agent: AgentRow) -> str:
    """What would have to change for this filter to let the pair through."""
    channel = row.interaction.channel
    match reason:
        case "presence":
            why = f" ({agent.presence_reason})" if agent.presence_reason else ""
            return f"is {agent.presence}{why}; would have to be {Presence.AVAILABLE}"
        case "channel":
            maximum, held = agent.agent.channel_maxima.get(channel, 0), agent.held_by_channel.get(channel, 0)
            return f"holds {held} of at most {maximum} on {channel}" if maximum else f"does not serve {channel}"
        case "capacity":
            return _missing_room(state, agent, channel)
        case "skill":
            if not row.route.also:
                return _unmet(row.route.requirements, agent)
            return "; or ".join(f"{branch.queue_id}: {_unmet(branch.requirements, agent)}" for branch in row.route.branches)
        case "queue_head":
            return f"waits behind another interaction of queue {row.route.queue_id}, which would have to be taken or to leave first"
        case "queue_weight":
            return "belongs to a queue of more weight with as many interactions as available agents; one of them would have to leave it"
        case "declined" if row.interaction.leg is not None and agent.agent.id in row.interaction.leg.barred:
            return "had the conversation before; whoever handed it on barred them from this leg"
        case "declined":
            until, scope = row.exclusions.get(agent.agent.id), row.apart.get(agent.agent.id)
            if scope is not None:
                back = "once they have been away and are available again" if scope is ExclusionScope.PRESENCE else "never again"
                return f"did not take it before; may be offered it {back}"
            return "is being offered it now" if until is None else f"did not take it before; may be offered it again at {moment(until)}"
        case "reserved":
            return kept_for(row)
        case "paused":
            why = agent.paused[row.route.queue_id]
            return f"is paused in {row.route.queue_id}{f' ({why})' if why else ''}; would have to be unpaused there"
        case "rate":
            until = agent.limited_until[row.route.queue_id]
            return f"was given as much of {row.route.queue_id} as it allows; may be offered more at {moment(until)}"
        case "shift":
            return f"is expected elsewhere at {moment(agent.commitments[0].starts_at)}, before this would be over"
        case _:
            return f"the policy's filter {reason!r} would have to let the pair through"


def kept_for(row: InteractionRow) -> str:
    """Whom an interaction is kept for at present, and until when; empty where it is kept for nobody."""
    reserved = row.route.reserved
    if reserved is None:
        return ""
    until = reservation_due_at(row)
    ends = "until a step of its route releases it" if until is None else f"until {moment(until)}"
    return f"is kept for {', '.join(reserved.agents)} {ends}"


def _missing_room(state: State, agent: AgentRow, channel: ChannelId) -> str:
    if agent.interrupting is not None:
        return "is being offered something for which other work will be set aside"
    site = site_of(state)
    left = agent.agent.capacity - firm_use(state, site, agent, channel)
    return f"has {max(0, left)} of {agent.agent.capacity} left; {channel} needs {site.channels[channel].capacity_cost}"


def called_back(state: State, row: InteractionRow) -> str:
    """Why a call-back is not in the line for an agent at present; empty where it is, and for all that is none."""
    callback = row.callback
    if callback is None or not callback.is_pending or state.site is None:
        return ""
    if callback.stage is CallbackStage.CALLING:
        reserved = ", ".join(row.offers.values()) or "nobody at present"
        return f"is being called back; in reserve for the customer: {reserved}"
    if callback.not_before is not None:
        return f"is to be called back, not before {moment(callback.not_before)}"
    if offers_max(state, state.site, row):
        return ""
    return f"is to be called back once fewer than {state.site.running_callbacks_max} other call-backs are under way"


def _unmet(requirements: tuple[Requirement, ...], agent: AgentRow) -> str:
    unmet = [need for need in requirements if need.is_hard and not need.is_met_by(agent.agent.attributes)]
    return "; ".join(f"{need.attribute} {need.operator} {need.wanted}: has {_held(agent, need.attribute)}" for need in unmet)


def _held(agent: AgentRow, attribute: str) -> str:
    value = agent.agent.attributes.get(attribute)
    return "none" if value is None else str(value)


def _summary(policy: Policy, state: State, row: InteractionRow, standings: tuple[Standing, ...]) -> str:
    if row.phase is not InteractionPhase.WAITING:
        return f"{row.phase.replace('_', ' ')} with agent {row.agent_id}"
    call = called_back(state, row)
    if call:
        return call
    if row.offers:
        return f"offered to {', '.join(row.offers.values())}, not yet accepted"
    if row.awaits_opening:
        return f"waits until {row.route.queue_id} opens at {moment(row.opens_at or row.enqueued_at)}"
    eligible = [standing for standing in standings if not standing.excluded_by]
    if eligible:
        is_held = not policy.spec.is_work_conserving and (eligible[0].net or 0) < 0
        held = "the policy holds it until waiting is worth what the pair costs" if is_held else "to be decided in the next match"
        could = "agent could take it:" if len(eligible) == 1 else "agents could take it, best"
        return f"{len(eligible)} {could} {eligible[0].agent_id}; {held}"
    counts: dict[str, int] = {}
    for standing in standings:
        counts[standing.excluded_by] = counts.get(standing.excluded_by, 0) + 1
    reasons = ", ".join(f"{count} by {name}" for name, count in counts.items()) or "no agent is registered"
    kept = kept_for(row)
    queues = " and ".join(branch.queue_id for branch in row.route.branches)
    return f"waits in {queues}: nobody can take it ({reasons})" + (f"; it {kept}" if kept else "")
