"""A process that appends rows for ever and says after each group what was acknowledged; tests kill it.

Arguments: the directory, and how many rows make a group.
"""

import itertools
import sys
from pathlib import Path

from routing.store.sqlite import open_journal
from tests.routing.store.rows_to_write import a_row

if __name__ == "__main__":
    directory, group = Path(sys.argv[1]), int(sys.argv[2])
    journal = open_journal(directory)
    for first in itertools.count(journal.last_seq + 1, group):
        journal.append([a_row(first + index) for index in range(group)])
        sys.stdout.write(f"{journal.last_seq}\n")
        sys.stdout.flush()
