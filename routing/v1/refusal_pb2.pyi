from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RefusalReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUSAL_REASON_UNSPECIFIED: _ClassVar[RefusalReason]
    REFUSAL_REASON_NO_SITE: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_INTERACTION: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_AGENT: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_OFFER: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_CHANNEL: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_QUEUE: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_POLICY: _ClassVar[RefusalReason]
    REFUSAL_REASON_NO_ROUTE: _ClassVar[RefusalReason]
    REFUSAL_REASON_INVALID_VALUE: _ClassVar[RefusalReason]
    REFUSAL_REASON_DUPLICATE_INTERACTION: _ClassVar[RefusalReason]
    REFUSAL_REASON_DUPLICATE_AGENT: _ClassVar[RefusalReason]
    REFUSAL_REASON_REQUEST_ID_REUSED: _ClassVar[RefusalReason]
    REFUSAL_REASON_VERSION_CONFLICT: _ClassVar[RefusalReason]
    REFUSAL_REASON_NOT_WAITING: _ClassVar[RefusalReason]
    REFUSAL_REASON_NOT_HANDLING: _ClassVar[RefusalReason]
    REFUSAL_REASON_NOT_HELD: _ClassVar[RefusalReason]
    REFUSAL_REASON_NOT_IN_WRAP_UP: _ClassVar[RefusalReason]
    REFUSAL_REASON_OFFER_NOT_PENDING: _ClassVar[RefusalReason]
    REFUSAL_REASON_EXTENSION_EXHAUSTED: _ClassVar[RefusalReason]
    REFUSAL_REASON_AGENT_HAS_WORK: _ClassVar[RefusalReason]
    REFUSAL_REASON_STILL_IN_USE: _ClassVar[RefusalReason]
    REFUSAL_REASON_DEADLINE_OVERDUE: _ClassVar[RefusalReason]
    REFUSAL_REASON_TIME_RAN_BACK: _ClassVar[RefusalReason]
    REFUSAL_REASON_MALFORMED_MESSAGE: _ClassVar[RefusalReason]
    REFUSAL_REASON_OVERLOADED: _ClassVar[RefusalReason]
    REFUSAL_REASON_SHUTTING_DOWN: _ClassVar[RefusalReason]
    REFUSAL_REASON_CURSOR_TOO_OLD: _ClassVar[RefusalReason]
    REFUSAL_REASON_CURSOR_AHEAD: _ClassVar[RefusalReason]
    REFUSAL_REASON_SLOW_READER: _ClassVar[RefusalReason]
    REFUSAL_REASON_SESSION_REPLACED: _ClassVar[RefusalReason]
    REFUSAL_REASON_NOT_IN_SESSION: _ClassVar[RefusalReason]
    REFUSAL_REASON_NOT_CONSULTING: _ClassVar[RefusalReason]
    REFUSAL_REASON_CONSULTING: _ClassVar[RefusalReason]
    REFUSAL_REASON_AGENT_CANNOT_SERVE: _ClassVar[RefusalReason]
    REFUSAL_REASON_CALLBACK_NOT_TAKEN: _ClassVar[RefusalReason]
    REFUSAL_REASON_CALLBACK_PENDING: _ClassVar[RefusalReason]
    REFUSAL_REASON_NO_CALLBACK: _ClassVar[RefusalReason]
    REFUSAL_REASON_NO_ATTEMPT: _ClassVar[RefusalReason]
    REFUSAL_REASON_ATTEMPT_RUNNING: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_PRESENCE_REASON: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNKNOWN_EXTERNAL_WORK: _ClassVar[RefusalReason]
    REFUSAL_REASON_DUPLICATE_EXTERNAL_WORK: _ClassVar[RefusalReason]
REFUSAL_REASON_UNSPECIFIED: RefusalReason
REFUSAL_REASON_NO_SITE: RefusalReason
REFUSAL_REASON_UNKNOWN_INTERACTION: RefusalReason
REFUSAL_REASON_UNKNOWN_AGENT: RefusalReason
REFUSAL_REASON_UNKNOWN_OFFER: RefusalReason
REFUSAL_REASON_UNKNOWN_CHANNEL: RefusalReason
REFUSAL_REASON_UNKNOWN_QUEUE: RefusalReason
REFUSAL_REASON_UNKNOWN_POLICY: RefusalReason
REFUSAL_REASON_NO_ROUTE: RefusalReason
REFUSAL_REASON_INVALID_VALUE: RefusalReason
REFUSAL_REASON_DUPLICATE_INTERACTION: RefusalReason
REFUSAL_REASON_DUPLICATE_AGENT: RefusalReason
REFUSAL_REASON_REQUEST_ID_REUSED: RefusalReason
REFUSAL_REASON_VERSION_CONFLICT: RefusalReason
REFUSAL_REASON_NOT_WAITING: RefusalReason
REFUSAL_REASON_NOT_HANDLING: RefusalReason
REFUSAL_REASON_NOT_HELD: RefusalReason
REFUSAL_REASON_NOT_IN_WRAP_UP: RefusalReason
REFUSAL_REASON_OFFER_NOT_PENDING: RefusalReason
REFUSAL_REASON_EXTENSION_EXHAUSTED: RefusalReason
REFUSAL_REASON_AGENT_HAS_WORK: RefusalReason
REFUSAL_REASON_STILL_IN_USE: RefusalReason
REFUSAL_REASON_DEADLINE_OVERDUE: RefusalReason
REFUSAL_REASON_TIME_RAN_BACK: RefusalReason
REFUSAL_REASON_MALFORMED_MESSAGE: RefusalReason
REFUSAL_REASON_OVERLOADED: RefusalReason
REFUSAL_REASON_SHUTTING_DOWN: RefusalReason
REFUSAL_REASON_CURSOR_TOO_OLD: RefusalReason
REFUSAL_REASON_CURSOR_AHEAD: RefusalReason
REFUSAL_REASON_SLOW_READER: RefusalReason
REFUSAL_REASON_SESSION_REPLACED: RefusalReason
REFUSAL_REASON_NOT_IN_SESSION: RefusalReason
REFUSAL_REASON_NOT_CONSULTING: RefusalReason
REFUSAL_REASON_CONSULTING: RefusalReason
REFUSAL_REASON_AGENT_CANNOT_SERVE: RefusalReason
REFUSAL_REASON_CALLBACK_NOT_TAKEN: RefusalReason
REFUSAL_REASON_CALLBACK_PENDING: RefusalReason
REFUSAL_REASON_NO_CALLBACK: RefusalReason
REFUSAL_REASON_NO_ATTEMPT: RefusalReason
REFUSAL_REASON_ATTEMPT_RUNNING: RefusalReason
REFUSAL_REASON_UNKNOWN_PRESENCE_REASON: RefusalReason
REFUSAL_REASON_UNKNOWN_EXTERNAL_WORK: RefusalReason
REFUSAL_REASON_DUPLICATE_EXTERNAL_WORK: RefusalReason

class Refusal(_message.Message):
    __slots__ = ("reason", "field", "text")
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    reason: RefusalReason
    field: str
    text: str
    def __init__(self, reason: _Optional[_Union[RefusalReason, str]] = ..., field: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
