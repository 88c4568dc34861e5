"""Writing the compact decision record of an assignment."""

from dataclasses import dataclass, field

import numpy as np

from routing.model.decision import Candidate, Compared, Decision
from routing.policy.arrays import IntArray
from routing.policy.assigners.exact import best_pairs, tie_break
from routing.policy.assigners.problem import Problem
from routing.policy.eligible import Eligible
from routing.policy.pipeline import Policy

BEST_KEPT = 3
"""How many candidates a record lists; the full list is recomputed on demand."""


@dataclass(slots=True)
class Recorder:
    """Writes records for the pairs of one round. `ranked` are the best pairs of all where somebody has looked already."""

    policy: Policy
    site_hash: str
    eligible: Eligible
    compared: Compared
    ranked: list[int] | None = None
    _by_interaction: IntArray = field(init=False)
    _interactions: IntArray = field(init=False)
    _ids: list[str] = field(init=False)
    _competitors: IntArray = field(init=False)

    def __post_init__(self) -> None:
        columns, problem = self.eligible.pairs.columns, self.eligible.problem
        if self.compared is Compared.INTERACTIONS:
            self._ids, self._competitors = columns.waiting.ids, problem.interactions
        else:
            self._ids, self._competitors = columns.agents.ids, problem.agents
        if self.ranked is None:
            self._by_interaction = np.argsort(problem.interactions, kind="stable")
            self._interactions = problem.interactions[self._by_interaction]

    def decision(self, pair: int, made_by: str) -> Decision:
        """The record of why `pair` (an index into the problem) was chosen over its competitors."""
        problem = self.eligible.problem
        if self.ranked is not None:
            ranked, rivals = self.ranked, len(problem)
        else:
            first, last = np.searchsorted(self._interactions, problem.interactions[pair] + np.arange(2))
            indices = self._by_interaction[first:last]
            ranked = [int(indices[index]) for index in best_pairs(problem.part(indices), BEST_KEPT)]
            rivals = len(indices)
        losers = [index for index in ranked if index != pair][: BEST_KEPT - 1]
        return Decision(
            policy_hash=self.policy.hash,
            site_hash=self.site_hash,
            compared=self.compared,
            made_by=made_by,
            urgency=problem.urgency.item(pair),
            excluded=self.eligible.excluded,
            eligible=rivals,
            best=tuple([self._candidate(problem, index) for index in (pair, *losers)]),
            tie_break=self._tie_break(pair, ranked, losers),
        )

    def _tie_break(self, pair: int, ranked: list[int], losers: list[int]) -> str:
        if not losers:
            return "only_candidate"
        if ranked[0] != pair:
            return "joint_optimum"
        return tie_break(self.eligible.problem, pair, losers[0])

    def _candidate(self, problem: Problem, index: int) -> Candidate:
        return Candidate(
            id=self._ids[self._competitors.item(index)],
            class_rank=problem.class_rank.item(index),
            net=problem.urgency.item(index) - problem.cost.item(index),
            terms=tuple([(term, costs.item(index)) for term, costs in self.eligible.terms]) if self.eligible.terms else (),
        )
