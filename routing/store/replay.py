"""A router back from its journal."""

from routing.engine import Router
from routing.policy.registry import PolicyRegistry
from routing.store.codec import read_events
from routing.store.journal import JournalReader


def replay(journal: JournalReader, registry: PolicyRegistry) -> Router:
    """The router as it was after the last row, digest for digest; every row is checked against the chain on the way.

    Raises:
        JournalDamaged, JournalNewer: a row is not what was written, or is of a later version.
        InvariantBroken: the events contradict each other, which no disk can cause.
    """
    return Router.restore(registry, read_events(journal))
