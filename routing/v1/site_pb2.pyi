from routing.v1 import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AgentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGENT_STATE_UNSPECIFIED: _ClassVar[AgentState]
    AGENT_STATE_OFFLINE: _ClassVar[AgentState]
    AGENT_STATE_NOT_READY: _ClassVar[AgentState]
    AGENT_STATE_UNREACHABLE: _ClassVar[AgentState]
    AGENT_STATE_RINGING: _ClassVar[AgentState]
    AGENT_STATE_BUSY: _ClassVar[AgentState]
    AGENT_STATE_WRAP_UP: _ClassVar[AgentState]

class AfterStay(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AFTER_STAY_UNSPECIFIED: _ClassVar[AfterStay]
    AFTER_STAY_END: _ClassVar[AfterStay]
    AFTER_STAY_OVERFLOW: _ClassVar[AfterStay]

class ExclusionScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXCLUSION_SCOPE_UNSPECIFIED: _ClassVar[ExclusionScope]
    EXCLUSION_SCOPE_COOLDOWN: _ClassVar[ExclusionScope]
    EXCLUSION_SCOPE_PRESENCE: _ClassVar[ExclusionScope]
    EXCLUSION_SCOPE_FOR_EVER: _ClassVar[ExclusionScope]

class EveryoneDeclined(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVERYONE_DECLINED_UNSPECIFIED: _ClassVar[EveryoneDeclined]
    EVERYONE_DECLINED_COOLDOWN: _ClassVar[EveryoneDeclined]
    EVERYONE_DECLINED_CLEAR: _ClassVar[EveryoneDeclined]
    EVERYONE_DECLINED_END: _ClassVar[EveryoneDeclined]
    EVERYONE_DECLINED_OVERFLOW: _ClassVar[EveryoneDeclined]

class Reach(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REACH_UNSPECIFIED: _ClassVar[Reach]
    REACH_REGISTERED: _ClassVar[Reach]
    REACH_PRESENT: _ClassVar[Reach]
    REACH_AVAILABLE: _ClassVar[Reach]

class IdleClock(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDLE_CLOCK_UNSPECIFIED: _ClassVar[IdleClock]
    IDLE_CLOCK_SINCE_FREE: _ClassVar[IdleClock]
    IDLE_CLOCK_SINCE_ASSIGNED: _ClassVar[IdleClock]
    IDLE_CLOCK_SINCE_WORKED: _ClassVar[IdleClock]
    IDLE_CLOCK_SINCE_OFFERED: _ClassVar[IdleClock]
    IDLE_CLOCK_NONE: _ClassVar[IdleClock]
AGENT_STATE_UNSPECIFIED: AgentState
AGENT_STATE_OFFLINE: AgentState
AGENT_STATE_NOT_READY: AgentState
AGENT_STATE_UNREACHABLE: AgentState
AGENT_STATE_RINGING: AgentState
AGENT_STATE_BUSY: AgentState
AGENT_STATE_WRAP_UP: AgentState
AFTER_STAY_UNSPECIFIED: AfterStay
AFTER_STAY_END: AfterStay
AFTER_STAY_OVERFLOW: AfterStay
EXCLUSION_SCOPE_UNSPECIFIED: ExclusionScope
EXCLUSION_SCOPE_COOLDOWN: ExclusionScope
EXCLUSION_SCOPE_PRESENCE: ExclusionScope
EXCLUSION_SCOPE_FOR_EVER: ExclusionScope
EVERYONE_DECLINED_UNSPECIFIED: EveryoneDeclined
EVERYONE_DECLINED_COOLDOWN: EveryoneDeclined
EVERYONE_DECLINED_CLEAR: EveryoneDeclined
EVERYONE_DECLINED_END: EveryoneDeclined
EVERYONE_DECLINED_OVERFLOW: EveryoneDeclined
REACH_UNSPECIFIED: Reach
REACH_REGISTERED: Reach
REACH_PRESENT: Reach
REACH_AVAILABLE: Reach
IDLE_CLOCK_UNSPECIFIED: IdleClock
IDLE_CLOCK_SINCE_FREE: IdleClock
IDLE_CLOCK_SINCE_ASSIGNED: IdleClock
IDLE_CLOCK_SINCE_WORKED: IdleClock
IDLE_CLOCK_SINCE_OFFERED: IdleClock
IDLE_CLOCK_NONE: IdleClock

class Site(_message.Message):
    __slots__ = ("id", "channels", "queues", "skills", "rules", "policy", "session_lease_ms", "handling_grace_ms", "retention_ms", "transfer_age", "keeps_waiting_routes", "memory", "calendars", "running_callbacks_max", "not_ready_reasons", "shift_rule")
    ID_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    SESSION_LEASE_MS_FIELD_NUMBER: _ClassVar[int]
    HANDLING_GRACE_MS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_MS_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_AGE_FIELD_NUMBER: _ClassVar[int]
    KEEPS_WAITING_ROUTES_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    CALENDARS_FIELD_NUMBER: _ClassVar[int]
    RUNNING_CALLBACKS_MAX_FIELD_NUMBER: _ClassVar[int]
    NOT_READY_REASONS_FIELD_NUMBER: _ClassVar[int]
    SHIFT_RULE_FIELD_NUMBER: _ClassVar[int]
    id: str
    channels: _containers.RepeatedCompositeFieldContainer[Channel]
    queues: _containers.RepeatedCompositeFieldContainer[Queue]
    skills: _containers.RepeatedScalarFieldContainer[str]
    rules: _containers.RepeatedCompositeFieldContainer[RouteRule]
    policy: Policy
    session_lease_ms: int
    handling_grace_ms: int
    retention_ms: int
    transfer_age: _types_pb2.LegAge
    keeps_waiting_routes: bool
    memory: Memory
    calendars: _containers.RepeatedCompositeFieldContainer[Calendar]
    running_callbacks_max: int
    not_ready_reasons: _containers.RepeatedCompositeFieldContainer[NotReadyReason]
    shift_rule: ShiftRule
    def __init__(self, id: _Optional[str] = ..., channels: _Optional[_Iterable[_Union[Channel, _Mapping]]] = ..., queues: _Optional[_Iterable[_Union[Queue, _Mapping]]] = ..., skills: _Optional[_Iterable[str]] = ..., rules: _Optional[_Iterable[_Union[RouteRule, _Mapping]]] = ..., policy: _Optional[_Union[Policy, _Mapping]] = ..., session_lease_ms: _Optional[int] = ..., handling_grace_ms: _Optional[int] = ..., retention_ms: _Optional[int] = ..., transfer_age: _Optional[_Union[_types_pb2.LegAge, _Mapping]] = ..., keeps_waiting_routes: _Optional[bool] = ..., memory: _Optional[_Union[Memory, _Mapping]] = ..., calendars: _Optional[_Iterable[_Union[Calendar, _Mapping]]] = ..., running_callbacks_max: _Optional[int] = ..., not_ready_reasons: _Optional[_Iterable[_Union[NotReadyReason, _Mapping]]] = ..., shift_rule: _Optional[_Union[ShiftRule, _Mapping]] = ...) -> None: ...

class Memory(_message.Message):
    __slots__ = ("last_agent_ms", "last_agent_score", "return_within_ms", "customers_max")
    LAST_AGENT_MS_FIELD_NUMBER: _ClassVar[int]
    LAST_AGENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    RETURN_WITHIN_MS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_MAX_FIELD_NUMBER: _ClassVar[int]
    last_agent_ms: int
    last_agent_score: int
    return_within_ms: int
    customers_max: int
    def __init__(self, last_agent_ms: _Optional[int] = ..., last_agent_score: _Optional[int] = ..., return_within_ms: _Optional[int] = ..., customers_max: _Optional[int] = ...) -> None: ...

class Channel(_message.Message):
    __slots__ = ("id", "is_live", "capacity_cost", "agent_maximum", "interruptible_by")
    ID_FIELD_NUMBER: _ClassVar[int]
    IS_LIVE_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_COST_FIELD_NUMBER: _ClassVar[int]
    AGENT_MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTIBLE_BY_FIELD_NUMBER: _ClassVar[int]
    id: str
    is_live: bool
    capacity_cost: int
    agent_maximum: int
    interruptible_by: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., is_live: _Optional[bool] = ..., capacity_cost: _Optional[int] = ..., agent_maximum: _Optional[int] = ..., interruptible_by: _Optional[_Iterable[str]] = ...) -> None: ...

class NotReadyReason(_message.Message):
    __slots__ = ("code", "is_working_time")
    CODE_FIELD_NUMBER: _ClassVar[int]
    IS_WORKING_TIME_FIELD_NUMBER: _ClassVar[int]
    code: str
    is_working_time: bool
    def __init__(self, code: _Optional[str] = ..., is_working_time: _Optional[bool] = ...) -> None: ...

class ShiftRule(_message.Message):
    __slots__ = ("tolerance_ms", "override_class_rank")
    TOLERANCE_MS_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_CLASS_RANK_FIELD_NUMBER: _ClassVar[int]
    tolerance_ms: int
    override_class_rank: int
    def __init__(self, tolerance_ms: _Optional[int] = ..., override_class_rank: _Optional[int] = ...) -> None: ...

class AssignmentLimit(_message.Message):
    __slots__ = ("count", "window_ms")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    WINDOW_MS_FIELD_NUMBER: _ClassVar[int]
    count: int
    window_ms: int
    def __init__(self, count: _Optional[int] = ..., window_ms: _Optional[int] = ...) -> None: ...

class Queue(_message.Message):
    __slots__ = ("id", "service_level", "offer_timeout_ms", "offer_extension_ms", "max_live_offers", "wrap_up_limit_ms", "reoffer", "missed_offer_threshold", "missed_offer_presence", "unreachable_counts_as_miss", "offers_in_rounds", "stay", "callback", "wrap_up_cap_ms", "assignment_limit", "expected_handling_ms", "missed_offers_pause_in_queue", "admission", "empty", "hours", "estimate")
    ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    OFFER_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    OFFER_EXTENSION_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_LIVE_OFFERS_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_LIMIT_MS_FIELD_NUMBER: _ClassVar[int]
    REOFFER_FIELD_NUMBER: _ClassVar[int]
    MISSED_OFFER_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MISSED_OFFER_PRESENCE_FIELD_NUMBER: _ClassVar[int]
    UNREACHABLE_COUNTS_AS_MISS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_IN_ROUNDS_FIELD_NUMBER: _ClassVar[int]
    STAY_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_CAP_MS_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_HANDLING_MS_FIELD_NUMBER: _ClassVar[int]
    MISSED_OFFERS_PAUSE_IN_QUEUE_FIELD_NUMBER: _ClassVar[int]
    ADMISSION_FIELD_NUMBER: _ClassVar[int]
    EMPTY_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    service_level: ServiceLevel
    offer_timeout_ms: int
    offer_extension_ms: int
    max_live_offers: int
    wrap_up_limit_ms: int
    reoffer: ReofferRule
    missed_offer_threshold: int
    missed_offer_presence: _types_pb2.Presence
    unreachable_counts_as_miss: bool
    offers_in_rounds: bool
    stay: StayRule
    callback: CallbackRule
    wrap_up_cap_ms: int
    assignment_limit: AssignmentLimit
    expected_handling_ms: int
    missed_offers_pause_in_queue: bool
    admission: AdmissionRule
    empty: EmptyRule
    hours: HoursRule
    estimate: _types_pb2.EstimateMethod
    def __init__(self, id: _Optional[str] = ..., service_level: _Optional[_Union[ServiceLevel, _Mapping]] = ..., offer_timeout_ms: _Optional[int] = ..., offer_extension_ms: _Optional[int] = ..., max_live_offers: _Optional[int] = ..., wrap_up_limit_ms: _Optional[int] = ..., reoffer: _Optional[_Union[ReofferRule, _Mapping]] = ..., missed_offer_threshold: _Optional[int] = ..., missed_offer_presence: _Optional[_Union[_types_pb2.Presence, str]] = ..., unreachable_counts_as_miss: _Optional[bool] = ..., offers_in_rounds: _Optional[bool] = ..., stay: _Optional[_Union[StayRule, _Mapping]] = ..., callback: _Optional[_Union[CallbackRule, _Mapping]] = ..., wrap_up_cap_ms: _Optional[int] = ..., assignment_limit: _Optional[_Union[AssignmentLimit, _Mapping]] = ..., expected_handling_ms: _Optional[int] = ..., missed_offers_pause_in_queue: _Optional[bool] = ..., admission: _Optional[_Union[AdmissionRule, _Mapping]] = ..., empty: _Optional[_Union[EmptyRule, _Mapping]] = ..., hours: _Optional[_Union[HoursRule, _Mapping]] = ..., estimate: _Optional[_Union[_types_pb2.EstimateMethod, str]] = ...) -> None: ...

class AdmissionRule(_message.Message):
    __slots__ = ("waiting_max", "is_waiting_shared", "waiting_max_by_channel", "estimated_wait_max_ms", "held_max_ms", "otherwise")
    class WaitingMaxByChannelEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    WAITING_MAX_FIELD_NUMBER: _ClassVar[int]
    IS_WAITING_SHARED_FIELD_NUMBER: _ClassVar[int]
    WAITING_MAX_BY_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_WAIT_MAX_MS_FIELD_NUMBER: _ClassVar[int]
    HELD_MAX_MS_FIELD_NUMBER: _ClassVar[int]
    OTHERWISE_FIELD_NUMBER: _ClassVar[int]
    waiting_max: int
    is_waiting_shared: bool
    waiting_max_by_channel: _containers.ScalarMap[str, int]
    estimated_wait_max_ms: int
    held_max_ms: int
    otherwise: _types_pb2.Diversion
    def __init__(self, waiting_max: _Optional[int] = ..., is_waiting_shared: _Optional[bool] = ..., waiting_max_by_channel: _Optional[_Mapping[str, int]] = ..., estimated_wait_max_ms: _Optional[int] = ..., held_max_ms: _Optional[int] = ..., otherwise: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ...) -> None: ...

class EmptyRule(_message.Message):
    __slots__ = ("join_states", "leave_states", "leave_grace_ms", "otherwise")
    JOIN_STATES_FIELD_NUMBER: _ClassVar[int]
    LEAVE_STATES_FIELD_NUMBER: _ClassVar[int]
    LEAVE_GRACE_MS_FIELD_NUMBER: _ClassVar[int]
    OTHERWISE_FIELD_NUMBER: _ClassVar[int]
    join_states: _containers.RepeatedScalarFieldContainer[AgentState]
    leave_states: _containers.RepeatedScalarFieldContainer[AgentState]
    leave_grace_ms: int
    otherwise: _types_pb2.Diversion
    def __init__(self, join_states: _Optional[_Iterable[_Union[AgentState, str]]] = ..., leave_states: _Optional[_Iterable[_Union[AgentState, str]]] = ..., leave_grace_ms: _Optional[int] = ..., otherwise: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ...) -> None: ...

class HoursRule(_message.Message):
    __slots__ = ("calendar", "when_closed", "at_close")
    CALENDAR_FIELD_NUMBER: _ClassVar[int]
    WHEN_CLOSED_FIELD_NUMBER: _ClassVar[int]
    AT_CLOSE_FIELD_NUMBER: _ClassVar[int]
    calendar: str
    when_closed: _types_pb2.Diversion
    at_close: _types_pb2.Diversion
    def __init__(self, calendar: _Optional[str] = ..., when_closed: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ..., at_close: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ...) -> None: ...

class Calendar(_message.Message):
    __slots__ = ("name", "intervals", "known_from_ms", "known_until_ms")
    NAME_FIELD_NUMBER: _ClassVar[int]
    INTERVALS_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FROM_MS_FIELD_NUMBER: _ClassVar[int]
    KNOWN_UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    name: str
    intervals: _containers.RepeatedCompositeFieldContainer[OpenInterval]
    known_from_ms: int
    known_until_ms: int
    def __init__(self, name: _Optional[str] = ..., intervals: _Optional[_Iterable[_Union[OpenInterval, _Mapping]]] = ..., known_from_ms: _Optional[int] = ..., known_until_ms: _Optional[int] = ...) -> None: ...

class OpenInterval(_message.Message):
    __slots__ = ("opens_at_ms", "closes_at_ms")
    OPENS_AT_MS_FIELD_NUMBER: _ClassVar[int]
    CLOSES_AT_MS_FIELD_NUMBER: _ClassVar[int]
    opens_at_ms: int
    closes_at_ms: int
    def __init__(self, opens_at_ms: _Optional[int] = ..., closes_at_ms: _Optional[int] = ...) -> None: ...

class StayRule(_message.Message):
    __slots__ = ("limit_ms", "then", "rings_out")
    LIMIT_MS_FIELD_NUMBER: _ClassVar[int]
    THEN_FIELD_NUMBER: _ClassVar[int]
    RINGS_OUT_FIELD_NUMBER: _ClassVar[int]
    limit_ms: int
    then: AfterStay
    rings_out: bool
    def __init__(self, limit_ms: _Optional[int] = ..., then: _Optional[_Union[AfterStay, str]] = ..., rings_out: _Optional[bool] = ...) -> None: ...

class CallbackRule(_message.Message):
    __slots__ = ("attempts_max", "spacing_ms", "answer_timeout_ms", "promise_lead_ms", "promise_class_rank")
    ATTEMPTS_MAX_FIELD_NUMBER: _ClassVar[int]
    SPACING_MS_FIELD_NUMBER: _ClassVar[int]
    ANSWER_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    PROMISE_LEAD_MS_FIELD_NUMBER: _ClassVar[int]
    PROMISE_CLASS_RANK_FIELD_NUMBER: _ClassVar[int]
    attempts_max: int
    spacing_ms: int
    answer_timeout_ms: int
    promise_lead_ms: int
    promise_class_rank: int
    def __init__(self, attempts_max: _Optional[int] = ..., spacing_ms: _Optional[int] = ..., answer_timeout_ms: _Optional[int] = ..., promise_lead_ms: _Optional[int] = ..., promise_class_rank: _Optional[int] = ...) -> None: ...

class ServiceLevel(_message.Message):
    __slots__ = ("target_ms", "goal_per_mille", "short_abandon_ms")
    TARGET_MS_FIELD_NUMBER: _ClassVar[int]
    GOAL_PER_MILLE_FIELD_NUMBER: _ClassVar[int]
    SHORT_ABANDON_MS_FIELD_NUMBER: _ClassVar[int]
    target_ms: int
    goal_per_mille: int
    short_abandon_ms: int
    def __init__(self, target_ms: _Optional[int] = ..., goal_per_mille: _Optional[int] = ..., short_abandon_ms: _Optional[int] = ...) -> None: ...

class ReofferRule(_message.Message):
    __slots__ = ("declined_ms", "expired_ms", "connect_failed_ms", "busy_ms", "unreachable_ms", "withdrawn_ms", "scope", "everyone_declined")
    DECLINED_MS_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_MS_FIELD_NUMBER: _ClassVar[int]
    CONNECT_FAILED_MS_FIELD_NUMBER: _ClassVar[int]
    BUSY_MS_FIELD_NUMBER: _ClassVar[int]
    UNREACHABLE_MS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_MS_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVERYONE_DECLINED_FIELD_NUMBER: _ClassVar[int]
    declined_ms: int
    expired_ms: int
    connect_failed_ms: int
    busy_ms: int
    unreachable_ms: int
    withdrawn_ms: int
    scope: ExclusionScope
    everyone_declined: EveryoneDeclined
    def __init__(self, declined_ms: _Optional[int] = ..., expired_ms: _Optional[int] = ..., connect_failed_ms: _Optional[int] = ..., busy_ms: _Optional[int] = ..., unreachable_ms: _Optional[int] = ..., withdrawn_ms: _Optional[int] = ..., scope: _Optional[_Union[ExclusionScope, str]] = ..., everyone_declined: _Optional[_Union[EveryoneDeclined, str]] = ...) -> None: ...

class RouteRule(_message.Message):
    __slots__ = ("name", "when", "queue_id", "urgency", "requirements", "steps", "sticky", "also")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WHEN_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    URGENCY_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    STICKY_FIELD_NUMBER: _ClassVar[int]
    ALSO_FIELD_NUMBER: _ClassVar[int]
    name: str
    when: _containers.RepeatedCompositeFieldContainer[Condition]
    queue_id: str
    urgency: Urgency
    requirements: _containers.RepeatedCompositeFieldContainer[_types_pb2.Requirement]
    steps: _containers.RepeatedCompositeFieldContainer[RuleStep]
    sticky: StickyRule
    also: _containers.RepeatedCompositeFieldContainer[FurtherQueue]
    def __init__(self, name: _Optional[str] = ..., when: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ..., queue_id: _Optional[str] = ..., urgency: _Optional[_Union[Urgency, _Mapping]] = ..., requirements: _Optional[_Iterable[_Union[_types_pb2.Requirement, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[RuleStep, _Mapping]]] = ..., sticky: _Optional[_Union[StickyRule, _Mapping]] = ..., also: _Optional[_Iterable[_Union[FurtherQueue, _Mapping]]] = ...) -> None: ...

class FurtherQueue(_message.Message):
    __slots__ = ("queue_id", "requirements", "steps")
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    queue_id: str
    requirements: _containers.RepeatedCompositeFieldContainer[_types_pb2.Requirement]
    steps: _containers.RepeatedCompositeFieldContainer[RuleStep]
    def __init__(self, queue_id: _Optional[str] = ..., requirements: _Optional[_Iterable[_Union[_types_pb2.Requirement, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[RuleStep, _Mapping]]] = ...) -> None: ...

class StickyRule(_message.Message):
    __slots__ = ("hold_ms", "share_per_mille", "minimum_score", "away_grace_ms", "expedite_ms")
    HOLD_MS_FIELD_NUMBER: _ClassVar[int]
    SHARE_PER_MILLE_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_SCORE_FIELD_NUMBER: _ClassVar[int]
    AWAY_GRACE_MS_FIELD_NUMBER: _ClassVar[int]
    EXPEDITE_MS_FIELD_NUMBER: _ClassVar[int]
    hold_ms: int
    share_per_mille: int
    minimum_score: int
    away_grace_ms: int
    expedite_ms: int
    def __init__(self, hold_ms: _Optional[int] = ..., share_per_mille: _Optional[int] = ..., minimum_score: _Optional[int] = ..., away_grace_ms: _Optional[int] = ..., expedite_ms: _Optional[int] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("field", "values")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    field: str
    values: _containers.RepeatedCompositeFieldContainer[_types_pb2.AttributeValue]
    def __init__(self, field: _Optional[str] = ..., values: _Optional[_Iterable[_Union[_types_pb2.AttributeValue, _Mapping]]] = ...) -> None: ...

class Urgency(_message.Message):
    __slots__ = ("class_rank", "base_ms", "slope_per_mille", "cap_ms", "pressure_weight_ms", "target_ms", "ms_per_point", "class_per_point")
    CLASS_RANK_FIELD_NUMBER: _ClassVar[int]
    BASE_MS_FIELD_NUMBER: _ClassVar[int]
    SLOPE_PER_MILLE_FIELD_NUMBER: _ClassVar[int]
    CAP_MS_FIELD_NUMBER: _ClassVar[int]
    PRESSURE_WEIGHT_MS_FIELD_NUMBER: _ClassVar[int]
    TARGET_MS_FIELD_NUMBER: _ClassVar[int]
    MS_PER_POINT_FIELD_NUMBER: _ClassVar[int]
    CLASS_PER_POINT_FIELD_NUMBER: _ClassVar[int]
    class_rank: int
    base_ms: int
    slope_per_mille: int
    cap_ms: int
    pressure_weight_ms: int
    target_ms: int
    ms_per_point: int
    class_per_point: int
    def __init__(self, class_rank: _Optional[int] = ..., base_ms: _Optional[int] = ..., slope_per_mille: _Optional[int] = ..., cap_ms: _Optional[int] = ..., pressure_weight_ms: _Optional[int] = ..., target_ms: _Optional[int] = ..., ms_per_point: _Optional[int] = ..., class_per_point: _Optional[int] = ...) -> None: ...

class EarlyStep(_message.Message):
    __slots__ = ("if_nobody", "is_watched")
    IF_NOBODY_FIELD_NUMBER: _ClassVar[int]
    IS_WATCHED_FIELD_NUMBER: _ClassVar[int]
    if_nobody: Reach
    is_watched: bool
    def __init__(self, if_nobody: _Optional[_Union[Reach, str]] = ..., is_watched: _Optional[bool] = ...) -> None: ...

class RuleStep(_message.Message):
    __slots__ = ("after_ms", "drop", "lower", "raise_base_ms", "class_rank", "overflow_to", "widen", "early", "release", "divert_to")
    class LowerEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class WidenEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _types_pb2.AttributeValueList
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_types_pb2.AttributeValueList, _Mapping]] = ...) -> None: ...
    AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    DROP_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    RAISE_BASE_MS_FIELD_NUMBER: _ClassVar[int]
    CLASS_RANK_FIELD_NUMBER: _ClassVar[int]
    OVERFLOW_TO_FIELD_NUMBER: _ClassVar[int]
    WIDEN_FIELD_NUMBER: _ClassVar[int]
    EARLY_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    DIVERT_TO_FIELD_NUMBER: _ClassVar[int]
    after_ms: int
    drop: _containers.RepeatedScalarFieldContainer[str]
    lower: _containers.ScalarMap[str, int]
    raise_base_ms: int
    class_rank: int
    overflow_to: str
    widen: _containers.MessageMap[str, _types_pb2.AttributeValueList]
    early: EarlyStep
    release: bool
    divert_to: _types_pb2.Diversion
    def __init__(self, after_ms: _Optional[int] = ..., drop: _Optional[_Iterable[str]] = ..., lower: _Optional[_Mapping[str, int]] = ..., raise_base_ms: _Optional[int] = ..., class_rank: _Optional[int] = ..., overflow_to: _Optional[str] = ..., widen: _Optional[_Mapping[str, _types_pb2.AttributeValueList]] = ..., early: _Optional[_Union[EarlyStep, _Mapping]] = ..., release: _Optional[bool] = ..., divert_to: _Optional[_Union[_types_pb2.Diversion, _Mapping]] = ...) -> None: ...

class Policy(_message.Message):
    __slots__ = ("name", "version", "filters", "scorers", "assigner", "match_interval_ms", "bypass_class_rank", "is_work_conserving", "idle_clock", "wait_price", "is_interaction_first")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    SCORERS_FIELD_NUMBER: _ClassVar[int]
    ASSIGNER_FIELD_NUMBER: _ClassVar[int]
    MATCH_INTERVAL_MS_FIELD_NUMBER: _ClassVar[int]
    BYPASS_CLASS_RANK_FIELD_NUMBER: _ClassVar[int]
    IS_WORK_CONSERVING_FIELD_NUMBER: _ClassVar[int]
    IDLE_CLOCK_FIELD_NUMBER: _ClassVar[int]
    WAIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    IS_INTERACTION_FIRST_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: int
    filters: _containers.RepeatedScalarFieldContainer[str]
    scorers: _containers.RepeatedCompositeFieldContainer[WeightedScorer]
    assigner: str
    match_interval_ms: int
    bypass_class_rank: int
    is_work_conserving: bool
    idle_clock: IdleClock
    wait_price: str
    is_interaction_first: bool
    def __init__(self, name: _Optional[str] = ..., version: _Optional[int] = ..., filters: _Optional[_Iterable[str]] = ..., scorers: _Optional[_Iterable[_Union[WeightedScorer, _Mapping]]] = ..., assigner: _Optional[str] = ..., match_interval_ms: _Optional[int] = ..., bypass_class_rank: _Optional[int] = ..., is_work_conserving: _Optional[bool] = ..., idle_clock: _Optional[_Union[IdleClock, str]] = ..., wait_price: _Optional[str] = ..., is_interaction_first: _Optional[bool] = ...) -> None: ...

class WeightedScorer(_message.Message):
    __slots__ = ("name", "weight_ms", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _types_pb2.AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_types_pb2.AttributeValue, _Mapping]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_MS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    name: str
    weight_ms: int
    parameters: _containers.MessageMap[str, _types_pb2.AttributeValue]
    def __init__(self, name: _Optional[str] = ..., weight_ms: _Optional[int] = ..., parameters: _Optional[_Mapping[str, _types_pb2.AttributeValue]] = ...) -> None: ...
