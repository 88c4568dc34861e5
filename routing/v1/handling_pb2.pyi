from routing.v1 import interactions_pb2 as _interactions_pb2
from routing.v1 import types_pb2 as _types_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NextLeg(_message.Message):
    __slots__ = ("id", "channel", "type", "attributes", "requirements", "keeps_preferred", "age", "barred", "agent_id")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _types_pb2.AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_types_pb2.AttributeValue, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    KEEPS_PREFERRED_FIELD_NUMBER: _ClassVar[int]
    AGE_FIELD_NUMBER: _ClassVar[int]
    BARRED_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    channel: str
    type: str
    attributes: _containers.MessageMap[str, _types_pb2.AttributeValue]
    requirements: _interactions_pb2.RequirementList
    keeps_preferred: bool
    age: _types_pb2.LegAge
    barred: _types_pb2.Barred
    agent_id: str
    def __init__(self, id: _Optional[str] = ..., channel: _Optional[str] = ..., type: _Optional[str] = ..., attributes: _Optional[_Mapping[str, _types_pb2.AttributeValue]] = ..., requirements: _Optional[_Union[_interactions_pb2.RequirementList, _Mapping]] = ..., keeps_preferred: _Optional[bool] = ..., age: _Optional[_Union[_types_pb2.LegAge, _Mapping]] = ..., barred: _Optional[_Union[_types_pb2.Barred, str]] = ..., agent_id: _Optional[str] = ...) -> None: ...

class TransferInteractionRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "leg")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    leg: NextLeg
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., leg: _Optional[_Union[NextLeg, _Mapping]] = ...) -> None: ...

class TransferInteractionResponse(_message.Message):
    __slots__ = ("sequence", "leg_id")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    leg_id: str
    def __init__(self, sequence: _Optional[int] = ..., leg_id: _Optional[str] = ...) -> None: ...

class StartConsultRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id", "leg")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    leg: NextLeg
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ..., leg: _Optional[_Union[NextLeg, _Mapping]] = ...) -> None: ...

class StartConsultResponse(_message.Message):
    __slots__ = ("sequence", "leg_id")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LEG_ID_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    leg_id: str
    def __init__(self, sequence: _Optional[int] = ..., leg_id: _Optional[str] = ...) -> None: ...

class CompleteConsultRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class CompleteConsultResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class CancelConsultRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class CancelConsultResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...

class StartConferenceRequest(_message.Message):
    __slots__ = ("request_id", "interaction_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    interaction_id: str
    def __init__(self, request_id: _Optional[str] = ..., interaction_id: _Optional[str] = ...) -> None: ...

class StartConferenceResponse(_message.Message):
    __slots__ = ("sequence",)
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    def __init__(self, sequence: _Optional[int] = ...) -> None: ...
