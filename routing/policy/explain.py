"""Explanations in full: for one interaction, every agent with the reason they are out, or the terms they compete with."""

from dataclasses import dataclass

import numpy as np

from routing.core.decide.lookup import interaction_of
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, State, reservation_due_at
from routing.model.agent import Presence
from routing.model.ids import AgentId, InteractionId
from routing.model.queue import ExclusionScope
from routing.model.route import Route
from routing.model.time import Instant
from routing.policy.arrays import rows_of
from routing.policy.columns import Columns
from routing.policy.eligible import Eligible, find_eligible
from routing.policy.pipeline import Block, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one agent stands towards the interaction.

    `excluded_by` names the first filter that keeps the pair apart and `remedy` what would change that; both are empty for an eligible
    agent, who has a `net` value (`urgency - sum of terms`, ms-equivalents).
    """

    agent_id: AgentId
    excluded_by: str
    remedy: str
    net: int | None
    terms: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an interaction goes to whom, or waits. `standings` lists eligible agents from best to worst, then the others by id.

    `urgency` is the price of waiting now, ms-equivalents. `summary` is the answer in a sentence, for people.
    """

    interaction_id: InteractionId
    at: Instant
    phase: InteractionPhase
    waited_ms: int
    route: Route
    urgency: int
    summary: str
    standings: tuple[Standing, ...]


def explain(policy: Policy, state: State, interaction_id: InteractionId, now: Instant) -> Explanation:
    """The explanation of a live interaction at `now`, computed from the state alone and without changing it.

    Raises:
        CommandRefused: the interaction is unknown or has ended.
    """
    row = interaction_of(state, interaction_id)
    columns = Columns.of(state, also=interaction_id, needs=policy.needs)
    waiting = rows_of([columns.waiting.row_of[interaction_id]])
    eligible = find_eligible(policy, (Block(columns, waiting, None),), now)
    standings = (*_competing(eligible), *_excluded(policy, columns, state, row))
    return Explanation(
        interaction_id=interaction_id,
        at=now,
        phase=row.phase,
        waited_ms=row.waited_ms(now),
        route=row.route,
        urgency=policy.wait_price.of_row(columns.waiting, columns.waiting.row_of[interaction_id], now),
        summary=_summary(policy, row, standings),
        standings=standings,
    )


def _competing(eligible: Eligible) -> tuple[Standing, ...]:
    agents, problem = eligible.pairs.columns.agents, eligible.problem
    return tuple(
        Standing(
            agent_id=agents.ids[problem.agents[index]],
            excluded_by="",
            remedy="",
            net=int(problem.urgency[index] - problem.cost[index]),
            terms=tuple((name, int(term[index])) for name, term in eligible.terms),
        )
        for index in problem.order().tolist()
    )


def _excluded(policy: Policy, columns: Columns, state: State, row: InteractionRow) -> tuple[Standing, ...]:
    waiting = rows_of([columns.waiting.row_of[row.interaction.id]])
    reason_of: dict[AgentId, str] = {}
    for name, keeps in policy.filters:
        kept = keeps(Block(columns, waiting, None))
        if kept is not None:
            out = np.flatnonzero(~np.broadcast_to(kept, (1, columns.agents.count))[0])
            for place in out.tolist():
                reason_of.setdefault(columns.agents.ids[place], name)
    return tuple(
        Standing(agent_id=agent_id, excluded_by=reason, remedy=_remedy(reason, state, row, state.agents[agent_id]), net=None, terms=())
        for agent_id, reason in sorted(reason_of.items())
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
            cost = state.site.channels[channel].capacity_cost if state.site is not None else 0
            return f"has {agent.agent.capacity - agent.used} of {agent.agent.capacity} left; {channel} needs {cost}"
        case "skill":
            unmet = [need for need in row.route.requirements if need.is_hard and not need.is_met_by(agent.agent.attributes)]
            return "; ".join(f"{need.attribute} {need.operator} {need.wanted}: has {_held(agent, need.attribute)}" for need in unmet)
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
            return "is being offered it now" if until is None else f"did not take it before; may be offered it again at {until}"
        case "reserved":
            return kept_for(row)
        case _:
            return f"the policy's filter {reason!r} would have to let the pair through"


def kept_for(row: InteractionRow) -> str:
    """Whom an interaction is kept for at present, and until when; empty where it is kept for nobody."""
    reserved = row.route.reserved
    if reserved is None:
        return ""
    until = reservation_due_at(row)
    ends = "until a step of its route releases it" if until is None else f"until {until}"
    return f"is kept for {', '.join(reserved.agents)} {ends}"


def _held(agent: AgentRow, attribute: str) -> str:
    value = agent.agent.attributes.get(attribute)
    return "none" if value is None else str(value)


def _summary(policy: Policy, row: InteractionRow, standings: tuple[Standing, ...]) -> str:
    if row.phase is not InteractionPhase.WAITING:
        return f"{row.phase.replace('_', ' ')} with agent {row.agent_id}"
    if row.offers:
        return f"offered to {', '.join(row.offers.values())}, not yet accepted"
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
    return f"waits in {row.route.queue_id}: nobody can take it ({reasons})" + (f"; it {kept}" if kept else "")
