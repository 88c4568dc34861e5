"""A router back from its journal."""

from itertools import takewhile

from routing.engine import Router
from routing.policy.registry import PolicyRegistry
from routing.store.codec import read_events
from routing.store.journal import JournalReader


def replay(journal: JournalReader, registry: PolicyRegistry, until_seq: int | None = None) -> Router:
    """The router as it was after the last row, or after event `until_seq`, digest for digest.

    Every row up to there is checked against the chain on the way.

    Raises:
        JournalDamaged, JournalNewer: a row is not what was written, or is of a later version.
        InvariantBroken: the events contradict each other, which no disk can cause.
    """
    events = read_events(journal)
    if until_seq is not None:
        events = takewhile(lambda recorded: recorded.seq <= until_seq, events)
    return Router.restore(registry, events)
