"""Feeds what a journal says came from outside to a fresh router, and compares every fact it records with the journal's.

The router is the one that serves, with the policies the journal's own sites name, and its clock is the journal's: the instant of each row.
Deadlines are carried out before anything else of that instant, as every driver must. Commands that were refused left nothing in the
journal and changed nothing, so they are not missed; neither are ticks at which nothing was due.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from routing.config.errors import ConfigError
from routing.config.plugins import registry_with_plugins
from routing.core.canonical import state_digest
from routing.core.commands import Command, Tick
from routing.core.errors import CommandRefused
from routing.core.events import OfferMade, Recorded, RequestRecorded, SiteApplied
from routing.engine import Router
from routing.model.time import Instant
from routing.policy.registry import PolicyRegistry
from routing.store.codec import CODEC
from routing.store.errors import JournalError
from routing.store.journal import JournalReader
from routing.store.rows import SealedRow
from routing.store.sqlite import JOURNAL_FILE, read_journal
from simulation.fidelity.alike import Alike, likeness, versions_of
from simulation.fidelity.rebuild import rebuilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The first place where router and journal part: the journal's fact or none, the router's or none, and the command between.

    `refusal` is what the router said to the command where it would not carry it out.
    """

    seq: int
    at: Instant
    command: Command
    recorded: Recorded | None
    replayed: Recorded | None
    refusal: str = ""


@dataclass(slots=True, kw_only=True)
class Fidelity:
    """What was compared, and what came of it.

    `reproduced` counts by kind the facts that came out as the journal has them, `commands` by kind what was given to the router. Of
    `requests` with an id of their own, `proven` are known by their hash to be the very ones; `without_effect` left nothing but their id
    and could not be read back: they change no decision and were left out. `restarts` counts how often the journal changed hands (a
    restart, or another server that took over), `older` the facts that an earlier version wrote, and `other_hashes` the decisions whose
    record names the same policy in another version of this software.
    """

    name: str
    rows: int = 0
    events: int = 0
    restarts: int = 0
    requests: int = 0
    proven: int = 0
    without_effect: int = 0
    older: int = 0
    other_hashes: int = 0
    first_at: Instant | None = None
    last_at: Instant | None = None
    reproduced: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    divergence: Divergence | None = None
    state_digest: str = ""

    @property
    def decisions(self) -> int:
        """How many decisions of who gets whom came out as they were."""
        return self.reproduced[OfferMade.__name__]

    @property
    def sites(self) -> int:
        """How often a site came into force."""
        return self.reproduced[SiteApplied.__name__]

    @property
    def holds(self) -> bool:
        """Whether all of the journal was reproduced."""
        return self.divergence is None


def check_journal(path: Path, registry: PolicyRegistry | None = None) -> Fidelity:
    """Replay a router's own journal under the policies it names; its server may be running.

    Raises:
        ConfigError: there is no journal, or it is damaged, newer than this version, or empty.
    """
    if path.name == JOURNAL_FILE:
        raise ConfigError("is the database of a journal", file=path, remedy="Name its directory.")
    try:
        with closing(read_journal(path)) as journal:
            found = check_rows(journal, path.name, registry or registry_with_plugins())
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path or path, remedy=error.remedy) from error
    if not found.rows:
        raise ConfigError("holds no event", file=path, remedy="There is nothing to replay.")
    return found


def check_rows(journal: JournalReader, name: str, registry: PolicyRegistry) -> Fidelity:
    """Replay the rows of a journal until the first fact that differs, or to the end.

    Raises:
        JournalError: a row is not what was written, or is of a later version.
        InvariantBroken: the router contradicts itself.
    """
    found = Fidelity(name=name)
    router = Router(registry)
    epoch: int | None = None
    for sealed in journal.read():
        found.restarts += epoch is not None and sealed.epoch != epoch
        epoch = sealed.epoch
        found.divergence = _follow(router, sealed, found)
        if found.divergence is not None:
            break
    found.state_digest = state_digest(router.state)
    return found


def _follow(router: Router, sealed: SealedRow, found: Fidelity) -> Divergence | None:
    """Carry out what one row came from. A row of a server is one command's, a row of a simulation all of an instant."""
    rest: Sequence[Recorded] = CODEC.decode(sealed.row)
    versions = versions_of(sealed.row)
    now = sealed.row.at
    found.rows += 1
    found.events += len(rest)
    found.older += sum(1 for one in versions if one.is_older)
    found.first_at, found.last_at = now if found.first_at is None else found.first_at, now
    while rest:
        command = _next_command(router, rest, now, found)
        if command is None:  # a request without effect that cannot be read back
            rest, versions = rest[1:], versions[1:]
            continue
        try:
            produced = router.handle(command, now)
        except CommandRefused as refusal:
            return Divergence(seq=rest[0].seq, at=now, command=command, recorded=rest[0], replayed=None, refusal=refusal.text)
        for recorded, replayed, version in zip(rest, produced, versions, strict=False):
            alike = likeness(recorded, replayed, version)
            if alike is Alike.NO:
                return Divergence(seq=recorded.seq, at=now, command=command, recorded=recorded, replayed=replayed)
            found.other_hashes += alike is Alike.BUT_FOR_HASHES
            found.reproduced[type(recorded.event).__name__] += 1
        if not produced:
            return Divergence(seq=rest[0].seq, at=now, command=command, recorded=rest[0], replayed=None)
        if len(produced) > len(rest):
            return Divergence(seq=rest[-1].seq + 1, at=now, command=command, recorded=None, replayed=produced[len(rest)])
        rest, versions = rest[len(produced) :], versions[len(produced) :]
    return None


def _next_command(router: Router, rest: Sequence[Recorded], now: Instant, found: Fidelity) -> Command | None:
    due_at = router.next_deadline()
    if due_at is not None and due_at <= now:
        found.commands[Tick.__name__] += 1
        return Tick()
    command, is_proven = rebuilt(rest, router.state)
    if isinstance(rest[0].event, RequestRecorded):
        found.requests += 1
        found.proven += is_proven is True
        found.without_effect += command is None
    if command is not None:
        found.commands[type(command).__name__] += 1
    return command
