"""A long random run of the machine, beyond what every test run does: `python -m tests.routing.machine.long_run --steps 1000000 --seed 1`.

A step is one rule carried out, with every check after every event. The run stops at the first contradiction and prints the shortest way to
it that Hypothesis finds. The same seed mostly does the same work, but not always: on a busy machine a round may take another way.
"""

import argparse
import time

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.routing.machine.tally import Tally
from tests.routing.test_machine import RouterMachine

EXAMPLES_A_ROUND = 100
STEPS_AN_EXAMPLE = 100


def run(steps: int, first_seed: int) -> Tally:
    """Carry out at least so many steps; what they came past."""
    tally = Tally()

    class Counted(RouterMachine):
        """The machine, counting for this run alone."""

    Counted.tally = tally
    limits = settings(
        max_examples=EXAMPLES_A_ROUND,
        stateful_step_count=STEPS_AN_EXAMPLE,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    number = first_seed
    while tally.steps < steps:
        run_state_machine_as_test(seed(number)(Counted), settings=limits)
        number += 1
        print(f"{tally.steps:>9,} steps, {tally.events.total():>10,} events, next seed {number}", flush=True)
    return tally


def main() -> None:
    """Run, and print what was done."""
    parser = argparse.ArgumentParser(description="Drive the router at random for a long time, every invariant checked after every event.")
    parser.add_argument("--steps", type=int, default=1_000_000, help="at least so many rules carried out")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; every round of examples takes the next")
    arguments = parser.parse_args()
    started = time.monotonic()
    tally = run(arguments.steps, arguments.seed)
    for line in tally.lines():
        print(line)
    print(f"{tally.steps:,} steps and {tally.events.total():,} events without a contradiction, {time.monotonic() - started:,.0f} s")


if __name__ == "__main__":
    main()
