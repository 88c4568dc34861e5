"""Run it: `python -m benchmarks.recovery behaviour --repetitions 100`."""

import argparse
from collections.abc import Callable

from benchmarks.recovery import behaviour, counterfactual, demand
from benchmarks.recovery.tally import Tally
from simulation.counterfactual import rubin
from simulation.fits.likelihood import CONFIDENCE

WHAT: dict[str, tuple[Callable[[int, Tally], None], float]] = {
    "behaviour": (behaviour.repeat, CONFIDENCE),
    "demand": (demand.repeat, CONFIDENCE),
    "counterfactual": (counterfactual.repeat, rubin.CONFIDENCE),
}
"""By name: one repetition, and the level at which its intervals are stated."""


def main() -> None:
    """Repeat, and print how often each interval held the truth."""
    parser = argparse.ArgumentParser(description="How often stated intervals hold a known truth.")
    parser.add_argument("what", choices=sorted(WHAT))
    parser.add_argument("--repetitions", type=int, default=100)
    parser.add_argument("--first", type=int, default=1, help="the number of the first repetition, which is its seed")
    arguments = parser.parse_args()
    repeat, confidence = WHAT[arguments.what]
    tally = Tally()
    for number in range(arguments.first, arguments.first + arguments.repetitions):
        repeat(number, tally)
    print("\n".join(tally.lines(confidence)))


if __name__ == "__main__":
    main()
