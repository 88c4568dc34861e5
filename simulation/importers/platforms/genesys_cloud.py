"""Genesys Cloud's conversation details: JSON, one conversation a line, or the answers of the interface with an array `conversations`.

Fields: https://developer.genesys.cloud/analyticsdatamanagement/analytics/detail/conversation-query. A conversation has participants, each
with sessions, each with segments; the stay in a queue is the session of a participant whose purpose is `acd`, an answer is a segment
`interact` of one whose purpose is `agent`. Queues and agents are ids; `types` of the mapping gives queues their names.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from routing.model.interaction import EndCause
from routing.model.time import Duration, Instant
from simulation.importers.local_time import since_epoch
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.platforms.presences import Presences
from simulation.importers.platforms.records import JsonRecords
from simulation.importers.platforms.writer import IN_PROGRESS, MOVED, Writer
from simulation.importers.report import ImportReport
from simulation.importers.sources import LeftOut
from simulation.interactions import RecordedInteraction

Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]

QUEUE: Final = "acd"
AGENT: Final = "agent"
CUSTOMERS: Final = frozenset(("customer", "external"))
TALK: Final = frozenset(("interact", "hold"))
ABANDONED: Final = "tAbandon"
"""The metric of a session in a queue that the customer left."""
LEFT: Final = frozenset(("peer", "client", "endpoint"))
"""Disconnect types of a customer who hung up, where no metric says so."""
SKILLS: Final = "requested_skills"
"""The attribute that holds the ids of the skills that were asked for, separated by spaces."""
HANDED_ON: Final = "transfer"
"""Disconnect types of what is handed on begin with this word."""


class _Metric(msgspec.Struct, kw_only=True):
    name: str


class _Segment(msgspec.Struct, rename="camel", kw_only=True):
    segment_type: str
    segment_start: Moment
    segment_end: Moment | None = None
    queue_id: str | None = None
    disconnect_type: str | None = None
    requested_routing_skill_ids: list[str] = []


class _Session(msgspec.Struct, rename="camel", kw_only=True):
    media_type: str | None = None
    direction: str | None = None
    ani: str | None = None
    metrics: list[_Metric] = []
    segments: list[_Segment] = []


class _Participant(msgspec.Struct, rename="camel", kw_only=True):
    purpose: str | None = None
    user_id: str | None = None
    external_contact_id: str | None = None
    attributes: dict[str, str | None] | None = None
    sessions: list[_Session] = []


class _Conversation(msgspec.Struct, rename="camel", kw_only=True):
    conversation_id: str
    conversation_start: Moment
    conversation_end: Moment | None = None
    originating_direction: str | None = None
    participants: list[_Participant] = []


class _Wait(NamedTuple):
    """One stay in a queue, from `starts_at` until an agent is connected, it moves on or it is over (`None`: not yet)."""

    starts_at: Instant
    ends_at: Instant | None
    queue: str
    channel: str
    skills: tuple[str, ...]
    is_abandoned: bool
    is_guessed: bool
    """An export without metrics says only how the session in the queue ended."""


class _Part(NamedTuple):
    """What one session of an agent was: rung for `ring_ms`, in conversation from `answered_at`, if at all, and wrap-up after it."""

    starts_at: Instant
    agent: str | None
    answered_at: Instant | None
    ended_at: Instant | None
    ring_ms: Duration
    hold_ms: Duration
    wrap_up_ms: Duration | None
    is_handed_on: bool


def import_genesys_cloud(source: Path, mapping: PlatformMapping, report: ImportReport) -> tuple[list[RecordedInteraction], Presences]:
    """Reads conversations, in the order of the file.

    Raises:
        ConfigError: the file cannot be read, or is a JSON document that breaks off.
    """
    writer = Writer(mapping, report)
    for line, conversation in JsonRecords(_Conversation, "a conversation", "conversations").read(source, report):
        try:
            _take(conversation, line, writer, mapping.attributes)
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example)
    return writer.interactions, Presences()


def _take(conversation: _Conversation, line: int, writer: Writer, attribute_names: tuple[str, ...]) -> None:
    waits = sorted(_waits(conversation), key=lambda wait: wait.starts_at)
    if not waits:
        raise LeftOut("filtered", "never in a queue", conversation.conversation_id)
    if conversation.originating_direction == "outbound":
        raise LeftOut("filtered", "originatingDirection outbound: no customer began it", conversation.conversation_id)
    parts = sorted(_parts(conversation), key=lambda part: part.starts_at)
    attributes = _attributes(conversation, attribute_names)
    customer = writer.names.customer(_customer(conversation))
    is_over = conversation.conversation_end is not None
    for number, (wait, moves, answer, misses) in enumerate(_legs(waits, parts), start=1):
        leg_id = conversation.conversation_id if number == 1 else f"{conversation.conversation_id}#{number}"
        answered_at, ended_at = (None, moves[-1].ends_at) if answer is None else (answer.answered_at, answer.ended_at)
        writer.write(
            RecordedInteraction(
                id=leg_id,
                arrived_at_ms=wait.starts_at,
                channel=writer.names.channel(wait.channel),
                type=writer.names.type(wait.queue),
                attributes=writer.names.attributes((*attributes, *_asked(wait, None if number == 1 else conversation.conversation_id))),
                customer=customer,
                agent=None if answer is None else answer.agent,
                answered_at_ms=answered_at,
                ended_at_ms=ended_at,
                outcome=_outcome(moves[-1], answer, is_over=is_over),
                missed_offers=misses,
                ring_ms=None if answer is None else answer.ring_ms,
                hold_ms=None if answer is None else answer.hold_ms,
                wrap_up_ms=None if answer is None else answer.wrap_up_ms,
                inferred=("outcome",) if answer is None and moves[-1].is_guessed and ended_at is not None else (),
            ),
            queue=wait.queue,
            line=line,
            rows=int(number == 1),
            is_leg=number > 1,
            notes=(MOVED,) if len(moves) > 1 else (),
        )


def _waits(conversation: _Conversation) -> Iterator[_Wait]:
    for participant in conversation.participants:
        if participant.purpose != QUEUE:
            continue
        for session in participant.sessions:
            segments = session.segments
            if not segments:
                continue
            ends = [segment.segment_end for segment in segments]
            yield _Wait(
                starts_at=since_epoch(min(segment.segment_start for segment in segments)),
                ends_at=None if None in ends else since_epoch(max(end for end in ends if end is not None)),
                queue=next((segment.queue_id for segment in segments if segment.queue_id), "unknown"),
                channel=session.media_type or "unknown",
                skills=tuple(sorted({skill for segment in segments for skill in segment.requested_routing_skill_ids})),
                is_abandoned=_is_abandoned(session),
                is_guessed=not session.metrics,
            )


def _is_abandoned(session: _Session) -> bool:
    if session.metrics:
        return any(metric.name == ABANDONED for metric in session.metrics)
    return (session.segments[-1].disconnect_type or HANDED_ON) in LEFT


def _parts(conversation: _Conversation) -> Iterator[_Part]:
    for participant in conversation.participants:
        if participant.purpose == AGENT:
            agent = None if participant.user_id is None else sys.intern(participant.user_id)
            for session in participant.sessions:
                if session.segments:
                    yield _part(agent, sorted(session.segments, key=lambda segment: segment.segment_start))


def _part(agent: str | None, segments: list[_Segment]) -> _Part:
    talk = [segment for segment in segments if segment.segment_type in TALK]
    answered = next((segment for segment in talk if segment.segment_type == "interact"), None)
    last_end = talk[-1].segment_end if talk else None
    wrap_up = [_length_ms(segment) for segment in segments if segment.segment_type == "wrapup"]
    return _Part(
        starts_at=since_epoch(segments[0].segment_start),
        agent=agent,
        answered_at=None if answered is None else since_epoch(answered.segment_start),
        ended_at=None if last_end is None else since_epoch(last_end),
        ring_ms=sum(_length_ms(segment) for segment in segments if segment.segment_type == "alert"),
        hold_ms=sum(_length_ms(segment) for segment in talk if segment.segment_type == "hold"),
        wrap_up_ms=sum(wrap_up) if wrap_up else None,
        is_handed_on=any((segment.disconnect_type or "").startswith(HANDED_ON) for segment in talk),
    )


def _length_ms(segment: _Segment) -> Duration:
    return 0 if segment.segment_end is None else since_epoch(segment.segment_end) - since_epoch(segment.segment_start)


def _legs(waits: list[_Wait], parts: list[_Part]) -> Iterator[tuple[_Wait, list[_Wait], _Part | None, int]]:
    """Each leg: its first wait, all its waits until somebody answered, the answer, and how many agents were rung in vain."""
    left = list(parts)
    moves: list[_Wait] = []
    misses = 0
    for wait, following in zip(waits, chain(waits[1:], (None,)), strict=True):
        moves.append(wait)
        answer = None
        while left and (following is None or left[0].starts_at < following.starts_at):
            part = left.pop(0)
            if answer is not None:
                continue  # consulted, or handed on past the queues
            if part.answered_at is None:
                misses += 1
            else:
                answer = part
        if answer is not None or following is None:
            yield moves[0], moves, answer, misses
            moves, misses = [], 0


def _asked(wait: _Wait, leg_of: str | None) -> Iterator[tuple[str, str]]:
    if wait.skills:
        yield SKILLS, " ".join(wait.skills)
    if leg_of is not None:
        yield "leg_of", leg_of


def _outcome(wait: _Wait, answer: _Part | None, *, is_over: bool) -> str:
    if answer is not None:
        if answer.ended_at is None:
            return IN_PROGRESS
        return EndCause.TRANSFERRED.value if answer.is_handed_on else EndCause.HANDLED.value
    if wait.ends_at is None and not is_over:
        return IN_PROGRESS
    return EndCause.ABANDONED.value if wait.is_abandoned else EndCause.UNSERVED.value


def _customer(conversation: _Conversation) -> str | None:
    for participant in conversation.participants:
        if participant.purpose in CUSTOMERS:
            ani = next((session.ani for session in participant.sessions if session.ani), None)
            return participant.external_contact_id or ani
    return None


def _attributes(conversation: _Conversation, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if not names:
        return ()
    pairs = chain.from_iterable((participant.attributes or {}).items() for participant in conversation.participants)
    return tuple({name: value for name, value in pairs if name in names and value is not None}.items())
