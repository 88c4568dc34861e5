"""Groups of alike agents: same skills, capacity, shifts, shrinkage and cost; a plan is a number for each group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeAlias

from routing.config.errors import ConfigError
from routing.config.roster import Roster, RosteredAgent
from routing.model.ids import AgentId
from simulation.scenario import Scenario
from simulation.staffing.cost import roster_cost

Plan: TypeAlias = tuple[int, ...]
"""How many agents of each group, in the order of the groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group. `members` are those whom the roster lists, of whom the first stands for any further one; `cost` is that of one agent.

    `cost` counts whole shifts of the scenario's days, in the currency of `hourly_cost`, or in paid hours where no agent states one.
    """

    name: str
    members: tuple[RosteredAgent, ...]
    cost: float
    paid_h: float


def groups_of(scenario: Scenario, roster: Roster) -> tuple[Group, ...]:
    """The groups of everybody who has a shift in the scenario, in the order of the roster.

    Raises:
        ConfigError: nobody works, or only some agents have an `hourly_cost`.
    """
    alike: dict[object, list[RosteredAgent]] = {}
    for member in roster.members:
        if roster_cost(scenario, replace(roster, members=(member,))).paid_h > 0:
            alike.setdefault(_what_counts(member), []).append(member)
    costs = {member.hourly_cost is None for members in alike.values() for member in members}
    if not alike:
        remedy = "Name a roster whose shifts fall on the scenario's days."
        raise ConfigError("has nobody on shift in the scenario", key="roster", value=roster.name, remedy=remedy)
    if len(costs) > 1:
        remedy = "Give every agent an hourly_cost, or none: then paid hours are what counts."
        raise ConfigError("states what some agents cost and not others", key="hourly_cost", value=roster.name, remedy=remedy)
    found: list[Group] = []
    for members in alike.values():
        one = roster_cost(scenario, replace(roster, members=(members[0],)))
        name = _name_of([member.agent.id for member in members], {group.name for group in found})
        cost = one.paid_h if one.amount is None else one.amount
        found.append(Group(name=name, members=tuple(members), cost=cost, paid_h=one.paid_h))
    return tuple(found)


def roster_of(roster: Roster, groups: Sequence[Group], plan: Plan) -> Roster:
    """A roster with so many agents of each group: those it lists come first, under their own ids, then new ones.

    An agent has the same id in every plan that has them, so that plans differ by the agents who are more or fewer and by nobody's luck.
    """
    taken = {member.agent.id for member in roster.members}
    members: list[RosteredAgent] = []
    for group, count in zip(groups, plan, strict=True):
        members += group.members[:count]
        members += [_further(group, name) for name in _new_names(group, count - len(group.members), taken)]
    return replace(roster, members=tuple(members))


def cost_of(groups: Sequence[Group], plan: Plan) -> float:
    """What the plan costs."""
    return sum(group.cost * count for group, count in zip(groups, plan, strict=True))


def _what_counts(member: RosteredAgent) -> object:
    """Everything about an agent but the id."""
    agent = member.agent
    dated = tuple(sorted(member.dated.items()))
    return (
        (tuple(sorted(agent.attributes.items())), agent.capacity, tuple(sorted(agent.channel_maxima.items())), agent.wrap_up_limit_ms),
        (member.patterns, dated, tuple(sorted(member.absent_on)), member.zone),
        (member.shrinkage_per_mille, member.planned_shrinkage_per_mille, member.hourly_cost),
    )


def _name_of(ids: Sequence[AgentId], taken: set[str]) -> str:
    """What the ids have in common without the numbers at its end, else the first id; a number follows where another group has the name."""
    alike = zip(*ids, strict=False)
    stem = "".join(letters[0] for letters in takewhile(lambda letters: len(set(letters)) == 1, alike))
    stem = stem.rstrip("0123456789").rstrip("-_. ") or ids[0]
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem} {number}"
    return name


def _new_names(group: Group, count: int, taken: set[AgentId]) -> list[AgentId]:
    """The first free ids of the form group-01; "taken" are those on the roster."""
    names: list[AgentId] = []
    number = 0
    while len(names) < count:
        number += 1
        name = f"{group.name.replace(' ', '-')}-{number:02}"
        if name not in taken:
            names.append(name)
    return names


def _further(group: Group, name: AgentId) -> RosteredAgent:
    one = group.members[0]
    return replace(one, agent=replace(one.agent, id=name))
