"""A fidelity report in words and as plain data: the verdict, what was compared, and the first difference with its reason."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from routing.core.canonical import plain
from routing.core.commands import Command, Tick
from routing.core.events import OfferMade, Recorded
from routing.model.decision import Candidate, Decision
from routing.model.time import Instant
from routing.store.words import decision_in_words
from simulation.fidelity.check import Divergence, Fidelity

SCHEMA = "careroute/fidelity/1"
_FIELDS_MAX = 12
_TEXT_MAX = 200


def as_document(found: Fidelity) -> dict[str, Any]:
    """The content of `careroute/fidelity/1`."""
    divergence = found.divergence
    return {
        "schema": SCHEMA,
        "log": found.name,
        "verdict": "reproduced" if found.holds else "differs",
        "events": found.events,
        "reproduced": sum(found.reproduced.values()),
        "decisions": found.decisions,
        "by_kind": _sorted(found.reproduced),
        "commands": _sorted(found.commands),
        "requests": {"with_id": found.requests, "proven_by_hash": found.proven, "without_effect_left_out": found.without_effect},
        "sites": found.sites,
        "restarts": found.restarts,
        "older_events": found.older,
        "decisions_of_another_version": found.other_hashes,
        "first_at_ms": found.first_at,
        "last_at_ms": found.last_at,
        "state_digest": found.state_digest,
        "difference": None if divergence is None else _difference_as_plain(divergence),
    }


def as_lines(found: Fidelity) -> Iterator[str]:
    """The report for a terminal."""
    same = f"events came out again as they are in the journal, {found.decisions:,} offers among them"
    total = f"{sum(found.reproduced.values()):,}"
    yield f"{found.name}: all {total} {same}" if found.holds else f"{found.name}: DIFFERS after {total} {same}"
    if found.first_at is not None and found.last_at is not None:
        yield f"from {_clock(found.first_at)} to {_clock(found.last_at)}: {_many(found.sites, 'site')}, {_many(found.restarts, 'restart')}"
    yield f"events: {_counts(found.reproduced)}"
    yield f"commands that were read back from them: {_counts(found.commands)}"
    if found.requests:
        left_out = f"; {found.without_effect:,} changed nothing, cannot be read back and were left out" if found.without_effect else ""
        yield f"of {found.requests:,} requests with an id {found.proven:,} are proven by their hash to be the very ones{left_out}"
    if found.older:
        yield f"{found.older:,} events are of an earlier version and were compared in what it wrote"
    if found.other_hashes:
        yield f"{found.other_hashes:,} offers were decided alike by another version of the policy or of this software"
    yield f"state digest at the end {found.state_digest}"
    yield "not compared: commands that were refused and ticks at which nothing was due, which leave nothing in a journal"
    if found.divergence is not None:
        yield ""
        yield from _difference_in_words(found.divergence)


def _difference_in_words(divergence: Divergence) -> Iterator[str]:
    yield f"The first difference is event {divergence.seq:,} at {_clock(divergence.at)}."
    yield f"  given to the router: {_named(divergence.command)}"
    yield f"  the journal has: {_event_text(divergence.recorded)}"
    yield f"  the router says: {divergence.refusal or _event_text(divergence.replayed)}"
    for line in reasons(divergence):
        yield f"  - {line}"


def reasons(divergence: Divergence) -> Iterator[str]:
    """Why the two differ, as far as their own words tell."""
    recorded, replayed = divergence.recorded, divergence.replayed
    if divergence.refusal:
        yield "the router refuses what it accepted then: a rule of acceptance differs, or a fact before this one is not in the journal"
    elif recorded is None:
        yield "the journal's command ended here, the router goes on: it does more than it did then"
    elif replayed is None:
        yield "nothing that came from outside explains this fact, and by the router's present rules it does not follow"
    elif type(recorded.event) is not type(replayed.event):
        yield "another kind of fact follows: the order or the rules of what follows a command differ"
    else:
        yield from _fields_that_differ(recorded, replayed)
        if isinstance(recorded.event, OfferMade) and isinstance(replayed.event, OfferMade):
            yield from _decisions_that_differ(recorded.event, replayed.event)


def _fields_that_differ(recorded: Recorded, replayed: Recorded) -> Iterator[str]:
    pairs = list(_differing(plain(recorded.event), plain(replayed.event), ""))
    for path, then, now in pairs[:_FIELDS_MAX]:
        yield f"{path}: {_short(then)} in the journal, {_short(now)} from the router"
    if len(pairs) > _FIELDS_MAX:
        yield f"and {len(pairs) - _FIELDS_MAX} more fields"
    if recorded.request_id != replayed.request_id:
        yield f"of request {recorded.request_id} in the journal, of {replayed.request_id} from the router"


def _decisions_that_differ(recorded: OfferMade, replayed: OfferMade) -> Iterator[str]:
    then, now = recorded.decision, replayed.decision
    if (recorded.interaction_id, recorded.agent_id) != (replayed.interaction_id, replayed.agent_id):
        yield f"{recorded.interaction_id} was offered to {recorded.agent_id}; now {replayed.interaction_id} is to {replayed.agent_id}"
    if then.policy_hash != now.policy_hash:
        yield "the policy is another, or of another version of this software: its hash differs"
    for name, count in now.excluded:
        before = dict(then.excluded).get(name)
        if before != count:
            yield f"filter {name} left out {before} then, {count} now"
    yield from _terms_that_differ(then, now)
    yield from (f"then: {line}" for line in decision_in_words(then))
    yield from (f"now:  {line}" for line in decision_in_words(now))


def _terms_that_differ(then: Decision, now: Decision) -> Iterator[str]:
    before: dict[str, Candidate] = {candidate.id: candidate for candidate in then.best}
    for candidate in now.best:
        old = before.get(candidate.id)
        if old is None:
            continue
        for name, value in candidate.terms:
            was = dict(old.terms).get(name)
            if was != value:
                yield f"{candidate.id}: {name} cost {was} then, {value} now"


def _difference_as_plain(divergence: Divergence) -> dict[str, Any]:
    return {
        "seq": divergence.seq,
        "at_ms": divergence.at,
        "at": _clock(divergence.at),
        "command": {"kind": type(divergence.command).__name__, "fields": plain(divergence.command)},
        "recorded": _event_as_plain(divergence.recorded),
        "replayed": _event_as_plain(divergence.replayed),
        "refusal": divergence.refusal or None,
        "reasons": list(reasons(divergence)),
    }


def _event_as_plain(recorded: Recorded | None) -> dict[str, Any] | None:
    if recorded is None:
        return None
    return {"kind": type(recorded.event).__name__, "request_id": recorded.request_id, "fields": plain(recorded.event)}


def _event_text(recorded: Recorded | None) -> str:
    if recorded is None:
        return "nothing"
    return f"{type(recorded.event).__name__} {_short(_without_records(plain(recorded.event)))}"


def _named(command: Command) -> str:
    if isinstance(command, Tick):
        return "the time (Tick)"
    return f"{type(command).__name__} {_short(_without_records(plain(command)))}"


def _without_records(content: object) -> str:
    """The plain fields of a record; what is a record itself is left to the list of what differs."""
    if not isinstance(content, Mapping):
        return str(content)
    return ", ".join(
        f"{name} {value}" for name, value in content.items() if not isinstance(value, Mapping | list) and value not in {None, ""}
    )


def _differing(then: object, now: object, path: str) -> Iterator[tuple[str, object, object]]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*then, *now)):
            yield from _differing(then.get(name), now.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (mine, theirs) in enumerate(zip(then, now, strict=True)):
            yield from _differing(mine, theirs, f"{path}[{index}]")
    elif then != now:
        yield path, then, now


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _TEXT_MAX else f"{text[:_TEXT_MAX]}..."


def _clock(at: Instant) -> str:
    return f"{dt.datetime.fromtimestamp(at / 1_000, dt.UTC):%Y-%m-%d %H:%M:%S}.{at % 1_000:03} UTC"


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) or "none"


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}
