"""The decisions of a journal as a table: one row for every offer, with why it was made and what became of it.

A journal of production and a saved log of a simulated day are read alike.
"""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl

from routing.config.errors import ConfigError
from routing.core import events
from routing.core.events import Recorded
from routing.model.ids import InteractionId
from routing.model.interaction import Interaction
from routing.model.route import Route
from routing.model.time import Instant
from routing.store.codec import read_events
from routing.store.errors import JournalError
from routing.store.sqlite import read_journal

_TEXTS = ("offer_id", "interaction_id", "channel", "type", "queue", "agent_id")
_SCHEMA: dict[str, pl.DataType] = {
    "at_ms": pl.Int64(),
    **dict.fromkeys(_TEXTS, pl.String()),
    "waited_ms": pl.Int64(),
    "compared": pl.String(),
    "eligible": pl.Int64(),
    "excluded": pl.Int64(),
    "net": pl.Int64(),
    "next_best": pl.String(),
    "next_net": pl.Int64(),
    "tie_break": pl.String(),
    "made_by": pl.String(),
    "policy_hash": pl.String(),
    "outcome": pl.String(),
    "outcome_at_ms": pl.Int64(),
}


def decisions_frame(journal: Path) -> pl.DataFrame:
    """Every offer of a journal's directory, in order.

    `waited_ms` is the true wait when the offer was made. `compared` says who competed (agents, interactions, pairs), `eligible` how many
    were left and `excluded` how many filters took out; `net` is the chosen one's value and `next_best`, `next_net` the runner-up's, null
    where there was none. `outcome` is accepted, declined, expired, withdrawn, or open at the end of the log.

    Raises:
        ConfigError: the journal cannot be read.
    """
    try:
        with closing(read_journal(journal)) as rows:
            return frame_of(read_events(rows))
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path or journal, remedy=error.remedy) from error


def frame_of(log: Iterable[Recorded]) -> pl.DataFrame:
    """The same of an event log."""
    queued: dict[InteractionId, tuple[Instant, Interaction]] = {}
    queue_of: dict[InteractionId, str] = {}
    made: dict[str, dict[str, Any]] = {}
    for recorded in log:
        at, event = recorded.at, recorded.event
        match event:
            case events.InteractionQueued(interaction=interaction, route=route):
                queued[interaction.id] = (at, interaction)
                queue_of[interaction.id] = route.queue_id
            case (
                events.RouteChanged(new=route) | events.RequirementRelaxed(route=route) | events.InteractionDiverted(route=Route() as route)
            ):
                queue_of[event.interaction_id] = route.queue_id
            case events.OfferMade():
                since, interaction = queued[event.interaction_id]
                made[event.offer_id] = _row(at, event, since, interaction, event.queue_id or queue_of[event.interaction_id])
            case events.OfferAccepted() | events.OfferDeclined() | events.OfferExpired() | events.OfferWithdrawn():
                made[event.offer_id] |= {"outcome": type(event).__name__.removeprefix("Offer").lower(), "outcome_at_ms": at}
            case _:
                pass
    return pl.DataFrame(list(made.values()), schema=_SCHEMA)


def _row(at: Instant, event: events.OfferMade, since: Instant, interaction: Interaction, queue: str) -> dict[str, Any]:
    decision = event.decision
    runner_up = decision.best[1] if len(decision.best) > 1 else None
    return {
        "at_ms": at,
        "offer_id": event.offer_id,
        "interaction_id": interaction.id,
        "channel": interaction.channel,
        "type": interaction.type,
        "queue": queue,
        "agent_id": event.agent_id,
        "waited_ms": at - since,
        "compared": decision.compared.value,
        "eligible": decision.eligible,
        "excluded": sum(count for _, count in decision.excluded),
        "net": decision.best[0].net if decision.best else None,
        "next_best": None if runner_up is None else runner_up.id,
        "next_net": None if runner_up is None else runner_up.net,
        "tie_break": decision.tie_break,
        "made_by": decision.made_by,
        "policy_hash": decision.policy_hash,
        "outcome": "open",
        "outcome_at_ms": None,
    }
