"""A pooled roster: as many alike agents in each interval as somebody wants to try, who together can do all that a real roster does."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from routing.config.errors import ConfigError
from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.model.agent import Agent
from routing.model.ids import ChannelId
from routing.model.requirement import AttributeValue
from routing.model.time import DAY_MS, Instant
from simulation.demand import ReplayedLog
from simulation.scenario import Scenario

_EPOCH = dt.date(1970, 1, 1)


def pooled_agent(roster: Roster, channels: frozenset[ChannelId]) -> Agent:
    """One agent with every skill of those who serve any of the channels, each at the highest level, and the text most of them have.

    They hold on each of the channels as many interactions at once as the best of the roster does.

    Raises:
        ConfigError: nobody on the roster serves any of the channels.
    """
    members = [member.agent for member in roster.members if not channels.isdisjoint(member.agent.channel_maxima)]
    if not members:
        remedy = "Name channels that somebody serves, or another roster."
        raise ConfigError("has nobody who serves the channels that count", key="roster", value=roster.name, remedy=remedy)
    attributes: dict[str, AttributeValue] = {}
    for name in sorted({name for agent in members for name in agent.attributes}):
        values = [agent.attributes[name] for agent in members if name in agent.attributes]
        levels = [value for value in values if isinstance(value, int)]
        attributes[name] = max(levels) if levels else Counter(values).most_common(1)[0][0]
    maxima = {
        channel: max(agent.channel_maxima.get(channel, 0) for agent in members)
        for channel in sorted(channels)
        if any(channel in agent.channel_maxima for agent in members)
    }
    limits = {agent.wrap_up_limit_ms for agent in members}
    limit = limits.pop() if len(limits) == 1 else None
    capacity = max(agent.capacity for agent in members)
    return Agent(id="pooled", attributes=attributes, capacity=capacity, channel_maxima=maxima, wrap_up_limit_ms=limit)


def pooled_roster(agent: Agent, counts: Sequence[int], edges: Sequence[Instant]) -> Roster:
    """A roster with `counts[i]` such agents from `edges[i]` to `edges[i + 1]`.

    The first agent works wherever anybody does, the next wherever two do, and so on: a further agent leaves the others' hours alone.
    """
    members = []
    for level in range(1, max(counts, default=0) + 1):
        spans: list[tuple[Instant, Instant]] = []
        for place, count in enumerate(counts):
            if count < level:
                continue
            if spans and spans[-1][1] == edges[place]:
                spans[-1] = (spans[-1][0], edges[place + 1])
            else:
                spans.append((edges[place], edges[place + 1]))
        dated: dict[dt.date, tuple[ShiftPattern, ...]] = {}
        for starts_at, ends_at in spans:
            days, start_ms = divmod(starts_at, DAY_MS)
            date = _EPOCH + dt.timedelta(days=days)
            pattern = ShiftPattern(start_ms=start_ms, end_ms=start_ms + ends_at - starts_at)
            dated[date] = (*dated.get(date, ()), pattern)
        who = replace(agent, id=f"{agent.id}-{level:04}")
        members.append(RosteredAgent(agent=who, patterns=(), shrinkage_per_mille=0, dated=dated, zone="UTC"))
    return Roster(name="pooled", members=tuple(members))


def only_channels(scenario: Scenario, channels: frozenset[ChannelId]) -> Scenario:
    """The scenario with nothing but what arrives on these channels, and agents who keep to their shifts to the second."""
    demand = scenario.demand
    if isinstance(demand, ReplayedLog):
        demand = replace(demand, log=tuple(one for one in demand.log if one.channel in channels))
    else:
        demand = replace(demand, streams=tuple(stream for stream in demand.streams if stream.channel in channels))
    backlog = tuple(item for item in scenario.backlog if item.channel in channels)
    behaviour = replace(scenario.behaviour, adherence=None)
    return replace(scenario, demand=demand, backlog=backlog, outbound=(), behaviour=behaviour)
