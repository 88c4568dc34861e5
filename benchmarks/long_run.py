"""One long run of the six-skill model in a process of its own: `python -m benchmarks.long_run INTERACTIONS`.

Prints as one JSON object the memory that the process holds, in bytes, when a tenth, half and all of the interactions have ended. All
arrivals are drawn before the run begins and are held to its end: what grows from the first figure to the last is what the run itself keeps.
"""

import json
import os
import sys
from pathlib import Path

from benchmarks.models import SIX_SKILL, scenario_of
from routing.core.events import InteractionEnded, Recorded
from simulation.run import run_replication

PARTS = (10, 2, 1)


class _Watch:
    """Counts interactions that ended, and looks at the memory at the marks."""

    def __init__(self, interactions: int) -> None:
        self._marks = [interactions // part for part in PARTS]
        self._ended = 0
        self.held: dict[int, int] = {}

    def __call__(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, InteractionEnded):
            self._ended += 1
            if self._ended in self._marks:
                self.held[self._ended] = _resident_bytes()


def _resident_bytes() -> int:
    resident_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return resident_pages * os.sysconf("SC_PAGESIZE")


def main() -> None:
    """Play as many interactions as the command line says."""
    interactions = int(sys.argv[1])
    watch = _Watch(interactions)
    scenario, arm = scenario_of(SIX_SKILL, interactions=interactions + interactions // 50, seed=1)  # chance may bring some less
    run_replication(scenario, arm, 0, [watch])
    print(json.dumps(watch.held))


if __name__ == "__main__":
    main()
