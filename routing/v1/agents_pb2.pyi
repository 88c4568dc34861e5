from routing.v1 import handling_pb2 as _handling_pb2
from routing.v1 import callbacks_pb2 as _callbacks_pb2
from routing.v1 import refusal_pb2 as _refusal_pb2
from routing.v1 import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConnectRequest(_message.Message):
    __slots__ = ("commands",)
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    commands: _containers.RepeatedCompositeFieldContainer[AgentCommand]
    def __init__(self, commands: _Optional[_Iterable[_Union[AgentCommand, _Mapping]]] = ...) -> None: ...

class AgentCommand(_message.Message):
    __slots__ = ("open_session", "close_session", "set_presence", "accept_offer", "decline_offer", "extend_offer", "hold_handling", "resume_handling", "end_handling", "end_wrap_up", "transfer_interaction", "start_consult", "complete_consult", "cancel_consult", "start_conference", "report_callback_attempt")
    OPEN_SESSION_FIELD_NUMBER: _ClassVar[int]
    CLOSE_SESSION_FIELD_NUMBER: _ClassVar[int]
    SET_PRESENCE_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_OFFER_FIELD_NUMBER: _ClassVar[int]
    DECLINE_OFFER_FIELD_NUMBER: _ClassVar[int]
    EXTEND_OFFER_FIELD_NUMBER: _ClassVar[int]
    HOLD_HANDLING_FIELD_NUMBER: _ClassVar[int]
    RESUME_HANDLING_FIELD_NUMBER: _ClassVar[int]
    END_HANDLING_FIELD_NUMBER: _ClassVar[int]
    END_WRAP_UP_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_INTERACTION_FIELD_NUMBER: _ClassVar[int]
    START_CONSULT_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_CONSULT_FIELD_NUMBER: _ClassVar[int]
    CANCEL_CONSULT_FIELD_NUMBER: _ClassVar[int]
    START_CONFERENCE_FIELD_NUMBER: _ClassVar[int]
    REPORT_CALLBACK_ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    open_session: OpenSession
    close_session: CloseSession
    set_presence: SetPresenceRequest
    accept_offer: AcceptOfferRequest
    decline_offer: DeclineOfferRequest
    extend_offer: ExtendOfferRequest
    hold_handling: HoldHandlingRequest
    resume_handling: ResumeHandlingRequest
    end_handling: EndHandlingRequest
    end_wrap_up: EndWrapUpRequest
    transfer_interaction: _handling_pb2.TransferInteractionRequest
    start_consult: _handling_pb2.StartConsultRequest
    complete_consult: _handling_pb2.CompleteConsultRequest
    cancel_consult: _handling_pb2.CancelConsultRequest
    start_conference: _handling_pb2.StartConferenceRequest
    report_callback_attempt: _callbacks_pb2.ReportCallbackAttemptRequest
    def __init__(self, open_session: _Optional[_Union[OpenSession, _Mapping]] = ..., close_session: _Optional[_Union[CloseSession, _Mapping]] = ..., set_presence: _Optional[_Union[SetPresenceRequest, _Mapping]] = ..., accept_offer: _Optional[_Union[AcceptOfferRequest, _Mapping]] = ..., decline_offer: _Optional[_Union[DeclineOfferRequest, _Mapping]] = ..., extend_offer: _Optional[_Union[ExtendOfferRequest, _Mapping]] = ..., hold_handling: _Optional[_Union[HoldHandlingRequest, _Mapping]] = ..., resume_handling: _Optional[_Union[ResumeHandlingRequest, _Mapping]] = ..., end_handling: _Optional[_Union[EndHandlingRequest, _Mapping]] = ..., end_wrap_up: _Optional[_Union[EndWrapUpRequest, _Mapping]] = ..., transfer_interaction: _Optional[_Union[_handling_pb2.TransferInteractionRequest, _Mapping]] = ..., start_consult: _Optional[_Union[_handling_pb2.StartConsultRequest, _Mapping]] = ..., complete_consult: _Optional[_Union[_handling_pb2.CompleteConsultRequest, _Mapping]] = ..., cancel_consult: _Optional[_Union[_handling_pb2.CancelConsultRequest, _Mapping]] = ..., start_conference: _Optional[_Union[_handling_pb2.StartConferenceRequest, _Mapping]] = ..., report_callback_attempt: _Optional[_Union[_callbacks_pb2.ReportCallbackAttemptRequest, _Mapping]] = ...) -> None: ...

class OpenSession(_message.Message):
    __slots__ = ("session_id", "agent_ids")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    agent_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, session_id: _Optional[str] = ..., agent_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class CloseSession(_message.Message):
    __slots__ = ("agent_ids",)
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    agent_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, agent_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ConnectResponse(_message.Message):
    __slots__ = ("events",)
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[AgentEvent]
    def __init__(self, events: _Optional[_Iterable[_Union[AgentEvent, _Mapping]]] = ...) -> None: ...

class AgentEvent(_message.Message):
    __slots__ = ("sequence", "at_ms", "snapshot", "offer_made", "offer_extended", "offer_ended", "work_changed", "presence_changed", "session_replaced", "acknowledged", "refused", "tie_changed")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    OFFER_MADE_FIELD_NUMBER: _ClassVar[int]
    OFFER_EXTENDED_FIELD_NUMBER: _ClassVar[int]
    OFFER_ENDED_FIELD_NUMBER: _ClassVar[int]
    WORK_CHANGED_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    SESSION_REPLACED_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    TIE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    at_ms: int
    snapshot: AgentSnapshot
    offer_made: OfferMade
    offer_extended: OfferExtended
    offer_ended: OfferEnded
    work_changed: WorkChanged
    presence_changed: PresenceChanged
    session_replaced: SessionReplaced
    acknowledged: CommandAcknowledged
    refused: CommandRefused
    tie_changed: TieChanged
    def __init__(self, sequence: _Optional[int] = ..., at_ms: _Optional[int] = ..., snapshot: _Optional[_Union[AgentSnapshot, _Mapping]] = ..., offer_made: _Optional[_Union[OfferMade, _Mapping]] = ..., offer_extended: _Optional[_Union[OfferExtended, _Mapping]] = ..., offer_ended: _Optional[_Union[OfferEnded, _Mapping]] = ..., work_changed: _Optional[_Union[WorkChanged, _Mapping]] = ..., presence_changed: _Optional[_Union[PresenceChanged, _Mapping]] = ..., session_replaced: _Optional[_Union[SessionReplaced, _Mapping]] = ..., acknowledged: _Optional[_Union[CommandAcknowledged, _Mapping]] = ..., refused: _Optional[_Union[CommandRefused, _Mapping]] = ..., tie_changed: _Optional[_Union[TieChanged, _Mapping]] = ...) -> None: ...

class AgentSnapshot(_message.Message):
    __slots__ = ("agent_id", "presence", "reason", "offers", "work")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    WORK_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    presence: _types_pb2.Presence
    reason: str
    offers: _containers.RepeatedCompositeFieldContainer[_types_pb2.Offer]
    work: _containers.RepeatedCompositeFieldContainer[_types_pb2.Work]
    def __init__(self, agent_id: _Optional[str] = ..., presence: _Optional[_Union[_types_pb2.Presence, str]] = ..., reason: _Optional[str] = ..., offers: _Optional[_Iterable[_Union[_types_pb2.Offer, _Mapping]]] = ..., work: _Optional[_Iterable[_Union[_types_pb2.Work, _Mapping]]] = ...) -> None: ...

class OfferMade(_message.Message):
    __slots__ = ("offer",)
    OFFER_FIELD_NUMBER: _ClassVar[int]
    offer: _types_pb2.Offer
    def __init__(self, offer: _Optional[_Union[_types_pb2.Offer, _Mapping]] = ...) -> None: ...

class OfferExtended(_message.Message):
    __slots__ = ("offer_id", "agent_id", "expires_at_ms")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_MS_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    agent_id: str
    expires_at_ms: int
    def __init__(self, offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., expires_at_ms: _Optional[int] = ...) -> None: ...

class OfferEnded(_message.Message):
    __slots__ = ("offer_id", "interaction_id", "agent_id", "outcome", "withdraw_cause")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    WITHDRAW_CAUSE_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    interaction_id: str
    agent_id: str
    outcome: _types_pb2.OfferOutcome
    withdraw_cause: _types_pb2.WithdrawCause
    def __init__(self, offer_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., outcome: _Optional[_Union[_types_pb2.OfferOutcome, str]] = ..., withdraw_cause: _Optional[_Union[_types_pb2.WithdrawCause, str]] = ...) -> None: ...

class WorkChanged(_message.Message):
    __slots__ = ("interaction_id", "agent_id", "phase", "wrap_up_until_ms", "reason")
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    agent_id: str
    phase: _types_pb2.InteractionPhase
    wrap_up_until_ms: int
    reason: str
    def __init__(self, interaction_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., phase: _Optional[_Union[_types_pb2.InteractionPhase, str]] = ..., wrap_up_until_ms: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class TieChanged(_message.Message):
    __slots__ = ("interaction_id", "agent_id", "leg_id", "tie", "partner_id")
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    TIE_FIELD_NUMBER: _ClassVar[int]
    PARTNER_ID_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    agent_id: str
    leg_id: str
    tie: _types_pb2.Tie
    partner_id: str
    def __init__(self, interaction_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., leg_id: _Optional[str] = ..., tie: _Optional[_Union[_types_pb2.Tie, str]] = ..., partner_id: _Optional[str] = ...) -> None: ...

class PresenceChanged(_message.Message):
    __slots__ = ("agent_id", "presence", "reason")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    presence: _types_pb2.Presence
    reason: str
    def __init__(self, agent_id: _Optional[str] = ..., presence: _Optional[_Union[_types_pb2.Presence, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class SessionReplaced(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class CommandAcknowledged(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class CommandRefused(_message.Message):
    __slots__ = ("request_id", "refusal")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    refusal: _refusal_pb2.Refusal
    def __init__(self, request_id: _Optional[str] = ..., refusal: _Optional[_Union[_refusal_pb2.Refusal, _Mapping]] = ...) -> None: ...

class SetPresenceRequest(_message.Message):
    __slots__ = ("request_id", "agent_id", "presence", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_id: str
    presence: _types_pb2.Presence
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., presence: _Optional[_Union[_types_pb2.Presence, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetPresenceResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class AcceptOfferRequest(_message.Message):
    __slots__ = ("request_id", "offer_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    offer_id: str
    def __init__(self, request_id: _Optional[str] = ..., offer_id: _Optional[str] = ...) -> None: ...

class AcceptOfferResponse(_message.Message):
    __slots__ = ("sequence", "interaction_id")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    interaction_id: str
    def __init__(self, sequence: _Optional[int] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class DeclineOfferRequest(_message.Message):
    __slots__ = ("request_id", "offer_id", "reason", "retry_at_ms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_MS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    offer_id: str
    reason: _types_pb2.DeclineReason
    retry_at_ms: int
    def __init__(self, request_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., reason: _Optional[_Union[_types_pb2.DeclineReason, str]] = ..., retry_at_ms: _Optional[int] = ...) -> None: ...

class DeclineOfferResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ExtendOfferRequest(_message.Message):
    __slots__ = ("request_id", "offer_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    offer_id: str
    def __init__(self, request_id: _Optional[str] = ..., offer_id: _Optional[str] = ...) -> None: ...

class ExtendOfferResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class HoldHandlingRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class HoldHandlingResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ResumeHandlingRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class ResumeHandlingResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class EndHandlingRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class EndHandlingResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class EndWrapUpRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class EndWrapUpResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...
