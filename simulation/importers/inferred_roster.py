"""A roster from a log: who was there, when, with what skills; inferred, and said to be so in every report that uses it.

Log-ins, breaks and log-offs count where the log tells them; else an agent was there from the first conversation to the last, as long as no
gap is longer than `GAP_MS`. A log-in that is not ended within `SESSION_MS_MAX` was forgotten and is not believed.
"""

import datetime as dt
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl
import tomli_w

from routing.model.time import HOUR_MS, MINUTE_MS, Instant
from simulation.files import write_text
from simulation.importers.platforms.presences import Change, Presences
from simulation.interactions import RecordedInteraction
from simulation.tables import write_table

GAP_MS: Final = 2 * HOUR_MS
SESSION_MS_MAX: Final = 16 * HOUR_MS
LEVEL: Final = 5
"""A log tells who serves a queue, not how well."""

_NEVER: Final = 2**62
_COLUMNS: Final = ("agent", "date", "start", "end", "breaks")


class Span(NamedTuple):
    """From one instant to another."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredAgent:
    """What a log shows of one agent: sessions at work with the breaks in each, types served, and most conversations at once by channel."""

    id: str
    skills: tuple[str, ...]
    channels: dict[str, int]
    sessions: tuple[tuple[Span, tuple[Span, ...]], ...]
    is_told: bool
    """Whether the log tells sessions of this agent, or they are taken from conversations."""


class _Spans:
    """Many spans in little memory: an agent's conversations on one channel."""

    def __init__(self) -> None:
        self._starts, self._ends = array("q"), array("q")

    def add(self, starts_at: Instant, ends_at: Instant) -> None:
        """One more."""
        self._starts.append(starts_at)
        self._ends.append(ends_at)

    def __iter__(self) -> Iterator[Span]:
        """In the order in which they were added."""
        return map(Span, self._starts, self._ends)

    def most_at_once(self) -> int:
        """How many overlapped, at most; one that begins as another ends does not."""
        ends = sorted(self._ends)
        over = most = 0
        for begun, starts_at in enumerate(sorted(self._starts), start=1):
            while ends[over] <= starts_at and over < begun - 1:
                over += 1
            most = max(most, begun - over)
        return most


def inferred_agents(
    interactions: Iterable[RecordedInteraction], presences: Presences, type_by_queue: Mapping[str, str]
) -> tuple[InferredAgent, ...]:
    """Every agent a log names, sorted by id. An agent without a conversation has the commonest channel, once."""
    busy: dict[str, dict[str, _Spans]] = defaultdict(lambda: defaultdict(_Spans))
    types: dict[str, set[str]] = defaultdict(set)
    channels: Counter[str] = Counter()
    for one in interactions:
        channels[one.channel] += 1
        if one.agent is not None and one.answered_at_ms is not None:
            types[one.agent].add(one.type)
            rung_at = one.answered_at_ms - (one.ring_ms or 0)
            over_at = (one.ended_at_ms or one.answered_at_ms) + (one.wrap_up_ms or 0)
            is_read = "answered_at_ms" not in one.inferred  # else it would count as at once with what was really answered then
            busy[one.agent][one.channel].add(rung_at if is_read else over_at, over_at)
    usual = {name: 1 for name, _ in channels.most_common(1)}
    for name, queues in presences.queues.items():
        types[name] |= {type_by_queue.get(queue, queue) for queue in queues}
    names = sorted({*busy, *presences.changes, *presences.queues})
    return tuple(_agent(name, busy.get(name, {}), types[name], presences.changes.get(name, []), usual) for name in names)


def _agent(name: str, busy: dict[str, _Spans], skills: set[str], changes: list[Change], usual: dict[str, int]) -> InferredAgent:
    told, breaks = _told(changes)
    seen = (part for spans in busy.values() for span in spans for part in _present(span))
    breaks = _merged(breaks, 0)
    ends = [pause.ends_at for pause in breaks]
    sessions = [part for span in _sessions([*told, *seen], _absences(changes)) for part in _cut(span)]
    return InferredAgent(
        id=name,
        skills=tuple(sorted(skills)),
        channels={channel: busy[channel].most_at_once() for channel in sorted(busy)} or usual,
        sessions=tuple((span, _within(span, breaks[bisect_left(ends, span.starts_at) :])) for span in sessions),
        is_told=bool(told),
    )


def _told(changes: list[Change]) -> tuple[list[Span], list[Span]]:
    """Sessions and breaks; one that is not over when the log ends is left to the conversations."""
    sessions: list[Span] = []
    breaks: list[Span] = []
    began_at: Instant | None = None
    away_at: Instant | None = None
    for change in sorted(changes):
        if away_at is not None:
            breaks.append(Span(away_at, change.at))
            away_at = None
        if change.state == "gone":
            if began_at is not None and change.at - began_at <= SESSION_MS_MAX:
                sessions.append(Span(began_at, change.at))
            began_at = None
            continue
        began_at = change.at if began_at is None else began_at
        if change.state == "away":
            away_at = change.at
    last_at = max((change.at for change in changes), default=None)
    if began_at is not None and last_at is not None and began_at < last_at <= began_at + SESSION_MS_MAX:
        sessions.append(Span(began_at, last_at))
    return sessions, breaks


def _present(conversation: Span) -> tuple[Span, ...]:
    """When a conversation shows its agent at work: all along, or, where it lasts for longer than anybody works, at its two ends."""
    if conversation.ends_at - conversation.starts_at <= SESSION_MS_MAX:
        return (conversation,)
    return Span(conversation.starts_at, conversation.starts_at), Span(conversation.ends_at, conversation.ends_at)


def _cut(session: Span) -> Iterator[Span]:
    """Sessions that a day can hold, one after the other."""
    for starts_at in range(session.starts_at, session.ends_at, SESSION_MS_MAX):
        yield Span(starts_at, min(starts_at + SESSION_MS_MAX, session.ends_at))


def _absences(changes: list[Change]) -> list[Span]:
    """From each log-off to the next sign of the agent."""
    ordered = sorted(changes)
    pairs = zip_longest(ordered, ordered[1:])
    return [Span(change.at, _NEVER if after is None else after.at) for change, after in pairs if change.state == "gone"]


def _sessions(spans: list[Span], absences: list[Span]) -> list[Span]:
    """Spans as one session where the gap between them is short, and in none of it the agent had logged off."""
    sessions: list[Span] = []
    for span in sorted(spans):
        if sessions:
            earlier = sessions[-1]
            last = bisect_left(absences, (span.starts_at,)) - 1
            had_logged_off = last >= 0 and absences[last].ends_at > earlier.ends_at
            if span.starts_at - earlier.ends_at <= (MINUTE_MS if had_logged_off else GAP_MS):
                sessions[-1] = Span(earlier.starts_at, max(earlier.ends_at, span.ends_at))
                continue
        sessions.append(span)
    return sessions


def _merged(spans: Iterable[Span], gap_ms: int) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.starts_at - merged[-1].ends_at <= gap_ms:
            merged[-1] = Span(merged[-1].starts_at, max(merged[-1].ends_at, span.ends_at))
        else:
            merged.append(span)
    return merged


def _within(session: Span, spans: list[Span]) -> tuple[Span, ...]:
    """The parts of spans (earliest first) inside a session, but none as long as all of it."""
    near = takewhile(lambda span: span.starts_at < session.ends_at, spans)
    cut = (Span(max(span.starts_at, session.starts_at), min(span.ends_at, session.ends_at)) for span in near)
    return tuple(span for span in _merged((span for span in cut if span.starts_at < span.ends_at), MINUTE_MS) if span != session)


def write_inferred_roster(path: Path, agents: Sequence[InferredAgent], *, source: str, zone: str) -> tuple[Path, ...]:
    """Writes a roster (careroute/roster/1) and the table of its shifts beside it, in whole minutes on the clocks of `zone`.

    Returns the paths of both, or of the roster alone where the log shows no shift.

    Raises:
        ConfigError: the place cannot be written.
    """
    table = path.with_name(f"{path.stem}.shifts.csv")
    clock = ZoneInfo(zone)
    rows = [row for agent in agents for row in _rows(agent, clock)]
    content = {
        "schema": "careroute/roster/1",
        "name": f"inferred from {source}",
        "assumptions": [_on_sessions(source, agents), _on_skills(source)],
        "agents": [{"id": agent.id, "skills": dict.fromkeys(agent.skills, LEVEL), "channels": agent.channels} for agent in agents],
    }
    if not rows:
        return (write_text(path, tomli_w.dumps(content)),)
    write_table(table, [(name, pl.String()) for name in _COLUMNS], rows)
    return write_text(path, tomli_w.dumps({**content, "shift_table": table.name})), table


def _on_sessions(source: str, agents: Sequence[InferredAgent]) -> str:
    told = sum(agent.is_told for agent in agents)
    return (
        f"The roster is inferred from {source}: for {told} of {len(agents)} agents from log-ins, breaks and log-offs, for the others from "
        f"their first conversation to their last, where a gap of more than {GAP_MS // HOUR_MS} hours parts two shifts."
    )


def _on_skills(source: str) -> str:
    return (
        f"Skills are the queues that an agent was in or served, all at level {LEVEL}; how many conversations an agent has at once is "
        f"the most that {source} shows."
    )


def _rows(agent: InferredAgent, clock: ZoneInfo) -> Iterator[tuple[str, ...]]:
    """A row for each session; one that the change of clocks leaves no time for falls out."""
    until: dt.datetime | None = None
    for session, breaks in agent.sessions:
        start, end = _minutes(session, clock)
        start = start if until is None else max(start, until)
        if start >= end:
            continue
        until = end
        pauses: list[str] = []
        earlier = start
        for pause in breaks:
            begins, ends = (max(moment, earlier) for moment in _minutes(pause, clock))
            ends = min(ends, end)
            if begins < ends and (begins, ends) != (start, end):
                pauses.append(f"{begins:%H:%M}-{ends:%H:%M}")
                earlier = ends
        yield agent.id, f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", ";".join(pauses)


def _minutes(span: Span, clock: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Both ends on the clock on the wall, the first rounded down to a minute and the second up."""
    starts_at, ends_at = span.starts_at // MINUTE_MS * 60, -(-span.ends_at // MINUTE_MS) * 60
    return (
        dt.datetime.fromtimestamp(starts_at, clock).replace(tzinfo=None, fold=0),
        dt.datetime.fromtimestamp(ends_at, clock).replace(tzinfo=None, fold=0),
    )
