"""Diversions: where work goes that a queue does not take, or no longer keeps."""

from enum import StrEnum

from routing.model.record import record


class DiversionKind(StrEnum):
    """What becomes of the work."""

    QUEUE = "queue"
    """It goes on in another queue, with its age, if that queue takes it."""
    VOICEMAIL = "voicemail"
    """It ends here and leaves a message."""
    SELF_SERVICE = "self_service"
    """It ends here and goes to a machine."""
    REFUSE = "refuse"
    """It ends here."""


@record(frozen=True, slots=True, kw_only=True)
class Diversion:
    """A kind, and its target: a queue's id, the platform's own name of a mailbox or menu (may be empty), nothing for a refusal."""

    kind: DiversionKind
    target: str = ""


REFUSAL = Diversion(kind=DiversionKind.REFUSE)


class DiversionCause(StrEnum):
    """Why a queue did not take an interaction, or keep it."""

    QUEUE_LENGTH = "queue_length"
    """As many wait as may."""
    CHANNEL_LENGTH = "channel_length"
    """As many wait on this channel as may."""
    ESTIMATED_WAIT = "estimated_wait"
    """The wait it could expect is longer than any may be."""
    TIME_HELD = "time_held"
    """Somebody has been waiting there for longer than the queue may keep anybody before it takes more."""
    NOBODY_THERE = "nobody_there"
    """Every agent who could ever serve it is in a state that counts as not being there."""
    CLOSED = "closed"
    """The queue is closed."""
    CLOSING = "closing"
    """The queue closed while it waited."""
    HOURS_UNKNOWN = "hours_unknown"
    """The queue's calendar does not say whether it is open, or when it will be."""
    ROUTE_STEP = "route_step"
    """A timed step of its route said so."""
