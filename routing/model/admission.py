"""Admission: what a queue asks before it takes an interaction, and what was answered."""

from collections.abc import Mapping
from enum import StrEnum

from routing.model.diversion import REFUSAL, Diversion, DiversionCause
from routing.model.estimate import Estimate
from routing.model.ids import ChannelId
from routing.model.record import record
from routing.model.time import Duration, Instant


@record(frozen=True, slots=True, kw_only=True)
class AdmissionRule:
    """Limits of a queue, each on its own and each optional: the first that is reached turns an arrival away to `otherwise`.

    `waiting_max`: how many may wait; the arrival that finds as many is turned away. Each channel counts by itself unless
    `is_waiting_shared`. `waiting_max_by_channel` replaces it for a channel, and counts that channel only. `estimated_wait_max_ms`: the
    longest wait an arrival may have to expect; an unknown one turns nobody away. `held_max_ms`: the longest that anybody in the queue may
    have waited so far.
    """

    waiting_max: int | None = None
    is_waiting_shared: bool = False
    waiting_max_by_channel: Mapping[ChannelId, int] | None = None
    estimated_wait_max_ms: Duration | None = None
    held_max_ms: Duration | None = None
    otherwise: Diversion = REFUSAL


class AgentState(StrEnum):
    """What keeps an agent from taking one more on a channel; the first that holds, in this order. Without any they could take it now."""

    OFFLINE = "offline"
    NOT_READY = "not_ready"
    UNREACHABLE = "unreachable"
    """Available, but the desktop is gone and its lease runs."""
    RINGING = "ringing"
    """No room, and somebody rings at them."""
    BUSY = "busy"
    """No room, and at least one contact in progress."""
    WRAP_UP = "wrap_up"
    """No room, and nothing but after-contact work."""


@record(frozen=True, slots=True, kw_only=True)
class EmptyRule:
    """When a queue counts as empty of agents for an interaction: every agent who could ever serve it is in one of some states.

    Whoever serves its channel and meets what its route still requires after its last step could serve it; where nobody could, it is empty.
    `join_states`: an arrival is turned away; none turns nobody away. `leave_states`: who waits leaves after `leave_grace_ms` of it;
    none keeps everybody. Both go to `otherwise`.
    """

    join_states: tuple[AgentState, ...] = ()
    leave_states: tuple[AgentState, ...] = ()
    leave_grace_ms: Duration = 0
    otherwise: Diversion = REFUSAL


@record(frozen=True, slots=True, kw_only=True)
class Reception:
    """What an arrival was answered beyond "accepted": why and where it was diverted, what wait it may expect, or when its queue opens."""

    cause: DiversionCause | None = None
    diversion: Diversion | None = None
    estimate: Estimate | None = None
    opens_at: Instant | None = None
