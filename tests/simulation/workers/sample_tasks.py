"""Functions of tasks, in a module of their own, so that worker processes can load them."""

import os
import signal
import time
from pathlib import Path

from routing.config.errors import ConfigError


def times(factor: int, item: int) -> int:
    """A product, after a moment."""
    time.sleep(0.02)
    return factor * item


def whoever(_: int, __: int) -> int:
    """The process that computes it."""
    time.sleep(0.05)
    return os.getpid()


def dies_once(folder: Path, item: int) -> int:
    """The item; whoever computes number 3 for the first time is killed on the way, as by a machine short of memory."""
    mark = folder / "died"
    if item == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def always_dies(_: int, __: int) -> int:
    """Nobody ever sees its result."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def refuses(_: int, item: int) -> int:
    """Bad input, found by a worker."""
    raise ConfigError("is no good", file="scenario.toml", key="seed", value=item, remedy="Write another.")


def sleeps(_: int, __: int) -> int:
    """Long work."""
    time.sleep(600)
    return 0
