"""The registry of a policy's parts: names to functions, explicitly, without import magic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar, cast

from routing import __version__
from routing.core.canonical import content_hash
from routing.core.validate import CAPACITY_MAX
from routing.model.requirement import AttributeValue
from routing.model.site import PolicySpec, WeightedScorer
from routing.model.time import DAY_MS
from routing.policy import attribute_scorers, filters, history_scorers, queue_filters, scorers
from routing.policy import statistics as needed
from routing.policy.arrays import number
from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.min_cost_flow import min_cost_flow
from routing.policy.assigners.problem import Assigner
from routing.policy.classify import RuleClassifier
from routing.policy.errors import BadPolicy, UnknownPart
from routing.policy.pipeline import Filter, Policy, Scale, Scorer
from routing.policy.presets.builtin import ALWAYS, BUILTIN, FILTERS
from routing.policy.wait_prices import COST_MAX, WAIT_PRICES, WaitPrice

__all__ = ["WEIGHT_MS_MAX", "BadPolicy", "PolicyRegistry", "ScorerMaker", "UnknownPart", "default_registry"]

WEIGHT_MS_MAX = DAY_MS
URGENCY = "urgency"
GREEDY = "greedy"

P = TypeVar("P")


ScorerMaker: TypeAlias = Callable[..., Scale]
"""Makes a scorer from parameters, given by name; raises `BadPolicy` for values it cannot work with."""


@dataclass(frozen=True, slots=True)
class _Part(Generic[P]):
    """A registered function. `defaults` are the parameters of a scorer that takes some, each with its value where none is given."""

    version: int
    function: P
    needs: tuple[str, ...] = ()
    looks_at_all: bool = False
    units_max: int | None = None
    defaults: Mapping[str, AttributeValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for need in self.needs:
            if need not in needed.NEEDS:
                raise UnknownPart("need", need, needed.NEEDS)


class PolicyRegistry:
    """Filters, scorers, prices of waiting, assigners and named policies.

    Registering a name again replaces the part, and changes every hash it is in. `needs` name the columns of `routing.policy.statistics`
    that a part reads; an unknown one raises `UnknownPart`.
    """

    def __init__(self) -> None:
        self._filters: dict[str, _Part[Filter]] = {}
        self._scorers: dict[str, _Part[Scorer] | _Part[ScorerMaker]] = {}
        self._wait_prices: dict[str, _Part[WaitPrice]] = {}
        self._assigners: dict[str, _Part[Assigner]] = {}
        self._policies: dict[str, PolicySpec] = {}

    def add_filter(self, name: str, version: int, function: Filter, *, needs: tuple[str, ...] = (), looks_at_all: bool = False) -> None:
        """Register a filter; raise `version` whenever its results change.

        `looks_at_all`: its answer for a pair depends on others, so that after any change all pairs must be looked at.
        """
        self._filters[name] = _Part(version, function, needs, looks_at_all=looks_at_all)

    def add_scorer(self, name: str, version: int, function: Scorer, *, needs: tuple[str, ...] = (), units_max: int | None = None) -> None:
        """Register a scorer; raise `version` whenever its results change. `units_max` is the most it can cost, where that is known."""
        self._scorers[name] = _Part(version, function, needs, units_max=units_max)

    def add_scorer_maker(
        self,
        name: str,
        version: int,
        make: ScorerMaker,
        *,
        defaults: Mapping[str, AttributeValue],
        needs: tuple[str, ...] = (),
    ) -> None:
        """Register a scorer with parameters: all their names, each with the value it has where a policy gives none."""
        self._scorers[name] = _Part(version, make, needs, defaults=defaults)

    def add_wait_price(self, name: str, version: int, price: WaitPrice) -> None:
        """Register a price of waiting; raise `version` whenever its results change."""
        self._wait_prices[name] = _Part(version, price)

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

    def wait_price_names(self) -> tuple[str, ...]:
        """The names of the registered prices of waiting, sorted."""
        return tuple(sorted(self._wait_prices))

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
            UnknownPart: it names a filter, scorer, price of waiting or assigner that is not registered.
            BadPolicy: its numbers or parts do not work, or not together; see `BadPolicy`.
        """
        chosen_filters = [(name, _find("filter", name, self._filters)) for name in spec.filters]
        chosen_scorers = [(item, _find("scorer", item.name, self._scorers)) for item in spec.scorers]
        assigner = _find("assigner", spec.assigner, self._assigners)
        wait_price = _find("wait price", spec.wait_price, self._wait_prices)
        looks_at_all = any(part.looks_at_all for _, part in chosen_filters)
        _check_together(spec, wait_price.function, looks_at_all=looks_at_all)
        scales = [_scale(item, part) for item, part in chosen_scorers]
        if sum(item.weight_ms * units_max for item, (_, units_max) in zip(spec.scorers, scales, strict=True)) > COST_MAX:
            raise BadPolicy(f"its scorers may together cost more than {COST_MAX} ms, where costs are cut; give them smaller weights")
        versions = [
            *((name, part.version) for name, part in chosen_filters),
            *((item.name, part.version) for item, part in chosen_scorers),
            (spec.assigner, assigner.version),
        ]
        if (spec.wait_price, wait_price.version) != (URGENCY, 1):  # said by nobody before there was a choice: hashes of then stay
            versions.append((spec.wait_price, wait_price.version))
        return Policy(
            spec=spec,
            hash=content_hash([spec, versions, __version__]),
            classify=RuleClassifier(),
            filters=(
                *((name, part.function) for name, part in chosen_filters),
                *((name, getattr(filters, name)) for name in ALWAYS if name not in spec.filters),
            ),
            scorers=tuple((item.name, number(item.weight_ms), score) for item, (score, _) in zip(spec.scorers, scales, strict=True)),
            assigner=assigner.function,
            wait_price=wait_price.function,
            needs=tuple(dict.fromkeys(need for _, part in (*chosen_filters, *chosen_scorers) for need in part.needs)),
            looks_at_all=looks_at_all,
            has_doors=tuple([part.function for _, part in chosen_filters[: len(filters.DOORS)]]) == filters.DOORS,
        )


def _check_together(spec: PolicySpec, wait_price: WaitPrice, *, looks_at_all: bool) -> None:
    """Refuse what each part allows and the whole does not."""
    for item in spec.scorers:
        if not 0 <= item.weight_ms <= WEIGHT_MS_MAX:
            raise BadPolicy(f"scorer {item.name!r} has weight {item.weight_ms} ms; it must be 0 to {WEIGHT_MS_MAX}")
    missing = [name for name in FILTERS if name not in spec.filters]
    if missing:
        raise BadPolicy(f"it leaves out {', '.join(missing)}; every policy needs these filters, further ones may only narrow")
    if not wait_price.never_falls and not spec.is_work_conserving:
        raise BadPolicy(f"its price of waiting {spec.wait_price!r} may fall, and a pair held back with it; make it work-conserving")
    if looks_at_all and spec.match_interval_ms:
        raise BadPolicy("one of its filters looks beyond the pair, which a match interval does not allow; decide on every event")
    if spec.is_interaction_first and spec.assigner != GREEDY:
        raise BadPolicy(f"interactions come first only with the assigner {GREEDY!r}, which goes through pairs in order")


def _scale(item: WeightedScorer, part: "_Part[Scorer] | _Part[ScorerMaker]") -> Scale:
    """The scorer of a specification, made from its parameters where it takes any; 0 units where no bound is known."""
    given = item.parameters or {}
    for name, value in given.items():
        if name not in part.defaults:
            known = f"takes {', '.join(part.defaults)}" if part.defaults else "takes no parameters"
            raise BadPolicy(f"scorer {item.name!r} has a parameter {name!r}; it {known}")
        if isinstance(value, str) != isinstance(part.defaults[name], str):
            kind = "a text" if isinstance(part.defaults[name], str) else "a whole number"
            raise BadPolicy(f"scorer {item.name!r} has {name} {value!r}; it must be {kind}")
    if not part.defaults:
        return Scale(cast(Scorer, part.function), part.units_max or 0)
    make = cast(ScorerMaker, part.function)
    return make(**{**part.defaults, **given})


def default_registry() -> PolicyRegistry:
    """A new registry with every part and policy that Careroute ships."""
    registry = PolicyRegistry()
    for keeps in (
        filters.presence,
        filters.channel,
        filters.capacity,
        filters.skill,
        filters.declined,
        *(getattr(filters, name) for name in ALWAYS),
    ):
        registry.add_filter(keeps.__name__, 1, keeps)
    for gate in (queue_filters.queue_head, queue_filters.queue_weight):
        registry.add_filter(gate.__name__, 1, gate, needs=(needed.RINGING,), looks_at_all=True)
    for score in (scorers.skill_fit, scorers.fewest_skills, scorers.load_ratio, scorers.longest_idle, scorers.preferred_agent):
        registry.add_scorer(score.__name__, 1, score)
    _add_history(registry)
    _add_attributes(registry)
    for name, price in WAIT_PRICES.items():
        registry.add_wait_price(name, 1, price)
    registry.add_assigner("greedy", 1, greedy)
    registry.add_assigner("min_cost_flow", 1, min_cost_flow)
    for spec in BUILTIN:
        registry.add_policy(spec)
    return registry


def _add_history(registry: PolicyRegistry) -> None:
    most = history_scorers.COUNT_MAX
    for score, needs, units_max in (
        (history_scorers.fewest_calls, (needed.ACCEPTED,), most),
        (history_scorers.least_talk, (needed.TALK_MS,), most),
        (history_scorers.lowest_occupancy, (needed.WORKED_MS, needed.STAFFED_MS, needed.STAFFED_SINCE), history_scorers.PER_MILLE),
        (history_scorers.round_robin, (needed.TURNS,), most),
        (scorers.most_free_capacity, (needed.FREE_CAPACITY,), CAPACITY_MAX),
        (scorers.unmet_preferences, (needed.UNMET,), 1_000),
    ):
        registry.add_scorer(score.__name__, 1, score, needs=needs, units_max=units_max)
    allocation = history_scorers.percent_allocation
    defaults = {"attribute": "allocation.{queue}"}
    registry.add_scorer_maker(allocation.__name__, 1, allocation, defaults=defaults, needs=(needed.WORKED_BY_QUEUE,))


def _add_attributes(registry: PolicyRegistry) -> None:
    order: dict[str, AttributeValue] = {"order_by": queue_filters.MEMBERSHIP, "highest": 1_000, "missing": "last"}
    registry.add_scorer_maker("attribute_order", 1, attribute_scorers.attribute_order, defaults=order)
    registry.add_scorer_maker("random_order", 1, attribute_scorers.random_order, defaults={"seed": 0})
    weighted: dict[str, AttributeValue] = {"seed": 0, "attribute": queue_filters.MEMBERSHIP, "highest": 1_000}
    registry.add_scorer_maker("weighted_random", 1, attribute_scorers.weighted_random, defaults=weighted)


def _find(kind: str, name: str, parts: Mapping[str, P]) -> P:
    try:
        return parts[name]
    except KeyError:
        raise UnknownPart(kind, name, tuple(sorted(parts))) from None
