"""The lives of an interaction and of an offer, as literal tables.

An interaction waits (with any number of live offers), is handled (perhaps held, perhaps set aside for another), is wrapped up, and has
ended. There is no "offered" state: an offer has a life of its own beside the interaction that it belongs to. A transfer or a consultation
makes another interaction, the next leg, with a life of its own; the facts about the tie between the two stand in the life of the earlier
one. `evolve` looks every
transition up here, `decide` refuses what the tables do not contain, and the published diagrams are drawn from them; nothing else in the
project knows which event may follow which.
"""

from enum import StrEnum

from routing.core import events
from routing.core.events import Event


class InteractionPhase(StrEnum):
    """Where an interaction stands."""

    NEW = "new"
    WAITING = "waiting"
    HANDLING = "handling"
    HELD = "held"
    INTERRUPTED = "interrupted"
    WRAP_UP = "wrap_up"
    ENDED = "ended"


class OfferPhase(StrEnum):
    """Where an offer stands; only live and accepting ones keep a lease on capacity."""

    NEW = "new"
    LIVE = "live"
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


INTERACTION_LIFECYCLE: dict[tuple[InteractionPhase, type[Event]], InteractionPhase] = {
    (InteractionPhase.NEW, events.InteractionQueued): InteractionPhase.WAITING,
    (InteractionPhase.WAITING, events.OfferAccepted): InteractionPhase.HANDLING,
    (InteractionPhase.WAITING, events.InteractionEnded): InteractionPhase.ENDED,
    (InteractionPhase.HANDLING, events.HandlingHeld): InteractionPhase.HELD,
    (InteractionPhase.HANDLING, events.HandlingInterrupted): InteractionPhase.INTERRUPTED,
    (InteractionPhase.HANDLING, events.HandlingReturned): InteractionPhase.WAITING,
    (InteractionPhase.HANDLING, events.HandlingEnded): InteractionPhase.WRAP_UP,
    (InteractionPhase.HANDLING, events.ConsultStarted): InteractionPhase.HELD,
    (InteractionPhase.HANDLING, events.ConsultEnded): InteractionPhase.HANDLING,
    (InteractionPhase.HANDLING, events.ConferenceStarted): InteractionPhase.HANDLING,
    (InteractionPhase.HANDLING, events.ConferenceEnded): InteractionPhase.HANDLING,
    (InteractionPhase.HANDLING, events.InteractionTransferred): InteractionPhase.HANDLING,
    (InteractionPhase.HELD, events.HandlingResumed): InteractionPhase.HANDLING,
    (InteractionPhase.HELD, events.HandlingInterrupted): InteractionPhase.INTERRUPTED,
    (InteractionPhase.HELD, events.HandlingReturned): InteractionPhase.WAITING,
    (InteractionPhase.HELD, events.HandlingEnded): InteractionPhase.WRAP_UP,
    (InteractionPhase.HELD, events.ConsultStarted): InteractionPhase.HELD,
    (InteractionPhase.HELD, events.ConsultEnded): InteractionPhase.HANDLING,
    (InteractionPhase.HELD, events.ConferenceStarted): InteractionPhase.HANDLING,
    (InteractionPhase.HELD, events.ConferenceEnded): InteractionPhase.HELD,
    (InteractionPhase.HELD, events.InteractionTransferred): InteractionPhase.HELD,
    (InteractionPhase.WAITING, events.CallbackAttemptEnded): InteractionPhase.WAITING,
    (InteractionPhase.HANDLING, events.CallbackAttemptEnded): InteractionPhase.WAITING,
    (InteractionPhase.HELD, events.CallbackAttemptEnded): InteractionPhase.WAITING,
    (InteractionPhase.INTERRUPTED, events.InterruptionEnded): InteractionPhase.HANDLING,
    (InteractionPhase.INTERRUPTED, events.HandlingReturned): InteractionPhase.WAITING,
    (InteractionPhase.INTERRUPTED, events.HandlingEnded): InteractionPhase.WRAP_UP,
    (InteractionPhase.WRAP_UP, events.InteractionEnded): InteractionPhase.ENDED,
}

OFFER_LIFECYCLE: dict[tuple[OfferPhase, type[Event]], OfferPhase] = {
    (OfferPhase.NEW, events.OfferMade): OfferPhase.LIVE,
    (OfferPhase.LIVE, events.OfferExtended): OfferPhase.ACCEPTING,
    (OfferPhase.LIVE, events.OfferAccepted): OfferPhase.ACCEPTED,
    (OfferPhase.LIVE, events.OfferDeclined): OfferPhase.DECLINED,
    (OfferPhase.LIVE, events.OfferExpired): OfferPhase.EXPIRED,
    (OfferPhase.LIVE, events.OfferWithdrawn): OfferPhase.WITHDRAWN,
    (OfferPhase.ACCEPTING, events.OfferAccepted): OfferPhase.ACCEPTED,
    (OfferPhase.ACCEPTING, events.OfferDeclined): OfferPhase.DECLINED,
    (OfferPhase.ACCEPTING, events.OfferExpired): OfferPhase.EXPIRED,
    (OfferPhase.ACCEPTING, events.OfferWithdrawn): OfferPhase.WITHDRAWN,
}


def diagram() -> str:
    """Both lifecycles as Mermaid state diagrams, drawn from the tables."""
    return "\n\n".join((_mermaid(INTERACTION_LIFECYCLE), _mermaid(OFFER_LIFECYCLE)))


def _mermaid(table: dict[tuple[InteractionPhase, type[Event]], InteractionPhase] | dict[tuple[OfferPhase, type[Event]], OfferPhase]) -> str:
    sources = {before for before, _ in table}
    lines = ["```mermaid", "stateDiagram-v2"]
    for (before, event), after in table.items():
        origin = "[*]" if before == "new" else before.value
        lines.append(f"    {origin} --> {after.value}: {event.__name__}")
    lines += [f"    {after.value} --> [*]" for after in dict.fromkeys(table.values()) if after not in sources]
    return "\n".join([*lines, "```"])
