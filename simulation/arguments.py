"""What the functions of the planner's interface do with their arguments before they begin."""

from dataclasses import replace
from pathlib import Path

from routing.config.errors import ConfigError
from simulation.scenario import Scenario
from simulation.scenario_file import load_scenario


def nobody() -> None:
    """Takes no notice of progress."""


def loaded_scenario(scenario: Path | str | Scenario, seed: int | None = None) -> Scenario:
    """The scenario of a file, or one that is loaded already, with another seed where one is stated.

    Raises:
        ConfigError: the file cannot be used, or the seed is negative.
    """
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(Path(scenario))
    if seed is None:
        return loaded
    refuse_below("seed", seed, least=0)
    return replace(loaded, seed=seed)


def refuse_below(name: str, value: int, *, least: int) -> None:
    """Refuse a number that is too small for what it says.

    Raises:
        ConfigError: it is.
    """
    if value < least:
        raise ConfigError(f"is less than {least}", key=name, value=value, remedy=f"Write a whole number from {least} on.")
