"""What a log says happened: recorded interactions from a table or from a router's journal, and the measures of a journal as it was."""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from routing.config.errors import ConfigError
from routing.core import events
from routing.core.events import Recorded
from routing.model.ids import InteractionId
from routing.model.interaction import EndCause
from routing.model.time import Instant
from routing.store.codec import read_events
from routing.store.errors import JournalError
from routing.store.sqlite import JOURNAL_FILE, read_journal
from simulation.interactions import RecordedInteraction, read_interactions
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.tabulate import Table, tabulate


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLog:
    """Interactions as they arrived. `measured` has the measures of a journal as it was; a table of arrivals has none.

    `inferred` says in sentences what a replay has to make up because the log does not hold it.
    """

    name: str
    interactions: tuple[RecordedInteraction, ...]
    measured: Table | None
    inferred: tuple[str, ...]


def read_log(path: Path) -> RecordedLog:
    """A directory is read as a router's journal (its server may be running), a file as recorded interactions.

    Raises:
        ConfigError: it cannot be read, is damaged, or holds no interaction.
    """
    if path.name == JOURNAL_FILE:
        raise ConfigError("is the database of a journal", file=path, remedy="Name its directory.")
    log = _read_directory(path) if path.is_dir() else _read_file(path)
    if not log.interactions:
        raise ConfigError("holds no interaction", file=path, remedy="There is nothing to replay.")
    return log


def interactions_of(log: Iterable[Recorded]) -> tuple[RecordedInteraction, ...]:
    """The interactions of an event log with what became of them, in order of arrival: as first queued, and the last accept.

    Customers only: the legs of conversations that were handed on did not arrive, they came out of what did.
    """
    found: dict[InteractionId, RecordedInteraction] = {}
    for recorded in log:
        at, event = recorded.at, recorded.event
        match event:
            case events.InteractionQueued(interaction=interaction) if interaction.leg is None:
                found[interaction.id] = RecordedInteraction(
                    id=interaction.id,
                    arrived_at_ms=at,
                    channel=interaction.channel,
                    type=interaction.type,
                    attributes=interaction.attributes,
                    due_at_ms=interaction.due_at,
                    priority=interaction.priority,
                    customer=interaction.customer_id,
                )
            case events.OfferAccepted() if event.interaction_id in found:
                found[event.interaction_id] = replace(found[event.interaction_id], agent=event.agent_id, answered_at_ms=at)
            case events.HandlingReturned() if event.interaction_id in found:
                found[event.interaction_id] = replace(found[event.interaction_id], agent=None, answered_at_ms=None)
            case events.HandlingEnded() if event.interaction_id in found:
                found[event.interaction_id] = replace(found[event.interaction_id], ended_at_ms=at)
            case events.InteractionEnded() if event.interaction_id in found:
                found[event.interaction_id] = _ended(found[event.interaction_id], at, event.cause)
            case _:
                pass
    return tuple(found.values())


def _ended(interaction: RecordedInteraction, at: Instant, cause: EndCause) -> RecordedInteraction:
    """A conversation ended before its wrap-up did; whoever was not answered ends here."""
    if interaction.ended_at_ms is None:
        return replace(interaction, ended_at_ms=at, outcome=cause.value)
    return replace(interaction, wrap_up_ms=at - interaction.ended_at_ms, outcome=cause.value)


def _read_file(path: Path) -> RecordedLog:
    inferred = ("patience, handling, wrap-up and answering are drawn from the behaviour file: a table of arrivals does not hold them",)
    return RecordedLog(name=path.name, interactions=read_interactions(path), measured=None, inferred=inferred)


def _read_directory(path: Path) -> RecordedLog:
    try:
        with closing(read_journal(path)) as journal:
            log = list(read_events(journal))
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path or path, remedy=error.remedy) from error
    interactions = interactions_of(log)
    return RecordedLog(
        name=path.name,
        interactions=interactions,
        measured=tabulate(facts_of(Ledger().read(log))) if interactions else None,
        inferred=tuple(_not_in_a_journal(log, interactions)),
    )


def _not_in_a_journal(log: list[Recorded], interactions: tuple[RecordedInteraction, ...]) -> Iterable[str]:
    outcomes = Counter(interaction.outcome for interaction in interactions)
    answered, left = outcomes[EndCause.HANDLED.value] + outcomes[EndCause.TRANSFERRED.value], outcomes[EndCause.ABANDONED.value]
    yield (
        f"how long the {answered:,} answered customers would have waited is not in a journal, nor how long the {left:,} who left would "
        f"have been handled: patience, handling, wrap-up and answering of all are drawn from the behaviour file"
    )
    yield "agents and their shifts are those of the roster, not of the journal"
    asked = sum(1 for recorded in log if isinstance(recorded.event, events.InteractionQueued) and _asks_itself(recorded.event))
    if asked:
        yield f"{asked:,} interactions asked for skills or agents of their own, which the replay leaves to the site's rules"
    changed = len({recorded.event.interaction.id for recorded in log if isinstance(recorded.event, events.InteractionUpdated)})
    if changed:
        yield f"{changed:,} interactions were updated while they waited; the replay takes them as they arrived"
    legs = sum(1 for recorded in log if isinstance(recorded.event, events.InteractionQueued) and recorded.event.interaction.leg is not None)
    if legs:
        yield f"{legs:,} legs came out of conversations that were handed on; the replay hands on by the behaviour file's own rules"
    cancelled = outcomes[EndCause.CANCELLED.value]
    if cancelled:
        yield f"{cancelled:,} interactions were cancelled by the platform; the replay has no cancellations"


def _asks_itself(event: events.InteractionQueued) -> bool:
    """Whether an interaction came with wishes of its own; an agent whom the site remembered is none of them."""
    interaction = event.interaction
    wished = [agent_id for agent_id in interaction.preferred_agents or () if agent_id != event.last_agent_id]
    return bool(interaction.requirements or wished or interaction.agent_id is not None or interaction.stay_limit_ms is not None)
