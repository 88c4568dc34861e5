"""Decision records: why this pair and not the others, compact enough to keep with every offer."""

from enum import StrEnum

from routing.model.record import record


class Compared(StrEnum):
    """Who competed in the decision."""

    AGENTS = "agents"
    """One interaction looked for an agent: the losers are agents."""
    INTERACTIONS = "interactions"
    """One agent had room: the losers are interactions."""
    PAIRS = "pairs"
    """Several interactions and agents were matched together: the losers are other agents of the same interaction."""


@record(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One eligible competitor: an agent or an interaction id, its class, its net value and the cost terms that made it.

    `net = urgency - sum of the terms`, all in milliseconds-equivalents; higher wins within a class.
    """

    id: str
    class_rank: int
    net: int
    terms: tuple[tuple[str, int], ...]


@record(frozen=True, slots=True, kw_only=True)
class Decision:
    """The compact record of one assignment.

    `excluded` counts the competitors removed by each filter, in filter order, and `eligible` those that were left. `best` lists the few
    best with the chosen one first. `tie_break` names the first key on which the chosen one beat the next. `made_by` names the assigner,
    with the reason when a fallback decided.
    """

    policy_hash: str
    site_hash: str
    compared: Compared
    made_by: str
    urgency: int
    excluded: tuple[tuple[str, int], ...]
    eligible: int
    best: tuple[Candidate, ...]
    tie_break: str
