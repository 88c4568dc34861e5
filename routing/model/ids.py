"""Identifiers: plain strings chosen by the caller, or issued from counters kept in the state."""

from typing import TypeAlias

AgentId: TypeAlias = str
ChannelId: TypeAlias = str
CustomerId: TypeAlias = str
ExternalWorkId: TypeAlias = str
InteractionId: TypeAlias = str
OfferId: TypeAlias = str
QueueId: TypeAlias = str
RequestId: TypeAlias = str
SessionId: TypeAlias = str
