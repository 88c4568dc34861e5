"""Reads the plan of a sweep, `careroute/sweep/1`: which scenarios, changed how, under which policies and rosters."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from routing.config.document import Document, FileModel, load
from routing.config.values import Identifier
from simulation.api import arms_named
from simulation.scenario import Arm, Scenario
from simulation.scenario_file import load_scenario
from simulation.studies.sweep.store import key_of

SWEEP_SCHEMA: Final = "careroute/sweep/1"
_VARIANTS_MAX = 10_000


class SweepFile(FileModel):
    """A plan's keys. `parameters` maps a key of the scenario file, with dots between its parts, to the values it shall take."""

    name: Identifier
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    policies: Annotated[tuple[str, ...], Field(min_length=1)]
    rosters: tuple[str, ...] = ()
    replications: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    seed: Annotated[int | None, Field(ge=0, lt=2**63)] = None
    parameters: dict[str, Annotated[tuple[Any, ...], Field(min_length=1)]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One scenario of a sweep: its file as the plan names it, what was changed in it, and the arms that run on it, with their keys."""

    file: str
    parameters: Mapping[str, Any]
    scenario: Scenario
    arms: tuple[Arm, ...]
    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file and the changes in one line."""
        return " ".join([self.file, *(f"{key}={value}" for key, value in self.parameters.items())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A plan with everything it names read and checked."""

    name: str
    replications: int
    variants: tuple[Variant, ...]


def load_sweep(path: Path) -> Sweep:
    """The plan of a file; relative names start from its folder.

    Raises:
        ConfigError: the plan or a file that it names cannot be used.
    """
    document, stated = load(path, SWEEP_SCHEMA, SweepFile)
    count = len(stated.scenarios)
    for values in stated.parameters.values():
        count *= len(values)
    if count > _VARIANTS_MAX:
        problem, remedy = f"makes {count:,} scenarios", f"A sweep has at most {_VARIANTS_MAX:,}: name fewer values."
        raise document.error(("parameters",), problem, remedy=remedy)
    return Sweep(name=stated.name, replications=stated.replications, variants=tuple(_variants(document, stated)))


def _variants(document: Document, stated: SweepFile) -> Iterator[Variant]:
    policies = [str(document.beside(name)) if name.endswith(".toml") else name for name in stated.policies]
    for file in stated.scenarios:
        for values in itertools.product(*stated.parameters.values()):
            parameters = dict(zip(stated.parameters, values, strict=True))
            scenario = load_scenario(document.beside(file), changes=parameters)
            if stated.seed is not None:
                scenario = replace(scenario, seed=stated.seed)
            arms = arms_named(scenario, policies, stated.rosters or None)
            keys = tuple(key_of(scenario, arm) for arm in arms)
            yield Variant(file=file, parameters=parameters, scenario=scenario, arms=arms, keys=keys)
