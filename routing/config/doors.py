"""The doors of queues as a site file writes them: limits, absent agents, opening hours, and where those go who are not taken."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from routing.config.document import FileModel
from routing.config.values import DurationMs, Identifier, PositiveDurationMs, identifier_fault, refused
from routing.model.admission import AdmissionRule, AgentState, EmptyRule
from routing.model.diversion import REFUSAL, Diversion, DiversionKind
from routing.model.hours import HoursRule

_WRITE: Final = 'Write "refuse", "voicemail", "voicemail:NAME", "self_service", "self_service:NAME" or "queue:NAME".'

Waiting = Annotated[int, Field(ge=1, le=1_000_000)]
AwayState = Literal["offline", "not_ready", "unreachable", "ringing", "busy", "wrap_up"]
LeaveState = Literal["offline", "not_ready", "unreachable", "busy", "wrap_up"]


def _diversion(value: object) -> Diversion:
    kind, _, target = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind not in {member.value for member in DiversionKind}:
        raise refused("is not a place to divert to", _WRITE)
    fault = identifier_fault(target) if target or kind == DiversionKind.QUEUE else None
    if fault is not None or (kind == DiversionKind.REFUSE and target):
        raise refused("names no place to divert to", _WRITE)
    return Diversion(kind=DiversionKind(kind), target=target)


DiversionText = Annotated[Diversion, BeforeValidator(_diversion)]
"""Where work goes that is not taken: "refuse", "voicemail:night", "self_service:menu" or "queue:second"."""


class AdmissionFile(FileModel):
    """The limits of a queue; the first that is reached turns an arrival away."""

    waiting: Waiting | None = None
    shared: bool = False
    waiting_by_channel: dict[Identifier, Waiting] = Field(default_factory=dict)
    estimated_wait: PositiveDurationMs | None = None
    held: PositiveDurationMs | None = None
    otherwise: DiversionText = REFUSAL

    def to_model(self) -> AdmissionRule:
        """The rule as the router takes it."""
        return AdmissionRule(
            waiting_max=self.waiting,
            is_waiting_shared=self.shared,
            waiting_max_by_channel=self.waiting_by_channel or None,
            estimated_wait_max_ms=self.estimated_wait,
            held_max_ms=self.held,
            otherwise=self.otherwise,
        )


class EmptyFile(FileModel):
    """When nobody counts as being there, for those who come and for those who wait."""

    join: tuple[AwayState, ...] = ()
    leave: tuple[LeaveState, ...] = ()
    leave_grace: DurationMs = 0
    otherwise: DiversionText = REFUSAL

    def to_model(self) -> EmptyRule:
        """The rule as the router takes it."""
        return EmptyRule(
            join_states=tuple(AgentState(state) for state in self.join),
            leave_states=tuple(AgentState(state) for state in self.leave),
            leave_grace_ms=self.leave_grace,
            otherwise=self.otherwise,
        )


class HoursFile(FileModel):
    """The calendar by which a queue opens and closes; without a diversion who comes waits, and who waits at closing is served on."""

    calendar: Identifier
    when_closed: DiversionText | None = None
    at_close: DiversionText | None = None

    def to_model(self) -> HoursRule:
        """The rule as the router takes it."""
        return HoursRule(calendar=self.calendar, when_closed=self.when_closed, at_close=self.at_close)
