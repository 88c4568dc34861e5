"""An account as text for people and as JSON for machines."""

from collections.abc import Callable, Iterator
from typing import Any

from routing.core.canonical import plain
from routing.core.events import OfferMade
from routing.model.time import Instant
from routing.policy.explain import Standing
from routing.store.account import Account, Candidates
from routing.store.story import status_of
from routing.store.words import decision_in_words, in_words, seconds

_INDENT = " " * 10


def account_as_text(account: Account, shown: Callable[[Instant], str]) -> Iterator[str]:
    """The lines of an account; `shown` writes an instant."""
    story = account.story
    interaction = story.interaction
    yield f"{interaction.id}: {status_of(story)} (journal up to sequence {account.as_of_seq})"
    yield f"  channel {interaction.channel}, type {interaction.type}, arrived {shown(story.arrived_at)}"
    if interaction.correlation_id:
        yield f"  correlation id {interaction.correlation_id}"
    for seq in story.earlier_seqs:
        yield f"  an earlier interaction with the same id arrived at sequence {seq}"
    yield ""
    for entry in story.entries:
        since = seconds(story.age_ms(entry))
        yield f"{entry.seq:>8}  {shown(entry.at)}  +{since:<10}  {in_words(entry.event, entry.at)}"
        if isinstance(entry.event, OfferMade):
            yield from (f"{_INDENT}{line}" for line in decision_in_words(entry.event.decision))
    yield ""
    if account.candidates is None:
        yield f"The candidates cannot be recomputed here: {account.no_candidates}"
    else:
        yield from _candidates_as_text(account.candidates, shown)


def _candidates_as_text(candidates: Candidates, shown: Callable[[Instant], str]) -> Iterator[str]:
    explanation, view = candidates.explanation, candidates.view
    what = f"before offer {view.offer.event.offer_id}" if view.offer is not None and isinstance(view.offer.event, OfferMade) else "then"
    yield f"All agents {what}, after sequence {view.seq} at {shown(view.at)}:"
    yield f"{_INDENT}{explanation.summary}; price of waiting {explanation.urgency:,} ms"
    if candidates.agrees is False:
        yield f"{_INDENT}this differs from what the offer recorded: other offers of the same match, or another release, came between"
    width = max((len(standing.agent_id) for standing in explanation.standings), default=0)
    for standing in explanation.standings:
        yield f"{_INDENT}{standing.agent_id:<{width}}  {_standing_in_words(standing)}"


def _standing_in_words(standing: Standing) -> str:
    if standing.excluded_by:
        return f"out by {standing.excluded_by}: {standing.remedy}"
    cost = ", ".join(f"{name} {value:,}" for name, value in standing.terms) or "no cost"
    return f"net {standing.net:,} ({cost})"


def account_as_json(account: Account) -> dict[str, Any]:
    """The content of `careroute/explain/1` but its schema; instants and durations are integer milliseconds."""
    story = account.story
    return {
        "interaction": plain(story.interaction),
        "status": status_of(story),
        "as_of_seq": account.as_of_seq,
        "arrived_at": story.arrived_at,
        "earlier_seqs": list(story.earlier_seqs),
        "story": [
            {
                "seq": entry.seq,
                "at": entry.at,
                "since_arrival_ms": story.age_ms(entry),
                "request_id": entry.request_id,
                "event": type(entry.event).__name__,
                "text": in_words(entry.event, entry.at),
                "fields": plain(entry.event),
            }
            for entry in story.entries
        ],
        "candidates": None if account.candidates is None else _candidates_as_json(account.candidates),
        "no_candidates": account.no_candidates,
    }


def _candidates_as_json(candidates: Candidates) -> dict[str, Any]:
    view, explanation = candidates.view, candidates.explanation
    return {
        "after_seq": view.seq,
        "at": view.at,
        "before_offer_seq": None if view.offer is None else view.offer.seq,
        "agrees_with_record": candidates.agrees,
        "summary": explanation.summary,
        "urgency": explanation.urgency,
        "route": plain(explanation.route),
        "standings": [plain(standing) for standing in explanation.standings],
    }
