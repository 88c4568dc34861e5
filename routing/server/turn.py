"""A turn: one request's moment alone with the router."""

from collections.abc import Callable
from typing import NamedTuple

from routing.core.commands import Command, Mutation
from routing.core.decide import recall
from routing.core.events import Recorded
from routing.core.state import State
from routing.engine import Router
from routing.model.admission import Reception
from routing.model.time import Instant


class Answer(NamedTuple):
    """The answer to a mutation, the same each time: sequence and instant of its record, and the interaction or agent it was about.

    `reception` is what an arrival was told beyond "accepted".
    """

    sequence: int
    at: Instant
    subject: str
    reception: Reception | None = None


class Turn:
    """What a request may do when it is its turn: read the state, carry out commands, and know the instant.

    `on_recorded` is told what each command recorded, before the turn goes on, while the state still is what the events made it.
    `afterwards` takes what is to be done behind the gate, in order with the telling of events.
    """

    __slots__ = ("_on_recorded", "afterwards", "now", "router")

    def __init__(
        self,
        router: Router,
        now: Instant,
        *,
        on_recorded: Callable[[tuple[Recorded, ...]], None],
        afterwards: Callable[[Callable[[], None]], None],
    ) -> None:
        self.router = router
        self.now = now
        self.afterwards = afterwards
        self._on_recorded = on_recorded

    @property
    def state(self) -> State:
        """The router's state, to be read and never kept: after the turn it moves on."""
        return self.router.state

    def carry_out(self, command: Command) -> None:
        """Carry out a command.

        Raises:
            CommandRefused: nothing has changed.
        """
        recorded = self.router.handle(command, self.now)
        if recorded:
            self._on_recorded(recorded)

    def answer(self, command: Mutation) -> Answer:
        """Carry out a command and answer it; a repeated request is answered as the first time.

        Raises:
            CommandRefused: nothing has changed.
        """
        self.carry_out(command)
        remembered = None if command.request_id is None else recall(self.state, command.request_id)
        if remembered is None:
            return Answer(self.state.seq, self.now, "")
        reception = None if command.request_id is None else self.state.receptions.get(command.request_id)
        return Answer(remembered.seq, remembered.at, remembered.subject, reception)
