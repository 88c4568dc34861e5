"""Clocks that never run back."""

import pytest

from routing.config.errors import ConfigError
from routing.server.boot import clock_from
from routing.server.clock import ScaledClock, WallClock, wall_now


def test_the_wall_clock_waits_where_the_journal_is_ahead() -> None:
    """A little ahead, as after a correction of the machine's clock: time stands until it is caught up."""
    ahead = wall_now() + 50_000
    clock = WallClock(ahead)
    assert (clock.now(), clock.now(), clock.seconds(1_500)) == (ahead, ahead, 1.5)


def test_a_journal_far_ahead_is_refused() -> None:
    """Time would stand still for an hour and no deadline would fall due."""
    with pytest.raises(ConfigError, match="ahead of this machine's clock"):
        clock_from(wall_now() + 3_600_000, None)


def test_a_scaled_clock_runs_on_from_where_the_journal_ends() -> None:
    """At its own speed; the first journal begins at the machine's time."""
    clock = clock_from(1_000, 600.0)
    assert isinstance(clock, ScaledClock)
    assert 1_000 <= clock.now() < 601_000
    assert (clock.speed, clock.seconds(60_000)) == (600.0, 0.1)
    assert clock_from(0, 2.0).now() >= wall_now() - 1_000
