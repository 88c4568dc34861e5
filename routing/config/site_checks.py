"""Checks across the parts of a site file: every name a rule uses is defined, and every ladder relaxes what can be relaxed."""

from collections.abc import Iterator, Mapping

from routing.config.document import Document
from routing.config.errors import ConfigError, did_you_mean
from routing.config.requirements import SKILL_LEVEL_MAX, SKILL_LEVEL_MIN, requirement_text
from routing.config.rules import Rule, StepFile
from routing.config.urgency import urgency_faults
from routing.model.diversion import DiversionKind
from routing.model.requirement import AttributeValue, Operator, Requirement, RequirementKind


def rule_faults(
    document: Document, rules: tuple[Rule, ...], channels: Mapping[str, object], queues: Mapping[str, object], skills: tuple[str, ...]
) -> Iterator[ConfigError]:
    """Everything in the rules that contradicts the rest of the file, in the order of the file."""
    names: set[str] = set()
    for rule in rules:
        if rule.name in names:
            remedy = "Give each rule its own name; one that stands for each of several values has the {field} in it."
            yield document.error(rule.key("name"), "names two rules", value=rule.name, remedy=remedy)
        names.add(rule.name)
        for place in (rule, *rule.also):
            yield from _where_faults(document, place, channels, queues)
            for key, requirement in place.requirements_by_key().items():
                fault = _requirement_fault(requirement, skills)
                if fault is not None:
                    problem, remedy = fault
                    yield document.error(key, f"{problem} (rule {rule.name})", value=requirement_text(requirement), remedy=remedy)
            yield from _ladder_faults(document, place, queues, skills)
        yield from _urgency_faults(document, rule)


def _where_faults(document: Document, rule: Rule, channels: Mapping[str, object], queues: Mapping[str, object]) -> Iterator[ConfigError]:
    for value in rule.when.get("channel", ()):
        if value not in channels:
            remedy = did_you_mean(str(value), channels)
            yield document.error(
                ("rules", rule.index, "when" if rule.each is None else "for_each", "channel"),
                "is not a channel of this site",
                value=value,
                remedy=remedy,
            )
    if rule.queue_id is None:
        yield document.error(rule.key("queue"), "is missing", remedy=f"Say where {rule.name} leads: queue = ...")
    elif rule.queue_id not in queues:
        remedy = did_you_mean(rule.queue_id, queues)
        yield document.error(rule.key("queue"), "is not a queue of this site", value=rule.queue_id, remedy=remedy)
    stood_in = [rule.queue_id]
    for further in rule.also:
        if further.queue_id in stood_in:
            remedy = "List each queue once."
            yield document.error(further.key("queue"), f"is a queue of rule {rule.name} already", value=further.queue_id, remedy=remedy)
        stood_in.append(further.queue_id)


def _requirement_fault(requirement: Requirement, skills: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a requirement, and the remedy. Numbers are levels of declared skills; symbols are free attributes."""
    return _values_fault(requirement.attribute, (requirement.value, *requirement.alternatives), skills)


def _values_fault(name: str, values: tuple[AttributeValue, ...], skills: tuple[str, ...]) -> tuple[str, str] | None:
    for value in values:
        match value:
            case str() if name in skills:
                return "compares a skill with a symbol", f"Compare it with a level from {SKILL_LEVEL_MIN} to {SKILL_LEVEL_MAX}."
            case int() if name not in skills:
                return "asks for a skill that this site does not declare", f'{did_you_mean(name, skills)} Or add "{name}" to skills.'
            case int() if not SKILL_LEVEL_MIN <= value <= SKILL_LEVEL_MAX:
                return "asks for a level that no agent can have", f"Levels run from {SKILL_LEVEL_MIN} to {SKILL_LEVEL_MAX}."
    return None


def _ladder_faults(document: Document, rule: Rule, queues: Mapping[str, object], skills: tuple[str, ...]) -> Iterator[ConfigError]:
    reached_ms, class_rank = 0, rule.class_rank
    levels = {
        requirement.attribute: requirement
        for requirement in rule.requirements_by_key().values()
        if requirement.kind is RequirementKind.EXPIRING
    }
    for position, step in enumerate(rule.steps):
        if step.after <= reached_ms:
            problem = f"does not come after the step before it (rule {rule.name})"
            yield document.error(
                rule.key("steps", position, "after"), problem, remedy="List the steps earliest first, each at its own time."
            )
        reached_ms = max(reached_ms, step.after)
        if step.class_ is not None and step.class_ <= class_rank:
            problem = f"does not raise the class, which is {class_rank} by then (rule {rule.name})"
            yield document.error(rule.key("steps", position, "class"), problem, value=step.class_, remedy="A ladder only ever raises it.")
        class_rank = max(class_rank, step.class_ or 0)
        if step.overflow is not None and step.overflow not in queues:
            remedy = did_you_mean(step.overflow, queues)
            key = rule.key("steps", position, "overflow")
            yield document.error(key, "is not a queue of this site", value=step.overflow, remedy=remedy)
        if step.divert is not None and step.divert.kind is DiversionKind.QUEUE:
            key = rule.key("steps", position, "divert")
            yield document.error(key, "moves to a queue", value=step.divert.target, remedy=f'Write overflow = "{step.divert.target}".')
        if not step.model_fields_set - {"after", "early_if_nobody", "watched"}:
            remedy = "Give it drop, lower, widen, raise, class, overflow, release or divert."
            yield document.error(rule.key("steps", position), f"changes nothing (rule {rule.name})", remedy=remedy)
        yield from _relaxation_faults(document, rule, position, step, levels)
        yield from _widening_faults(document, rule, position, levels, skills)
        yield from _early_faults(document, rule, position, step)


def _urgency_faults(document: Document, rule: Rule) -> Iterator[ConfigError]:
    for name, problem, remedy in urgency_faults(rule.urgency):
        yield document.error(rule.urgency_key(name), f"{problem} (rule {rule.name})", remedy=remedy)
    gate = rule.gate
    stated = [] if gate is None else [one for one in rule.requirements_by_key().values() if one.attribute == gate.requirement.attribute]
    if len(stated) > 1:
        problem = f"asks for {stated[0].attribute}, as another requirement of rule {rule.name} does"
        remedy = "Let the gate ask for an attribute of its own: its end drops what is asked of it."
        yield document.error(rule.urgency_key("only"), problem, remedy=remedy)


def _relaxation_faults(
    document: Document, rule: Rule, position: int, step: StepFile, levels: Mapping[str, Requirement]
) -> Iterator[ConfigError]:
    for name in step.drop if isinstance(step.drop, tuple) else ():
        if name not in levels:
            yield _not_expiring(document, rule, position, "drop", name)
    for name, level in step.lower.items() if isinstance(step.lower, dict) else ():
        expiring = levels.get(name)
        key = rule.key("steps", position, "lower", name)
        if expiring is None:
            yield _not_expiring(document, rule, position, "lower", name)
        elif expiring.operator is not Operator.AT_LEAST:
            yield document.error(key, f'lowers "{requirement_text(expiring)}"', remedy="Only a requirement with >= has a level to lower.")
        elif isinstance(expiring.value, int) and level >= expiring.value:
            problem = f'does not lower "{requirement_text(expiring)}"'
            yield document.error(key, problem, value=level, remedy=f"Write a level below {expiring.value}.")


def _early_faults(document: Document, rule: Rule, position: int, step: StepFile) -> Iterator[ConfigError]:
    if step.watched and step.early_if_nobody is None:
        remedy = 'Say for whom it watches: early_if_nobody = "available".'
        yield document.error(rule.key("steps", position, "watched"), f"watches for nobody (rule {rule.name})", remedy=remedy)


def _widening_faults(
    document: Document, rule: Rule, position: int, levels: Mapping[str, Requirement], skills: tuple[str, ...]
) -> Iterator[ConfigError]:
    for name, values in (rule.steps[position].widen or {}).items():
        expiring = levels.get(name)
        key = rule.key("steps", position, "widen", name)
        fault = _values_fault(name, values, skills)
        if expiring is None:
            yield _not_expiring(document, rule, position, "widen", name)
        elif expiring.operator is not Operator.EQUAL:
            remedy = "Only a requirement with == or in takes further values."
            yield document.error(key, f'widens "{requirement_text(expiring)}"', remedy=remedy)
        elif fault is not None:
            problem, remedy = fault
            yield document.error(key, f"{problem} (rule {rule.name})", remedy=remedy)
        elif set(values) <= {expiring.value, *expiring.alternatives}:
            yield document.error(key, f'does not widen "{requirement_text(expiring)}"', remedy="Write a value that it does not take yet.")


def _not_expiring(document: Document, rule: Rule, position: int, change: str, name: str) -> ConfigError:
    others = {requirement.attribute: requirement for requirement in rule.requirements_by_key().values()}
    key = rule.key("steps", position, change)
    held = others.get(name)
    if held is not None:
        problem = f'relaxes "{requirement_text(held)}", which rule {rule.name} states as {held.kind.value}'
        remedy = "A must is never relaxed and a preference excludes nobody; list it under expiring."
        return document.error(key, problem, value=name, remedy=remedy)
    known = [one.attribute for one in others.values() if one.kind is RequirementKind.EXPIRING]
    problem = f"is not an expiring requirement of rule {rule.name}"
    return document.error(key, problem, value=name, remedy=did_you_mean(name, known))
