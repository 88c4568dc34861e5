"""Stays at work: a shift with everything planned in it, and the same as people keep to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from routing.config.roster import RosteredAgent, Shift
from routing.model.ids import AgentId
from routing.model.time import Duration, Instant
from simulation.agents.adherence import Adherence, Lapse
from simulation.roster.shifts import DatedShift
from simulation.streams import Purpose, Streams

BREAK_REASON = "break"
PLANNED_REASON = "planned"
"""What agents say who are at work and planned for something else: meetings, training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time at work without interactions."""

    starts_at: Instant
    ends_at: Instant
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A time at work, with its pauses, earliest first, none overlapping. `name` is the date and the number of the shift on it."""

    name: str
    starts_at: Instant
    ends_at: Instant
    pauses: tuple[Pause, ...]
    is_overtime: bool


def planned_stays(member: RosteredAgent, shifts: Iterable[DatedShift], streams: Streams) -> Iterator[Stay]:
    """The stays of the shifts to which an agent comes, as they are planned."""
    number_on: dict[str, int] = {}
    for date, shift in shifts:
        number_on[str(date)] = number_on.get(str(date), 0) + 1
        name = f"{date}\n{number_on[str(date)]}"
        pauses = [Pause(starts_at=pause.starts_at, ends_at=pause.ends_at, reason=BREAK_REASON) for pause in shift.breaks]
        pauses.extend(_planned_pauses(member, shift, name, streams))
        yield Stay(
            name=name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            pauses=tuple(sorted(pauses, key=lambda pause: pause.starts_at)),
            is_overtime=shift.is_overtime,
        )


def _planned_pauses(member: RosteredAgent, shift: Shift, name: str, streams: Streams) -> Iterator[Pause]:
    """One block of the agent's planned share of the shift, at a place drawn under the agent and the shift; a break in it parts it."""
    length_ms = shift.net_ms * member.planned_shrinkage_per_mille // 1_000
    if not length_ms:
        return
    draw = streams.uniform(Purpose.PLANNED, f"{member.agent.id}\n{name}")
    begins_ms = int(draw * (shift.net_ms - length_ms))  # counted along the shift without its breaks
    worked_ms = 0
    edges = [shift.starts_at, *(edge for pause in shift.breaks for edge in (pause.starts_at, pause.ends_at)), shift.ends_at]
    for opens, closes in zip(edges[::2], edges[1::2], strict=True):
        starts_at = max(opens, opens + begins_ms - worked_ms)
        ends_at = min(closes, opens + begins_ms + length_ms - worked_ms)
        if starts_at < ends_at:
            yield Pause(starts_at=starts_at, ends_at=ends_at, reason=PLANNED_REASON)
        worked_ms += closes - opens


def kept(adherence: Adherence, agent_id: AgentId, stay: Stay, streams: Streams) -> Stay | None:
    """What becomes of a planned stay; None where nothing is left of it.

    What is drawn depends on the agent, the date and the number of the shift or pause alone, so that everybody is as late under every
    policy. A pause that lasts longer ends with the next one's start, or with the shift, at the latest.
    """

    def drawn_ms(lapse: Lapse, occasion: str) -> Duration:
        return lapse.drawn_ms(streams.uniform(Purpose.ADHERENCE, f"{agent_id}\n{stay.name}\n{occasion}")) if lapse.share else 0

    starts_at = stay.starts_at + drawn_ms(adherence.late, "late")
    ends_at = stay.ends_at - drawn_ms(adherence.early_leave, "early")
    if starts_at >= ends_at:
        return None
    nexts = [*(pause.starts_at for pause in stay.pauses[1:]), ends_at]
    pauses: list[Pause] = []
    for number, (pause, then) in enumerate(zip(stay.pauses, nexts, strict=False)):  # without a pause one bound is left over
        until = max(pause.ends_at, min(pause.ends_at + drawn_ms(adherence.break_overrun, f"pause {number}"), then))
        cut = replace(pause, starts_at=max(pause.starts_at, starts_at), ends_at=min(until, ends_at))
        if cut.starts_at < cut.ends_at:
            pauses.append(cut)
    return replace(stay, starts_at=starts_at, ends_at=ends_at, pauses=tuple(pauses))


def joined(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """The stays with overtime that adjoins a shift as one with it: nobody goes home for no time at all."""
    found: list[Stay] = []
    for stay in stays:
        before = found[-1] if found else None
        if before is not None and before.ends_at == stay.starts_at and (before.is_overtime or stay.is_overtime):
            found[-1] = replace(before, ends_at=stay.ends_at, pauses=(*before.pauses, *stay.pauses))
        else:
            found.append(stay)
    return tuple(found)
