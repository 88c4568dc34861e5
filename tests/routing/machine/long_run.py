"""A long random run of the machine, beyond what every test run does: `python -m tests.routing.machine.long_run --steps 1000000 --seed 1`.

A step is one rule carried out, with every check after every event. The run stops at the first contradiction and keeps every command that
led to it in a file, before anything is tried again: the same seed mostly does the same work, but not always. `--tell FILE` gives such
commands to a fresh machine and prints what its router says.
"""

import argparse
import pickle
import time
from pathlib import Path
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from routing.core.commands import Command
from routing.core.events import Recorded
from routing.model.time import Instant
from tests.routing.machine.tally import Tally
from tests.routing.test_machine import RouterMachine

Way: TypeAlias = list[tuple[Instant, Command | None]]
"""Every command with its instant, in order; None is a crash, after which a twin takes part."""

EXAMPLES_A_ROUND = 100
STEPS_AN_EXAMPLE = 100


def run(steps: int, first_seed: int, folder: Path) -> Tally:
    """Carry out at least so many steps; what they came past. A contradiction leaves the way to it in `folder`."""
    tally = Tally()

    class Counted(RouterMachine):
        """The machine, counting for this run alone, and keeping the way it goes."""

        def __init__(self) -> None:
            super().__init__()
            self.way: Way = []

        def hand(self, command: Command) -> tuple[Recorded, ...]:
            self.way.append((self.now, command))
            try:
                return super().hand(command)
            finally:
                if not self.is_intact:
                    keep(self.way, folder / f"contradiction-{number}.pickle")

        def crash(self) -> None:
            self.way.append((self.now, None))
            super().crash()

    Counted.tally = tally
    limits = settings(
        max_examples=EXAMPLES_A_ROUND,
        stateful_step_count=STEPS_AN_EXAMPLE,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    number = first_seed
    while tally.steps < steps:
        run_state_machine_as_test(seed(number)(Counted), settings=limits)
        number += 1
        print(f"{tally.steps:>9,} steps, {tally.events.total():>10,} events, next seed {number}", flush=True)
    return tally


def keep(way: Way, file: Path) -> None:
    """Write the way to a contradiction, the first one only: what follows it is the same again."""
    if not file.exists():
        file.write_bytes(pickle.dumps(way))
        print(f"a contradiction after {len(way)} commands, kept in {file}", flush=True)


def tell(file: Path) -> None:
    """Go a kept way once more, printing every command and what the router says."""
    way: Way = pickle.loads(file.read_bytes())
    machine = RouterMachine()
    for at, command in way:
        machine.now = at
        print(f"{at:>9,} {'a crash' if command is None else command}")
        if command is None:
            machine.crash()
            continue
        for item in machine.hand(command):
            print(f"{'':>13} {item.event}")


def main() -> None:
    """Run, and print what was done."""
    parser = argparse.ArgumentParser(description="Drive the router at random for a long time, every invariant checked after every event.")
    parser.add_argument("--steps", type=int, default=1_000_000, help="at least so many rules carried out")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; every round of examples takes the next")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the way to a contradiction is kept")
    parser.add_argument("--tell", type=Path, metavar="FILE", help="go a kept way once more instead")
    arguments = parser.parse_args()
    if arguments.tell:
        tell(arguments.tell)
        return
    started = time.monotonic()
    tally = run(arguments.steps, arguments.seed, arguments.folder)
    for line in tally.lines():
        print(line)
    print(f"{tally.steps:,} steps and {tally.events.total():,} events without a contradiction, {time.monotonic() - started:,.0f} s")


if __name__ == "__main__":
    main()
