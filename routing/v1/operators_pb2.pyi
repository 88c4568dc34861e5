from routing.v1 import site_pb2 as _site_pb2
from routing.v1 import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReleaseOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELEASE_OUTCOME_UNSPECIFIED: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_RETURN: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_END: _ClassVar[ReleaseOutcome]
RELEASE_OUTCOME_UNSPECIFIED: ReleaseOutcome
RELEASE_OUTCOME_RETURN: ReleaseOutcome
RELEASE_OUTCOME_END: ReleaseOutcome

class PutAgentsRequest(_message.Message):
    __slots__ = ("request_id", "agents")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENTS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agents: _containers.RepeatedCompositeFieldContainer[_types_pb2.Agent]
    def __init__(self, request_id: _Optional[str] = ..., agents: _Optional[_Iterable[_Union[_types_pb2.Agent, _Mapping]]] = ...) -> None: ...

class PutAgentsResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class RemoveAgentsRequest(_message.Message):
    __slots__ = ("request_id", "agent_ids")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., agent_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RemoveAgentsResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ApplySiteRequest(_message.Message):
    __slots__ = ("request_id", "site")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site: _site_pb2.Site
    def __init__(self, request_id: _Optional[str] = ..., site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ...) -> None: ...

class ApplySiteResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class WithdrawOfferRequest(_message.Message):
    __slots__ = ("request_id", "offer_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    offer_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class WithdrawOfferResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class GetSiteRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSiteResponse(_message.Message):
    __slots__ = ("sequence", "site", "site_hash")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    SITE_HASH_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    site: _site_pb2.Site
    site_hash: str
    def __init__(self, sequence: _Optional[int] = ..., site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., site_hash: _Optional[str] = ...) -> None: ...

class GetAgentRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class GetAgentResponse(_message.Message):
    __slots__ = ("sequence", "agent", "presence", "reason", "used_capacity", "offers", "work", "session_id", "session_expires_at_ms", "own_line_interaction_ids", "paused_queues", "limited_queues", "commitments", "external_work_ids")
    class PausedQueuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class LimitedQueuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    USED_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    WORK_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_EXPIRES_AT_MS_FIELD_NUMBER: _ClassVar[int]
    OWN_LINE_INTERACTION_IDS_FIELD_NUMBER: _ClassVar[int]
    PAUSED_QUEUES_FIELD_NUMBER: _ClassVar[int]
    LIMITED_QUEUES_FIELD_NUMBER: _ClassVar[int]
    COMMITMENTS_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_WORK_IDS_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    agent: _types_pb2.Agent
    presence: _types_pb2.Presence
    reason: str
    used_capacity: int
    offers: _containers.RepeatedCompositeFieldContainer[_types_pb2.Offer]
    work: _containers.RepeatedCompositeFieldContainer[_types_pb2.Work]
    session_id: str
    session_expires_at_ms: int
    own_line_interaction_ids: _containers.RepeatedScalarFieldContainer[str]
    paused_queues: _containers.ScalarMap[str, str]
    limited_queues: _containers.ScalarMap[str, int]
    commitments: _containers.RepeatedCompositeFieldContainer[_types_pb2.Commitment]
    external_work_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, sequence: _Optional[int] = ..., agent: _Optional[_Union[_types_pb2.Agent, _Mapping]] = ..., presence: _Optional[_Union[_types_pb2.Presence, str]] = ..., reason: _Optional[str] = ..., used_capacity: _Optional[int] = ..., offers: _Optional[_Iterable[_Union[_types_pb2.Offer, _Mapping]]] = ..., work: _Optional[_Iterable[_Union[_types_pb2.Work, _Mapping]]] = ..., session_id: _Optional[str] = ..., session_expires_at_ms: _Optional[int] = ..., own_line_interaction_ids: _Optional[_Iterable[str]] = ..., paused_queues: _Optional[_Mapping[str, str]] = ..., limited_queues: _Optional[_Mapping[str, int]] = ..., commitments: _Optional[_Iterable[_Union[_types_pb2.Commitment, _Mapping]]] = ..., external_work_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ReleaseHandlingRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "agent_id", "outcome", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    agent_id: str
    outcome: ReleaseOutcome
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., outcome: _Optional[_Union[ReleaseOutcome, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class ReleaseHandlingResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class PauseAgentRequest(_message.Message):
    __slots__ = ("request_id", "agent_id", "queue_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_id: str
    queue_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., queue_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class PauseAgentResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class UnpauseAgentRequest(_message.Message):
    __slots__ = ("request_id", "agent_id", "queue_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_id: str
    queue_id: str
    def __init__(self, request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., queue_id: _Optional[str] = ...) -> None: ...

class UnpauseAgentResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class PutCommitmentsRequest(_message.Message):
    __slots__ = ("request_id", "agent_id", "commitments")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    COMMITMENTS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_id: str
    commitments: _containers.RepeatedCompositeFieldContainer[_types_pb2.Commitment]
    def __init__(self, request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., commitments: _Optional[_Iterable[_Union[_types_pb2.Commitment, _Mapping]]] = ...) -> None: ...

class PutCommitmentsResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class StartExternalWorkRequest(_message.Message):
    __slots__ = ("request_id", "agent_id", "work_id", "channel", "leaves_idle_clock", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WORK_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    LEAVES_IDLE_CLOCK_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_id: str
    work_id: str
    channel: str
    leaves_idle_clock: bool
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., work_id: _Optional[str] = ..., channel: _Optional[str] = ..., leaves_idle_clock: _Optional[bool] = ..., reason: _Optional[str] = ...) -> None: ...

class StartExternalWorkResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class EndExternalWorkRequest(_message.Message):
    __slots__ = ("request_id", "agent_id", "work_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WORK_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent_id: str
    work_id: str
    def __init__(self, request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., work_id: _Optional[str] = ...) -> None: ...

class EndExternalWorkResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class GetStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatusResponse(_message.Message):
    __slots__ = ("sequence", "at_ms", "clock_speed", "arrived", "waiting", "handling", "wrap_up", "handled", "abandoned", "cancelled", "refused", "transferred", "live_offers", "agents", "available_agents", "site_id", "policy", "unserved", "unreached", "pending_callbacks", "diverted")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    CLOCK_SPEED_FIELD_NUMBER: _ClassVar[int]
    ARRIVED_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    HANDLING_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_FIELD_NUMBER: _ClassVar[int]
    HANDLED_FIELD_NUMBER: _ClassVar[int]
    ABANDONED_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_FIELD_NUMBER: _ClassVar[int]
    LIVE_OFFERS_FIELD_NUMBER: _ClassVar[int]
    AGENTS_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_AGENTS_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    UNSERVED_FIELD_NUMBER: _ClassVar[int]
    UNREACHED_FIELD_NUMBER: _ClassVar[int]
    PENDING_CALLBACKS_FIELD_NUMBER: _ClassVar[int]
    DIVERTED_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    at_ms: int
    clock_speed: float
    arrived: int
    waiting: int
    handling: int
    wrap_up: int
    handled: int
    abandoned: int
    cancelled: int
    refused: int
    transferred: int
    live_offers: int
    agents: int
    available_agents: int
    site_id: str
    policy: str
    unserved: int
    unreached: int
    pending_callbacks: int
    diverted: int
    def __init__(self, sequence: _Optional[int] = ..., at_ms: _Optional[int] = ..., clock_speed: _Optional[float] = ..., arrived: _Optional[int] = ..., waiting: _Optional[int] = ..., handling: _Optional[int] = ..., wrap_up: _Optional[int] = ..., handled: _Optional[int] = ..., abandoned: _Optional[int] = ..., cancelled: _Optional[int] = ..., refused: _Optional[int] = ..., transferred: _Optional[int] = ..., live_offers: _Optional[int] = ..., agents: _Optional[int] = ..., available_agents: _Optional[int] = ..., site_id: _Optional[str] = ..., policy: _Optional[str] = ..., unserved: _Optional[int] = ..., unreached: _Optional[int] = ..., pending_callbacks: _Optional[int] = ..., diverted: _Optional[int] = ...) -> None: ...

class ListQueuesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListQueuesResponse(_message.Message):
    __slots__ = ("sequence", "queues")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    queues: _containers.RepeatedCompositeFieldContainer[QueueStatus]
    def __init__(self, sequence: _Optional[int] = ..., queues: _Optional[_Iterable[_Union[QueueStatus, _Mapping]]] = ...) -> None: ...

class QueueStatus(_message.Message):
    __slots__ = ("queue_id", "waiting", "offered", "handling", "wrap_up", "longest_wait_ms")
    QUEUE_ID_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    HANDLING_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_FIELD_NUMBER: _ClassVar[int]
    LONGEST_WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    queue_id: str
    waiting: int
    offered: int
    handling: int
    wrap_up: int
    longest_wait_ms: int
    def __init__(self, queue_id: _Optional[str] = ..., waiting: _Optional[int] = ..., offered: _Optional[int] = ..., handling: _Optional[int] = ..., wrap_up: _Optional[int] = ..., longest_wait_ms: _Optional[int] = ...) -> None: ...

class ExplainInteractionRequest(_message.Message):
    __slots__ = ("interaction_id", "zone")
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    interaction_id: str
    zone: str
    def __init__(self, interaction_id: _Optional[str] = ..., zone: _Optional[str] = ...) -> None: ...

class ExplainInteractionResponse(_message.Message):
    __slots__ = ("sequence", "at_ms", "text", "json")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    JSON_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    at_ms: int
    text: str
    json: str
    def __init__(self, sequence: _Optional[int] = ..., at_ms: _Optional[int] = ..., text: _Optional[str] = ..., json: _Optional[str] = ...) -> None: ...

class GetStateDigestRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStateDigestResponse(_message.Message):
    __slots__ = ("sequence", "digest")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    digest: str
    def __init__(self, sequence: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...
