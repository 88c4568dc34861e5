from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RequirementOperator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REQUIREMENT_OPERATOR_UNSPECIFIED: _ClassVar[RequirementOperator]
    REQUIREMENT_OPERATOR_AT_LEAST: _ClassVar[RequirementOperator]
    REQUIREMENT_OPERATOR_AT_MOST: _ClassVar[RequirementOperator]
    REQUIREMENT_OPERATOR_EQUAL: _ClassVar[RequirementOperator]
    REQUIREMENT_OPERATOR_NOT_EQUAL: _ClassVar[RequirementOperator]

class RequirementKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REQUIREMENT_KIND_UNSPECIFIED: _ClassVar[RequirementKind]
    REQUIREMENT_KIND_MUST: _ClassVar[RequirementKind]
    REQUIREMENT_KIND_EXPIRING: _ClassVar[RequirementKind]
    REQUIREMENT_KIND_PREFER: _ClassVar[RequirementKind]

class TransferKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRANSFER_KIND_UNSPECIFIED: _ClassVar[TransferKind]
    TRANSFER_KIND_BLIND: _ClassVar[TransferKind]
    TRANSFER_KIND_CONSULT: _ClassVar[TransferKind]
    TRANSFER_KIND_CONFERENCE: _ClassVar[TransferKind]

class Tie(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIE_UNSPECIFIED: _ClassVar[Tie]
    TIE_CONSULT: _ClassVar[Tie]
    TIE_CONFERENCE: _ClassVar[Tie]
    TIE_TRANSFERRED: _ClassVar[Tie]

class ConsultEndCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSULT_END_CAUSE_UNSPECIFIED: _ClassVar[ConsultEndCause]
    CONSULT_END_CAUSE_CANCELLED: _ClassVar[ConsultEndCause]
    CONSULT_END_CAUSE_LEG_OVER: _ClassVar[ConsultEndCause]
    CONSULT_END_CAUSE_PARENT_OVER: _ClassVar[ConsultEndCause]

class Barred(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BARRED_UNSPECIFIED: _ClassVar[Barred]
    BARRED_LAST_AGENT: _ClassVar[Barred]
    BARRED_EARLIER_AGENTS: _ClassVar[Barred]
    BARRED_NOBODY: _ClassVar[Barred]

class InteractionPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTERACTION_PHASE_UNSPECIFIED: _ClassVar[InteractionPhase]
    INTERACTION_PHASE_WAITING: _ClassVar[InteractionPhase]
    INTERACTION_PHASE_HANDLING: _ClassVar[InteractionPhase]
    INTERACTION_PHASE_HELD: _ClassVar[InteractionPhase]
    INTERACTION_PHASE_WRAP_UP: _ClassVar[InteractionPhase]
    INTERACTION_PHASE_ENDED: _ClassVar[InteractionPhase]
    INTERACTION_PHASE_INTERRUPTED: _ClassVar[InteractionPhase]

class DiversionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIVERSION_KIND_UNSPECIFIED: _ClassVar[DiversionKind]
    DIVERSION_KIND_QUEUE: _ClassVar[DiversionKind]
    DIVERSION_KIND_VOICEMAIL: _ClassVar[DiversionKind]
    DIVERSION_KIND_SELF_SERVICE: _ClassVar[DiversionKind]
    DIVERSION_KIND_REFUSE: _ClassVar[DiversionKind]

class DiversionCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIVERSION_CAUSE_UNSPECIFIED: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_QUEUE_LENGTH: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_CHANNEL_LENGTH: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_ESTIMATED_WAIT: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_TIME_HELD: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_NOBODY_THERE: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_CLOSED: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_CLOSING: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_HOURS_UNKNOWN: _ClassVar[DiversionCause]
    DIVERSION_CAUSE_ROUTE_STEP: _ClassVar[DiversionCause]

class EstimateMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ESTIMATE_METHOD_UNSPECIFIED: _ClassVar[EstimateMethod]
    ESTIMATE_METHOD_PLACE_PACE: _ClassVar[EstimateMethod]
    ESTIMATE_METHOD_HOLD_EMA: _ClassVar[EstimateMethod]

class EndCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    END_CAUSE_UNSPECIFIED: _ClassVar[EndCause]
    END_CAUSE_HANDLED: _ClassVar[EndCause]
    END_CAUSE_ABANDONED: _ClassVar[EndCause]
    END_CAUSE_CANCELLED: _ClassVar[EndCause]
    END_CAUSE_REFUSED: _ClassVar[EndCause]
    END_CAUSE_TRANSFERRED: _ClassVar[EndCause]
    END_CAUSE_UNSERVED: _ClassVar[EndCause]
    END_CAUSE_UNREACHED: _ClassVar[EndCause]
    END_CAUSE_DIVERTED: _ClassVar[EndCause]

class Presence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRESENCE_UNSPECIFIED: _ClassVar[Presence]
    PRESENCE_OFFLINE: _ClassVar[Presence]
    PRESENCE_AVAILABLE: _ClassVar[Presence]
    PRESENCE_NOT_READY: _ClassVar[Presence]

class DeclineReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECLINE_REASON_UNSPECIFIED: _ClassVar[DeclineReason]
    DECLINE_REASON_DECLINED: _ClassVar[DeclineReason]
    DECLINE_REASON_BUSY: _ClassVar[DeclineReason]
    DECLINE_REASON_UNREACHABLE: _ClassVar[DeclineReason]

class OfferOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFER_OUTCOME_UNSPECIFIED: _ClassVar[OfferOutcome]
    OFFER_OUTCOME_ACCEPTED: _ClassVar[OfferOutcome]
    OFFER_OUTCOME_DECLINED: _ClassVar[OfferOutcome]
    OFFER_OUTCOME_EXPIRED: _ClassVar[OfferOutcome]
    OFFER_OUTCOME_WITHDRAWN: _ClassVar[OfferOutcome]

class WithdrawCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WITHDRAW_CAUSE_UNSPECIFIED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_TAKEN_BY_ANOTHER: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_INTERACTION_ENDED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_ROUTE_CHANGED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_PRESENCE_CHANGED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_AGENT_CHANGED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_SESSION_EXPIRED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_REQUESTED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_CALLBACK_REQUESTED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_CALLBACK_UNREACHED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_NO_LONGER_FITS: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_QUEUE_PAUSED: _ClassVar[WithdrawCause]
    WITHDRAW_CAUSE_ASSIGNMENT_LIMIT: _ClassVar[WithdrawCause]

class StepCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STEP_CAUSE_UNSPECIFIED: _ClassVar[StepCause]
    STEP_CAUSE_DUE: _ClassVar[StepCause]
    STEP_CAUSE_NOBODY_REGISTERED: _ClassVar[StepCause]
    STEP_CAUSE_NOBODY_PRESENT: _ClassVar[StepCause]
    STEP_CAUSE_NOBODY_AVAILABLE: _ClassVar[StepCause]
    STEP_CAUSE_EVERYONE_DECLINED: _ClassVar[StepCause]
    STEP_CAUSE_STAY_LIMIT: _ClassVar[StepCause]

class ReturnCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETURN_CAUSE_UNSPECIFIED: _ClassVar[ReturnCause]
    RETURN_CAUSE_CONNECT_FAILED: _ClassVar[ReturnCause]
    RETURN_CAUSE_SESSION_EXPIRED: _ClassVar[ReturnCause]
    RETURN_CAUSE_RELEASED: _ClassVar[ReturnCause]

class CallbackKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CALLBACK_KIND_UNSPECIFIED: _ClassVar[CallbackKind]
    CALLBACK_KIND_AGENT_FIRST: _ClassVar[CallbackKind]
    CALLBACK_KIND_CUSTOMER_FIRST: _ClassVar[CallbackKind]

class CallbackStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CALLBACK_STAGE_UNSPECIFIED: _ClassVar[CallbackStage]
    CALLBACK_STAGE_DEFERRED: _ClassVar[CallbackStage]
    CALLBACK_STAGE_READY: _ClassVar[CallbackStage]
    CALLBACK_STAGE_CALLING: _ClassVar[CallbackStage]
    CALLBACK_STAGE_REACHED: _ClassVar[CallbackStage]

class CallbackOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CALLBACK_OUTCOME_UNSPECIFIED: _ClassVar[CallbackOutcome]
    CALLBACK_OUTCOME_ANSWERED: _ClassVar[CallbackOutcome]
    CALLBACK_OUTCOME_NO_ANSWER: _ClassVar[CallbackOutcome]
    CALLBACK_OUTCOME_BUSY: _ClassVar[CallbackOutcome]
    CALLBACK_OUTCOME_FAILED: _ClassVar[CallbackOutcome]
    CALLBACK_OUTCOME_TIMED_OUT: _ClassVar[CallbackOutcome]

class Promise(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROMISE_UNSPECIFIED: _ClassVar[Promise]
    PROMISE_NONE: _ClassVar[Promise]
    PROMISE_OPEN: _ClassVar[Promise]
    PROMISE_KEPT: _ClassVar[Promise]
    PROMISE_BROKEN: _ClassVar[Promise]
REQUIREMENT_OPERATOR_UNSPECIFIED: RequirementOperator
REQUIREMENT_OPERATOR_AT_LEAST: RequirementOperator
REQUIREMENT_OPERATOR_AT_MOST: RequirementOperator
REQUIREMENT_OPERATOR_EQUAL: RequirementOperator
REQUIREMENT_OPERATOR_NOT_EQUAL: RequirementOperator
REQUIREMENT_KIND_UNSPECIFIED: RequirementKind
REQUIREMENT_KIND_MUST: RequirementKind
REQUIREMENT_KIND_EXPIRING: RequirementKind
REQUIREMENT_KIND_PREFER: RequirementKind
TRANSFER_KIND_UNSPECIFIED: TransferKind
TRANSFER_KIND_BLIND: TransferKind
TRANSFER_KIND_CONSULT: TransferKind
TRANSFER_KIND_CONFERENCE: TransferKind
TIE_UNSPECIFIED: Tie
TIE_CONSULT: Tie
TIE_CONFERENCE: Tie
TIE_TRANSFERRED: Tie
CONSULT_END_CAUSE_UNSPECIFIED: ConsultEndCause
CONSULT_END_CAUSE_CANCELLED: ConsultEndCause
CONSULT_END_CAUSE_LEG_OVER: ConsultEndCause
CONSULT_END_CAUSE_PARENT_OVER: ConsultEndCause
BARRED_UNSPECIFIED: Barred
BARRED_LAST_AGENT: Barred
BARRED_EARLIER_AGENTS: Barred
BARRED_NOBODY: Barred
INTERACTION_PHASE_UNSPECIFIED: InteractionPhase
INTERACTION_PHASE_WAITING: InteractionPhase
INTERACTION_PHASE_HANDLING: InteractionPhase
INTERACTION_PHASE_HELD: InteractionPhase
INTERACTION_PHASE_WRAP_UP: InteractionPhase
INTERACTION_PHASE_ENDED: InteractionPhase
INTERACTION_PHASE_INTERRUPTED: InteractionPhase
DIVERSION_KIND_UNSPECIFIED: DiversionKind
DIVERSION_KIND_QUEUE: DiversionKind
DIVERSION_KIND_VOICEMAIL: DiversionKind
DIVERSION_KIND_SELF_SERVICE: DiversionKind
DIVERSION_KIND_REFUSE: DiversionKind
DIVERSION_CAUSE_UNSPECIFIED: DiversionCause
DIVERSION_CAUSE_QUEUE_LENGTH: DiversionCause
DIVERSION_CAUSE_CHANNEL_LENGTH: DiversionCause
DIVERSION_CAUSE_ESTIMATED_WAIT: DiversionCause
DIVERSION_CAUSE_TIME_HELD: DiversionCause
DIVERSION_CAUSE_NOBODY_THERE: DiversionCause
DIVERSION_CAUSE_CLOSED: DiversionCause
DIVERSION_CAUSE_CLOSING: DiversionCause
DIVERSION_CAUSE_HOURS_UNKNOWN: DiversionCause
DIVERSION_CAUSE_ROUTE_STEP: DiversionCause
ESTIMATE_METHOD_UNSPECIFIED: EstimateMethod
ESTIMATE_METHOD_PLACE_PACE: EstimateMethod
ESTIMATE_METHOD_HOLD_EMA: EstimateMethod
END_CAUSE_UNSPECIFIED: EndCause
END_CAUSE_HANDLED: EndCause
END_CAUSE_ABANDONED: EndCause
END_CAUSE_CANCELLED: EndCause
END_CAUSE_REFUSED: EndCause
END_CAUSE_TRANSFERRED: EndCause
END_CAUSE_UNSERVED: EndCause
END_CAUSE_UNREACHED: EndCause
END_CAUSE_DIVERTED: EndCause
PRESENCE_UNSPECIFIED: Presence
PRESENCE_OFFLINE: Presence
PRESENCE_AVAILABLE: Presence
PRESENCE_NOT_READY: Presence
DECLINE_REASON_UNSPECIFIED: DeclineReason
DECLINE_REASON_DECLINED: DeclineReason
DECLINE_REASON_BUSY: DeclineReason
DECLINE_REASON_UNREACHABLE: DeclineReason
OFFER_OUTCOME_UNSPECIFIED: OfferOutcome
OFFER_OUTCOME_ACCEPTED: OfferOutcome
OFFER_OUTCOME_DECLINED: OfferOutcome
OFFER_OUTCOME_EXPIRED: OfferOutcome
OFFER_OUTCOME_WITHDRAWN: OfferOutcome
WITHDRAW_CAUSE_UNSPECIFIED: WithdrawCause
WITHDRAW_CAUSE_TAKEN_BY_ANOTHER: WithdrawCause
WITHDRAW_CAUSE_INTERACTION_ENDED: WithdrawCause
WITHDRAW_CAUSE_ROUTE_CHANGED: WithdrawCause
WITHDRAW_CAUSE_PRESENCE_CHANGED: WithdrawCause
WITHDRAW_CAUSE_AGENT_CHANGED: WithdrawCause
WITHDRAW_CAUSE_SESSION_EXPIRED: WithdrawCause
WITHDRAW_CAUSE_REQUESTED: WithdrawCause
WITHDRAW_CAUSE_CALLBACK_REQUESTED: WithdrawCause
WITHDRAW_CAUSE_CALLBACK_UNREACHED: WithdrawCause
WITHDRAW_CAUSE_NO_LONGER_FITS: WithdrawCause
WITHDRAW_CAUSE_QUEUE_PAUSED: WithdrawCause
WITHDRAW_CAUSE_ASSIGNMENT_LIMIT: WithdrawCause
STEP_CAUSE_UNSPECIFIED: StepCause
STEP_CAUSE_DUE: StepCause
STEP_CAUSE_NOBODY_REGISTERED: StepCause
STEP_CAUSE_NOBODY_PRESENT: StepCause
STEP_CAUSE_NOBODY_AVAILABLE: StepCause
STEP_CAUSE_EVERYONE_DECLINED: StepCause
STEP_CAUSE_STAY_LIMIT: StepCause
RETURN_CAUSE_UNSPECIFIED: ReturnCause
RETURN_CAUSE_CONNECT_FAILED: ReturnCause
RETURN_CAUSE_SESSION_EXPIRED: ReturnCause
RETURN_CAUSE_RELEASED: ReturnCause
CALLBACK_KIND_UNSPECIFIED: CallbackKind
CALLBACK_KIND_AGENT_FIRST: CallbackKind
CALLBACK_KIND_CUSTOMER_FIRST: CallbackKind
CALLBACK_STAGE_UNSPECIFIED: CallbackStage
CALLBACK_STAGE_DEFERRED: CallbackStage
CALLBACK_STAGE_READY: CallbackStage
CALLBACK_STAGE_CALLING: CallbackStage
CALLBACK_STAGE_REACHED: CallbackStage
CALLBACK_OUTCOME_UNSPECIFIED: CallbackOutcome
CALLBACK_OUTCOME_ANSWERED: CallbackOutcome
CALLBACK_OUTCOME_NO_ANSWER: CallbackOutcome
CALLBACK_OUTCOME_BUSY: CallbackOutcome
CALLBACK_OUTCOME_FAILED: CallbackOutcome
CALLBACK_OUTCOME_TIMED_OUT: CallbackOutcome
PROMISE_UNSPECIFIED: Promise
PROMISE_NONE: Promise
PROMISE_OPEN: Promise
PROMISE_KEPT: Promise
PROMISE_BROKEN: Promise

class AttributeValue(_message.Message):
    __slots__ = ("number", "symbol")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    number: int
    symbol: str
    def __init__(self, number: _Optional[int] = ..., symbol: _Optional[str] = ...) -> None: ...

class Requirement(_message.Message):
    __slots__ = ("attribute", "operator", "value", "kind", "alternatives")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    operator: RequirementOperator
    value: AttributeValue
    kind: RequirementKind
    alternatives: _containers.RepeatedCompositeFieldContainer[AttributeValue]
    def __init__(self, attribute: _Optional[str] = ..., operator: _Optional[_Union[RequirementOperator, str]] = ..., value: _Optional[_Union[AttributeValue, _Mapping]] = ..., kind: _Optional[_Union[RequirementKind, str]] = ..., alternatives: _Optional[_Iterable[_Union[AttributeValue, _Mapping]]] = ...) -> None: ...

class AttributeValueList(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[AttributeValue]
    def __init__(self, values: _Optional[_Iterable[_Union[AttributeValue, _Mapping]]] = ...) -> None: ...

class Interaction(_message.Message):
    __slots__ = ("id", "channel", "type", "attributes", "requirements", "preferred_agents", "due_at_ms", "routing_credit_ms", "correlation_id", "opaque", "agent_id", "customer_id", "stay_limit_ms", "priority", "leg")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttributeValue, _Mapping]] = ...) -> None: ...
    class PreferredAgentsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class OpaqueEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    PREFERRED_AGENTS_FIELD_NUMBER: _ClassVar[int]
    DUE_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ROUTING_CREDIT_MS_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    OPAQUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    STAY_LIMIT_MS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    id: str
    channel: str
    type: str
    attributes: _containers.MessageMap[str, AttributeValue]
    requirements: _containers.RepeatedCompositeFieldContainer[Requirement]
    preferred_agents: _containers.ScalarMap[str, int]
    due_at_ms: int
    routing_credit_ms: int
    correlation_id: str
    opaque: _containers.ScalarMap[str, str]
    agent_id: str
    customer_id: str
    stay_limit_ms: int
    priority: int
    leg: Leg
    def __init__(self, id: _Optional[str] = ..., channel: _Optional[str] = ..., type: _Optional[str] = ..., attributes: _Optional[_Mapping[str, AttributeValue]] = ..., requirements: _Optional[_Iterable[_Union[Requirement, _Mapping]]] = ..., preferred_agents: _Optional[_Mapping[str, int]] = ..., due_at_ms: _Optional[int] = ..., routing_credit_ms: _Optional[int] = ..., correlation_id: _Optional[str] = ..., opaque: _Optional[_Mapping[str, str]] = ..., agent_id: _Optional[str] = ..., customer_id: _Optional[str] = ..., stay_limit_ms: _Optional[int] = ..., priority: _Optional[int] = ..., leg: _Optional[_Union[Leg, _Mapping]] = ...) -> None: ...

class Leg(_message.Message):
    __slots__ = ("parent_id", "first_id", "first_at_ms", "number", "kind", "agent_ids", "barred_agent_ids")
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    BARRED_AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    parent_id: str
    first_id: str
    first_at_ms: int
    number: int
    kind: TransferKind
    agent_ids: _containers.RepeatedScalarFieldContainer[str]
    barred_agent_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, parent_id: _Optional[str] = ..., first_id: _Optional[str] = ..., first_at_ms: _Optional[int] = ..., number: _Optional[int] = ..., kind: _Optional[_Union[TransferKind, str]] = ..., agent_ids: _Optional[_Iterable[str]] = ..., barred_agent_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class LegAge(_message.Message):
    __slots__ = ("limit_ms",)
    LIMIT_MS_FIELD_NUMBER: _ClassVar[int]
    limit_ms: int
    def __init__(self, limit_ms: _Optional[int] = ...) -> None: ...

class Diversion(_message.Message):
    __slots__ = ("kind", "target")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    kind: DiversionKind
    target: str
    def __init__(self, kind: _Optional[_Union[DiversionKind, str]] = ..., target: _Optional[str] = ...) -> None: ...

class Estimate(_message.Message):
    __slots__ = ("place", "wait_ms", "method")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    place: int
    wait_ms: int
    method: EstimateMethod
    def __init__(self, place: _Optional[int] = ..., wait_ms: _Optional[int] = ..., method: _Optional[_Union[EstimateMethod, str]] = ...) -> None: ...

class Agent(_message.Message):
    __slots__ = ("id", "attributes", "capacity", "channel_maxima", "wrap_up_limit_ms")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttributeValue, _Mapping]] = ...) -> None: ...
    class ChannelMaximaEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_MAXIMA_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_LIMIT_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    attributes: _containers.MessageMap[str, AttributeValue]
    capacity: int
    channel_maxima: _containers.ScalarMap[str, int]
    wrap_up_limit_ms: int
    def __init__(self, id: _Optional[str] = ..., attributes: _Optional[_Mapping[str, AttributeValue]] = ..., capacity: _Optional[int] = ..., channel_maxima: _Optional[_Mapping[str, int]] = ..., wrap_up_limit_ms: _Optional[int] = ...) -> None: ...

class Commitment(_message.Message):
    __slots__ = ("starts_at_ms", "ends_at_ms")
    STARTS_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_MS_FIELD_NUMBER: _ClassVar[int]
    starts_at_ms: int
    ends_at_ms: int
    def __init__(self, starts_at_ms: _Optional[int] = ..., ends_at_ms: _Optional[int] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("id", "agent_id", "interaction", "queue_id", "expires_at_ms", "enqueued_at_ms", "callback")
    ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ENQUEUED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_FIELD_NUMBER: _ClassVar[int]
    id: str
    agent_id: str
    interaction: Interaction
    queue_id: str
    expires_at_ms: int
    enqueued_at_ms: int
    callback: Callback
    def __init__(self, id: _Optional[str] = ..., agent_id: _Optional[str] = ..., interaction: _Optional[_Union[Interaction, _Mapping]] = ..., queue_id: _Optional[str] = ..., expires_at_ms: _Optional[int] = ..., enqueued_at_ms: _Optional[int] = ..., callback: _Optional[_Union[Callback, _Mapping]] = ...) -> None: ...

class Work(_message.Message):
    __slots__ = ("interaction", "phase", "queue_id", "wrap_up_until_ms", "leg_id", "tie", "callback")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    TIE_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_FIELD_NUMBER: _ClassVar[int]
    interaction: Interaction
    phase: InteractionPhase
    queue_id: str
    wrap_up_until_ms: int
    leg_id: str
    tie: Tie
    callback: Callback
    def __init__(self, interaction: _Optional[_Union[Interaction, _Mapping]] = ..., phase: _Optional[_Union[InteractionPhase, str]] = ..., queue_id: _Optional[str] = ..., wrap_up_until_ms: _Optional[int] = ..., leg_id: _Optional[str] = ..., tie: _Optional[_Union[Tie, str]] = ..., callback: _Optional[_Union[Callback, _Mapping]] = ...) -> None: ...

class Callback(_message.Message):
    __slots__ = ("kind", "stage", "requested_at_ms", "not_before_at_ms", "promise", "promised_at_ms", "attempts", "attempt_expires_at_ms")
    KIND_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_AT_MS_FIELD_NUMBER: _ClassVar[int]
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_EXPIRES_AT_MS_FIELD_NUMBER: _ClassVar[int]
    kind: CallbackKind
    stage: CallbackStage
    requested_at_ms: int
    not_before_at_ms: int
    promise: Promise
    promised_at_ms: int
    attempts: int
    attempt_expires_at_ms: int
    def __init__(self, kind: _Optional[_Union[CallbackKind, str]] = ..., stage: _Optional[_Union[CallbackStage, str]] = ..., requested_at_ms: _Optional[int] = ..., not_before_at_ms: _Optional[int] = ..., promise: _Optional[_Union[Promise, str]] = ..., promised_at_ms: _Optional[int] = ..., attempts: _Optional[int] = ..., attempt_expires_at_ms: _Optional[int] = ...) -> None: ...
