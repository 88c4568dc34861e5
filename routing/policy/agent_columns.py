"""Agents as columns: one array a field, one place an agent, so that a filter or scorer reads all agents in one operation.

Derived from the state's rows and refreshed one agent at a time. Places are packed without holes, because every place counts as a candidate
in a decision's record: removing an agent moves the last one into its place. A place has no meaning outside this index. Attributes are kept
as one integer matrix: numbers as they are, symbols as codes far above any number, and a value far below for "does not have it".
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from routing.core.state import AgentRow
from routing.core.validate import ATTRIBUTE_VALUE_MAX
from routing.model.agent import Agent, Presence
from routing.model.channel import Channel
from routing.model.ids import AgentId, ChannelId, QueueId
from routing.model.requirement import AttributeValue
from routing.model.site import IdleClock
from routing.policy.arrays import BoolArray, IntArray, grown
from routing.policy.queue_gate import QueueGate
from routing.policy.statistics import OF_AGENT, WORKED_BY_QUEUE

MISSING = -2 * ATTRIBUTE_VALUE_MAX
SYMBOL_BASE = 2 * ATTRIBUTE_VALUE_MAX
UNKNOWN_SYMBOL = SYMBOL_BASE - 1
_FIRST_CAPACITY = 16
NEVER = 1 << 46
_GROWING = ("present", "is_open", "shut", "load_per_mille", "idle_since", "sequence", "skills", "committed_at", "worked_by_queue")
_BY_PLACE = (*_GROWING, "_values")


AWAY, ON_MAXIMUM, WITHOUT_ROOM = 1, 2, 4
"""Why an agent is shut to a channel, added up: not available; at their maximum on it; no budget left for it."""

WHYS = 8
"""How many such sums there are, 0 for nothing among them."""


class Edit(NamedTuple):
    """A place and the attributes that changed there; `None` where another agent stands now, so that any may have."""

    place: int
    attributes: tuple[str, ...] | None


class AgentColumns:
    """All registered agents. Arrays have shape (places,) or (channels or attributes, places); the first `count` places are in use.

    `present`: available. `shut[c]`: why they are not to be offered anything on channel c, 0 where nothing speaks against it,
    `is_open[c]`: whether it is 0, and `shut_count[c]`: how many agents there are by that number. `channel_open[c]`: serves channel c and is
    below its maximum.
    `capacity_open[c]`: has budget left for channel c.
    `load_per_mille`: used budget over capacity. `idle_since`: by the policy's idle clock, ms. `sequence`: order of registration.
    `skills`: how many numeric attributes the agent has. `committed_at`: when the next commitment begins, ms, `NEVER` without one.
    `count_with_room`: how many agents could take something on some channel. `paused` and `limited`: who is shut out of which queues.
    `made_of`: the channels, the idle clock, the queues and the needs they are made for. `statistics`: a column for each number of the past
    that the policy needs. `worked_by_queue[q]`: ms worked for queue q, where needed.
    """

    def __init__(
        self,
        channels: Mapping[ChannelId, Channel],
        idle_clock: IdleClock,
        queue_ids: Sequence[QueueId] = (),
        needs: Sequence[str] = (),
    ) -> None:
        self.channel_index = {channel_id: index for index, channel_id in enumerate(channels)}
        self._channels = tuple(channels.values())
        self.made_of = (self._channels, idle_clock, tuple(queue_ids), tuple(needs))
        self._idle_clock = idle_clock
        self.paused = QueueGate(queue_ids)
        self.limited = QueueGate(queue_ids)
        self.count = 0
        self.count_with_room = 0
        self.ids: list[AgentId] = []
        self.place_of: dict[AgentId, int] = {}
        self._has_room: list[bool] = []
        self._profiled: list[Agent | None] = []
        self._attribute_index: dict[str, int] = {}
        self._symbol_codes: dict[str, int] = {}
        size = _FIRST_CAPACITY
        self.present: BoolArray = np.zeros(size, dtype=np.bool_)
        self.is_open: BoolArray = np.zeros((len(self._channels), size), dtype=np.bool_)
        self.shut: NDArray[np.int8] = np.zeros((len(self._channels), size), dtype=np.int8)
        self.shut_count = [[0] * WHYS for _ in self._channels]
        self.load_per_mille: IntArray = np.zeros(size, dtype=np.int64)
        self.idle_since: IntArray = np.zeros(size, dtype=np.int64)
        self.sequence: IntArray = np.zeros(size, dtype=np.int64)
        self.skills: IntArray = np.zeros(size, dtype=np.int64)
        self.committed_at: IntArray = np.zeros(size, dtype=np.int64)
        self._values: NDArray[np.int32] = np.full((0, size), MISSING, dtype=np.int32)
        self._readers = tuple((name, OF_AGENT[name]) for name in needs if name in OF_AGENT)
        self._worked_queues = tuple(queue_ids) if WORKED_BY_QUEUE in needs else ()
        self.statistics: dict[str, IntArray] = {name: np.zeros(size, dtype=np.int64) for name, _ in self._readers}
        self.worked_by_queue: IntArray = np.zeros((len(self._worked_queues), size), dtype=np.int64)

    def is_like(self, other: "AgentColumns") -> bool:
        """Whether both say the same of the same agents: they are of the same channels and queues, and of policies that ask for the same."""
        return self.made_of == other.made_of

    @property
    def capacity(self) -> int:
        """How many places the arrays have."""
        return len(self.present)

    @property
    def channel_open(self) -> BoolArray:
        """Shape (channels, places): serves the channel and is below the maximum on it."""
        is_open: BoolArray = (self.shut & ON_MAXIMUM) == 0
        return is_open

    @property
    def capacity_open(self) -> BoolArray:
        """Shape (channels, places): has budget left for the channel."""
        is_open: BoolArray = (self.shut & WITHOUT_ROOM) == 0
        return is_open

    def put(self, row: AgentRow, use: Sequence[int] | None = None) -> Edit | None:
        """Refresh an agent; what of their attributes changed, or `None` when they are as before.

        `use` says by channel how much of the budget is not free for it; `None`, what is used for all of them.
        """
        agent = row.agent
        place = self.place_of.get(agent.id)
        if place is None:
            place = self._new_place(agent.id)
        is_present = row.presence is Presence.AVAILABLE
        self.sequence[place] = row.sequence  # not only when new: between two refreshes an agent may be removed and registered again
        self.present[place] = is_present
        self.load_per_mille[place] = row.used * 1000 // agent.capacity
        self.idle_since[place] = idle_since(row, self._idle_clock)
        free = agent.capacity - row.used
        maxima, held = agent.channel_maxima, row.held_by_channel
        has_room = False
        for index, channel in enumerate(self._channels):
            why = 0 if is_present else AWAY
            if held.get(channel.id, 0) >= maxima.get(channel.id, 0):
                why |= ON_MAXIMUM
            if channel.capacity_cost > (free if use is None else agent.capacity - use[index]):
                why |= WITHOUT_ROOM
            before = self.shut.item(index, place)
            if why != before:
                count = self.shut_count[index]
                count[before] -= 1
                count[why] += 1
                self.shut[index, place] = why
                self.is_open[index, place] = not why
            if not why:
                has_room = True
        if has_room != self._has_room[place]:
            self._set_room(place, has_room=has_room)
        for name, read in self._readers:
            self.statistics[name][place] = read(row)
        for index, queue_id in enumerate(self._worked_queues):
            self.worked_by_queue[index, place] = row.worked_by_queue.get(queue_id, 0)
        self.committed_at[place] = row.commitments[0].starts_at if row.commitments else NEVER
        if row.paused or self.paused.shut:
            self.paused.put(place, row.paused, capacity=self.capacity)
        if row.limited_until or self.limited.shut:
            self.limited.put(place, row.limited_until, capacity=self.capacity)
        known = self._profiled[place]
        if known is agent:
            return None
        self._profiled[place] = agent
        self._put_attributes(place, agent.attributes)
        return Edit(place, None if known is None else _differences(known.attributes, agent.attributes))

    def remove(self, agent_id: AgentId) -> Edit | None:
        """Forget an agent; the place the last agent was moved to, or `None` when nobody moved."""
        place = self.place_of.pop(agent_id)
        self._set_room(place, has_room=False)
        for index, why in enumerate(self.shut[:, place].tolist()):
            self.shut_count[index][why] -= 1
        last_id, last_has_room, last_profiled = self.ids.pop(), self._has_room.pop(), self._profiled.pop()
        self.count -= 1
        self.paused.move(self.count, place)
        self.limited.move(self.count, place)
        if place == self.count:
            return None
        self.ids[place] = last_id
        self._has_room[place] = last_has_room
        self._profiled[place] = last_profiled
        self.place_of[last_id] = place
        for name in _BY_PLACE:
            column = getattr(self, name)
            column[..., place] = column[..., self.count]
        for column in self.statistics.values():
            column[place] = column[self.count]
        return Edit(place, None)

    def has_room(self, agent_id: AgentId) -> bool:
        """Whether the agent could take something on some channel."""
        place = self.place_of.get(agent_id)
        return place is not None and self._has_room[place]

    def rooms(self) -> BoolArray:
        """Which agents could take something on some channel, shape (count,)."""
        return np.array(self._has_room, dtype=np.bool_)

    def code_of(self, value: AttributeValue) -> int:
        """The number a required value is compared as; a symbol that no agent holds has a code that no agent holds."""
        return value if isinstance(value, int) else self._symbol_codes.get(value, UNKNOWN_SYMBOL)

    def values_of(self, attribute: str, places: slice | IntArray) -> NDArray[np.int32]:
        """What the agents hold of an attribute, shape (places,)."""
        row = self._attribute_index.get(attribute)
        if row is None:
            return np.full_like(self.present[places], MISSING, dtype=np.int32)
        return self._values[row, places]

    def _set_room(self, place: int, *, has_room: bool) -> None:
        self.count_with_room += has_room - self._has_room[place]
        self._has_room[place] = has_room

    def _new_place(self, agent_id: AgentId) -> int:
        place = self.count
        self.count += 1
        self.ids.append(agent_id)
        self._has_room.append(False)
        self._profiled.append(None)
        if place == self.capacity:
            self._grow(2 * self.capacity)
        self.shut[:, place] = AWAY
        self.is_open[:, place] = False
        for count in self.shut_count:
            count[AWAY] += 1
        self.place_of[agent_id] = place
        return place

    def _grow(self, capacity: int) -> None:
        for name in _GROWING:
            setattr(self, name, grown(getattr(self, name), capacity, 0))
        self.paused.grow(capacity)
        self.limited.grow(capacity)
        self._values = grown(self._values, capacity, MISSING).astype(np.int32, copy=False)
        self.statistics = {name: grown(column, capacity, 0).astype(np.int64, copy=False) for name, column in self.statistics.items()}

    def _put_attributes(self, place: int, attributes: Mapping[str, AttributeValue]) -> None:
        missing = [name for name in attributes if name not in self._attribute_index]
        if missing:
            for name in missing:
                self._attribute_index[name] = len(self._attribute_index)
            empty = np.full((len(missing), self.capacity), MISSING, dtype=np.int32)
            self._values = np.concatenate([self._values, empty])
        self._values[:, place] = MISSING
        for name, value in attributes.items():
            if isinstance(value, str):
                self._symbol_codes.setdefault(value, SYMBOL_BASE + len(self._symbol_codes))
            self._values[self._attribute_index[name], place] = self.code_of(value)
        self.skills[place] = sum(isinstance(value, int) for value in attributes.values())


def _differences(old: Mapping[str, AttributeValue], new: Mapping[str, AttributeValue]) -> tuple[str, ...]:
    return tuple([name for name in {**old, **new} if old.get(name) != new.get(name)])


def idle_since(row: AgentRow, clock: IdleClock) -> int:
    """Since when the agent counts as idle, ms: an earlier instant is a longer idle time."""
    match clock:
        case IdleClock.SINCE_FREE:
            return row.available_since if row.free_since is None else max(row.free_since, row.available_since)
        case IdleClock.SINCE_ASSIGNED:
            return row.available_since if row.assigned_at is None else row.assigned_at
        case IdleClock.SINCE_WORKED:
            return 0 if row.free_since is None else row.free_since
        case IdleClock.SINCE_OFFERED:
            return row.available_since if row.offered_at is None else row.offered_at
        case IdleClock.NONE:
            return 0
    assert_never(clock)
