"""What a part may ask of the past or of the room beyond the columns that every policy has.

A part declares its needs when it is registered; the columns of a site are built with the needs of the policy in force, so that nothing is
kept up to date that nobody reads.
"""

from collections.abc import Callable, Mapping

from routing.core.state import AgentRow

ACCEPTED = "accepted"
TALK_MS = "talk_ms"
WORKED_MS = "worked_ms"
STAFFED_MS = "staffed_ms"
STAFFED_SINCE = "staffed_since"
FREE_CAPACITY = "free_capacity"

OF_AGENT: Mapping[str, Callable[[AgentRow], int]] = {
    ACCEPTED: lambda row: row.accepted,
    TALK_MS: lambda row: row.talk_ms,
    WORKED_MS: lambda row: row.worked_ms,
    STAFFED_MS: lambda row: row.staffed_ms,
    STAFFED_SINCE: lambda row: -1 if row.staffed_since is None else row.staffed_since,
    FREE_CAPACITY: lambda row: row.agent.capacity - row.used,
}
"""Numbers of one agent, kept in `AgentColumns.statistics` by name; -1 stands for "not staffed"."""

WORKED_BY_QUEUE = "worked_by_queue"
"""ms an agent has worked for each queue, in `AgentColumns.worked_by_queue`."""

TURNS = "turns"
"""For each queue whose turn it was last, in `Columns.turns`."""

UNMET = "unmet"
"""The share of its preferences that an agent does not meet, in `Profiles.unmet`."""

RINGING = "ringing"
"""Interactions that wait and want no further offer, in `Columns.ringing`."""

NEEDS = (*OF_AGENT, WORKED_BY_QUEUE, TURNS, UNMET, RINGING)
"""All there is to be asked for."""
