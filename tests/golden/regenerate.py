"""Writes the golden files anew: `python -m tests.golden.regenerate`, after a change that is meant. Read the diff before committing it."""

from routing.core.canonical import state_digest
from routing.store.codec import encode_row
from routing.store.memory import MemoryJournal
from tests.golden.day import the_day
from tests.golden.event_shapes import EVENT_SHAPES, event_shapes
from tests.golden.journal_text import DAY, DIGEST, as_text


def main() -> None:
    """Write the shapes of the events, the scripted day and the digest of the state it ends in."""
    EVENT_SHAPES.write_text(event_shapes())
    day = the_day()
    journal = MemoryJournal()
    journal.append([encode_row(recorded) for recorded in day.log])
    DAY.write_text(as_text(journal.read()))
    DIGEST.write_text(f"{state_digest(day.router.state)}\n")


if __name__ == "__main__":
    main()
