"""What is due anyway: the scheduled changes that bear on an interaction, earliest first, and whom each lets take it.

Each is looked at by itself, with all else as it is: what customers, agents and platforms do until then is nobody's schedule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.invariants import carried_deadlines
from routing.core.ladder import earliest_branch, led_by, next_step_taken
from routing.core.state import InteractionRow, State
from routing.model.ids import AgentId, InteractionId
from routing.model.requirement import Requirement
from routing.model.route import Route
from routing.model.time import SECOND_MS, Instant

_WORDS = {
    DeadlineKind.STAY_LIMIT: "its limit of stay is over",
    DeadlineKind.CALLBACK_ATTEMPT: "the attempt to reach the customer is given up",
    DeadlineKind.CALLBACK_DUE: "its call-back may begin",
    DeadlineKind.CALLBACK_URGENT: "its call-back becomes urgent",
    DeadlineKind.LEFT_ALONE: "it leaves its queue, because nobody is there for it",
    DeadlineKind.CLOSED_ON: "it leaves its queue, which has closed",
    DeadlineKind.PROMISE_END: "the promised time of its call-back is over",
}
_ROOM = frozenset({"channel", "capacity"})
_BY_STEPS = frozenset({"skill", "reserved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A scheduled change: `what` is the kind of its deadline, `text` says it in a clause, and `agent_id` is whose it is, if anybody's.

    `opens` are the agents who cannot take the interaction now and could from then on, by id.
    """

    at: Instant
    what: str
    agent_id: AgentId
    opens: tuple[AgentId, ...]
    text: str


def coming(state: State, row: InteractionRow, out_by: Mapping[AgentId, tuple[str, ...]]) -> tuple[Coming, ...]:
    """Every scheduled change that bears on the interaction; `out_by` has each excluded agent with all the filters that exclude them."""
    found = list(_steps(state, row, out_by))
    for deadline in carried_deadlines(state):
        change = _change(state, row, out_by, deadline)
        if change is not None:
            found.append(change)
    return tuple(sorted(found, key=lambda change: (change.at, change.what, change.agent_id)))


def _steps(state: State, row: InteractionRow, out_by: Mapping[AgentId, tuple[str, ...]]) -> Iterator[Coming]:
    """Each step of the ladder still to come, after those before it."""
    lacking = [agent_id for agent_id in sorted(out_by) if _BY_STEPS.issuperset(out_by[agent_id])]
    route = row.route
    while route.next_due_at is not None:
        branch = route.branches[earliest_branch(route)]
        step, ladder = branch.steps[0], f"its ladder in queue {branch.queue_id}" if route.also else "its ladder"
        before, route = route, next_step_taken(route)
        free = [one for one in lacking if route.reserved is None or one in route.reserved.agents]
        opens = [one for one in free if route.queue_for(state.agents[one].agent.attributes) is not None]
        lacking = [one for one in lacking if one not in opens]
        diversion = step.relaxation.divert_to
        where = "" if diversion is None else f"{diversion.kind.replace('_', ' ')} {diversion.target}".rstrip()
        change = _step_in_words(led_by(before, branch.queue_id), led_by(route, branch.queue_id))
        text = f"a step of {ladder} {f'ends its wait: {where}' if where else change}"
        yield Coming(at=step.due_at, what="route_step", agent_id="", opens=tuple(opens), text=text)


def _step_in_words(before: Route, after: Route) -> str:
    changes = []
    left = {need.attribute: need for need in after.requirements}
    for need in before.requirements:
        now = left.get(need.attribute)
        if now is None:
            changes.append(f"gives up {_need(need)}")
        elif now != need:
            changes.append(f"is content with {_need(now)}")
    if after.urgency.class_rank != before.urgency.class_rank:
        changes.append(f"raises it to class {after.urgency.class_rank}")
    if after.urgency.base_ms != before.urgency.base_ms:
        changes.append(f"makes it as urgent as if it had waited {(after.urgency.base_ms - before.urgency.base_ms) // SECOND_MS} s longer")
    if before.reserved is not None and after.reserved is None:
        changes.append(f"no longer keeps it for {', '.join(before.reserved.agents)}")
    if after.queue_id != before.queue_id:
        changes.append(f"moves it to queue {after.queue_id}")
    return " and ".join(changes) or "is due"


def _need(need: Requirement) -> str:
    return f"{need.attribute} {need.operator} {need.wanted}"


def _change(state: State, row: InteractionRow, out_by: Mapping[AgentId, tuple[str, ...]], deadline: Deadline) -> Coming | None:
    due_at, kind, key, partner = deadline
    match kind:
        case DeadlineKind.ROUTE_STEP:
            return None  # told with all later steps of the ladder
        case DeadlineKind.WINDOW:
            return _of_nobody(deadline, "the window closes, and all that waits is decided together")
        case DeadlineKind.QUEUE_HOURS:
            opens_or_closes = "opens, and it may be offered" if row.awaits_opening else "closes"
            return _of_nobody(deadline, f"queue {key} {opens_or_closes}") if key == row.route.queue_id else None
        case DeadlineKind.OFFER_EXPIRY if key in row.offers:
            agent_id = row.offers[key]
            text = f"the offer to {agent_id} runs out, and it looks for another agent"
            return Coming(at=due_at, what=_name(kind), agent_id=agent_id, opens=(), text=text)
        case DeadlineKind.OFFER_EXPIRY:
            offer = state.offers[key]
            text = f"{offer.agent_id} has until then to answer the offer of {offer.interaction_id}"
            return _room(state, row, out_by, deadline, _Held(offer.agent_id, offer.interaction_id, offer.capacity_cost, text))
        case DeadlineKind.WRAP_UP_LIMIT:
            work = state.interactions[key]
            agent_id = work.agent_id or ""
            text = f"{agent_id}'s wrap-up of {key} ends at the latest"
            return _room(state, row, out_by, deadline, _Held(agent_id, key, work.capacity_cost, text))
        case DeadlineKind.EXCLUSION_END if key == row.interaction.id:
            opens: tuple[AgentId, ...] = (partner,) if out_by.get(partner) == ("declined",) else ()
            return Coming(at=due_at, what=_name(kind), agent_id=partner, opens=opens, text=f"{partner} may be offered it again")
        case DeadlineKind.ASSIGNMENT_LIMIT if out_by.get(key) == ("rate",) and partner == row.route.queue_id:
            text = f"{key} may be given more of queue {partner}"
            return Coming(at=due_at, what=_name(kind), agent_id=key, opens=(key,), text=text)
        case DeadlineKind.MATCH_DEFERRED if key == row.interaction.id:
            return _of_nobody(deadline, "waiting has become worth what an agent costs, and it is matched again")
        case DeadlineKind.RESERVATION_END if key == row.interaction.id:
            opens = tuple(agent_id for agent_id in sorted(out_by) if out_by[agent_id] == ("reserved",))
            return Coming(at=due_at, what=_name(kind), agent_id="", opens=opens, text="it is no longer kept for the agents it was kept for")
        case _:
            return _of_nobody(deadline, _WORDS.get(kind, _name(kind).replace("_", " "))) if key == row.interaction.id else None


class _Held(NamedTuple):
    """Capacity that an agent gives back when something is over, and a clause that says when that is."""

    agent_id: AgentId
    interaction_id: InteractionId
    capacity_cost: int
    text: str


def _room(state: State, row: InteractionRow, out_by: Mapping[AgentId, tuple[str, ...]], deadline: Deadline, held: _Held) -> Coming | None:
    """The change if it alone gives an agent room for the interaction, who has nothing else against it."""
    reasons = out_by.get(held.agent_id, ())
    if not reasons or not _ROOM.issuperset(reasons) or state.site is None:
        return None
    agent, channel = state.agents[held.agent_id], state.site.channels[row.interaction.channel]
    left = agent.agent.capacity - agent.used + held.capacity_cost
    on_channel = agent.held_by_channel.get(channel.id, 0)
    on_channel -= state.interactions[held.interaction_id].interaction.channel == channel.id
    if left < channel.capacity_cost or on_channel >= agent.agent.channel_maxima.get(channel.id, 0):
        return None
    return Coming(at=deadline.due_at, what=_name(deadline.kind), agent_id=held.agent_id, opens=(held.agent_id,), text=held.text)


def _of_nobody(deadline: Deadline, text: str) -> Coming:
    return Coming(at=deadline.due_at, what=_name(deadline.kind), agent_id="", opens=(), text=text)


def _name(kind: DeadlineKind) -> str:
    return kind.name.lower()
