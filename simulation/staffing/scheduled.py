"""How many agents a roster has in each interval: on shift, and expected to be there for interactions."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.config.roster import Roster, Shift
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


def scheduled(scenario: Scenario, roster: Roster, channels: frozenset[ChannelId], edges: npt.NDArray[np.int64]) -> Scheduled:
    """The agents who serve any of the channels, in the intervals between the edges, shape (intervals + 1,)."""
    lengths = np.diff(edges)
    net, present = np.zeros(len(lengths)), np.zeros(len(lengths))
    for member in roster.members:
        if channels.isdisjoint(member.agent.channel_maxima):
            continue
        kept = (1 - member.shrinkage_per_mille / 1_000) * (1 - member.planned_shrinkage_per_mille / 1_000)
        there = sum((_lasting(shift, edges) for _, shift in shifts_of(scenario, member)), np.zeros(len(lengths))) / lengths
        net += there
        present += there * kept
    return Scheduled(net, present)


def _lasting(shift: Shift, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    spans: Iterable[tuple[Instant, Instant]] = ((pause.starts_at, pause.ends_at) for pause in shift.breaks)
    away = sum((_overlap(starts_at, ends_at, edges) for starts_at, ends_at in spans), np.zeros(len(edges) - 1))
    return _overlap(shift.starts_at, shift.ends_at, edges) - away


def _overlap(starts_at: Instant, ends_at: Instant, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How long a span lasts in each interval, milliseconds."""
    return np.diff(np.clip(edges, starts_at, ends_at)).astype(np.float64)
