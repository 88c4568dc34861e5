"""Classification rules as a site file writes them, and what they become when the file's defaults are filled in."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from routing.config.defaults import first_given
from routing.config.document import FileModel
from routing.config.requirements import SKILL_LEVEL_MAX, SKILL_LEVEL_MIN, RequirementText
from routing.config.toml_lines import KeyPath
from routing.config.values import DurationMs, Identifier, PositiveDurationMs, refused
from routing.model.queue import Queue
from routing.model.requirement import AttributeValue, Operator, Requirement, RequirementKind
from routing.model.route import Relaxation, RouteRule, RuleStep, Urgency
from routing.model.time import DAY_MS

CLASS_RANK_MAX = 1_000
DEFAULT_CAP_MS = 30 * DAY_MS
DEFAULT_SLOPE_PER_MILLE = 1_000
_SLOPE_MAX = 100

_ALL: Literal["all"] = "all"


def _per_mille(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused("is not a number", "Write it without quotes.")
    thousandths = Decimal(str(value)) * 1_000
    if not thousandths.is_finite():
        raise refused("is not a finite number", "Write an ordinary number.")
    if thousandths != int(thousandths):
        raise refused("has more than three decimals", "Round it: the router counts in thousandths.")
    return int(thousandths)


def share_per_mille(value: object) -> int:
    """A share from 0 to 1 with at most three decimals as a whole number of thousandths."""
    thousandths = _per_mille(value)
    if not 0 <= thousandths <= 1_000:
        raise refused("is not a share", "Write a number from 0 to 1 with at most three decimals, such as 0.8.")
    return thousandths


def _slope_per_mille(value: object) -> int:
    thousandths = _per_mille(value)
    if not 0 <= thousandths <= _SLOPE_MAX * 1_000:
        raise refused("is not a slope", f"Write a number from 0 to {_SLOPE_MAX}: 1 adds a second of urgency in a second of wait.")
    return thousandths


def _matching_values(value: object) -> tuple[AttributeValue, ...]:
    values = value if isinstance(value, tuple) else (value,)
    if not values:
        raise refused("is an empty list, which nothing matches", "List the values that match, or leave the field out.")
    for one in values:
        if isinstance(one, bool) or not isinstance(one, int | str):
            raise refused("is neither a text nor a whole number", 'Write a value or a list of values, such as ["phone", "chat"].')
    return values


def _dropped(value: object) -> object:
    if value == _ALL or (isinstance(value, tuple) and value and all(isinstance(name, str) for name in value)):
        return value
    raise refused("does not name requirements", 'Write a list of attributes, such as ["billing"], or "all" for every expiring requirement.')


def _lowered(value: object) -> object:
    levels = tuple(value.values()) if isinstance(value, dict) else (value,)
    if levels and all(isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= SKILL_LEVEL_MAX for level in levels):
        return value
    remedy = "Write { billing = 3 }, or one level for every expiring requirement"
    raise refused(f"is not a level from {SKILL_LEVEL_MIN} to {SKILL_LEVEL_MAX}", f"{remedy}.")


MatchingValues = Annotated[tuple[AttributeValue, ...], BeforeValidator(_matching_values)]
SharePerMille = Annotated[int, BeforeValidator(share_per_mille)]
SlopePerMille = Annotated[int, BeforeValidator(_slope_per_mille)]
ClassRank = Annotated[int, Field(ge=0, le=CLASS_RANK_MAX)]


class StepFile(FileModel):
    """One step of a ladder: what is relaxed `after` that long since the interaction became eligible."""

    after: PositiveDurationMs
    drop: Annotated[tuple[str, ...] | Literal["all"], BeforeValidator(_dropped)] | None = None
    lower: Annotated[int | dict[str, int], BeforeValidator(_lowered)] | None = None
    raise_: DurationMs | None = Field(default=None, alias="raise")
    class_: ClassRank | None = Field(default=None, alias="class")
    overflow: Identifier | None = None


class UrgencyFile(FileModel):
    """The terms of urgency a rule states; what it leaves out comes from the defaults, then from the queue or from zero."""

    base: DurationMs | None = None
    slope: SlopePerMille | None = None
    cap: PositiveDurationMs | None = None
    pressure: DurationMs | None = None
    target: PositiveDurationMs | None = None


class RuleDefaults(FileModel):
    """What a rule takes where it says nothing itself."""

    queue: Identifier | None = None
    class_: ClassRank | None = Field(default=None, alias="class")
    urgency: UrgencyFile = UrgencyFile()
    must: tuple[RequirementText, ...] | None = None
    expiring: tuple[RequirementText, ...] | None = None
    prefer: tuple[RequirementText, ...] | None = None
    steps: tuple[StepFile, ...] | None = None


class RuleFile(RuleDefaults):
    """A rule of the site file: which interactions it takes, and their route.

    With `for_each` it stands for one rule a value of that field: `{field}` in its name, queue and requirements becomes the value.
    """

    name: Identifier
    when: dict[Identifier, MatchingValues] = Field(default_factory=dict)
    for_each: Annotated[dict[Identifier, MatchingValues], Field(min_length=1, max_length=1)] | None = None


class Rule:
    """A rule with the file's defaults filled in, which still knows where each of its keys stands in the file.

    `each` is the field and value it stands for where the file states it once `for_each` of several.
    """

    def __init__(self, index: int, own: RuleFile, defaults: RuleDefaults, each: tuple[str, AttributeValue] | None = None) -> None:
        self.index = index
        self.own = own
        self.defaults = defaults
        self.each = each
        self.name = self._filled(own.name)
        self.when = dict(own.when) if each is None else {**own.when, each[0]: (each[1],)}
        queue_id = own.queue if own.queue is not None else defaults.queue
        self.queue_id = None if queue_id is None else self._filled(queue_id)
        self.class_rank = first_given(own.class_, defaults.class_, 0)
        self.steps = first_given(own.steps, defaults.steps, ())

    def key(self, name: str, *below: str | int) -> KeyPath:
        """The place in the file that decides the rule's `name`: its own key, or the key in the defaults it took it from."""
        field = {"class": "class_"}.get(name, name)
        own_value = getattr(self.own, field)
        if own_value is None and getattr(self.defaults, field, None) is not None:
            return ("rule_defaults", name, *below)
        return ("rules", self.index, name, *below)

    def requirements_by_key(self) -> Mapping[KeyPath, Requirement]:
        """Every requirement with its kind, under its place in the file; must first, then expiring, then prefer."""
        found: dict[KeyPath, Requirement] = {}
        for kind in RequirementKind:
            stated = first_given(getattr(self.own, kind.value), getattr(self.defaults, kind.value), ())
            for position, requirement in enumerate(stated):
                value = self._filled(requirement.value) if isinstance(requirement.value, str) else requirement.value
                filled = replace(requirement, attribute=self._filled(requirement.attribute), value=value, kind=kind)
                found[self.key(kind.value, position)] = filled
        return found

    def to_model(self, queue: Queue) -> RouteRule:
        """The rule as the router takes it; `queue` is its queue, whose target is the default target of urgency."""
        requirements = tuple(self.requirements_by_key().values())
        expiring = tuple(requirement for requirement in requirements if requirement.kind is RequirementKind.EXPIRING)
        return RouteRule(
            name=self.name,
            when=self.when,
            queue_id=queue.id,
            urgency=self._urgency(queue),
            requirements=requirements,
            steps=tuple(RuleStep(after_ms=step.after, relaxation=relaxation(step, expiring)) for step in self.steps),
        )

    def _filled(self, text: str) -> str:
        return text if self.each is None else text.replace("{" + self.each[0] + "}", str(self.each[1]))

    def _urgency(self, queue: Queue) -> Urgency:
        own, default = self.own.urgency, self.defaults.urgency
        return Urgency(
            class_rank=self.class_rank,
            base_ms=first_given(own.base, default.base, 0),
            slope_per_mille=first_given(own.slope, default.slope, DEFAULT_SLOPE_PER_MILLE),
            cap_ms=first_given(own.cap, default.cap, DEFAULT_CAP_MS),
            pressure_weight_ms=first_given(own.pressure, default.pressure, 0),
            target_ms=first_given(own.target, default.target, max(1, queue.service_level.target_ms)),
        )


def rules_of(stated: tuple[RuleFile, ...], defaults: RuleDefaults) -> tuple[Rule, ...]:
    """The rules a file states, in its order, those `for_each` of several values spelled out in the order of the values."""
    rules: list[Rule] = []
    for index, own in enumerate(stated):
        if own.for_each is None:
            rules.append(Rule(index, own, defaults))
            continue
        for field, values in own.for_each.items():
            rules.extend(Rule(index, own, defaults, (field, value)) for value in values)
    return tuple(rules)


def relaxation(step: StepFile, expiring: tuple[Requirement, ...]) -> Relaxation:
    """What a step changes, with "all" and a bare level spelled out over the rule's expiring requirements."""
    match step.drop:
        case None:
            drop: tuple[str, ...] = ()
        case "all":
            drop = tuple(dict.fromkeys(requirement.attribute for requirement in expiring))
        case names:
            drop = names
    match step.lower:
        case int(level):
            at_least = [one for one in expiring if one.operator is Operator.AT_LEAST and isinstance(one.value, int) and one.value > level]
            lower: Mapping[str, int] | None = {requirement.attribute: level for requirement in at_least} or None
        case levels:
            lower = levels
    return Relaxation(drop=drop, lower=lower, raise_base_ms=step.raise_ or 0, class_rank=step.class_, overflow_to=step.overflow)
