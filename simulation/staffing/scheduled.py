"""How many agents a roster has in each interval: on shift, and expected to be there for interactions."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.config.roster import Roster, Shift
from routing.model.agent import Agent
from routing.model.ids import ChannelId
from routing.model.time import Instant
from simulation.roster.shifts import shifts_of
from simulation.scenario import Scenario


class Scheduled(NamedTuple):
    """Mean numbers of agents by interval, shape (intervals,): on shift net of breaks, and what shrinkage leaves of them.

    `present` takes away what is planned beside interactions and the chance of absence. How exactly people keep to their shifts is left out.
    """

    net_of_breaks: npt.NDArray[np.float64]
    present: npt.NDArray[np.float64]


class Member(NamedTuple):
    """One agent of a roster by interval, shares of it, shape (intervals,): on shift net of breaks, what shrinkage leaves."""

    agent: Agent
    net_of_breaks: npt.NDArray[np.float64]
    present: npt.NDArray[np.float64]


def members_of(scenario: Scenario, roster: Roster, edges: npt.NDArray[np.int64]) -> tuple[Member, ...]:
    """Every agent of a roster in the intervals between the edges, shape (intervals + 1,)."""
    lengths = np.diff(edges)
    found = []
    for member in roster.members:
        kept = (1 - member.shrinkage_per_mille / 1_000) * (1 - member.planned_shrinkage_per_mille / 1_000)
        there = sum((_lasting(shift, edges) for _, shift in shifts_of(scenario, member)), np.zeros(len(lengths))) / lengths
        found.append(Member(member.agent, there, there * kept))
    return tuple(found)


def scheduled(members: Sequence[Member], channels: frozenset[ChannelId], intervals: int) -> Scheduled:
    """The agents who serve any of the channels, in so many intervals."""
    serving = [member for member in members if not channels.isdisjoint(member.agent.channel_maxima)]
    nobody = np.zeros(intervals)
    return Scheduled(sum((one.net_of_breaks for one in serving), nobody), sum((one.present for one in serving), nobody))


def _lasting(shift: Shift, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    spans: Iterable[tuple[Instant, Instant]] = ((pause.starts_at, pause.ends_at) for pause in shift.breaks)
    away = sum((_overlap(starts_at, ends_at, edges) for starts_at, ends_at in spans), np.zeros(len(edges) - 1))
    return _overlap(shift.starts_at, shift.ends_at, edges) - away


def _overlap(starts_at: Instant, ends_at: Instant, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How long a span lasts in each interval, milliseconds."""
    return np.diff(np.clip(edges, starts_at, ends_at)).astype(np.float64)
