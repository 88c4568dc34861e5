"""Checks, before anything runs, that what a behaviour file says of agents speaks of somebody: a misspelt name would change nothing."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from routing.config.errors import ConfigError, did_you_mean
from simulation.scenario import Scenario


def check_agents(scenario: Scenario, file: Path) -> None:
    """Refuse effects on agents of no roster, attributes that nobody has, and channels that the site lacks.

    Raises:
        ConfigError: naming the first such key of the behaviour file `file`.
    """
    members = [member.agent for roster in scenario.rosters.values() for member in roster.members]
    agents = {agent.id for agent in members}
    attributes = {name for agent in members for name in agent.attributes}
    for key, name, known, of_what in _names(scenario, agents, attributes):
        if name not in known:
            raise ConfigError(f"is not {of_what}", file=file, key=key, value=name, remedy=did_you_mean(name, known))


def _names(scenario: Scenario, agents: set[str], attributes: set[str]) -> Iterator[tuple[str, str, Iterable[str], str]]:
    """Every name with its key, those it may be, and what these are."""
    behaviour, channels = scenario.behaviour, scenario.site.channels
    for index, rule in enumerate(behaviour.pace):
        yield from ((f"pace[{index}].agents", name, agents, "an agent of any roster") for name in rule.agents)
        yield from ((f"pace[{index}].attributes", name, attributes, "an attribute of any agent") for name in rule.attributes)
    whens = [(f"pace[{index}].when.channel", rule.when) for index, rule in enumerate(behaviour.pace)]
    whens += [(f"hold[{index}].when.channel", held.when) for index, held in enumerate(behaviour.hold)]
    for key, when in whens:
        yield from ((key, str(name), channels, "a channel of the scenario's site") for name in when.get("channel", ()))
    for index, shared in enumerate(behaviour.parallel):
        yield from ((f"parallel[{index}].channels", name, channels, "a channel of the scenario's site") for name in shared.channels)
    if behaviour.learning is not None and behaviour.learning.experience is not None:
        yield "learning.experience", behaviour.learning.experience, attributes, "an attribute of any agent"
