from routing.v1 import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReservationEndCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESERVATION_END_CAUSE_UNSPECIFIED: _ClassVar[ReservationEndCause]
    RESERVATION_END_CAUSE_DUE: _ClassVar[ReservationEndCause]
    RESERVATION_END_CAUSE_AWAY: _ClassVar[ReservationEndCause]
    RESERVATION_END_CAUSE_DECLINED: _ClassVar[ReservationEndCause]

class CallbackProgress(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CALLBACK_PROGRESS_UNSPECIFIED: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_REQUESTED: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_DUE: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_RAISED: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_LAUNCHED: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_REACHED: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_ATTEMPT_ENDED: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_PROMISE_KEPT: _ClassVar[CallbackProgress]
    CALLBACK_PROGRESS_PROMISE_BROKEN: _ClassVar[CallbackProgress]
RESERVATION_END_CAUSE_UNSPECIFIED: ReservationEndCause
RESERVATION_END_CAUSE_DUE: ReservationEndCause
RESERVATION_END_CAUSE_AWAY: ReservationEndCause
RESERVATION_END_CAUSE_DECLINED: ReservationEndCause
CALLBACK_PROGRESS_UNSPECIFIED: CallbackProgress
CALLBACK_PROGRESS_REQUESTED: CallbackProgress
CALLBACK_PROGRESS_DUE: CallbackProgress
CALLBACK_PROGRESS_RAISED: CallbackProgress
CALLBACK_PROGRESS_LAUNCHED: CallbackProgress
CALLBACK_PROGRESS_REACHED: CallbackProgress
CALLBACK_PROGRESS_ATTEMPT_ENDED: CallbackProgress
CALLBACK_PROGRESS_PROMISE_KEPT: CallbackProgress
CALLBACK_PROGRESS_PROMISE_BROKEN: CallbackProgress

class EnqueueInteractionRequest(_message.Message):
    __slots__ = ("request_id", "interaction")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction: _types_pb2.Interaction
    def __init__(self, request_id: _Optional[str] = ..., interaction: _Optional[_Union[_types_pb2.Interaction, _Mapping]] = ...) -> None: ...

class EnqueueInteractionResponse(_message.Message):
    __slots__ = ("sequence", "interaction_id", "enqueued_at_ms", "diversion_cause", "diversion", "estimate", "opens_at_ms")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    ENQUEUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    DIVERSION_CAUSE_FIELD_NUMBER: _ClassVar[int]
    DIVERSION_FIELD_NUMBER: _ClassVar[int]
    ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    OPENS_AT_MS_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    interaction_id: str
    enqueued_at_ms: int
    diversion_cause: _types_pb2.DiversionCause
    diversion: _types_pb2.Diversion
    estimate: _types_pb2.Estimate
    opens_at_ms: int
    def __init__(self, sequence: _Optional[int] = ..., interaction_id: _Optional[str] = ..., enqueued_at_ms: _Optional[int] = ..., diversion_cause: _Optional[_Union[_types_pb2.DiversionCause, str]] = ..., diversion: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ..., estimate: _Optional[_Union[_types_pb2.Estimate, _Mapping]] = ..., opens_at_ms: _Optional[int] = ...) -> None: ...

class UpdateInteractionRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "attributes", "requirements", "credit_ms", "expected_version", "overwrite", "priority")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _types_pb2.AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_types_pb2.AttributeValue, _Mapping]] = ...) -> None: ...
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    CREDIT_MS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OVERWRITE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    attributes: _containers.MessageMap[str, _types_pb2.AttributeValue]
    requirements: RequirementList
    credit_ms: int
    expected_version: int
    overwrite: bool
    priority: int
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., attributes: _Optional[_Mapping[str, _types_pb2.AttributeValue]] = ..., requirements: _Optional[_Union[RequirementList, _Mapping]] = ..., credit_ms: _Optional[int] = ..., expected_version: _Optional[int] = ..., overwrite: _Optional[bool] = ..., priority: _Optional[int] = ...) -> None: ...

class RequirementList(_message.Message):
    __slots__ = ("requirements",)
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    requirements: _containers.RepeatedCompositeFieldContainer[_types_pb2.Requirement]
    def __init__(self, requirements: _Optional[_Iterable[_Union[_types_pb2.Requirement, _Mapping]]] = ...) -> None: ...

class UpdateInteractionResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class AbandonInteractionRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class AbandonInteractionResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class CancelInteractionRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelInteractionResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class FailConnectRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class FailConnectResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class GetInteractionRequest(_message.Message):
    __slots__ = ("interaction_id",)
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    def __init__(self, interaction_id: _Optional[str] = ...) -> None: ...

class GetInteractionResponse(_message.Message):
    __slots__ = ("sequence", "status")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    status: InteractionStatus
    def __init__(self, sequence: _Optional[int] = ..., status: _Optional[_Union[InteractionStatus, _Mapping]] = ...) -> None: ...

class InteractionStatus(_message.Message):
    __slots__ = ("interaction_id", "phase", "interaction", "version", "queue_id", "enqueued_at_ms", "offered_agent_ids", "agent_id", "cause", "ended_at_ms", "estimate", "opens_at_ms", "reserved_agent_ids", "reserved_until_ms", "place_with_agent", "stays_until_ms", "leg_id", "tie", "conversation", "callback")
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    ENQUEUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    OFFERED_AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    OPENS_AT_MS_FIELD_NUMBER: _ClassVar[int]
    RESERVED_AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    RESERVED_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    PLACE_WITH_AGENT_FIELD_NUMBER: _ClassVar[int]
    STAYS_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    TIE_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    phase: _types_pb2.InteractionPhase
    interaction: _types_pb2.Interaction
    version: int
    queue_id: str
    enqueued_at_ms: int
    offered_agent_ids: _containers.RepeatedScalarFieldContainer[str]
    agent_id: str
    cause: _types_pb2.EndCause
    ended_at_ms: int
    estimate: _types_pb2.Estimate
    opens_at_ms: int
    reserved_agent_ids: _containers.RepeatedScalarFieldContainer[str]
    reserved_until_ms: int
    place_with_agent: int
    stays_until_ms: int
    leg_id: str
    tie: _types_pb2.Tie
    conversation: _containers.RepeatedCompositeFieldContainer[ConversationLeg]
    callback: _types_pb2.Callback
    def __init__(self, interaction_id: _Optional[str] = ..., phase: _Optional[_Union[_types_pb2.InteractionPhase, str]] = ..., interaction: _Optional[_Union[_types_pb2.Interaction, _Mapping]] = ..., version: _Optional[int] = ..., queue_id: _Optional[str] = ..., enqueued_at_ms: _Optional[int] = ..., offered_agent_ids: _Optional[_Iterable[str]] = ..., agent_id: _Optional[str] = ..., cause: _Optional[_Union[_types_pb2.EndCause, str]] = ..., ended_at_ms: _Optional[int] = ..., estimate: _Optional[_Union[_types_pb2.Estimate, _Mapping]] = ..., opens_at_ms: _Optional[int] = ..., reserved_agent_ids: _Optional[_Iterable[str]] = ..., reserved_until_ms: _Optional[int] = ..., place_with_agent: _Optional[int] = ..., stays_until_ms: _Optional[int] = ..., leg_id: _Optional[str] = ..., tie: _Optional[_Union[_types_pb2.Tie, str]] = ..., conversation: _Optional[_Iterable[_Union[ConversationLeg, _Mapping]]] = ..., callback: _Optional[_Union[_types_pb2.Callback, _Mapping]] = ...) -> None: ...

class ConversationLeg(_message.Message):
    __slots__ = ("interaction_id", "phase", "agent_id", "cause")
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    phase: _types_pb2.InteractionPhase
    agent_id: str
    cause: _types_pb2.EndCause
    def __init__(self, interaction_id: _Optional[str] = ..., phase: _Optional[_Union[_types_pb2.InteractionPhase, str]] = ..., agent_id: _Optional[str] = ..., cause: _Optional[_Union[_types_pb2.EndCause, str]] = ...) -> None: ...

class WatchInteractionsRequest(_message.Message):
    __slots__ = ("cursor", "interaction_ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: int
    interaction_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[int] = ..., interaction_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class WatchInteractionsResponse(_message.Message):
    __slots__ = ("cursor", "events")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    cursor: int
    events: _containers.RepeatedCompositeFieldContainer[InteractionEvent]
    def __init__(self, cursor: _Optional[int] = ..., events: _Optional[_Iterable[_Union[InteractionEvent, _Mapping]]] = ...) -> None: ...

class WatchEstimatesRequest(_message.Message):
    __slots__ = ("interaction_ids",)
    INTERACTION_IDS_FIELD_NUMBER: _ClassVar[int]
    interaction_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, interaction_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class WatchEstimatesResponse(_message.Message):
    __slots__ = ("updates",)
    UPDATES_FIELD_NUMBER: _ClassVar[int]
    updates: _containers.RepeatedCompositeFieldContainer[EstimateUpdate]
    def __init__(self, updates: _Optional[_Iterable[_Union[EstimateUpdate, _Mapping]]] = ...) -> None: ...

class EstimateUpdate(_message.Message):
    __slots__ = ("interaction_id", "at_ms", "estimate")
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    at_ms: int
    estimate: _types_pb2.Estimate
    def __init__(self, interaction_id: _Optional[str] = ..., at_ms: _Optional[int] = ..., estimate: _Optional[_Union[_types_pb2.Estimate, _Mapping]] = ...) -> None: ...

class InteractionEvent(_message.Message):
    __slots__ = ("sequence", "at_ms", "interaction_id", "queued", "updated", "rerouted", "offered", "offer_ended", "held", "resumed", "returned", "handling_ended", "ended", "diverted", "transferred", "consult_started", "consult_ended", "conference_started", "conference_ended", "released", "callback", "set_aside")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    UPDATED_FIELD_NUMBER: _ClassVar[int]
    REROUTED_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    OFFER_ENDED_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    HANDLING_ENDED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    DIVERTED_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_FIELD_NUMBER: _ClassVar[int]
    CONSULT_STARTED_FIELD_NUMBER: _ClassVar[int]
    CONSULT_ENDED_FIELD_NUMBER: _ClassVar[int]
    CONFERENCE_STARTED_FIELD_NUMBER: _ClassVar[int]
    CONFERENCE_ENDED_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_FIELD_NUMBER: _ClassVar[int]
    SET_ASIDE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    at_ms: int
    interaction_id: str
    queued: InteractionQueued
    updated: InteractionUpdated
    rerouted: InteractionRerouted
    offered: InteractionOffered
    offer_ended: InteractionOfferEnded
    held: InteractionHeld
    resumed: InteractionResumed
    returned: InteractionReturned
    handling_ended: InteractionHandlingEnded
    ended: InteractionEnded
    diverted: InteractionDiverted
    transferred: InteractionTransferred
    consult_started: InteractionConsultStarted
    consult_ended: InteractionConsultEnded
    conference_started: InteractionConferenceStarted
    conference_ended: InteractionConferenceEnded
    released: InteractionReleased
    callback: InteractionCallback
    set_aside: InteractionSetAside
    def __init__(self, sequence: _Optional[int] = ..., at_ms: _Optional[int] = ..., interaction_id: _Optional[str] = ..., queued: _Optional[_Union[InteractionQueued, _Mapping]] = ..., updated: _Optional[_Union[InteractionUpdated, _Mapping]] = ..., rerouted: _Optional[_Union[InteractionRerouted, _Mapping]] = ..., offered: _Optional[_Union[InteractionOffered, _Mapping]] = ..., offer_ended: _Optional[_Union[InteractionOfferEnded, _Mapping]] = ..., held: _Optional[_Union[InteractionHeld, _Mapping]] = ..., resumed: _Optional[_Union[InteractionResumed, _Mapping]] = ..., returned: _Optional[_Union[InteractionReturned, _Mapping]] = ..., handling_ended: _Optional[_Union[InteractionHandlingEnded, _Mapping]] = ..., ended: _Optional[_Union[InteractionEnded, _Mapping]] = ..., diverted: _Optional[_Union[InteractionDiverted, _Mapping]] = ..., transferred: _Optional[_Union[InteractionTransferred, _Mapping]] = ..., consult_started: _Optional[_Union[InteractionConsultStarted, _Mapping]] = ..., consult_ended: _Optional[_Union[InteractionConsultEnded, _Mapping]] = ..., conference_started: _Optional[_Union[InteractionConferenceStarted, _Mapping]] = ..., conference_ended: _Optional[_Union[InteractionConferenceEnded, _Mapping]] = ..., released: _Optional[_Union[InteractionReleased, _Mapping]] = ..., callback: _Optional[_Union[InteractionCallback, _Mapping]] = ..., set_aside: _Optional[_Union[InteractionSetAside, _Mapping]] = ...) -> None: ...

class InteractionQueued(_message.Message):
    __slots__ = ("channel", "type", "correlation_id", "queue_id", "rule", "leg", "reserved_agent_ids", "last_agent_id", "kept_place_ms")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    RESERVED_AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    LAST_AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    KEPT_PLACE_MS_FIELD_NUMBER: _ClassVar[int]
    channel: str
    type: str
    correlation_id: str
    queue_id: str
    rule: str
    leg: _types_pb2.Leg
    reserved_agent_ids: _containers.RepeatedScalarFieldContainer[str]
    last_agent_id: str
    kept_place_ms: int
    def __init__(self, channel: _Optional[str] = ..., type: _Optional[str] = ..., correlation_id: _Optional[str] = ..., queue_id: _Optional[str] = ..., rule: _Optional[str] = ..., leg: _Optional[_Union[_types_pb2.Leg, _Mapping]] = ..., reserved_agent_ids: _Optional[_Iterable[str]] = ..., last_agent_id: _Optional[str] = ..., kept_place_ms: _Optional[int] = ...) -> None: ...

class InteractionReleased(_message.Message):
    __slots__ = ("cause",)
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    cause: ReservationEndCause
    def __init__(self, cause: _Optional[_Union[ReservationEndCause, str]] = ...) -> None: ...

class InteractionUpdated(_message.Message):
    __slots__ = ("correlation_id",)
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    def __init__(self, correlation_id: _Optional[str] = ...) -> None: ...

class InteractionRerouted(_message.Message):
    __slots__ = ("queue_id", "rule", "is_relaxation", "step_cause")
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    IS_RELAXATION_FIELD_NUMBER: _ClassVar[int]
    STEP_CAUSE_FIELD_NUMBER: _ClassVar[int]
    queue_id: str
    rule: str
    is_relaxation: bool
    step_cause: _types_pb2.StepCause
    def __init__(self, queue_id: _Optional[str] = ..., rule: _Optional[str] = ..., is_relaxation: _Optional[bool] = ..., step_cause: _Optional[_Union[_types_pb2.StepCause, str]] = ...) -> None: ...

class InteractionOffered(_message.Message):
    __slots__ = ("offer_id", "agent_id", "expires_at_ms", "queue_id")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_MS_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    agent_id: str
    expires_at_ms: int
    queue_id: str
    def __init__(self, offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., expires_at_ms: _Optional[int] = ..., queue_id: _Optional[str] = ...) -> None: ...

class InteractionOfferEnded(_message.Message):
    __slots__ = ("offer_id", "agent_id", "outcome", "withdraw_cause")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    WITHDRAW_CAUSE_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    agent_id: str
    outcome: _types_pb2.OfferOutcome
    withdraw_cause: _types_pb2.WithdrawCause
    def __init__(self, offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., outcome: _Optional[_Union[_types_pb2.OfferOutcome, str]] = ..., withdraw_cause: _Optional[_Union[_types_pb2.WithdrawCause, str]] = ...) -> None: ...

class InteractionHeld(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class InteractionResumed(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class InteractionReturned(_message.Message):
    __slots__ = ("agent_id", "cause", "reason")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    cause: _types_pb2.ReturnCause
    reason: str
    def __init__(self, agent_id: _Optional[str] = ..., cause: _Optional[_Union[_types_pb2.ReturnCause, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class InteractionHandlingEnded(_message.Message):
    __slots__ = ("agent_id", "wrap_up_until_ms")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    wrap_up_until_ms: int
    def __init__(self, agent_id: _Optional[str] = ..., wrap_up_until_ms: _Optional[int] = ...) -> None: ...

class InteractionDiverted(_message.Message):
    __slots__ = ("queue_id", "cause", "diversion")
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    DIVERSION_FIELD_NUMBER: _ClassVar[int]
    queue_id: str
    cause: _types_pb2.DiversionCause
    diversion: _types_pb2.Diversion
    def __init__(self, queue_id: _Optional[str] = ..., cause: _Optional[_Union[_types_pb2.DiversionCause, str]] = ..., diversion: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ...) -> None: ...

class InteractionEnded(_message.Message):
    __slots__ = ("cause", "agent_id", "reason")
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    cause: _types_pb2.EndCause
    agent_id: str
    reason: str
    def __init__(self, cause: _Optional[_Union[_types_pb2.EndCause, str]] = ..., agent_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class InteractionTransferred(_message.Message):
    __slots__ = ("agent_id", "leg_id", "kind")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    leg_id: str
    kind: _types_pb2.TransferKind
    def __init__(self, agent_id: _Optional[str] = ..., leg_id: _Optional[str] = ..., kind: _Optional[_Union[_types_pb2.TransferKind, str]] = ...) -> None: ...

class InteractionConsultStarted(_message.Message):
    __slots__ = ("agent_id", "leg_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    leg_id: str
    def __init__(self, agent_id: _Optional[str] = ..., leg_id: _Optional[str] = ...) -> None: ...

class InteractionConsultEnded(_message.Message):
    __slots__ = ("agent_id", "leg_id", "cause")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    leg_id: str
    cause: _types_pb2.ConsultEndCause
    def __init__(self, agent_id: _Optional[str] = ..., leg_id: _Optional[str] = ..., cause: _Optional[_Union[_types_pb2.ConsultEndCause, str]] = ...) -> None: ...

class InteractionConferenceStarted(_message.Message):
    __slots__ = ("agent_id", "leg_id", "partner_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    PARTNER_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    leg_id: str
    partner_id: str
    def __init__(self, agent_id: _Optional[str] = ..., leg_id: _Optional[str] = ..., partner_id: _Optional[str] = ...) -> None: ...

class InteractionConferenceEnded(_message.Message):
    __slots__ = ("agent_id", "leg_id", "partner_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    PARTNER_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    leg_id: str
    partner_id: str
    def __init__(self, agent_id: _Optional[str] = ..., leg_id: _Optional[str] = ..., partner_id: _Optional[str] = ...) -> None: ...

class InteractionCallback(_message.Message):
    __slots__ = ("progress", "kind", "channel", "agent_id", "attempt", "outcome", "until_ms", "promised_at_ms")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    progress: CallbackProgress
    kind: _types_pb2.CallbackKind
    channel: str
    agent_id: str
    attempt: int
    outcome: _types_pb2.CallbackOutcome
    until_ms: int
    promised_at_ms: int
    def __init__(self, progress: _Optional[_Union[CallbackProgress, str]] = ..., kind: _Optional[_Union[_types_pb2.CallbackKind, str]] = ..., channel: _Optional[str] = ..., agent_id: _Optional[str] = ..., attempt: _Optional[int] = ..., outcome: _Optional[_Union[_types_pb2.CallbackOutcome, str]] = ..., until_ms: _Optional[int] = ..., promised_at_ms: _Optional[int] = ...) -> None: ...

class InteractionSetAside(_message.Message):
    __slots__ = ("agent_id", "by_interaction_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    BY_INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    by_interaction_id: str
    def __init__(self, agent_id: _Optional[str] = ..., by_interaction_id: _Optional[str] = ...) -> None: ...
