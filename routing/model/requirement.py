"""Requirements: what an interaction asks of an agent, and how firmly."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import TypeAlias, assert_never

from routing.model.later import LATER
from routing.model.record import record

AttributeValue: TypeAlias = int | str
"""An agent or interaction attribute: a number (a skill's proficiency) or a symbol."""


class Operator(StrEnum):
    """How an agent's attribute is compared with the required value."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "=="
    NOT_EQUAL = "!="


class RequirementKind(StrEnum):
    """How firmly a requirement is meant."""

    MUST = "must"
    """Never relaxed, not even by the last step of a ladder."""
    EXPIRING = "expiring"
    """Hard until a timed step lowers or drops it."""
    PREFER = "prefer"
    """Never excludes an agent; a scorer may reward it."""


@record(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One comparison an agent's attributes must, or should, satisfy.

    Symbols compare only by `==` and `!=`. An agent without the attribute satisfies nothing but `!=`. `alternatives` are further values that
    will do as well as `value`; only `==` has any.
    """

    attribute: str
    operator: Operator
    value: AttributeValue
    kind: RequirementKind = RequirementKind.MUST
    alternatives: tuple[AttributeValue, ...] = field(default=(), metadata=LATER)

    @property
    def is_hard(self) -> bool:
        """Whether an agent who does not meet it is excluded."""
        return self.kind is not RequirementKind.PREFER

    @property
    def wanted(self) -> str:
        """The values that will do, for people."""
        return " or ".join(map(str, (self.value, *self.alternatives)))

    def is_met_by(self, attributes: Mapping[str, AttributeValue]) -> bool:
        """Whether `attributes` satisfy the comparison; a number never equals a symbol."""
        held = attributes.get(self.attribute)
        match self.operator:
            case Operator.AT_LEAST:
                return isinstance(held, int) and isinstance(self.value, int) and held >= self.value
            case Operator.AT_MOST:
                return isinstance(held, int) and isinstance(self.value, int) and held <= self.value
            case Operator.EQUAL:
                return held == self.value or held in self.alternatives
            case Operator.NOT_EQUAL:
                return held != self.value
        assert_never(self.operator)
