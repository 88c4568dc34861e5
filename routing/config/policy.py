"""Policies as files, and how a policy's name is found: a path, the site's own, a built-in, or an installed package's."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from routing.config.document import Document, FileModel, load
from routing.config.errors import ConfigError, did_you_mean
from routing.config.findings import refuse_any
from routing.config.toml_lines import KeyPath
from routing.config.values import DurationMs, Identifier, duration_ms, refused
from routing.model.requirement import AttributeValue
from routing.model.site import IdleClock, PolicySpec, WeightedScorer
from routing.policy.presets.builtin import FILTERS
from routing.policy.registry import WEIGHT_MS_MAX, BadPolicy, PolicyRegistry, UnknownPart

POLICY_SCHEMA = "careroute/policy/1"
DEFAULT_POLICY = "balanced"


class ScorerFile(FileModel):
    """A scorer's weight, and whatever parameters it takes beside it."""

    model_config = ConfigDict(extra="allow")

    weight: DurationMs

    @property
    def parameters(self) -> dict[str, AttributeValue] | None:
        """What is stated beside the weight, in the order of names, so that the order in the file makes no other policy."""
        extra = self.model_extra or {}
        return {name: extra[name] for name in sorted(extra)} or None


def _scorer(value: object) -> object:
    """A bare duration is a scorer without parameters; parameters are whole numbers and texts."""
    if not isinstance(value, dict):
        return ScorerFile.model_construct(weight=duration_ms(value))
    for name, item in value.items():
        if name != "weight" and (isinstance(item, bool) or not isinstance(item, int | str)):
            raise refused(f"has the parameter {name}, which is neither a whole number nor a text", "Write one of the two.")
    return value


class PolicyFile(FileModel):
    """A policy file's keys; what it leaves out is taken from the default policy."""

    name: Identifier
    version: Annotated[int, Field(ge=1)] = 1
    filters: tuple[Identifier, ...] | None = None
    scorers: dict[Identifier, Annotated[ScorerFile, BeforeValidator(_scorer)]] = Field(default_factory=dict)
    wait_price: Identifier = "urgency"
    interaction_first: bool = False
    assigner: Identifier = "greedy"
    match_interval: DurationMs = 0
    bypass_class: Annotated[int, Field(ge=0, le=1_000)] | None = None
    work_conserving: bool = True
    idle_clock: Literal["since_free", "since_assigned", "since_worked", "since_offered", "none"] = "since_assigned"


def load_policy(path: Path, registry: PolicyRegistry) -> PolicySpec:
    """The policy a file describes.

    Raises:
        ConfigError: the file is not a policy, names a part that `registry` does not have, or its parts do not work together.
    """
    return read_policy(path, registry)[1]


def read_policy(path: Path, registry: PolicyRegistry) -> tuple[Document, PolicySpec]:
    """The policy a file describes, with the file; see `load_policy`."""
    document, stated = load(path, POLICY_SCHEMA, PolicyFile)
    refuse_any(_unknown_parts(document, stated, registry))
    spec = PolicySpec(
        name=stated.name,
        version=stated.version,
        filters=FILTERS if stated.filters is None else stated.filters,
        scorers=tuple(
            WeightedScorer(name=name, weight_ms=item.weight, parameters=item.parameters) for name, item in stated.scorers.items()
        ),
        assigner=stated.assigner,
        match_interval_ms=stated.match_interval,
        bypass_class_rank=stated.bypass_class,
        is_work_conserving=stated.work_conserving,
        idle_clock=IdleClock(stated.idle_clock),
        wait_price=stated.wait_price,
        is_interaction_first=stated.interaction_first,
    )
    try:
        registry.build(spec)
    except BadPolicy as error:
        raise ConfigError(
            f"the policy cannot be used: {error}", file=path, remedy="docs/reference/policy-parts.md lists what fits."
        ) from error
    return document, spec


def resolve_policy(name: str, *, folder: Path, site_policies: Mapping[str, PolicySpec], registry: PolicyRegistry) -> PolicySpec:
    """The policy of a name or path: a file (relative to `folder`), one of the site's own, or one the registry knows.

    A text that ends in ".toml" or holds a "/" is a path. The registry's names are the built-in policies and those of installed packages.

    Raises:
        ConfigError: there is no such policy, or its file is refused; the nearest known names are listed.
    """
    if is_path(name):
        return load_policy(folder / name, registry)
    if name in site_policies:
        return site_policies[name]
    known = (*site_policies, *registry.names())
    if name not in known:
        remedy = f"{did_you_mean(name, known)} A policy file is named by its path, with .toml."
        raise ConfigError("is not the name of a policy", key="policy", value=name, remedy=remedy)
    spec = registry.spec(name)
    try:
        registry.build(spec)
    except (UnknownPart, BadPolicy) as error:
        raise ConfigError(f"cannot be used: {error}", key="policy", value=name, remedy="Mend the package that declares it.") from error
    return spec


def is_path(name: str) -> bool:
    """Whether a policy is named by its file."""
    return name.endswith(".toml") or "/" in name


def _unknown_parts(document: Document, stated: PolicyFile, registry: PolicyRegistry) -> Iterator[ConfigError]:
    parts: list[tuple[KeyPath, str, str, tuple[str, ...]]] = [(("assigner",), "an assigner", stated.assigner, registry.assigner_names())]
    parts += [(("filters", index), "a filter", name, registry.filter_names()) for index, name in enumerate(stated.filters or ())]
    parts += [(("scorers", name), "a scorer", name, registry.scorer_names()) for name in stated.scorers]
    for key, kind, name, known in parts:
        if name not in known:
            yield document.error(key, f"is not the name of {kind}", value=name, remedy=did_you_mean(name, known))
    if stated.wait_price not in registry.wait_price_names():
        remedy = did_you_mean(stated.wait_price, registry.wait_price_names())
        yield document.error(("wait_price",), "is not the name of a price of waiting", value=stated.wait_price, remedy=remedy)
    for name, item in stated.scorers.items():
        if item.weight > WEIGHT_MS_MAX:
            yield document.error(("scorers", name), "is more than one day a unit", remedy='Write at most "24h".')
    left_out = [name for name in FILTERS if stated.filters is not None and name not in stated.filters]
    if left_out:
        remedy = "The router's promises rest on them: further filters may only narrow. Leave the key out to have just the five."
        yield document.error(("filters",), f"leave out {', '.join(left_out)}", remedy=remedy)
    for index, name in enumerate(stated.filters or ()):
        if name in (stated.filters or ())[:index]:
            yield document.error(("filters", index), "is listed twice", value=name, remedy="Remove one.")
