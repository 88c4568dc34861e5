"""Nobody waits beside an agent who could serve them: brute force over the rows."""

from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.agent import Presence
from routing.model.ids import InteractionId
from routing.model.leg import TransferKind
from routing.model.site import Site
from routing.model.time import Instant


def assert_nothing_stays_apart(state: State, now: Instant) -> None:
    """Once all that changed was matched, a work-conserving policy leaves no eligible pair apart: brute force over the rows."""
    site = state.site
    if site is None or not site.policy.is_work_conserving:
        return
    if site.policy.match_interval_ms and (state.marks.dirty_agents or state.marks.dirty_interactions):
        return
    assert not state.marks.dirty_agents
    assert not state.marks.dirty_interactions
    for item in state.interactions.values():
        is_open = item.phase is InteractionPhase.WAITING and not (item.is_round_closed and item.offers)
        if is_open and len(item.offers) < offers_allowed(state, site, item):
            free = [
                row.agent.id
                for row in state.agents.values()
                if is_eligible(state, site, item, row, now) and passes_queues(state, site, item, row)
            ]
            assert free == [], f"{item.interaction.id} waits beside {free}"


def passed_over(state: State, item: InteractionRow, agent: AgentRow, now: Instant) -> list[InteractionId]:
    """Who is older than an interaction that an agent is about to be offered, asks for just the same, and could have been offered instead.

    Only where waiting is worth more the longer it lasts, and no policy may hold back.
    """
    site = state.site
    if site is None or not site.policy.is_work_conserving or site.policy.wait_price != "urgency":
        return []
    return [
        key
        for key, row in state.interactions.items()
        if row.phase is InteractionPhase.WAITING
        and place_of(row)[:-1] < place_of(item)[:-1]
        and row.enqueued_at <= item.enqueued_at  # a credit is routing age, but no wait that presses on the target
        and asks_for(row) == asks_for(item)
        and not row.offers
        and offers_allowed(state, site, row)
        and is_eligible(state, site, row, agent, now)
    ]


def asks_for(row: InteractionRow) -> tuple[object, ...]:
    """All that a policy may look at besides who waits: equal for two interactions of which the older goes first."""
    route, interaction = row.route, row.interaction
    needs = [(branch.queue_id, branch.requirements) for branch in route.branches]
    return (interaction.channel, needs, interaction.preferred_agents, route.urgency, route.reserved, row.class_rank, row.callback is None)


def is_eligible(state: State, site: Site, item: InteractionRow, row: AgentRow, now: Instant) -> bool:
    """Whether the pair could be offered now, by the plainest reading of the rules."""
    channel = item.interaction.channel
    queue_id = item.route.queue_id
    return (
        row.presence is Presence.AVAILABLE
        and row.held_by_channel.get(channel, 0) < row.agent.channel_maxima.get(channel, 0)
        and fits(state, site, channel, row)
        and queue_id not in row.paused
        and queue_id not in row.limited_until
        and not is_late(site, item, row, now)
        and row.agent.id not in item.exclusions
        and row.agent.id not in item.apart
        and (item.route.reserved is None or row.agent.id in item.route.reserved.agents)
        and row.agent.id not in item.offers.values()
        and (item.interaction.leg is None or row.agent.id not in item.interaction.leg.barred)
        and any(all(need.is_met_by(row.agent.attributes) for need in branch.requirements if need.is_hard) for branch in item.route.branches)
    )


def passes_queues(state: State, site: Site, item: InteractionRow, agent: AgentRow) -> bool:
    """Whether the queues let the pair through, under a policy whose filters look beyond it."""
    all_waiting = [row for row in state.interactions.values() if row.phase is InteractionPhase.WAITING]
    waiting = [row for row in all_waiting if row.offers or offers_allowed(state, site, row)]
    if "queue_head" in site.policy.filters:
        return place_of(item) == min(place_of(row) for row in waiting if row.route.queue_id == item.route.queue_id)
    if "queue_weight" in site.policy.filters:
        return not any(blocks(state, site, [row for row in waiting if row.route.queue_id == name], item, agent) for name in site.queues)
    return True


def place_of(row: InteractionRow) -> tuple[int, ...]:
    """Where an interaction stands in its queue: the lowest first."""
    urgency = row.route.urgency
    return (-row.class_rank, -urgency.base_ms, row.eligible_since - row.interaction.routing_credit_ms, row.sequence)


def blocks(state: State, site: Site, queue: list[InteractionRow], item: InteractionRow, agent: AgentRow) -> bool:
    """Whether a queue of more weight keeps its member from the interaction."""
    if not queue or max(row.class_rank for row in queue) <= item.class_rank:
        return False
    membership = f"penalty.{queue[0].route.queue_id}"
    members = [row for row in state.agents.values() if membership in row.agent.attributes]
    return agent in members and len(queue) >= sum(has_room(site, row) for row in members)


def has_room(site: Site, row: AgentRow) -> bool:
    """Whether the agent could take something on some channel."""
    return row.presence is Presence.AVAILABLE and any(
        row.held_by_channel.get(channel.id, 0) < row.agent.channel_maxima.get(channel.id, 0)
        and row.used + channel.capacity_cost <= row.agent.capacity
        for channel in site.channels.values()
    )


def offers_allowed(state: State, site: Site, item: InteractionRow) -> int:
    """How many offers of it there may be: all its queue allows, none before that opens.

    None of a call-back that is put off or one too many at once; of one whose customer is rung up first, one agent in reserve.
    """
    if item.awaits_opening:
        return 0
    everyone = site.queues[item.route.queue_id].max_live_offers
    callback = item.callback
    if callback is None or callback.stage == "reached":
        return everyone
    others = [row for row in state.interactions.values() if row is not item and row.callback and row.callback.stage != "reached"]
    under_way = sum(bool(row.offers) or (row.callback is not None and row.callback.stage == "calling") for row in others)
    is_under_way = bool(item.offers) or callback.stage == "calling"
    if callback.stage == "deferred" or (not is_under_way and 0 < site.running_callbacks_max <= under_way):
        return 0
    return 1 if callback.kind == "customer_first" else everyone


def fits(state: State, site: Site, channel: str, row: AgentRow) -> bool:
    """Whether one more on `channel` finds room beside all that it may not interrupt, set aside or not, and no interruption rings."""
    total = site.channels[channel].capacity_cost + sum(work.capacity_cost for work in row.external.values())
    total += sum(state.offers[offer_id].capacity_cost for offer_id in row.offers)
    for interaction_id in row.work:
        item = state.interactions[interaction_id]
        may_interrupt = channel in site.channels[item.interaction.channel].interruptible_by and item.phase is not InteractionPhase.WRAP_UP
        is_consulted = item.tie is not None or (item.interaction.leg is not None and item.interaction.leg.kind is TransferKind.CONSULT)
        is_ringing_up = item.callback is not None and item.callback.stage != "reached"
        if is_consulted or is_ringing_up or not may_interrupt:
            total += item.capacity_cost or row.set_aside.get(interaction_id, 0)
    return row.interrupting is None and total <= row.agent.capacity


def is_late(site: Site, item: InteractionRow, row: AgentRow, now: Instant) -> bool:
    """Whether the work would last too long into the agent's next commitment."""
    expected_ms = site.queues[item.route.queue_id].expected_handling_ms
    if site.shift_rule is None or expected_ms is None or not row.commitments:
        return False
    override = site.shift_rule.override_class_rank
    if override is not None and item.class_rank >= override:
        return False
    return now + expected_ms - row.commitments[0].starts_at > site.shift_rule.tolerance_ms
