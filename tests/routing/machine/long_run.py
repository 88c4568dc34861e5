"""A long random run of the machine, beyond what every test run does: `python -m tests.routing.machine.long_run --steps 1000000 --seed 1`.

A step is one rule carried out, with every check after every event. The run stops at the first contradiction and prints the shortest way to
it that Hypothesis finds. The same seed and number of steps do the same work.
"""

import argparse
import time
from collections import Counter

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.routing.test_machine import RouterMachine

EXAMPLES_A_ROUND = 500
STEPS_AN_EXAMPLE = 100


def run(steps: int, first_seed: int) -> tuple[int, Counter[str]]:
    """Carry out at least so many steps; how many they were, and how often each kind of event was recorded."""
    done = 0
    kinds: Counter[str] = Counter()

    class Counted(RouterMachine):
        """The machine, counting."""

        @invariant()
        def one_more_step(self) -> None:
            """Called after every rule."""
            nonlocal done
            done += 1

        def teardown(self) -> None:
            """Count what happened."""
            kinds.update(type(recorded.event).__name__ for recorded in self.log)
            super().teardown()

    limits = settings(
        max_examples=EXAMPLES_A_ROUND,
        stateful_step_count=STEPS_AN_EXAMPLE,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    number = first_seed
    while done < steps:
        run_state_machine_as_test(seed(number)(Counted), settings=limits)
        number += 1
        print(f"{done:>9,} steps, {sum(kinds.values()):>10,} events, next seed {number}", flush=True)
    return done, kinds


def main() -> None:
    """Run, and print what was done."""
    parser = argparse.ArgumentParser(description="Drive the router at random for a long time, every invariant checked after every event.")
    parser.add_argument("--steps", type=int, default=1_000_000, help="at least so many rules carried out")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; every round of examples takes the next")
    arguments = parser.parse_args()
    started = time.monotonic()
    done, kinds = run(arguments.steps, arguments.seed)
    for kind, count in sorted(kinds.items()):
        print(f"{count:>10,} {kind}")
    print(f"{done:,} steps and {sum(kinds.values()):,} events without a contradiction, {time.monotonic() - started:,.0f} s")


if __name__ == "__main__":
    main()
