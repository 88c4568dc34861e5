"""The stage: where stories are told, each until it waits for something.

SimPy's own processes can be waited for, interrupted and made to fail. No story needs any of that, and it costs two more events a story.
"""

from collections import deque
from collections.abc import Generator
from typing import Any, TypeAlias

from simpy.core import Environment
from simpy.events import Event

from simulation.world.clock import Moment, Rank

Story: TypeAlias = Generator[Event, Any, None]
"""What somebody does: it yields each event that they wait for, and gets the event's value when it has happened."""


class Stage:
    """Begins stories, in the order in which they were started, as soon as the one that is being told waits for something."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._beginning: deque[_Telling] = deque()
        self._is_told = False

    def start(self, story: Story) -> None:
        """Let a story begin at the present instant: after the one that is being told, or where none is, before all else."""
        self._beginning.append(_Telling(self, story))
        if not self._is_told:
            self._is_told = True
            Moment(self._env, 0, Rank.BEGIN).callbacks.append(lambda _: self._begin())

    def go_on(self, telling: "_Telling", value: object) -> None:
        """Tell a story up to the next event that it waits for, and then whatever it started."""
        self._is_told = True
        telling.tell(value)
        self._begin()

    def _begin(self) -> None:
        while self._beginning:
            self._beginning.popleft().tell(None)
        self._is_told = False


class _Telling:
    """A story on its way: the event that it waits for calls it."""

    __slots__ = ("_send", "_stage")

    def __init__(self, stage: Stage, story: Story) -> None:
        self._stage = stage
        self._send = story.send

    def __call__(self, event: Event) -> None:
        """The event has happened."""
        self._stage.go_on(self, event.value)

    def tell(self, value: object) -> None:
        """What comes next, up to an event that is still to happen, or to the end."""
        try:
            event = self._send(value)
            while event.processed:
                event = self._send(event.value)
        except StopIteration:
            return
        event.callbacks.append(self)
