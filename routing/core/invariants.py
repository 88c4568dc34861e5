"""What must hold whatever happens, re-derived from the rows and compared. Tests ask after every event; a server may ask when it has time.

Three questions, because facts come one at a time: `check_state` holds after every event; `check_transition` holds for the event just
applied; `check_settled` holds once all events of a command were applied (a changed agent, for one, is recorded before the offers that no
longer fit are taken back).
"""

from collections import Counter
from collections.abc import Iterator

from routing.core.attendance import Wanted
from routing.core.callback_checks import callback_deadlines, check_callback, check_callback_index
from routing.core.cover import Floor, kind_of
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.errors import InvariantBroken
from routing.core.events import OfferMade, Recorded
from routing.core.lifecycle import InteractionPhase, OfferPhase
from routing.core.lines import spot_of
from routing.core.room import firm_use
from routing.core.state import AgentRow, InteractionRow, OfferRow, State, reservation_due_at, stay_due_at
from routing.model.agent import Presence
from routing.model.callback import CallbackStage
from routing.model.ids import AgentId, ChannelId, InteractionId
from routing.model.leg import Tie
from routing.model.queue import ExclusionScope
from routing.model.route import Reach
from routing.model.time import Instant

_IN_HANDLING = (InteractionPhase.HANDLING, InteractionPhase.HELD)
_HELD_BY_AGENT = (InteractionPhase.HANDLING, InteractionPhase.HELD, InteractionPhase.INTERRUPTED, InteractionPhase.WRAP_UP)
_LEASED = (OfferPhase.LIVE, OfferPhase.ACCEPTING)


def check_state(state: State) -> None:
    """Every interaction in exactly one phase, rows that agree with each other, nothing lost, every due time entered in the index.

    Raises:
        InvariantBroken: naming the row and the contradiction.
    """
    for interaction_id, row in state.interactions.items():
        _check(interaction_id == row.interaction.id and interaction_id not in state.ended, f"interaction {interaction_id!r} is filed twice")
        _check_interaction(state, row)
        _check_tie(state, row)
    for agent_id, agent in state.agents.items():
        _check(agent_id == agent.agent.id, f"agent {agent_id!r} is filed under another id")
        _check_ledger(state, agent)
    for offer_id, offer in state.offers.items():
        _check(offer_id == offer.offer_id, f"offer {offer_id!r} is filed under another id")
        _check_offer(state, offer)
    _check_conservation(state)
    _check_by_agent(state)
    _check_lines(state)
    _check_cover(state)
    _check_deadlines(state)
    _check_attendance(state)
    check_callback_index(_check, state)


def check_transition(state: State, recorded: Recorded) -> None:
    """The state is the one after `recorded`, and an offer just made was made to an agent who could take it then.

    Raises:
        InvariantBroken: naming the event.
    """
    _check((state.seq, state.at) == (recorded.seq, recorded.at), f"the state is at event {state.seq}, not {recorded.seq}")
    event = recorded.event
    if isinstance(event, OfferMade):
        row = state.interactions[event.interaction_id]
        _check(event.expires_at > recorded.at, f"offer {event.offer_id!r} was over before it began")
        is_kept_from = event.agent_id in row.exclusions or event.agent_id in row.apart
        _check(not is_kept_from, f"offer {event.offer_id!r} went to agent {event.agent_id!r}, who is left out for now")
        leg = row.interaction.leg
        is_barred = leg is not None and event.agent_id in leg.barred
        _check(not is_barred, f"offer {event.offer_id!r} went back to agent {event.agent_id!r}, who is barred from it")
        agent = state.agents[event.agent_id]
        shut = row.route.queue_id in agent.paused or row.route.queue_id in agent.limited_until
        _check(not shut, f"offer {event.offer_id!r} went to agent {event.agent_id!r}, who takes nothing from its queue for now")
        _check(len(set(row.offers.values())) == len(row.offers), f"interaction {event.interaction_id!r} is offered to one agent twice")
        _check(not row.is_round_closed, f"interaction {event.interaction_id!r} is offered before its round of offers is over")
        queue = state.site.queues[row.route.queue_id] if state.site is not None else None
        _check(queue is not None and len(row.offers) <= queue.max_live_offers, f"offer {event.offer_id!r} is one too many for its queue")
        limit = state.site.running_callbacks_max if state.site is not None else 0
        is_new = row.callback is not None and row.callback.stage is CallbackStage.READY and len(row.offers) == 1
        too_many = is_new and 0 < limit < len(state.callbacks.in_flight)
        _check(not too_many, f"offer {event.offer_id!r} is for one call-back more than the site runs at once")


def check_settled(state: State) -> None:
    """No agent over capacity, call-backs in order, every live offer with an available agent who meets its hard requirements, no step owed.

    Work in progress never exceeds the capacity. While an offer rings that will interrupt, work and offers together may, but not without
    what that offer may set aside. External work is a fact: it counts for a channel's maximum, but may exceed it.

    Raises:
        InvariantBroken: naming the agent or the offer.
    """
    for agent_id, row in state.agents.items():
        _check_budget(state, row)
        external = Counter(work.channel for work in row.external.values())
        for channel, held in row.held_by_channel.items():
            maximum = row.agent.channel_maxima.get(channel, 0)
            _check(
                held - external[channel] <= maximum,
                f"agent {agent_id!r} holds {held} on channel {channel!r}, at most {maximum} are allowed",
            )
    for offer in state.offers.values():
        agent = state.agents[offer.agent_id]
        _check(agent.presence is Presence.AVAILABLE, f"offer {offer.offer_id!r} is held by an agent who is {agent.presence}")
        route = state.interactions[offer.interaction_id].route
        for_agent = route.reserved is None or offer.agent_id in route.reserved.agents
        _check(for_agent, f"offer {offer.offer_id!r} is held by an agent for whom the interaction is not kept")
        branches = route.branches
        unmet = [[need for need in one.requirements if need.is_hard and not need.is_met_by(agent.agent.attributes)] for one in branches]
        _check(not all(unmet), f"offer {offer.offer_id!r} is held by an agent who does not meet {unmet}")
    for item in state.interactions.values():
        queues = [branch.queue_id for branch in item.route.branches]
        known = (
            state.site is not None
            and all(queue in state.site.queues for queue in queues)
            and item.interaction.channel in state.site.channels
        )
        _check(known, f"interaction {item.interaction.id!r} stands in a queue or on a channel that the site does not have")
        _check(not _owes_a_step(state, item), f"interaction {item.interaction.id!r} waits for its step though nobody is there")
        if item.callback is not None:
            check_callback(_check, item, item.callback)
    _check_conversations(state)


def _check_budget(state: State, row: AgentRow) -> None:
    agent_id, capacity = row.agent.id, row.agent.capacity
    if row.interrupting is None or state.site is None:
        _check(row.used <= capacity, f"agent {agent_id!r} holds {row.used} of a budget of {capacity}")
        return
    at_work = row.used - sum(state.offers[offer_id].capacity_cost for offer_id in row.offers)
    _check(at_work <= capacity, f"agent {agent_id!r} works on {at_work} of a budget of {capacity}")
    channel = state.interactions[state.offers[row.interrupting].interaction_id].interaction.channel
    firm = firm_use(state, state.site, row, channel)
    _check(firm <= capacity, f"agent {agent_id!r} could not take {row.interrupting!r}: {firm} of {capacity} would be held even then")


def carried_deadlines(state: State) -> Iterator[Deadline]:
    """Every due time that a row carries, found without the index."""
    if state.window_due_at is not None:
        yield Deadline(state.window_due_at, DeadlineKind.WINDOW, "")
    for queue_id, turns_at in state.turns_at.items():
        yield Deadline(turns_at, DeadlineKind.QUEUE_HOURS, queue_id)
    for offer_id, offer in state.offers.items():
        yield Deadline(offer.expires_at, DeadlineKind.OFFER_EXPIRY, offer_id)
    for agent_id, agent in state.agents.items():
        if agent.session_expires_at is not None:
            yield Deadline(agent.session_expires_at, DeadlineKind.SESSION_EXPIRY, agent_id)
        if agent.release_at is not None:
            yield Deadline(agent.release_at, DeadlineKind.HANDLING_GRACE, agent_id)
        yield from _duty_deadlines(agent)
    for interaction_id, row in state.interactions.items():
        if row.wrap_up_until is not None:
            yield Deadline(row.wrap_up_until, DeadlineKind.WRAP_UP_LIMIT, interaction_id)
        if row.phase is InteractionPhase.WAITING:
            yield from _waiting_deadlines(row)
        if row.callback is not None:
            yield from callback_deadlines(row, row.callback)


def _duty_deadlines(row: AgentRow) -> Iterator[Deadline]:
    agent_id = row.agent.id
    if row.resume_at is not None:
        yield Deadline(row.resume_at, DeadlineKind.INTERRUPTION_END, agent_id)
    if row.commitments and (ends_at := row.commitments[0].ends_at) is not None:
        yield Deadline(ends_at, DeadlineKind.COMMITMENT_END, agent_id)
    for queue_id, until in row.limited_until.items():
        yield Deadline(until, DeadlineKind.ASSIGNMENT_LIMIT, agent_id, queue_id)


def _waiting_deadlines(row: InteractionRow) -> Iterator[Deadline]:
    interaction_id = row.interaction.id
    due = [branch.steps[0].due_at for branch in row.route.branches if branch.steps]
    if due:
        yield Deadline(min(due), DeadlineKind.ROUTE_STEP, interaction_id)
    if row.leave_at is not None:
        yield Deadline(row.leave_at, DeadlineKind.LEFT_ALONE, interaction_id)
    if row.closed_at is not None:
        yield Deadline(row.closed_at, DeadlineKind.CLOSED_ON, interaction_id)
    if row.deferred_until is not None:
        yield Deadline(row.deferred_until, DeadlineKind.MATCH_DEFERRED, interaction_id)
    reserved_until, stay_until = reservation_due_at(row), stay_due_at(row)
    if reserved_until is not None:
        yield Deadline(reserved_until, DeadlineKind.RESERVATION_END, interaction_id)
    if stay_until is not None:
        yield Deadline(stay_until, DeadlineKind.STAY_LIMIT, interaction_id)
    for agent_id, until in row.exclusions.items():
        yield Deadline(until, DeadlineKind.EXCLUSION_END, interaction_id, agent_id)


def _check_interaction(state: State, row: InteractionRow) -> None:
    interaction_id = row.interaction.id
    _check(row.enqueued_at <= state.at, f"interaction {interaction_id!r} arrives in the future")
    for offer_id, agent_id in row.offers.items():
        offer = state.offers.get(offer_id)
        mutual = offer is not None and (offer.interaction_id, offer.agent_id) == (interaction_id, agent_id)
        _check(mutual, f"interaction {interaction_id!r} lists offer {offer_id!r}, which does not know it")
    both = [agent_id for agent_id in row.apart if agent_id in row.exclusions]
    _check(not both, f"interaction {interaction_id!r} is kept from agents {both} until an instant and without one")
    _check(row.away_at is None or row.route.reserved is not None, f"interaction {interaction_id!r} ends a reservation it does not have")
    _check(bool(row.offers) or not row.is_round_closed, f"interaction {interaction_id!r} waits for the end of a round without offers")
    if row.phase is InteractionPhase.WAITING:
        free = (row.agent_id, row.capacity_cost, row.wrap_up_until, row.handled_since, row.handled_until) == (None, 0, None, None, None)
        _check(free, f"interaction {interaction_id!r} waits and yet holds agent {row.agent_id!r}")
        awaited = not row.awaits_opening or (row.opens_at is not None and not row.offers)
        _check(awaited, f"interaction {interaction_id!r} awaits an opening that is not stated, or is offered before it")
        return
    agent = state.agents.get(row.agent_id or "")
    unbound = (row.awaits_opening, row.leave_at, row.closed_at) == (False, None, None)
    _check(unbound, f"interaction {interaction_id!r} is {row.phase} and yet awaits its queue, or is about to leave it")
    _check(row.phase in _HELD_BY_AGENT, f"interaction {interaction_id!r} is live and yet {row.phase}")
    _check(agent is not None and interaction_id in agent.work, f"interaction {interaction_id!r} is {row.phase} and nobody works on it")
    is_aside = agent is not None and interaction_id in agent.set_aside
    _check((row.phase is InteractionPhase.INTERRUPTED) == is_aside, f"interaction {interaction_id!r} is {row.phase}; set aside: {is_aside}")
    _check(not is_aside or not row.capacity_cost, f"interaction {interaction_id!r} is set aside and yet takes {row.capacity_cost}")
    _check(not row.offers and row.deferred_until is None, f"interaction {interaction_id!r} is {row.phase} and yet looks for an agent")
    until = row.handled_until
    _check(until is None or row.handled_since is not None, f"interaction {interaction_id!r} was handled until {until}, and since never")
    limited = (row.phase is InteractionPhase.WRAP_UP) == (row.wrap_up_until is not None)
    _check(limited, f"interaction {interaction_id!r} is {row.phase} with wrap-up until {row.wrap_up_until}")


def _check_tie(state: State, row: InteractionRow) -> None:
    """An open consultation has its leg, and a conference an agent on each side."""
    interaction_id = row.interaction.id
    _check((row.leg_id is None) == (row.tie is None), f"interaction {interaction_id!r} is tied to leg {row.leg_id!r} by {row.tie}")
    if row.tie is None:
        return
    kept = (*_IN_HANDLING, InteractionPhase.WRAP_UP) if row.tie is Tie.TRANSFERRED else _IN_HANDLING
    _check(row.phase in kept, f"interaction {interaction_id!r} is {row.phase} and yet tied to leg {row.leg_id!r} by {row.tie}")
    if row.tie is Tie.TRANSFERRED:
        return
    leg = state.interactions.get(row.leg_id or "")
    if leg is None or leg.interaction.leg is None or leg.interaction.leg.parent_id != interaction_id:
        raise InvariantBroken(f"interaction {interaction_id!r} is tied to {row.leg_id!r}, which is no leg of it")
    together = _IN_HANDLING if row.tie is Tie.CONFERENCE else (InteractionPhase.WAITING, *_IN_HANDLING)
    _check(leg.phase in together, f"leg {row.leg_id!r} is {leg.phase} in an open {row.tie}")


def _check_conversations(state: State) -> None:
    """A customer is in one place: of the legs of a conversation one is live, or two that an open consultation or a conference ties."""
    live: dict[tuple[InteractionId, Instant], int] = {}
    for row in state.interactions.values():
        if row.phase is InteractionPhase.WRAP_UP:
            _check(row.tie in (None, Tie.TRANSFERRED), f"interaction {row.interaction.id!r} is in wrap-up with an open {row.tie}")
            continue
        _check(row.tie is not Tie.TRANSFERRED, f"interaction {row.interaction.id!r} was transferred and is still {row.phase}")
        leg = row.interaction.leg
        first = (row.interaction.id, row.enqueued_at) if leg is None else (leg.first_id, leg.first_at)
        live[first] = live.get(first, 0) + (1 if row.tie is None else 0)
    for (first_id, _), count in live.items():
        _check(count == 1, f"conversation {first_id!r} is in {count} places at once")


def _check_ledger(state: State, row: AgentRow) -> None:
    """The running totals of an agent equal the sums over what they hold."""
    agent_id = row.agent.id
    _check(row.available_since <= state.at, f"agent {agent_id!r} becomes available in the future")
    _check_past(state, row)
    used = sum(work.capacity_cost for work in row.external.values())
    held: Counter[ChannelId] = Counter(work.channel for work in row.external.values())
    for interaction_id in row.work:
        item = state.interactions.get(interaction_id)
        if item is None or item.agent_id != agent_id:
            raise InvariantBroken(f"agent {agent_id!r} works on {interaction_id!r}, which does not know them")
        used += item.capacity_cost
        held[item.interaction.channel] += 1
    for offer_id in row.offers:
        offer = state.offers.get(offer_id)
        if offer is None or offer.agent_id != agent_id or offer.interaction_id not in state.interactions:
            raise InvariantBroken(f"agent {agent_id!r} holds offer {offer_id!r}, which does not know them")
        used += offer.capacity_cost
        held[state.interactions[offer.interaction_id].interaction.channel] += 1
    _check(used == row.used, f"agent {agent_id!r} counts {row.used} of the budget as used, their work and offers add up to {used}")
    _check(row.interrupting is None or row.interrupting in row.offers, f"agent {agent_id!r} rings for {row.interrupting!r}, an offer over")
    _check(not row.set_aside.keys() - row.work.keys(), f"agent {agent_id!r} has set aside {list(row.set_aside)}, not all of it theirs")
    fits = bool(row.set_aside) and used + next(reversed(row.set_aside.values())) <= row.agent.capacity
    _check(fits == (row.resume_at is not None), f"agent {agent_id!r} has room for what was set aside: {fits}; due {row.resume_at}")
    ends = [one.ends_at for one in row.commitments]
    _check(None not in ends[:-1], f"agent {agent_id!r} has a commitment after one without an end")
    counted = {channel: count for channel, count in row.held_by_channel.items() if count}
    _check(counted == dict(held), f"agent {agent_id!r} counts {counted} by channel, their work and offers add up to {dict(held)}")


def _check_past(state: State, row: AgentRow) -> None:
    """What is counted of an agent's past fits together."""
    agent_id = row.agent.id
    counted = f"talk {row.talk_ms} ms, work {row.worked_ms} ms, by queue {row.worked_by_queue}"
    _check(0 <= row.talk_ms <= row.worked_ms == sum(row.worked_by_queue.values()), f"agent {agent_id!r} counts {counted}")
    is_on = row.presence is not Presence.OFFLINE
    _check(is_on == (row.staffed_since is not None), f"agent {agent_id!r} is {row.presence} and staffed since {row.staffed_since}")
    _check(row.offered_at is None or row.offered_at <= state.at, f"agent {agent_id!r} was offered something in the future")
    last = max(state.turns.values(), default=0)
    _check(last <= state.agents_put, f"the turn is at agent {last} of {state.agents_put}")


def _check_offer(state: State, offer: OfferRow) -> None:
    row = state.interactions.get(offer.interaction_id)
    agent = state.agents.get(offer.agent_id)
    _check(offer.phase in _LEASED, f"offer {offer.offer_id!r} is {offer.phase} and yet kept")
    waits = row is not None and row.phase is InteractionPhase.WAITING and offer.offer_id in row.offers
    _check(waits, f"offer {offer.offer_id!r} belongs to no waiting interaction")
    _check(agent is not None and offer.offer_id in agent.offers, f"offer {offer.offer_id!r} belongs to no agent")


def _check_by_agent(state: State) -> None:
    """What is kept by agent equals what the interactions say."""
    reserved: dict[AgentId, dict[InteractionId, None]] = {}
    apart: dict[AgentId, dict[InteractionId, None]] = {}
    for interaction_id, row in state.interactions.items():
        for agent_id in row.route.reserved.agents if row.route.reserved is not None else ():
            reserved.setdefault(agent_id, {})[interaction_id] = None
        for agent_id, scope in row.apart.items():
            if scope is ExclusionScope.PRESENCE:
                apart.setdefault(agent_id, {})[interaction_id] = None
    _check(state.reserved_for == reserved, f"reserved by agent are {state.reserved_for}, the interactions say {reserved}")
    _check(state.apart_until_present == apart, f"apart by agent are {state.apart_until_present}, the interactions say {apart}")


def _check_conservation(state: State) -> None:
    """Arrived = waiting + handling + held + wrap-up + ended by cause."""
    standing = Counter(row.phase for row in state.interactions.values())
    ended = sum(state.ended_by_cause.values())
    accounted = standing.total() + ended
    _check(state.arrived == accounted, f"{state.arrived} arrived, but {dict(standing)} stand and {ended} ended")
    _check(len(state.ended) <= ended, f"{len(state.ended)} ended interactions are remembered of {ended}")


def _check_attendance(state: State) -> None:
    everybody = [(row.agent, row.presence) for row in state.agents.values()]
    _check(state.holders.agrees_with(agent for agent, _ in everybody), "who holds which attributes is not what the rows say")
    differing = state.attendance.disagreements(everybody)
    _check(not differing, f"the crews of {differing} are not who the rows say they are")
    watching = {key: watched for key, row in state.interactions.items() if (watched := tuple(wanted for wanted, *_ in _watched(row)))}
    _check(state.attendance.watched == watching, f"{state.attendance.watched} are watched, and the rows say {watching}")


def _watched(row: InteractionRow) -> Iterator[tuple[Wanted, Reach, Instant]]:
    """The crews whose going is watched, each with who of them counts, and when the step that it would bring is due anyway."""
    for branch in row.route.branches if row.phase is InteractionPhase.WAITING else ():
        for step in branch.steps[:1]:
            if step.early is not None and step.early.is_watched:
                yield Wanted(row.interaction.channel, branch.requirements), step.early.if_nobody, step.due_at


def _owes_a_step(state: State, row: InteractionRow) -> bool:
    """Whether a watched step should have been taken: asked of every agent, without the counts."""
    is_put_off = row.awaits_opening or (row.callback is not None and row.callback.stage is CallbackStage.DEFERRED)
    away = {Reach.REGISTERED: (), Reach.PRESENT: (Presence.OFFLINE,), Reach.AVAILABLE: (Presence.OFFLINE, Presence.NOT_READY)}
    for wanted, reach, due_at in _watched(row):
        presences = [agent.presence for agent in state.agents.values() if wanted.admits(agent.agent)]
        if not is_put_off and due_at > state.at and all(presence in away[reach] for presence in presences):
            return True
    return False


def _check_lines(state: State) -> None:
    """Everybody who waits stands where their row says, and nobody else stands anywhere."""
    if state.lines is None:
        return
    waiting = [row for row in state.interactions.values() if row.phase is InteractionPhase.WAITING]
    spots = sorted([spot_of(row) for row in waiting], key=lambda spot: spot.sequence)
    _check(state.lines.spots() == spots, f"the lines hold {state.lines.spots()}, the rows {spots}")
    counted = Counter((spot.queue_id, spot.channel) for spot in spots)
    for (queue_id, channel), count in counted.items():
        line = state.lines.of(queue_id)
        found = (line.by_channel[channel], line.by_channel.total(), sum(map(len, line.by_class.values())))
        of_queue = sum(number for (other, _), number in counted.items() if other == queue_id)
        _check(found == (count, of_queue, of_queue), f"the line of {queue_id!r} counts {found}, its rows {(count, of_queue, of_queue)}")


def _check_cover(state: State) -> None:
    """Whoever waits in a queue that lets people leave is about to leave exactly when nobody is there for them."""
    site = state.site
    for interaction_id, row in state.interactions.items():
        queue = None if site is None else site.queues.get(row.route.queue_id)
        empty = None if queue is None else queue.empty
        is_alone = False
        if site is not None and empty is not None and empty.leave_states and row.phase is InteractionPhase.WAITING and row.is_on_line:
            floor = Floor(site, state)
            kind = kind_of(row.route, row.interaction.channel)
            is_alone = not any(floor.is_there(agent, kind, empty.leave_states) for agent in state.agents.values())
        _check(is_alone == (row.leave_at is not None), f"interaction {interaction_id!r} leaves at {row.leave_at}; nobody there: {is_alone}")


def _check_deadlines(state: State) -> None:
    carried = sorted(carried_deadlines(state))
    earliest = carried[0] if carried else None
    _check(state.deadlines.first() == earliest, f"the index finds {state.deadlines.first()} first, the rows {earliest}")
    for deadline in carried:
        _check(deadline in state.deadlines, f"{deadline} is carried by a row and missing in the index")


def _check(holds: bool, text: str) -> None:
    if not holds:
        raise InvariantBroken(text)
