"""The story of a whole conversation: what happened to each of its legs, as far as it concerns who had the customer."""

from collections.abc import Iterable

from routing.core import events
from routing.core.events import Recorded
from routing.model.ids import InteractionId
from routing.store.story import Entry, Story
from routing.store.words import is_about

_TURNS = (
    events.InteractionQueued,
    events.OfferAccepted,
    events.HandlingReturned,
    events.InteractionTransferred,
    events.ConsultStarted,
    events.ConsultEnded,
    events.ConferenceStarted,
    events.ConferenceEnded,
    events.InteractionEnded,
)


def has_legs(story: Story) -> bool:
    """Whether an interaction came out of another one, or another one out of it."""
    came_out = any(isinstance(entry.event, events.InteractionTransferred | events.ConsultStarted) for entry in story.entries)
    return story.interaction.leg is not None or came_out


def tell_conversation(log: Iterable[Recorded], story: Story) -> tuple[tuple[InteractionId, Entry], ...]:
    """The turns of the conversation that the story's interaction is part of, each with its leg, in order."""
    leg = story.interaction.leg
    first = (story.interaction.id, story.arrived_at) if leg is None else (leg.first_id, leg.first_at)
    legs: dict[InteractionId, None] = {}
    turns: list[tuple[InteractionId, Entry]] = []
    for seq, at, request_id, event in log:
        if not isinstance(event, _TURNS):
            continue
        if isinstance(event, events.InteractionQueued):
            leg_id, link = event.interaction.id, event.interaction.leg
            # An id may be used again after its retention: the last arrival under it is the one that counts.
            legs.pop(leg_id, None)
            if first == ((leg_id, at) if link is None else (link.first_id, link.first_at)):
                legs[leg_id] = None
        else:
            leg_id = event.interaction_id
        if leg_id in legs and is_about(event, leg_id):
            turns.append((leg_id, Entry(seq, at, request_id, event)))
    return tuple(turns)
