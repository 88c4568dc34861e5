"""Requirement profiles: which agents meet a set of requirements, kept per distinct set.

Many interactions ask for the same things. Each distinct tuple of requirements is evaluated over all agents once, in columns, and then
only for agents with a changed attribute that it mentions; an interaction carries the number of its profile. Platforms choose
requirements freely, so the table is rebuilt from the sets in use when it has grown past twice their number, and nothing a requirement
names is remembered beyond that.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from routing.core.validate import ATTRIBUTE_VALUE_MAX
from routing.model.requirement import Operator, Requirement
from routing.policy.agent_columns import MISSING, AgentColumns, Edit
from routing.policy.arrays import BoolArray, IntArray, grown, rows_of

FULL_PROFICIENCY = 10
_PROFILES_MIN = 4096

Needs: TypeAlias = tuple[Requirement, ...]


class AnyOf(NamedTuple):
    """Several requirement sets of which one is enough, the first that is met first."""

    sets: tuple[Needs, ...]


class Profiles:
    """Distinct requirement sets against all agents. `allowed`, `shortfall` and `unmet` have shape (profiles, places).

    Where one of several sets is enough, all three are those of the first set that the agent meets, or of the first where they meet none.
    `allowed`: the agent meets every hard requirement. `shortfall`: how far the agent is below full proficiency (10), in levels, summed over
    the numeric requirements of any kind; an attribute the agent lacks counts as level 0.
    `unmet`: per mille of the preferences that the agent does not meet, kept only where it is needed.
    """

    def __init__(self, agents: AgentColumns, *, needs_unmet: bool = False) -> None:
        self._agents = agents
        self._needs_unmet = needs_unmet
        self._index: dict[Needs | AnyOf, int] = {}
        self._mentioning: dict[str, list[Needs | AnyOf]] = {}
        self._limit = _PROFILES_MIN
        self.allowed: BoolArray = np.zeros((8, agents.capacity), dtype=np.bool_)
        self.shortfall: NDArray[np.int16] = np.zeros((8, agents.capacity), dtype=np.int16)
        self.unmet: NDArray[np.int16] = np.zeros((8 if needs_unmet else 0, agents.capacity), dtype=np.int16)

    @property
    def is_overgrown(self) -> bool:
        """Whether the table should be rebuilt from the requirement sets still in use."""
        return len(self._index) > self._limit

    def set_limit(self) -> None:
        """Allow the table to grow to twice its present size; called when it holds just the sets in use."""
        self._limit = max(_PROFILES_MIN, 2 * len(self._index))

    def number_of(self, requirements: Needs | AnyOf) -> int:
        """The profile of a requirement set, or of several, evaluated over all agents when it is new."""
        profile = self._index.get(requirements)
        if profile is None:
            profile = len(self._index)
            self._index[requirements] = profile
            for name in {requirement.attribute: None for needs in _sets_of(requirements) for requirement in needs}:
                self._mentioning.setdefault(name, []).append(requirements)
            self._fit()
            self._evaluate(profile, requirements, slice(None))
        return profile

    def refresh_agents(self, edits: list[Edit]) -> None:
        """Evaluate again, for the places of all `edits`, the profiles that mention any attribute changed by one of them."""
        self._fit()
        places = rows_of([edit.place for edit in edits])
        for requirements in self._touched_by(edits):
            self._evaluate(self._index[requirements], requirements, places)

    def _touched_by(self, edits: list[Edit]) -> Iterable[Needs | AnyOf]:
        changed: dict[str, None] = {}
        for edit in edits:
            if edit.attributes is None:
                return self._index
            changed |= dict.fromkeys(edit.attributes)
        return dict.fromkeys([requirements for name in changed for requirements in self._mentioning.get(name, ())])

    def _fit(self) -> None:
        rows, places = self.allowed.shape
        if rows < len(self._index):
            more = ((0, rows), (0, 0))
            self.allowed = np.pad(self.allowed, more)
            self.shortfall = np.pad(self.shortfall, more)
            if self._needs_unmet:
                self.unmet = np.pad(self.unmet, more)
        if places < self._agents.capacity:
            self.allowed = grown(self.allowed, self._agents.capacity, 0).astype(np.bool_, copy=False)
            self.shortfall = grown(self.shortfall, self._agents.capacity, 0).astype(np.int16, copy=False)
            self.unmet = grown(self.unmet, self._agents.capacity, 0).astype(np.int16, copy=False)

    def _evaluate(self, profile: int, requirements: Needs | AnyOf, places: slice | IntArray) -> None:
        first, *others = _sets_of(requirements)
        self._evaluate_set(profile, first, places)
        for needs in others:
            columns = (self.allowed, self.shortfall, self.unmet) if self._needs_unmet else (self.allowed, self.shortfall)
            before = [column[profile, places].copy() for column in columns]
            self._evaluate_set(profile, needs, places)
            # What an earlier set allows stays; where no set allows, the first one's figures do.
            keeps = before[0] | ~self.allowed[profile, places]
            for column, kept in zip(columns, before, strict=True):
                column[profile, places] = np.where(keeps, kept, column[profile, places])

    def _evaluate_set(self, profile: int, requirements: Needs, places: slice | IntArray) -> None:
        allowed: BoolArray = np.ones_like(self.allowed[profile, places])
        shortfall: NDArray[np.int16] = np.zeros_like(self.shortfall[profile, places])
        for requirement in requirements:
            held = self._agents.values_of(requirement.attribute, places)
            if requirement.is_hard:
                allowed &= self._meets(held, requirement)
            if isinstance(requirement.value, int):
                level = np.where(np.abs(held) <= ATTRIBUTE_VALUE_MAX, held, 0)
                shortfall += np.clip(FULL_PROFICIENCY - level, 0, FULL_PROFICIENCY).astype(np.int16)
        self.allowed[profile, places] = allowed
        self.shortfall[profile, places] = shortfall
        if self._needs_unmet:
            self._evaluate_unmet(profile, [need for need in requirements if not need.is_hard], places)

    def _evaluate_unmet(self, profile: int, preferences: list[Requirement], places: slice | IntArray) -> None:
        unmet: NDArray[np.int16] = np.zeros_like(self.unmet[profile, places])
        for preference in preferences:
            unmet += ~self._meets(self._agents.values_of(preference.attribute, places), preference)
        self.unmet[profile, places] = unmet.astype(np.int32) * 1000 // max(1, len(preferences))

    def _meets(self, held: NDArray[np.int32], requirement: Requirement) -> BoolArray:
        wanted = self._agents.code_of(requirement.value)
        met: BoolArray
        match requirement.operator:
            case Operator.AT_LEAST:
                met = (held >= wanted) & (held <= ATTRIBUTE_VALUE_MAX)
            case Operator.AT_MOST:
                met = (held <= wanted) & (held != MISSING)
            case Operator.EQUAL:
                met = held == wanted
                for value in requirement.alternatives:
                    met |= held == self._agents.code_of(value)
            case Operator.NOT_EQUAL:
                met = held != wanted
            case unreachable:
                assert_never(unreachable)
        return met


def _sets_of(requirements: Needs | AnyOf) -> tuple[Needs, ...]:
    return requirements.sets if isinstance(requirements, AnyOf) else (requirements,)
