"""What a run of the machine came past: its steps, commands and events, and which rare states met which rare events."""

from collections import Counter
from collections.abc import Iterable, Iterator

from routing.core.commands import Command
from routing.core.errors import RefusalReason
from routing.core.events import Event, Recorded
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.callback import CallbackStage

STATES = (
    "an agent takes nothing of a queue",
    "an attempt to call back",
    "an offer to interrupt",
    "call-back",
    "conference",
    "consultation",
    "held",
    "interruption",
    "lost session",
    "own work",
    "reservation",
    "several queues",
    "waits for opening",
)
"""The rare states that a run tells apart; see `states_of`."""

EVENTS = (
    "AgentPaused",
    "AgentRemoved",
    "CallbackLaunched",
    "CallbackRequested",
    "CommitmentsPut",
    "ConferenceStarted",
    "ConsultStarted",
    "ExternalWorkStarted",
    "HandlingEnded",
    "HandlingGraceEnded",
    "HandlingInterrupted",
    "HandlingReturned",
    "InteractionTransferred",
    "QueueClosed",
    "SessionExpired",
    "SessionLost",
    "SiteApplied",
)
"""The rare events that are counted by the states they met."""


class Tally:
    """Counts of one run. `done` and `refused` are by kind of command, `events` by kind, `meetings` by state before and kind of event."""

    def __init__(self) -> None:
        self.steps = 0
        self.commands = 0
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.meetings: Counter[tuple[str, str]] = Counter()

    def count(self, states: Iterable[str], command: Command, answer: tuple[Recorded, ...] | RefusalReason) -> None:
        """One command, in these states, and what was said to it."""
        kind = type(command).__name__
        self.commands += 1
        if isinstance(answer, RefusalReason):
            self.refused[kind] += 1
            self.reasons[answer] += 1
            return
        self.done[kind] += 1
        names = [type(recorded.event).__name__ for recorded in answer]
        self.events.update(names)
        rare = [name for name in dict.fromkeys(names) if name in EVENTS]
        self.meetings.update([(state, name) for state in states for name in rare])

    def lines(self) -> Iterator[str]:
        """All that was counted, for people."""
        yield f"{self.steps:,} steps, {self.commands:,} commands, {self.events.total():,} events"
        for title, counted in (("done", self.done), ("refused", self.refused), ("refusals", self.reasons), ("events", self.events)):
            yield f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(counted.items()))
        yield "met:"
        for state in STATES:
            yield f"  {state}: " + ", ".join(f"{name} {self.meetings[state, name]:,}" for name in EVENTS)


def kinds_of(union: object) -> list[str]:
    """The names of the classes of a union."""
    members: tuple[type[Command | Event], ...] = getattr(union, "__args__", ())
    return [member.__name__ for member in members]


def states_of(state: State) -> list[str]:
    """Which of the rare states there are anywhere at present."""
    found = dict.fromkeys(one for row in state.interactions.values() for one in _states_of_interaction(row))
    found |= dict.fromkeys(one for row in state.agents.values() for one in _states_of_agent(row))
    return list(found)


def _states_of_interaction(row: InteractionRow) -> Iterator[str]:
    is_waiting = row.phase is InteractionPhase.WAITING
    if row.tie is not None:
        yield "conference" if row.tie == "conference" else "consultation"
    if row.phase is InteractionPhase.HELD:
        yield "held"
    if row.phase is InteractionPhase.INTERRUPTED:
        yield "interruption"
    if row.callback is not None and row.callback.is_pending:
        yield "an attempt to call back" if row.callback.stage is CallbackStage.CALLING else "call-back"
    if is_waiting and row.route.reserved is not None:
        yield "reservation"
    if is_waiting and row.route.also:
        yield "several queues"
    if row.awaits_opening:
        yield "waits for opening"


def _states_of_agent(row: AgentRow) -> Iterator[str]:
    if row.interrupting is not None:
        yield "an offer to interrupt"
    if row.session_expires_at is not None or row.release_at is not None:
        yield "lost session"
    if row.external:
        yield "own work"
    if row.limited_until or row.paused:
        yield "an agent takes nothing of a queue"
