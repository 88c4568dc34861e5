"""What the state holds, as answers to those who ask where things stand."""

import json
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from routing.config.local_times import time_of_day
from routing.core.canonical import state_digest
from routing.core.decide.lookup import agent_of, interaction_of
from routing.core.decide.lookup import site_of as site_in_force
from routing.core.decide.reservations import waiting_for
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State, reservation_due_at
from routing.model.agent import Presence
from routing.model.ids import AgentId, InteractionId, QueueId
from routing.model.interaction import EndCause
from routing.policy.told import told, told_as_json
from routing.server.convert.agent_events import offers_of, work_of
from routing.server.convert.callbacks import callback_to_wire
from routing.server.convert.doors import present_estimate
from routing.server.convert.duty import commitment_to_wire
from routing.server.convert.leg_nouns import tie_to_wire
from routing.server.convert.legs import conversation_of
from routing.server.convert.nouns import END_CAUSES, PHASES, PRESENCES, agent_to_wire, interaction_to_wire
from routing.server.convert.sites import site_to_wire
from routing.server.turn import Turn
from routing.v1 import interactions_pb2, operators_pb2

_IN_HANDLING = (InteractionPhase.HANDLING, InteractionPhase.HELD, InteractionPhase.INTERRUPTED)


def interaction_status(turn: Turn, interaction_id: InteractionId) -> interactions_pb2.GetInteractionResponse:
    """Where an interaction stands, live or remembered.

    Raises:
        CommandRefused: it is not known.
    """
    state = turn.state
    ended = state.ended.get(interaction_id)
    if ended is not None:
        status = interactions_pb2.InteractionStatus(
            interaction_id=interaction_id,
            phase=PHASES.number(InteractionPhase.ENDED),
            queue_id=ended.queue_id,
            agent_id=ended.agent_id or "",
            cause=END_CAUSES.number(ended.cause),
            ended_at_ms=ended.at,
            leg_id=ended.leg_id or "",
        )
    else:
        row = interaction_of(state, interaction_id)
        status = interactions_pb2.InteractionStatus(
            interaction_id=interaction_id,
            phase=PHASES.number(row.phase),
            interaction=interaction_to_wire(row.interaction),
            version=row.version,
            queue_id=row.route.queue_id,
            enqueued_at_ms=row.enqueued_at,
            offered_agent_ids=row.offers.values(),
            agent_id=row.agent_id or "",
            leg_id=row.leg_id or "",
            tie=tie_to_wire(row.tie),
            **_kept(state, row),
            callback=callback_to_wire(row.callback),
            estimate=present_estimate(state, row, turn.now),
            opens_at_ms=row.opens_at if row.awaits_opening else None,
        )
    status.conversation.extend(conversation_of(state, interaction_id))
    return interactions_pb2.GetInteractionResponse(sequence=state.seq, status=status)


def _kept(state: State, row: InteractionRow) -> dict[str, Any]:
    """For whom a waiting interaction is kept, and until when it may stay."""
    if row.phase is not InteractionPhase.WAITING:
        return {}
    reserved, stay, sent_to = row.route.reserved, row.route.stay, row.interaction.agent_id
    own_line = waiting_for(state, sent_to) if sent_to is not None else ()
    return {
        "reserved_agent_ids": () if reserved is None else reserved.agents,
        "reserved_until_ms": reservation_due_at(row),
        "place_with_agent": own_line.index(row.interaction.id) + 1 if row.interaction.id in own_line else 0,
        "stays_until_ms": None if stay is None else stay.until,
    }


def agent_status(turn: Turn, agent_id: AgentId) -> operators_pb2.GetAgentResponse:
    """An agent as the router knows them.

    Raises:
        CommandRefused: they are not registered.
    """
    state = turn.state
    row = agent_of(state, agent_id)
    return operators_pb2.GetAgentResponse(
        sequence=state.seq,
        agent=agent_to_wire(row.agent),
        presence=PRESENCES.number(row.presence),
        reason=row.presence_reason,
        used_capacity=row.used,
        offers=offers_of(row, state),
        work=work_of(row, state),
        session_id=row.session_id or "",
        session_expires_at_ms=row.session_expires_at,
        own_line_interaction_ids=waiting_for(state, agent_id),
        paused_queues=row.paused,
        limited_queues=row.limited_until,
        commitments=[commitment_to_wire(one) for one in row.commitments],
        external_work_ids=row.external,
    )


def server_status(turn: Turn, clock_speed: float) -> operators_pb2.GetStatusResponse:
    """Counts, clock and journal."""
    state = turn.state
    phases = Counter(row.phase for row in state.interactions.values())
    ended = state.ended_by_cause
    return operators_pb2.GetStatusResponse(
        sequence=state.seq,
        at_ms=turn.now,
        clock_speed=clock_speed,
        arrived=state.arrived,
        waiting=phases[InteractionPhase.WAITING],
        handling=sum(phases[phase] for phase in _IN_HANDLING),
        wrap_up=phases[InteractionPhase.WRAP_UP],
        handled=ended[EndCause.HANDLED],
        abandoned=ended[EndCause.ABANDONED],
        cancelled=ended[EndCause.CANCELLED],
        refused=ended[EndCause.REFUSED],
        transferred=ended[EndCause.TRANSFERRED],
        unserved=ended[EndCause.UNSERVED],
        unreached=ended[EndCause.UNREACHED],
        diverted=ended[EndCause.DIVERTED],
        pending_callbacks=len(state.callbacks.pending),
        live_offers=len(state.offers),
        agents=len(state.agents),
        available_agents=sum(row.presence is Presence.AVAILABLE for row in state.agents.values()),
        site_id="" if state.site is None else state.site.id,
        policy="" if state.site is None else state.site.policy.name,
    )


def queue_statuses(turn: Turn) -> operators_pb2.ListQueuesResponse:
    """What waits and what is handled, by queue.

    Raises:
        CommandRefused: no site is in force.
    """
    state = turn.state
    counts: Counter[tuple[QueueId, InteractionPhase]] = Counter()
    offered: Counter[QueueId] = Counter()
    longest_ms: dict[QueueId, int] = {}
    for row in state.interactions.values():
        queue_id = row.route.queue_id
        counts[queue_id, row.phase] += 1
        if row.phase is InteractionPhase.WAITING:
            offered[queue_id] += bool(row.offers)
            longest_ms[queue_id] = max(longest_ms.get(queue_id, 0), row.waited_ms(turn.now))
    queues = [
        operators_pb2.QueueStatus(
            queue_id=queue_id,
            waiting=counts[queue_id, InteractionPhase.WAITING],
            offered=offered[queue_id],
            handling=sum(counts[queue_id, phase] for phase in _IN_HANDLING),
            wrap_up=counts[queue_id, InteractionPhase.WRAP_UP],
            longest_wait_ms=longest_ms.get(queue_id, 0),
        )
        for queue_id in site_in_force(state).queues
    ]
    return operators_pb2.ListQueuesResponse(sequence=state.seq, queues=queues)


def present_site(turn: Turn) -> operators_pb2.GetSiteResponse:
    """The site in force.

    Raises:
        CommandRefused: there is none.
    """
    state = turn.state
    return operators_pb2.GetSiteResponse(sequence=state.seq, site=site_to_wire(site_in_force(state)), site_hash=state.site_hash)


def explanation(turn: Turn, interaction_id: InteractionId, zone: ZoneInfo) -> operators_pb2.ExplainInteractionResponse:
    """Who could be offered an interaction now, who not, what is due anyway and what would change it; `zone` is that of the text's times.

    Raises:
        CommandRefused: it is unknown, or has ended.
    """
    found = turn.router.explain(interaction_id, turn.now)
    return operators_pb2.ExplainInteractionResponse(
        sequence=turn.state.seq,
        at_ms=turn.now,
        text="\n".join(told(found, time_of_day(zone, turn.now))),
        json=json.dumps(told_as_json(found), sort_keys=True, ensure_ascii=False),
    )


def digest(state: State) -> operators_pb2.GetStateDigestResponse:
    """The digest of everything the router knows."""
    return operators_pb2.GetStateDigestResponse(sequence=state.seq, digest=state_digest(state))
