"""An account as text for people and as JSON for machines."""

from collections.abc import Iterator
from typing import Any, Final

from routing.core.canonical import plain
from routing.core.events import OfferMade
from routing.policy.moments import seconds
from routing.policy.told import Shown, told, told_as_json
from routing.store.account import Account, Candidates
from routing.store.story import Entry, PassedOver, status_of
from routing.store.words import decision_in_words, in_words, passed_over_in_words

_INDENT: Final = " " * 10
_AGREES: Final = "recomputed from the journal: the same choice, with the values that the offer recorded"
_DIFFERS: Final = "this differs from what the offer recorded: other offers of the same match, or another release, came between"


def account_as_text(account: Account, shown: Shown, time_of_day: Shown) -> Iterator[str]:
    """The lines of an account; `shown` writes an instant in full, `time_of_day` within a sentence."""
    story = account.story
    interaction = story.interaction
    yield f"{interaction.id}: {status_of(story)} (journal up to sequence {account.as_of_seq})"
    kind = f", type {interaction.type}" if interaction.type else ""
    yield f"  channel {interaction.channel}{kind}, arrived {shown(story.arrived_at)}"
    if interaction.correlation_id:
        yield f"  correlation id {interaction.correlation_id}"
    for seq in story.earlier_seqs:
        yield f"  an earlier interaction with the same id arrived at sequence {seq}"
    yield ""
    happenings: list[Entry | PassedOver] = [*story.entries, *story.passed_over]
    for one in sorted(happenings, key=lambda one: one.seq):
        place = f"{one.seq:>8}  {shown(one.at)}  +{seconds(story.age_ms(one)):<10}"
        if isinstance(one, PassedOver):
            yield f"{place}  {passed_over_in_words(one.agent_id, one.chosen, one.own)}"
            continue
        yield f"{place}  {in_words(one.event, one.at)}"
        if isinstance(one.event, OfferMade):
            yield from (f"{_INDENT}{line}" for line in decision_in_words(one.event.decision))
    yield ""
    yield from _conversation_as_text(account, shown)
    if account.candidates is None:
        yield f"The candidates cannot be recomputed here: {account.no_candidates}"
    else:
        yield from _candidates_as_text(account.candidates, shown, time_of_day)


def _conversation_as_text(account: Account, shown: Shown) -> Iterator[str]:
    if not account.conversation:
        return
    yield "The whole conversation:"
    width = max(len(leg_id) for leg_id, _ in account.conversation)
    for leg_id, turn in account.conversation:
        yield f"{turn.seq:>8}  {shown(turn.at)}  {leg_id:<{width}}  {in_words(turn.event, turn.at)}"
    yield ""


def _candidates_as_text(candidates: Candidates, shown: Shown, time_of_day: Shown) -> Iterator[str]:
    view = candidates.view
    what = f"before offer {view.offer.event.offer_id}" if view.offer is not None and isinstance(view.offer.event, OfferMade) else "then"
    yield f"All agents {what}, after sequence {view.seq} at {shown(view.at)}:"
    if candidates.agrees is not None:
        yield f"{_INDENT}{_AGREES if candidates.agrees else _DIFFERS}"
    yield from (f"{_INDENT}{line}" for line in told(candidates.explanation, time_of_day))


def account_as_json(account: Account) -> dict[str, Any]:
    """The content of `careroute/explain/1` but its schema; instants and durations are integer milliseconds."""
    story = account.story
    return {
        "interaction": plain(story.interaction),
        "status": status_of(story),
        "as_of_seq": account.as_of_seq,
        "arrived_at": story.arrived_at,
        "earlier_seqs": list(story.earlier_seqs),
        "passed_over": [_passed_over_as_json(passed) for passed in story.passed_over],
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
        "conversation": [
            {"seq": turn.seq, "at": turn.at, "interaction_id": leg_id, "text": in_words(turn.event, turn.at)}
            for leg_id, turn in account.conversation
        ],
        "candidates": None if account.candidates is None else _candidates_as_json(account.candidates),
        "no_candidates": account.no_candidates,
    }


def _passed_over_as_json(passed: PassedOver) -> dict[str, Any]:
    text = passed_over_in_words(passed.agent_id, passed.chosen, passed.own)
    names = {"seq": passed.seq, "at": passed.at, "agent_id": passed.agent_id, "text": text}
    return {**names, "chosen": plain(passed.chosen), "own": plain(passed.own)}


def _candidates_as_json(candidates: Candidates) -> dict[str, Any]:
    view, told_whole = candidates.view, told_as_json(candidates.explanation)
    return {
        "after_seq": view.seq,
        "at": view.at,
        "before_offer_seq": None if view.offer is None else view.offer.seq,
        "agrees_with_record": candidates.agrees,
        **{key: told_whole[key] for key in ("summary", "urgency", "route", "standings", "coming")},
    }
