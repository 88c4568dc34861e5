from routing.v1 import types_pb2 as _types_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RequestCallbackRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "channel", "kind", "not_before_at_ms", "promised_at_ms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_AT_MS_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    channel: str
    kind: _types_pb2.CallbackKind
    not_before_at_ms: int
    promised_at_ms: int
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., channel: _Optional[str] = ..., kind: _Optional[_Union[_types_pb2.CallbackKind, str]] = ..., not_before_at_ms: _Optional[int] = ..., promised_at_ms: _Optional[int] = ...) -> None: ...

class RequestCallbackResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ScheduleCallbackRequest(_message.Message):
    __slots__ = ("request_id", "interaction", "kind", "not_before_at_ms", "promised_at_ms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_AT_MS_FIELD_NUMBER: _ClassVar[int]
    PROMISED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction: _types_pb2.Interaction
    kind: _types_pb2.CallbackKind
    not_before_at_ms: int
    promised_at_ms: int
    def __init__(self, request_id: _Optional[str] = ..., interaction: _Optional[_Union[_types_pb2.Interaction, _Mapping]] = ..., kind: _Optional[_Union[_types_pb2.CallbackKind, str]] = ..., not_before_at_ms: _Optional[int] = ..., promised_at_ms: _Optional[int] = ...) -> None: ...

class ScheduleCallbackResponse(_message.Message):
    __slots__ = ("sequence", "interaction_id")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    interaction_id: str
    def __init__(self, sequence: _Optional[int] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class CancelCallbackRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelCallbackResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class ReportCallbackAttemptRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "outcome")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    outcome: _types_pb2.CallbackOutcome
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., outcome: _Optional[_Union[_types_pb2.CallbackOutcome, str]] = ...) -> None: ...

class ReportCallbackAttemptResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...
