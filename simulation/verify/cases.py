"""The cases: what is known, from where, and how much simulation each is worth. They are data: see the folder of that name."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any, TypeAlias

from routing.config.errors import ConfigError, did_you_mean
from routing.model.time import Duration

Parameters: TypeAlias = Mapping[str, Any]
"""The numbers and words a case gives to its kind; rates are per the case's unit of time, and times in it."""

FILES = ("one_pool", "days", "single_server", "unlike_agents", "skills", "limits", "published", "router")
"""The files of cases, in the order in which they are run and listed."""


class Exactness(StrEnum):
    """How exact the figures of a case are, which says what a calculator is held to."""

    CLOSED_FORM = "closed form"
    CHAIN = "chain"
    OPTIMUM = "optimum"
    """The best value of an iteration that stops at a stated span."""
    PUBLISHED = "published"
    """Somebody's simulation, with an interval."""
    BY_HAND = "by hand"


RELATIVE_ERROR_MAX = {Exactness.CLOSED_FORM: 1e-8, Exactness.CHAIN: 1e-6, Exactness.OPTIMUM: 2e-5}
"""What a calculator may be off, as a part of the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One choice of parameters and what is known of it; `name` tells the settings of a case apart.

    `published` has the printed interval of a figure where there is one; `at_least`: figures that only have a bound. `only` limits the
    figures that are simulated; all where it is empty. `width_max_of` goes before that of the simulation.
    `reason` says why a setting of a case that is simulated is not.
    """

    name: str
    parameters: Parameters
    expected: Mapping[str, float]
    published: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    width_max_of: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """How a case is simulated: `horizon` and `warm_up` in its unit of time, and how many replications each mode is worth.

    `quick` 0 leaves the case out of a quick run. The half-width of a 99 % interval may be at most `width_max` of the figure's value, or
    what `width_max_of` says of that figure; a quick run may be `quick_factor` times as wide. `published_runs`: how many runs a printed
    mean without an interval comes from. `agreeing`: how many customers the world and what stands in for it are compared on.
    """

    horizon: float
    warm_up: float
    full: int
    quick: int
    width_max: float
    width_max_of: Mapping[str, float] = field(default_factory=dict)
    quick_factor: float = 3.0
    published_runs: int | None = None
    agreeing: int = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that is known. `unit_s` is its unit of time in seconds; `reason` says why it is not simulated, where it is not."""

    id: str
    title: str
    source: str
    kind: str
    exactness: Exactness
    unit_s: float
    settings: tuple[Setting, ...]
    simulation: Simulation | None
    reason: str

    @property
    def unit_ms(self) -> Duration:
        """The unit of time in milliseconds."""
        return round(self.unit_s * 1_000)


def all_cases() -> tuple[Case, ...]:
    """Every case, in the order of the files."""
    folder = resources.files("simulation.verify") / "data"
    cases = [_case(table) for name in FILES for table in tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))["case"]]
    return tuple(cases)


def chosen_cases(ids: Sequence[str]) -> tuple[Case, ...]:
    """The cases with those ids, in the order of the files; all of them where none is named.

    Raises:
        ConfigError: there is no such case.
    """
    cases = all_cases()
    known = [case.id for case in cases]
    for one in ids:
        if one not in known:
            raise ConfigError("is no case", key="--only", value=one, remedy=did_you_mean(one, known))
    return tuple(case for case in cases if not ids or case.id in ids)


def _case(table: dict[str, Any]) -> Case:
    simulation = table.get("simulation")
    return Case(
        id=table["id"],
        title=table["title"],
        source=table["source"],
        kind=table["kind"],
        exactness=Exactness(table["exactness"]),
        unit_s=float(table.get("unit_s", 60)),
        settings=tuple(_setting(one) for one in table["setting"]),
        simulation=None if simulation is None else Simulation(**simulation),
        reason=table.get("reason", ""),
    )


def _setting(table: dict[str, Any]) -> Setting:
    published = {name: (float(low), float(high)) for name, (low, high) in table.get("published", {}).items()}
    expected = {name: float(value) for name, value in table.get("expected", {}).items()}
    middle = {name: (low + high) / 2 for name, (low, high) in published.items()}
    return Setting(
        name=table.get("name", ""),
        parameters=table.get("parameters", {}),
        expected={**middle, **expected},
        published=published,
        at_least={name: float(value) for name, value in table.get("at_least", {}).items()},
        only=tuple(table.get("only", ())),
        width_max_of=table.get("width_max_of", {}),
        reason=table.get("reason", ""),
    )
