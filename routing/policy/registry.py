"""The registry of a policy's parts: names to functions, explicitly, without import magic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from routing import __version__
from routing.core.canonical import content_hash, plain
from routing.model.site import PolicySpec
from routing.model.time import DAY_MS
from routing.policy import filters, scorers
from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.min_cost_flow import min_cost_flow
from routing.policy.assigners.problem import Assigner
from routing.policy.classify import RuleClassifier
from routing.policy.pipeline import Filter, Policy, Scorer
from routing.policy.presets.builtin import BUILTIN, FILTERS

WEIGHT_MS_MAX = DAY_MS

P = TypeVar("P")


class UnknownPart(Exception):  # noqa: N818 - the name says what is wrong with the specification
    """A policy names a part that nobody registered. `kind` is "policy", "filter", "scorer" or "assigner"; `known` lists the names there
    are.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{kind} {name!r} is not one of: {', '.join(known)}")
        self.kind = kind
        self.name = name
        self.known = known


class BadPolicy(Exception):  # noqa: N818 - the name says what is wrong with the specification
    """A policy gives a scorer a weight outside 0 to one day per unit, or leaves out a filter that the router's promises rest on."""


@dataclass(frozen=True, slots=True)
class _Part(Generic[P]):
    version: int
    function: P


class PolicyRegistry:
    """Filters, scorers, assigners and named policies. Registering a name again replaces the part, and changes every hash it is in."""

    def __init__(self) -> None:
        self._filters: dict[str, _Part[Filter]] = {}
        self._scorers: dict[str, _Part[Scorer]] = {}
        self._assigners: dict[str, _Part[Assigner]] = {}
        self._policies: dict[str, PolicySpec] = {}

    def add_filter(self, name: str, version: int, function: Filter) -> None:
        """Register a filter; raise `version` whenever its results change."""
        self._filters[name] = _Part(version, function)

    def add_scorer(self, name: str, version: int, function: Scorer) -> None:
        """Register a scorer; raise `version` whenever its results change."""
        self._scorers[name] = _Part(version, function)

    def add_assigner(self, name: str, version: int, function: Assigner) -> None:
        """Register an assigner; raise `version` whenever its results change."""
        self._assigners[name] = _Part(version, function)

    def add_policy(self, spec: PolicySpec) -> None:
        """Register a policy under its own name."""
        self._policies[spec.name] = spec

    def names(self) -> tuple[str, ...]:
        """The names of the registered policies, sorted."""
        return tuple(sorted(self._policies))

    def filter_names(self) -> tuple[str, ...]:
        """The names of the registered filters, sorted."""
        return tuple(sorted(self._filters))

    def scorer_names(self) -> tuple[str, ...]:
        """The names of the registered scorers, sorted."""
        return tuple(sorted(self._scorers))

    def assigner_names(self) -> tuple[str, ...]:
        """The names of the registered assigners, sorted."""
        return tuple(sorted(self._assigners))

    def spec(self, name: str) -> PolicySpec:
        """A registered policy.

        Raises:
            UnknownPart: nobody registered that name.
        """
        return _find("policy", name, self._policies)

    def build(self, spec: PolicySpec) -> Policy:
        """The policy a specification describes.

        Raises:
            UnknownPart: it names a filter, scorer or assigner that is not registered.
            BadPolicy: a weight is negative or above one day, or one of the five filters every policy needs is missing.
        """
        chosen_filters = [(name, _find("filter", name, self._filters)) for name in spec.filters]
        chosen_scorers = [(item, _find("scorer", item.name, self._scorers)) for item in spec.scorers]
        assigner = _find("assigner", spec.assigner, self._assigners)
        for item in spec.scorers:
            if not 0 <= item.weight_ms <= WEIGHT_MS_MAX:
                raise BadPolicy(f"scorer {item.name!r} has weight {item.weight_ms} ms; it must be 0 to {WEIGHT_MS_MAX}")
        missing = [name for name in FILTERS if name not in spec.filters]
        if missing:
            raise BadPolicy(f"it leaves out {', '.join(missing)}; every policy needs these filters, further ones may only narrow")
        versions = [
            *((name, part.version) for name, part in chosen_filters),
            *((item.name, part.version) for item, part in chosen_scorers),
            (spec.assigner, assigner.version),
        ]
        return Policy(
            spec=spec,
            hash=content_hash([plain(spec), versions, __version__]),
            classify=RuleClassifier(),
            filters=tuple((name, part.function) for name, part in chosen_filters),
            scorers=tuple((item.name, item.weight_ms, part.function) for item, part in chosen_scorers),
            assigner=assigner.function,
        )


def default_registry() -> PolicyRegistry:
    """A new registry with every part and policy that Careroute ships."""
    registry = PolicyRegistry()
    for keeps in (filters.presence, filters.channel, filters.capacity, filters.skill, filters.declined):
        registry.add_filter(keeps.__name__, 1, keeps)
    for score in (scorers.skill_fit, scorers.fewest_skills, scorers.load_ratio, scorers.longest_idle, scorers.preferred_agent):
        registry.add_scorer(score.__name__, 1, score)
    registry.add_assigner("greedy", 1, greedy)
    registry.add_assigner("min_cost_flow", 1, min_cost_flow)
    for spec in BUILTIN:
        registry.add_policy(spec)
    return registry


def _find(kind: str, name: str, parts: Mapping[str, P]) -> P:
    try:
        return parts[name]
    except KeyError:
        raise UnknownPart(kind, name, tuple(sorted(parts))) from None
