"""Classification rules as a site file writes them, and what they become when the file's defaults are filled in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from routing.config.defaults import first_given
from routing.config.document import FileModel
from routing.config.doors import DiversionText
from routing.config.known_customers import StickyFile
from routing.config.requirements import SKILL_LEVEL_MAX, SKILL_LEVEL_MIN, RequirementText
from routing.config.toml_lines import KeyPath
from routing.config.urgency import UrgencyFile, per_mille
from routing.config.values import DurationMs, Identifier, PositiveDurationMs, refused
from routing.model.queue import Queue
from routing.model.requirement import AttributeValue, Operator, Requirement, RequirementKind
from routing.model.route import EarlyStep, Reach, Relaxation, RouteRule, RuleBranch, RuleStep

CLASS_RANK_MAX = 1_000

_ALL: Literal["all"] = "all"


def share_per_mille(value: object) -> int:
    """A share from 0 to 1 with at most three decimals as a whole number of thousandths."""
    thousandths = per_mille(value)
    if not 0 <= thousandths <= 1_000:
        raise refused("is not a share", "Write a number from 0 to 1 with at most three decimals, such as 0.8.")
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
ClassRank = Annotated[int, Field(ge=0, le=CLASS_RANK_MAX)]


class StepFile(FileModel):
    """One step of a ladder: what is relaxed `after` that long since the interaction became eligible, or as soon as nobody is there."""

    after: PositiveDurationMs
    drop: Annotated[tuple[str, ...] | Literal["all"], BeforeValidator(_dropped)] | None = None
    lower: Annotated[int | dict[str, int], BeforeValidator(_lowered)] | None = None
    raise_: DurationMs | None = Field(default=None, alias="raise")
    class_: ClassRank | None = Field(default=None, alias="class")
    overflow: Identifier | None = None
    widen: dict[Identifier, MatchingValues] | None = None
    early_if_nobody: Literal["registered", "present", "available"] | None = None
    watched: bool = False
    release: Literal[True] | None = None
    divert: DiversionText | None = None


class FurtherQueueFile(FileModel):
    """A queue that the interactions of a rule stand in beside the rule's own, with what it asks and a ladder of its own."""

    queue: Identifier
    must: tuple[RequirementText, ...] | None = None
    expiring: tuple[RequirementText, ...] | None = None
    prefer: tuple[RequirementText, ...] | None = None
    steps: tuple[StepFile, ...] | None = None


class RuleDefaults(FileModel):
    """What a rule takes where it says nothing itself."""

    queue: Identifier | None = None
    class_: ClassRank | None = Field(default=None, alias="class")
    urgency: UrgencyFile = UrgencyFile()
    must: tuple[RequirementText, ...] | None = None
    expiring: tuple[RequirementText, ...] | None = None
    prefer: tuple[RequirementText, ...] | None = None
    steps: tuple[StepFile, ...] | None = None
    sticky: StickyFile | None = None


class RuleFile(RuleDefaults):
    """A rule of the site file: which interactions it takes, and their route.

    With `for_each` it stands for one rule a value of that field: `{field}` in its name, queue and requirements becomes the value.
    """

    name: Identifier
    when: dict[Identifier, MatchingValues] = Field(default_factory=dict)
    for_each: Annotated[dict[Identifier, MatchingValues], Field(min_length=1, max_length=1)] | None = None
    also: tuple[FurtherQueueFile, ...] = ()


class Rule:
    """A rule with the file's defaults filled in, which still knows where each of its keys stands in the file.

    `each` is the field and value it stands for where the file states it once `for_each` of several. `also` are its further queues, each as
    if it were a rule of its own at its place in the file.
    """

    def __init__(
        self,
        index: int,
        own: RuleFile,
        defaults: RuleDefaults,
        each: tuple[str, AttributeValue] | None = None,
        below: tuple[str | int, ...] = (),
    ) -> None:
        self.index = index
        self.place: KeyPath = ("rules", index, *below)
        self.own = own
        self.defaults = defaults
        self.each = each
        self.name = self._filled(own.name)
        self.when = dict(own.when) if each is None else {**own.when, each[0]: (each[1],)}
        queue_id = own.queue if own.queue is not None else defaults.queue
        self.queue_id = None if queue_id is None else self._filled(queue_id)
        self.class_rank = first_given(own.class_, defaults.class_, 0)
        self.steps = first_given(own.steps, defaults.steps, ())
        self.urgency = own.urgency.over(defaults.urgency)
        self.also = tuple(
            Rule(index, _as_rule(own.name, further), RuleDefaults(), each, ("also", place)) for place, further in enumerate(own.also)
        )
        gate = self.urgency.gate
        self.gate = None if gate is None else replace(gate, requirement=self._filled_in(gate.requirement, RequirementKind.EXPIRING))

    def key(self, name: str, *below: str | int) -> KeyPath:
        """The place in the file that decides the rule's `name`: its own key, or the key in the defaults it took it from."""
        field = {"class": "class_"}.get(name, name)
        own_value = getattr(self.own, field)
        if own_value is None and getattr(self.defaults, field, None) is not None:
            return ("rule_defaults", name, *below)
        return (*self.place, name, *below)

    def requirements_by_key(self) -> Mapping[KeyPath, Requirement]:
        """Every requirement with its kind, under its place in the file; must first, then expiring, then prefer."""
        found: dict[KeyPath, Requirement] = {}
        for kind in RequirementKind:
            stated = first_given(getattr(self.own, kind.value), getattr(self.defaults, kind.value), ())
            for position, requirement in enumerate(stated):
                found[self.key(kind.value, position)] = self._filled_in(requirement, kind)
            if kind is RequirementKind.EXPIRING and self.gate is not None:
                found[self.urgency_key("only")] = self.gate.requirement
        return found

    def urgency_key(self, name: str) -> KeyPath:
        """The place in the file that decides a term of the rule's urgency."""
        is_own = getattr(self.own.urgency, name) is not None or getattr(self.defaults.urgency, name) is None
        return ("rules", self.index, "urgency", name) if is_own else ("rule_defaults", "urgency", name)

    def to_model(self, queue: Queue) -> RouteRule:
        """The rule as the router takes it; `queue` is its queue, whose target is the default target of urgency."""
        sticky = self.own.sticky or self.defaults.sticky
        return RouteRule(
            name=self.name,
            when=self.when,
            queue_id=queue.id,
            urgency=self.urgency.to_model(self.class_rank, queue),
            requirements=self.requirements(),
            steps=self.route_steps(),
            also=tuple(
                RuleBranch(queue_id=further.queue_id, requirements=further.requirements(), steps=further.route_steps())
                for further in self.also
                if further.queue_id is not None
            ),
            sticky=None if sticky is None else sticky.to_model(),
        )

    def requirements(self) -> tuple[Requirement, ...]:
        """What it asks, as the router takes it."""
        return tuple(self.requirements_by_key().values())

    def route_steps(self) -> tuple[RuleStep, ...]:
        """Its ladder, as the router takes it."""
        gated = () if self.gate is None else (self.gate.requirement.attribute,)
        expiring = tuple(one for one in self.requirements() if one.kind is RequirementKind.EXPIRING and one.attribute not in gated)
        steps = [RuleStep(after_ms=step.after, relaxation=relaxation(step, expiring), early=_early(step)) for step in self.steps]
        if self.gate is not None:
            steps.append(RuleStep(after_ms=self.gate.delay_ms, relaxation=Relaxation(drop=gated)))
        return tuple(sorted(steps, key=lambda step: step.after_ms))

    def _filled_in(self, stated: Requirement, kind: RequirementKind) -> Requirement:
        value, *others = (self._filled(one) if isinstance(one, str) else one for one in (stated.value, *stated.alternatives))
        return replace(stated, attribute=self._filled(stated.attribute), value=value, alternatives=tuple(others), kind=kind)

    def _filled(self, text: str) -> str:
        return text if self.each is None else text.replace("{" + self.each[0] + "}", str(self.each[1]))


def _as_rule(name: str, further: FurtherQueueFile) -> RuleFile:
    stated = {field: getattr(further, field) for field in FurtherQueueFile.model_fields}
    return RuleFile.model_construct(name=name, **stated)


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
    return Relaxation(
        drop=drop,
        lower=lower,
        raise_base_ms=step.raise_ or 0,
        class_rank=step.class_,
        overflow_to=step.overflow,
        widen=step.widen or None,
        release=step.release is True,
        divert_to=step.divert,
    )


def _early(step: StepFile) -> EarlyStep | None:
    return None if step.early_if_nobody is None else EarlyStep(if_nobody=Reach(step.early_if_nobody), is_watched=step.watched)
