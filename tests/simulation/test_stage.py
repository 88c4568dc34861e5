"""The stage: in which order stories begin and go on, which is the order in which SimPy's processes would."""

from collections.abc import Callable

import pytest
import simpy
from simpy.events import Event

from simulation.world.clock import Moment, Rank
from simulation.world.stage import Stage, Story

Start = Callable[[Story], object]


def told(make: Callable[[simpy.Environment], Start]) -> list[str]:
    """What a few stories say that start each other, wait for each other, and end at once; `make` says how a story is started."""
    env, said = simpy.Environment(), list[str]()
    start, gate = make(env), env.event()

    def first() -> Story:
        said.append("first begins")
        start(second("a"))
        start(second("b"))
        said.append("first waits")
        yield Moment(env, 5, Rank.FINISH)
        said.append(f"first goes on at {env.now}")
        gate.succeed("open")
        yield gate
        said.append(f"the gate is {gate.value}")
        yield gate  # it has happened: there is nothing to wait for
        said.append(f"the gate is still {gate.value}")
        yield env.event() | Moment(env, 1, Rank.LEAVE)
        start(second("c"))
        said.append(f"first ends at {env.now}")

    def second(name: str) -> Story:
        said.append(f"{name} begins at {env.now}")
        start(ends_at_once(name))
        yield from waits(name)
        said.append(f"{name} ends at {env.now}")

    def waits(name: str) -> Story:
        yield Moment(env, 5, Rank.DEADLINE if name == "b" else Rank.LEAVE)
        yield gate

    def ends_at_once(name: str) -> Story:
        said.append(f"{name} ended before it waited")
        yield from ()

    def by_the_clock(_: Event) -> None:
        said.append("the clock begins")
        start(second("d"))
        said.append("and goes on")

    start(first())
    Moment(env, 0, Rank.DEADLINE).callbacks.append(by_the_clock)
    env.run()
    return said


def test_stories_are_told_in_the_order_of_processes() -> None:
    """Word for word what SimPy's own processes say."""
    assert told(lambda env: env.process) == told(lambda env: Stage(env).start)


def test_what_goes_wrong_in_a_story_stops_the_run() -> None:
    """Whoever runs the clock gets the exception of the story itself."""
    env = simpy.Environment()

    def bad() -> Story:
        yield Moment(env, 5, Rank.FINISH)
        raise KeyError("lost")

    Stage(env).start(bad())
    with pytest.raises(KeyError, match="lost"):
        env.run()
    assert 5 == env.now
