"""What the rooms of this package share: phases, exclusions, stages of ladders, and giving capacity back."""

from routing.core.attendance import Wanted
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.errors import InvariantBroken
from routing.core.events import Event
from routing.core.evolve.marks import dirty_agent
from routing.core.lifecycle import INTERACTION_LIFECYCLE, OFFER_LIFECYCLE, InteractionPhase
from routing.core.state import AgentRow, InteractionRow, OfferRow, State, reservation_due_at, stay_due_at
from routing.model.ids import AgentId, InteractionId, OfferId
from routing.model.queue import ExclusionScope
from routing.model.route import Route
from routing.model.time import Instant


def advance(state: State, interaction_id: InteractionId, event: Event) -> InteractionRow:
    """The row of an interaction, moved to the phase that the lifecycle gives it after `event`."""
    row = state.interactions[interaction_id]
    row.phase = next_phase(row.phase, event)
    return row


def next_phase(phase: InteractionPhase, event: Event) -> InteractionPhase:
    """The phase after `event`; raises `InvariantBroken` where the lifecycle has none."""
    try:
        return INTERACTION_LIFECYCLE[phase, type(event)]
    except KeyError:
        raise InvariantBroken(f"an interaction that is {phase} cannot see {event}") from None


def advance_offer(state: State, offer_id: OfferId, event: Event) -> OfferRow:
    """The row of an offer, moved to the phase that the lifecycle gives it after `event`."""
    offer = state.offers[offer_id]
    try:
        offer.phase = OFFER_LIFECYCLE[offer.phase, type(event)]
    except KeyError:
        raise InvariantBroken(f"an offer that is {offer.phase} cannot see {event}") from None
    offer.version += 1
    return offer


def exclude(state: State, at: Instant, interaction_id: InteractionId, agent_id: AgentId, until: Instant) -> None:
    """Keep a pair apart until then."""
    if until > at:
        state.interactions[interaction_id].exclusions[agent_id] = until
        state.deadlines.add(Deadline(until, DeadlineKind.EXCLUSION_END, interaction_id, agent_id))


def wait_again(state: State, at: Instant, row: InteractionRow) -> None:
    """Wake the deadlines of a waiting interaction, which slept while it was handled: exclusions that ran out are over, the rest stays."""
    row.exclusions = {agent_id: until for agent_id, until in row.exclusions.items() if until > at}
    enter_stage(state, row)
    enter_limits(state, row)
    for agent_id, until in row.exclusions.items():
        state.deadlines.add(Deadline(until, DeadlineKind.EXCLUSION_END, row.interaction.id, agent_id))


def enter_stage(state: State, row: InteractionRow) -> None:
    """A waiting interaction stands before the next step of its ladder, if there is one: enter its due time, and whether it may be early."""
    interaction_id, route = row.interaction.id, row.route
    if state.attendance.watched:
        leave_ladder(state, interaction_id)
    due_at = route.next_due_at
    if due_at is None:
        return
    state.deadlines.add(Deadline(due_at, DeadlineKind.ROUTE_STEP, interaction_id))
    if not route.also and route.steps[0].early is None:
        return
    early = [branch for branch in route.branches if branch.steps and branch.steps[0].early is not None]
    if early:
        state.marks.may_step_early[interaction_id] = None
    watched = [branch for branch in early if (step := branch.steps[0].early) is not None and step.is_watched]
    if watched:
        state.attendance.watched[interaction_id] = tuple([Wanted(row.interaction.channel, branch.requirements) for branch in watched])


def leave_ladder(state: State, interaction_id: InteractionId) -> None:
    """It no longer waits for its next step."""
    state.attendance.watched.pop(interaction_id, None)


def keep_apart(state: State, interaction_id: InteractionId, agent_id: AgentId, scope: ExclusionScope) -> None:
    """Keep a pair apart without an instant at which that ends."""
    state.interactions[interaction_id].apart[agent_id] = scope
    if scope is ExclusionScope.PRESENCE:
        state.apart_until_present.setdefault(agent_id, {})[interaction_id] = None


def forget_apart(state: State, row: InteractionRow, agent_id: AgentId) -> None:
    """A pair that was kept apart without an instant no longer is."""
    if row.apart.pop(agent_id) is ExclusionScope.PRESENCE:
        _drop(state.apart_until_present, agent_id, row.interaction.id)


def put_route(state: State, row: InteractionRow, route: Route) -> None:
    """Give an interaction a route, and keep the index of whom interactions are reserved for."""
    old = row.route.reserved
    row.route = route
    if old == route.reserved:
        return
    row.away_at = None
    for agent_id in old.agents if old is not None else ():
        _drop(state.reserved_for, agent_id, row.interaction.id)
    index_reserved(state, row)


def index_reserved(state: State, row: InteractionRow) -> None:
    """Enter an interaction under every agent it is reserved for."""
    if row.route.reserved is not None:
        for agent_id in row.route.reserved.agents:
            state.reserved_for.setdefault(agent_id, {})[row.interaction.id] = None


def _drop(index: dict[AgentId, dict[InteractionId, None]], agent_id: AgentId, interaction_id: InteractionId) -> None:
    of_agent = index[agent_id]
    del of_agent[interaction_id]
    if not of_agent:
        del index[agent_id]


def enter_limits(state: State, row: InteractionRow) -> None:
    """Enter when a waiting interaction's reservation and its stay end by themselves."""
    if row.route.reserved is not None and (due_at := reservation_due_at(row)) is not None:
        state.deadlines.add(Deadline(due_at, DeadlineKind.RESERVATION_END, row.interaction.id))
    if row.route.stay is not None:
        add_stay_deadline(state, row)


def add_stay_deadline(state: State, row: InteractionRow) -> None:
    """Enter the limit of stay, where one holds at present."""
    due_at = stay_due_at(row)
    if due_at is not None:
        state.deadlines.add(Deadline(due_at, DeadlineKind.STAY_LIMIT, row.interaction.id))


def release_work(state: State, at: Instant, row: InteractionRow) -> None:
    """Part an interaction from the agent who held it."""
    if row.agent_id is None:
        raise InvariantBroken(f"interaction {row.interaction.id} holds no agent to release")
    agent = state.agents[row.agent_id]
    del agent.work[row.interaction.id]
    agent.set_aside.pop(row.interaction.id, None)
    if agent.kept is not None:
        agent.kept.pop(row.interaction.id, None)
    agent.free_since = at
    _credit(at, row, agent)
    give_back(state, at, agent, row.interaction.channel, row.capacity_cost)
    row.agent_id = None
    row.capacity_cost = 0
    row.wrap_up_until = None


def _credit(at: Instant, row: InteractionRow, agent: AgentRow) -> None:
    """Count what the agent gave to an interaction that leaves them."""
    since = at if row.handled_since is None else row.handled_since
    worked_ms = at - since
    agent.talk_ms += (at if row.handled_until is None else row.handled_until) - since
    agent.worked_ms += worked_ms
    agent.worked_by_queue[row.route.queue_id] = agent.worked_by_queue.get(row.route.queue_id, 0) + worked_ms
    row.handled_since = row.handled_until = None


def take(state: State, at: Instant, agent: AgentRow, channel: str, cost: int) -> None:
    """Use a part of an agent, and one of their places on a channel."""
    agent.used += cost
    agent.held_by_channel[channel] = agent.held_by_channel.get(channel, 0) + 1
    if agent.set_aside or agent.resume_at is not None:
        look_at_set_aside(state, at, agent)


def give_back(state: State, at: Instant, agent: AgentRow, channel: str, cost: int) -> None:
    """Return what an offer, an interaction or external work took of an agent."""
    agent.used -= cost
    agent.held_by_channel[channel] -= 1
    if agent.set_aside or agent.resume_at is not None:
        look_at_set_aside(state, at, agent)
    dirty_agent(state, at, agent.agent.id)


def look_at_set_aside(state: State, at: Instant, agent: AgentRow) -> None:
    """What was set aside last is due to go on as soon as it fits; asked whenever the budget or its use has changed."""
    if not agent.set_aside or agent.used + next(reversed(agent.set_aside.values())) > agent.agent.capacity:
        agent.resume_at = None
    elif agent.resume_at is None:
        agent.resume_at = at
        state.deadlines.add(Deadline(at, DeadlineKind.INTERRUPTION_END, agent.agent.id))
