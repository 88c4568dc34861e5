"""Writes the golden files anew: `python -m tests.golden.regenerate`, after a change that is meant. Read the diff before committing it."""

from collections.abc import Sequence
from pathlib import Path

from routing.core.canonical import state_digest
from routing.core.events import Recorded
from routing.engine import Router
from routing.store.codec import encode_row
from routing.store.memory import MemoryJournal
from tests.golden.day import the_day
from tests.golden.event_shapes import EVENT_SHAPES, event_shapes
from tests.golden.journal_text import DAY, DIGEST, as_text
from tests.golden.scenes import FOLDER, NAMES, play, script_of


def main() -> None:
    """Write the shapes of the events, the scripted day and scenes, and the digests of the states they end in."""
    EVENT_SHAPES.write_text(event_shapes())
    day = the_day()
    _keep(day.router, day.log, DAY, DIGEST)
    for name in NAMES:
        router, log = play(script_of(name))
        _keep(router, log, FOLDER / f"{name}.jsonl", FOLDER / f"{name}.digest")


def _keep(router: Router, log: Sequence[Sequence[Recorded]], journal_file: Path, digest_file: Path) -> None:
    journal = MemoryJournal()
    journal.append([encode_row(recorded) for recorded in log])
    journal_file.write_text(as_text(journal.read()))
    digest_file.write_text(f"{state_digest(router.state)}\n")


if __name__ == "__main__":
    main()
