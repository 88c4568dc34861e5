"""What would have put another agent first: for a runner-up, each single change that alone turns the order, worked out from the terms.

All agents compete for one interaction, so its class and urgency are the same for each of them: the order is that of cost, then of idle
time, then of registration. A cost is a sum of whole units times a weight, and so the change that is needed of one term is a division.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from routing.model.ids import AgentId
from routing.model.time import SECOND_MS, Instant

IDLE_TIME: Final = "idle_time"
"""Names the tie between agents of equal cost: `now` and `needed` are ms of idleness, and more is better."""

_LONGEST_IDLE: Final = "longest_idle"
_FROM_ZERO: Final = (
    "attribute_order fewest_calls least_talk load_ratio lowest_occupancy percent_allocation round_robin skill_fit unmet_preferences"
)
_LEAST: Final[Mapping[str, int]] = {**dict.fromkeys(_FROM_ZERO.split(), 0), _LONGEST_IDLE: 0, "preferred_agent": -100}
"""The least each scorer can say of an agent, in its unit; of any other nothing is known."""
_MOST: Final[Mapping[str, int]] = {"load_ratio": 1_000, _LONGEST_IDLE: 3_600}
"""The most a scorer can say, where it makes sense to wish that upon the agent who is first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One change that alone would put a runner-up first, everything else as it is.

    `part` is a scorer, whose units for `agent_id` are `now` and would have to be `needed` or less (for the runner-up), or `needed` or more
    (for the agent who is first); or `IDLE_TIME`.
    """

    agent_id: AgentId
    part: str
    now: int
    needed: int


class Rival(NamedTuple):
    """An agent as the order sees them: `terms` are ms-equivalents, `cost` is what they come to."""

    agent_id: AgentId
    cost: int
    terms: tuple[tuple[str, int], ...]
    idle_since: Instant
    sequence: int

    @property
    def order(self) -> tuple[int, Instant, int]:
        """What agents are compared by: the least comes first."""
        return self.cost, self.idle_since, self.sequence


def levers(first: Rival, other: Rival, weights: Sequence[int], now: Instant | None, least_skills: int) -> tuple[Lever, ...]:
    """Every lever of `other`, who comes after `first`, in the order of the policy's scorers.

    `weights` are those of the scorers in ms, `now` is what idleness counts to (`None` where it does not count), and `least_skills` how many
    skills an agent needs to be eligible at all. Without a lever no single term can turn the order: `other` is too far behind, or a cost was
    cut to what 64 bits hold.
    """
    if any(rival.cost != sum(value for _, value in rival.terms) for rival in (first, other)):
        return ()
    found = [_by_idle_time(first, other, now)] if now is not None and other.cost == first.cost else []
    return (*found, *_by_terms(first, other, weights, least_skills))


def _by_idle_time(first: Rival, other: Rival, now: Instant) -> Lever:
    needed = now - first.idle_since + (first.sequence < other.sequence)
    return Lever(agent_id=other.agent_id, part=IDLE_TIME, now=now - other.idle_since, needed=needed)


def _by_terms(first: Rival, other: Rival, weights: Sequence[int], least_skills: int) -> Iterator[Lever]:
    least = {**_LEAST, "fewest_skills": least_skills}
    for (part, value), (_, best), weight in zip(other.terms, first.terms, weights, strict=True):
        if not weight:
            continue
        units = _units_needed(first, other, part, weight)
        now, leads = value // weight, best // weight
        if now - units >= least.get(part, now - units):
            yield Lever(agent_id=other.agent_id, part=part, now=now, needed=now - units)
        elif part in _MOST and leads + units <= _MOST[part]:
            yield Lever(agent_id=first.agent_id, part=part, now=leads, needed=leads + units)


def _units_needed(first: Rival, other: Rival, part: str, weight: int) -> int:
    """By how many units the two must come closer in one part for `other` to go first: at least one."""
    gap = other.cost - first.cost
    units = max(1, -(-gap // weight))
    if units * weight > gap:
        return units
    gained_ms = units * SECOND_MS if part == _LONGEST_IDLE else 0  # who has been idle longer wins the tie, too
    is_ahead = (other.idle_since - gained_ms, other.sequence) < (first.idle_since, first.sequence)
    return units if is_ahead else units + 1
