"""The stage: where stories are told, each until it waits for something.

SimPy's own processes can be waited for, interrupted and made to fail. No story needs any of that, and it costs two more events a story.
"""

from collections import deque
from collections.abc import Generator
from functools import partial
from typing import TypeAlias

from simpy.core import Environment
from simpy.events import Event

from simulation.world.clock import Moment, Rank

Story: TypeAlias = Generator[Event, None, None]
"""What somebody does: it yields each event that they wait for, and goes on when the event has happened."""


class Stage:
    """Begins stories, in the order in which they were started, as soon as the one that is being told waits for something."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._beginning: deque[Story] = deque()
        self._is_told = False

    def start(self, story: Story) -> None:
        """Let a story begin at the present instant: after the one that is being told, or where none is, before all else."""
        self._beginning.append(story)
        if not self._is_told:
            self._is_told = True
            Moment(self._env, 0, Rank.BEGIN).callbacks.append(lambda moment: self._go_on(self._beginning.popleft(), moment))

    def _go_on(self, story: Story, _: Event) -> None:
        """Tell a story up to the next event that is still to happen, or to its end, and then whatever it started."""
        self._is_told = True
        while True:
            event = next(story, None)
            while event is not None and event.processed:
                event = next(story, None)
            if event is not None:
                event.callbacks.append(partial(self._go_on, story))
            if not self._beginning:
                break
            story = self._beginning.popleft()
        self._is_told = False
