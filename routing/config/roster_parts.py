"""What TOML and CSV rosters share: shift patterns with breaks, and the checks of an agent against the site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from routing.config.errors import did_you_mean
from routing.config.requirements import SKILL_LEVEL_MAX, SKILL_LEVEL_MIN
from routing.config.roster import EVERY_DAY, ShiftPattern
from routing.model.agent import Agent
from routing.model.ids import ChannelId
from routing.model.requirement import AttributeValue
from routing.model.site import Site
from routing.model.time import DAY_MS, Duration

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFault:
    """One thing wrong with an agent: under which part of the entry, what, and what to write instead."""

    part: str
    problem: str
    remedy: str


def shift_pattern(
    start_ms: Duration, end_ms: Duration, breaks: tuple[tuple[Duration, Duration], ...], weekdays: tuple[int, ...] = EVERY_DAY
) -> ShiftPattern:
    """The pattern of local times of day; an end not after the start, and breaks before the start, lie on the next day.

    Raises:
        ValueError: a break lies outside the shift or overlaps another; the text is for the person who wrote it.
    """
    ends_ms = end_ms if end_ms > start_ms else end_ms + DAY_MS
    placed = sorted(_after(start_ms, begin_ms, stop_ms) for begin_ms, stop_ms in breaks)
    reached_ms = start_ms
    for begin_ms, stop_ms in placed:
        if stop_ms > ends_ms:
            raise ValueError(f"has a break from {clock_text(begin_ms)} to {clock_text(stop_ms)}, which is not within the shift")
        if begin_ms < reached_ms:
            raise ValueError(f"has breaks that overlap at {clock_text(begin_ms)}")
        reached_ms = stop_ms
    return ShiftPattern(start_ms=start_ms, end_ms=ends_ms, breaks=tuple(placed), weekdays=weekdays)


def _after(start_ms: Duration, begin_ms: Duration, stop_ms: Duration) -> tuple[Duration, Duration]:
    begins_ms = begin_ms if begin_ms >= start_ms else begin_ms + DAY_MS
    ends_ms = stop_ms
    while ends_ms <= begins_ms:
        ends_ms += DAY_MS
    return begins_ms, ends_ms


def clock_text(after_midnight_ms: Duration) -> str:
    """A local time as people write it, 13:05; times of the next day say so."""
    days, within_ms = divmod(after_midnight_ms, DAY_MS)
    hours, minutes = divmod(within_ms // 60_000, 60)
    return f"{hours:02}:{minutes:02}" + (" the next day" if days else "")


def agent_faults(agent: Agent, skills: tuple[str, ...], site: Site | None) -> Iterator[AgentFault]:
    """What the site does not know or cannot use of an agent; `skills` names those attributes that the file gives as skills."""
    for skill in skills:
        level = agent.attributes[skill]
        if not isinstance(level, int) or not SKILL_LEVEL_MIN <= level <= SKILL_LEVEL_MAX:
            yield AgentFault(
                part="skills", problem=f"gives {skill} the level {level}", remedy=f"Levels run from {SKILL_LEVEL_MIN} to {SKILL_LEVEL_MAX}."
            )
        if site is not None and skill not in site.skills:
            yield AgentFault(
                part="skills", problem=f'has "{skill}", which is not a skill of the site', remedy=did_you_mean(skill, site.skills)
            )
    if not agent.channel_maxima:
        yield AgentFault(part="channels", problem="serves no channel", remedy="List the channels this agent takes.")
    for channel_id, maximum in agent.channel_maxima.items():
        if maximum < 1:
            yield AgentFault(
                part="channels", problem=f"holds {maximum} of {channel_id} at once", remedy="Write 1 or more, or leave it out."
            )
        if site is None:
            continue
        channel = site.channels.get(channel_id)
        if channel is None:
            remedy = did_you_mean(channel_id, site.channels)
            yield AgentFault(part="channels", problem=f'serves "{channel_id}", which is not a channel of the site', remedy=remedy)
        elif channel.capacity_cost > agent.capacity:
            yield AgentFault(
                part="capacity",
                problem=f"has capacity {agent.capacity}, but one interaction of {channel_id} takes {channel.capacity_cost}",
                remedy="Raise the capacity, lower the channel's capacity_cost, or leave the channel out.",
            )


def channel_maxima(stated: Mapping[ChannelId, int] | tuple[ChannelId, ...], site: Site | None) -> dict[ChannelId, int]:
    """Numbers as given; for a bare list of channels the site's agent_maximum, or 1 where the site is not known."""
    if isinstance(stated, Mapping):
        return dict(stated)
    return {name: 1 if site is None or name not in site.channels else site.channels[name].agent_maximum for name in stated}


def attributes_of(skills: Mapping[str, int], attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """Skills and other attributes as one mapping.

    Raises:
        ValueError: a name is both; the text is for the person who wrote it.
    """
    both = [name for name in attributes if name in skills]
    if both:
        raise ValueError(f'names "{both[0]}" as a skill and as an attribute')
    return {**skills, **attributes}
