"""Nobody waits beside an agent who could serve them: brute force over the rows."""

from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.agent import Presence
from routing.model.site import Site


def assert_nothing_stays_apart(state: State) -> None:
    """Once all that changed was matched, a work-conserving policy leaves no eligible pair apart: brute force over the rows."""
    site = state.site
    if site is None or not site.policy.is_work_conserving:
        return
    if site.policy.match_interval_ms and (state.marks.dirty_agents or state.marks.dirty_interactions):
        return
    assert not state.marks.dirty_agents
    assert not state.marks.dirty_interactions
    for item in state.interactions.values():
        if item.phase is InteractionPhase.WAITING and len(item.offers) < site.queues[item.route.queue_id].max_live_offers:
            free = [row.agent.id for row in state.agents.values() if is_eligible(site, item, row)]
            assert free == [], f"{item.interaction.id} waits beside {free}"


def is_eligible(site: Site, item: InteractionRow, row: AgentRow) -> bool:
    """Whether the pair could be offered now, by the plainest reading of the rules."""
    channel = item.interaction.channel
    return (
        row.presence is Presence.AVAILABLE
        and row.held_by_channel.get(channel, 0) < row.agent.channel_maxima.get(channel, 0)
        and row.used + site.channels[channel].capacity_cost <= row.agent.capacity
        and row.agent.id not in item.exclusions
        and row.agent.id not in item.offers.values()
        and (item.interaction.leg is None or row.agent.id not in item.interaction.leg.barred)
        and all(need.is_met_by(row.agent.attributes) for need in item.route.requirements if need.is_hard)
    )
