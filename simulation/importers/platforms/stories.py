"""The story of one call, told by its events: what it waited for, who answered, how it ended, and what had to be worked out.

One call makes one interaction: moved to another queue while it waits, it is the same customer still waiting. What begins after an answer
is a leg of a conversation that was handed on.
"""

from dataclasses import dataclass, field
from typing import Final

from routing.model.interaction import EndCause
from routing.model.time import Duration, Instant
from simulation.importers.platforms.calls import CallEvent, Kind
from simulation.importers.platforms.writer import IN_PROGRESS, MOVED, Writer
from simulation.importers.report import ImportReport
from simulation.importers.sources import LeftOut
from simulation.interactions import RecordedInteraction

UNKNOWN: Final = "unknown"
"""The queue of what the log says nothing of a queue."""

TOLERANCE_MS: Final = 2_000
"""A log that counts in whole seconds may be off by one at either end of a length of time."""


@dataclass(slots=True, kw_only=True)
class _Stay:
    """One stay in queues, and what came of it. `is_phantom`: the log does not hold its arrival, only what came later."""

    id: str
    line: int
    arrived_at: Instant
    queue: str
    channel: str
    leg_of: str | None
    is_phantom: bool
    customer: str | None
    attributes: tuple[tuple[str, str | int], ...]
    rows: int = 0
    agent: str | None = None
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    outcome: str | None = None
    missed_offers: int = 0
    moves: int = 0
    is_wrapped: bool = False
    ring_ms: Duration | None = None
    wrap_up_ms: Duration | None = None
    offered_at: dict[str, Instant] = field(default_factory=dict)
    inferred: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class CallFolder:
    """Folds each call of a log into the interactions it stands for, and counts what it makes of odd ones."""

    def __init__(self, writer: Writer, report: ImportReport, *, tells_misses: bool = True) -> None:
        self._writer = writer
        self._report = report
        self._tells_misses = tells_misses

    def __call__(self, call_id: str, events: list[CallEvent]) -> None:
        """Adds the interactions of a call whose events are in the order of time."""
        stays: list[_Stay] = []
        try:
            for event in events:
                self._tell(call_id, stays, event)
                if stays:
                    stays[-1].rows += 1
            if not stays:
                raise LeftOut("dirty", "nothing says when it arrived", call_id)
        except LeftOut as left_out:
            line = min(event.line for event in events)
            self._report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example, rows=len(events))
            return
        stays[0].rows += len(events) - sum(stay.rows for stay in stays)
        for stay in stays:
            self._write(stay)

    def _tell(self, call_id: str, stays: list[_Stay], event: CallEvent) -> None:
        stay = stays[-1] if stays else None
        if event.kind is Kind.ENTER:
            _enter(call_id, stays, event)
        elif stay is None:
            if event.kind not in (Kind.OFFER, Kind.MISS):
                stays.append(_phantom(call_id, event))
                _STEPS[event.kind](stays[-1], event)
        else:
            if stay.queue == UNKNOWN and event.queue is not None:
                stay.queue = event.queue
            _STEPS[event.kind](stay, event)

    def _write(self, stay: _Stay) -> None:
        names = self._writer.names
        if stay.moves:
            stay.notes.append(MOVED)
        interaction = RecordedInteraction(
            id=stay.id,
            arrived_at_ms=stay.arrived_at,
            channel=names.channel(stay.channel),
            type=names.type(stay.queue),
            attributes=names.attributes(stay.attributes if stay.leg_of is None else (*stay.attributes, ("leg_of", stay.leg_of))),
            customer=names.customer(stay.customer),
            agent=stay.agent,
            answered_at_ms=stay.answered_at,
            ended_at_ms=stay.ended_at,
            outcome=stay.outcome or IN_PROGRESS,
            missed_offers=stay.missed_offers if self._tells_misses else None,
            ring_ms=stay.ring_ms,
            wrap_up_ms=stay.wrap_up_ms,
            inferred=tuple(stay.inferred),
        )
        is_leg = stay.leg_of is not None
        self._writer.write(interaction, queue=stay.queue, line=stay.line, rows=stay.rows, is_leg=is_leg, notes=stay.notes)


def _stay_of(call_id: str, stays: list[_Stay], event: CallEvent, arrived_at: Instant, *, is_phantom: bool) -> _Stay:
    return _Stay(
        id=f"{call_id}#{len(stays) + 1}" if stays else call_id,
        line=event.line,
        arrived_at=arrived_at,
        queue=event.queue or UNKNOWN,
        channel=event.channel or "voice",
        leg_of=call_id if stays else None,
        is_phantom=is_phantom,
        customer=event.customer,
        attributes=event.attributes,
    )


def _enter(call_id: str, stays: list[_Stay], event: CallEvent) -> None:
    if stays:
        stay = stays[-1]
        if stay.is_phantom:
            raise LeftOut("dirty", "arrived after it was answered or had left: the clock ran back, or two calls share an id", call_id)
        if stay.answered_at is None:
            if stay.queue == UNKNOWN:
                stay.queue = event.queue or UNKNOWN
            elif stay.outcome is not None or event.queue != stay.queue:
                stay.moves += 1
            stay.ended_at = stay.outcome = None
            return
        if stay.outcome is None:  # the next queue is the only sign that the conversation was handed on
            stay.ended_at, stay.outcome = event.at, EndCause.TRANSFERRED.value
            stay.inferred += ["ended_at_ms", "outcome"]
    stays.append(_stay_of(call_id, stays, event, event.at, is_phantom=False))


def _phantom(call_id: str, event: CallEvent) -> _Stay:
    if event.wait_ms is None:
        raise LeftOut("dirty", f"{_LATER_WORDS[event.kind]} without an arrival", call_id)
    stay = _stay_of(call_id, [], event, event.at - event.wait_ms - (event.talk_ms or 0), is_phantom=True)
    if event.outcome == EndCause.REFUSED:  # it was never let in: this is its arrival
        return stay
    stay.inferred.append("arrived_at_ms")
    stay.notes.append(f"{_LATER_WORDS[event.kind]} without an arrival in the log: inferred from the wait that the log states")
    return stay


_LATER_WORDS: Final = {Kind.CONNECT: "answered", Kind.LEAVE: "left", Kind.END: "ended", Kind.WRAPPED: "wrapped up"}


def _offer(stay: _Stay, event: CallEvent) -> None:
    if stay.answered_at is None and event.agent is not None:
        stay.offered_at[event.agent] = event.at


def _miss(stay: _Stay, event: CallEvent) -> None:
    if stay.answered_at is None:
        stay.missed_offers += 1
        stay.offered_at.pop(event.agent or "", None)


def _connect(stay: _Stay, event: CallEvent) -> None:
    if stay.answered_at is not None:
        stay.notes.append("answered again before it ended; the first answer counts")
        return
    stay.answered_at, stay.agent = event.at, event.agent
    stay.ended_at = stay.outcome = None  # a limit of stay may run out while the agent is picking up
    offered_at = stay.offered_at.get(event.agent or "")
    stay.ring_ms = event.ring_ms if offered_at is None else event.at - offered_at
    stated_ms = event.wait_ms
    if stated_ms is not None and not stay.moves and abs(event.at - stay.arrived_at - stated_ms) > TOLERANCE_MS:
        stay.notes.append("the wait that the log states differs from its times; the times count")


def _leave(stay: _Stay, event: CallEvent) -> None:
    if stay.outcome is not None:
        return
    if stay.answered_at is not None:
        stay.notes.append("left the queue after it was answered; taken for the end of the conversation")
        _end(stay, event._replace(outcome=EndCause.HANDLED.value))
    else:
        stay.ended_at, stay.outcome = event.at, event.outcome


def _end(stay: _Stay, event: CallEvent) -> None:
    if stay.outcome is not None or (event.agent and stay.agent and event.agent != stay.agent):
        return  # the end is told by several rows, or another agent's part of a conversation ended
    stay.ended_at, stay.outcome = event.at, event.outcome
    if stay.answered_at is None:
        if event.talk_ms is None:
            stay.outcome = EndCause.UNSERVED.value
            stay.notes.append("ended without an answer")
            return
        stay.answered_at, stay.agent = event.at - event.talk_ms, event.agent
        stay.inferred.append("answered_at_ms")
        stay.notes.append("ended without an answer in the log: inferred from the talking time that the log states")
    elif event.talk_ms is not None and abs(event.at - stay.answered_at - event.talk_ms) > TOLERANCE_MS:
        stay.notes.append("the talking time that the log states differs from its times; the times count")


def _wrapped(stay: _Stay, event: CallEvent) -> None:
    if stay.answered_at is None or stay.is_wrapped or (event.agent and stay.agent and event.agent != stay.agent):
        return
    stay.is_wrapped = True
    if stay.ended_at is None:
        stay.ended_at, stay.outcome = event.at, event.outcome or EndCause.HANDLED.value
    else:
        stay.wrap_up_ms = event.at - stay.ended_at


_STEPS: Final = {
    Kind.OFFER: _offer,
    Kind.MISS: _miss,
    Kind.CONNECT: _connect,
    Kind.LEAVE: _leave,
    Kind.END: _end,
    Kind.WRAPPED: _wrapped,
}
