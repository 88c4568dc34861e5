"""The story of one interaction, as its journal tells it."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from routing.core import events
from routing.core.events import Recorded
from routing.model.decision import Candidate, Compared
from routing.model.ids import AgentId, InteractionId, OfferId, RequestId
from routing.model.interaction import EndCause, Interaction
from routing.model.time import Duration, Instant
from routing.store.words import InteractionEvent, is_about

RECENT_IDS_MAX = 2_000
"""Among how many ids, the latest to arrive, the nearest to an unknown one are looked for."""


class Entry(NamedTuple):
    """One event of the story, in its place in the journal."""

    seq: int
    at: Instant
    request_id: RequestId | None
    event: InteractionEvent


class PassedOver(NamedTuple):
    """An agent had room and was offered another interaction, behind which this one came: `chosen` and `own` are what each was worth.

    A record names the few best, so one that came further behind is not told of.
    """

    seq: int
    at: Instant
    agent_id: AgentId
    chosen: Candidate
    own: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An interaction from its arrival on. `entries` is never empty and begins with `InteractionQueued`.

    `passed_over` are the decisions against it, `earlier_seqs` the arrivals of older interactions with the same id: after its retention an
    id may be used again.
    """

    interaction: Interaction
    entries: tuple[Entry, ...]
    passed_over: tuple[PassedOver, ...]
    earlier_seqs: tuple[int, ...]

    @property
    def arrived_at(self) -> Instant:
        """When it was accepted."""
        return self.entries[0].at

    def age_ms(self, entry: Entry | PassedOver) -> Duration:
        """How long after the arrival an entry was recorded."""
        return entry.at - self.arrived_at


class UnknownInteraction(LookupError):  # noqa: N818 - the name says what is wrong
    """The journal does not tell of the interaction. `recent_ids` are the latest to arrive, at most `RECENT_IDS_MAX`."""

    def __init__(self, interaction_id: InteractionId, recent_ids: tuple[InteractionId, ...]) -> None:
        super().__init__(interaction_id)
        self.recent_ids = recent_ids


def tell(log: Iterable[Recorded], interaction_id: InteractionId) -> Story:
    """The story of the last interaction with that id, from a log or from a start of one.

    Raises:
        UnknownInteraction: none with that id arrives in `log`.
    """
    arrivals: list[int] = []
    entries: list[Entry] = []
    passed_over: list[PassedOver] = []
    recent: OrderedDict[InteractionId, None] = OrderedDict()
    for seq, at, request_id, event in log:
        if is_about(event, interaction_id):
            if isinstance(event, events.InteractionQueued):
                arrivals.append(seq)
                entries.clear()
                passed_over.clear()
            entries.append(Entry(seq, at, request_id, event))
        elif isinstance(event, events.OfferMade):
            passed_over.extend(_against(interaction_id, seq, at, event))
        elif isinstance(event, events.InteractionQueued):
            recent[event.interaction.id] = None
            if len(recent) > RECENT_IDS_MAX:
                recent.popitem(last=False)
    if not entries:
        raise UnknownInteraction(interaction_id, tuple(recent))
    return Story(interaction=_latest(entries), entries=tuple(entries), passed_over=tuple(passed_over), earlier_seqs=tuple(arrivals[:-1]))


def _against(interaction_id: InteractionId, seq: int, at: Instant, offer: events.OfferMade) -> Iterator[PassedOver]:
    """The offer of another interaction, where this one was among the best that competed for the agent."""
    decision = offer.decision
    if decision.compared is Compared.INTERACTIONS:
        chosen, *losers = decision.best
        for candidate in losers:
            if candidate.id == interaction_id:
                yield PassedOver(seq, at, offer.agent_id, chosen, candidate)


def _latest(entries: Iterable[Entry]) -> Interaction:
    described = [
        entry.event.interaction
        for entry in entries
        if isinstance(entry.event, events.InteractionQueued | events.InteractionUpdated | events.CallbackRequested)
    ]
    return described[-1]


def status_of(story: Story) -> str:
    """Where the interaction stands after the last entry: waiting, to be called back, offered, handling, held, set aside, in wrap-up, or
    ended and why.
    """
    status = "waiting"
    live: dict[OfferId, None] = {}
    for entry in story.entries:
        match entry.event:
            case events.OfferMade(offer_id=offer_id):
                live[offer_id] = None
            case events.OfferDeclined() | events.OfferExpired() | events.OfferWithdrawn():
                del live[entry.event.offer_id]
            case events.OfferAccepted(offer_id=offer_id):
                del live[offer_id]
                status = "handling"
            case events.HandlingResumed() | events.InterruptionEnded():
                status = "handling"
            case events.HandlingHeld():
                status = "held"
            case events.HandlingInterrupted():
                status = "set aside"
            case events.HandlingEnded():
                status = "wrap-up"
            case events.HandlingReturned():
                status = "waiting"
            case events.CallbackRequested() | events.CallbackAttemptEnded():
                status = "to be called back"
            case events.CallbackReached(agent_id=None):
                status = "waiting"
            case events.InteractionEnded(cause=cause):
                status = f"ended: {cause}"
            case _:
                continue
    return "offered" if status in {"waiting", "to be called back"} and live else status


class Viewpoint(NamedTuple):
    """A place in the journal to look from, at an instant: every event up to `seq` has happened, none after. `offer` is what comes next."""

    seq: int
    at: Instant
    offer: Entry | None


def viewpoint_of(story: Story, end: Viewpoint) -> Viewpoint:
    """From where the candidates are most worth seeing.

    Just before the offer that was accepted, or the last one still open; just before the end of one that left while waiting; else `end`, the
    end of what is looked at.
    """
    offers: dict[OfferId, Viewpoint] = {}
    view = end
    for entry in story.entries:
        match entry.event:
            case events.OfferMade(offer_id=offer_id):
                view = offers[offer_id] = Viewpoint(entry.seq - 1, entry.at, entry)
            case events.OfferAccepted(offer_id=offer_id):
                view = offers[offer_id]
            case (
                events.OfferDeclined()
                | events.OfferExpired()
                | events.OfferWithdrawn()
                | events.HandlingReturned()
                | events.CallbackAttemptEnded()
            ):
                view = end
            case events.InteractionEnded(cause=cause) if cause not in (EndCause.HANDLED, EndCause.TRANSFERRED):
                view = Viewpoint(_seq_before_leaving(story, entry), entry.at, None)
            case _:
                continue
    return view


def _seq_before_leaving(story: Story, end: Entry) -> int:
    """The sequence before the offers that were withdrawn because it left, in the same step as the end itself."""
    seq = end.seq
    for entry in reversed(story.entries[:-1]):
        if entry.seq == seq - 1 and entry.at == end.at and isinstance(entry.event, events.OfferWithdrawn):
            seq = entry.seq
    return seq - 1
