"""Call-backs: a customer hangs up and is rung up later, without losing the place in the line."""

from enum import StrEnum
from typing import Final

from routing.model.record import record
from routing.model.time import MINUTE_MS, Duration


class CallbackKind(StrEnum):
    """Who is on the line first."""

    AGENT_FIRST = "agent_first"
    """The call-back is offered like any work; whoever accepts it rings the customer up."""
    CUSTOMER_FIRST = "customer_first"
    """An agent is reserved, the customer is rung up, and talks to that agent the moment they answer."""


class CallbackStage(StrEnum):
    """How far a call-back has come."""

    DEFERRED = "deferred"
    """Not to be called yet: before the wished instant, or between two attempts."""
    READY = "ready"
    """In the line for an agent."""
    CALLING = "calling"
    """An attempt to reach the customer is running."""
    REACHED = "reached"
    """The customer answered: from here on it is an interaction like any other."""


class CallbackOutcome(StrEnum):
    """How an attempt to reach the customer ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    """Nobody reported within the queue's answer timeout."""


class Promise(StrEnum):
    """What became of the promise to call by an instant."""

    NONE = "none"
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@record(frozen=True, slots=True, kw_only=True)
class CallbackRule:
    """The numbers for the call-backs of a queue.

    `attempts_max`: how often a customer is tried before the call-back ends as unreached; 0: the queue takes no call-backs. `spacing_ms`
    lies between the end of an attempt and the next. `answer_timeout_ms` (1 or more) ends an attempt with an agent in
    reserve that nobody reports on; an agent who rings the customer up says how it ended.
    `promise_lead_ms` before a promised instant a call-back that was not tried yet rises to `promise_class_rank`, where one is given.
    """

    attempts_max: int = 0
    spacing_ms: Duration = 15 * MINUTE_MS
    answer_timeout_ms: Duration = 1 * MINUTE_MS
    promise_lead_ms: Duration = 5 * MINUTE_MS
    promise_class_rank: int | None = None


NO_CALLBACKS: Final = CallbackRule()
"""The rule of a queue that takes none; one that is moved there while it runs gets no further attempt."""
