"""Checks of what rules ask for: requirements that contradict or repeat each other, and steps that relax too much, or nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from routing.config.lint.check import Found
from routing.config.lint.subject import SiteSubject, stages
from routing.config.requirements import SKILL_LEVEL_MAX, SKILL_LEVEL_MIN, requirement_text
from routing.config.toml_lines import KeyPath
from routing.model.requirement import AttributeValue, Requirement, RequirementKind
from routing.model.route import Relaxation, Route

LICENCE_WORDS = ("licen", "certif", "accredit", "consent", "clearance", "registration")
"""Parts of attribute names that read like something the law asks for."""

_ANOTHER_SYMBOL = "\N{REPLACEMENT CHARACTER}"  # no file can name it as a value and mean it


def contradictory_requirements(subject: SiteSubject) -> Iterator[Found]:
    """Requirements of one attribute that no agent could ever meet together."""
    for index, rule in enumerate(subject.site.rules):
        for attribute, needs in _hard_by_attribute(rule.requirements).items():
            if not any(_are_met(needs, one) for one in _possible(attribute, needs, subject)):
                yield Found(
                    subject.rule_key(index),
                    f"rule {rule.name} asks for {_listed(needs)}, which nobody can meet together",
                    "Remove one of them, or make one a preference.",
                )


def repeated_requirement(subject: SiteSubject) -> Iterator[Found]:
    """A requirement that whoever meets another, at least as firm, meets anyway."""
    for index, rule in enumerate(subject.site.rules):
        for attribute, needs in _hard_by_attribute(rule.requirements).items():
            possible = _possible(attribute, needs, subject)
            for need in needs:
                firmer = tuple(one for one in needs if one is not need and one.kind in {need.kind, RequirementKind.MUST})
                meet = [attributes for attributes in possible if _are_met(firmer, attributes)]
                if firmer and meet and all(need.is_met_by(attributes) for attributes in meet):
                    yield Found(
                        subject.rule_key(index, need.kind.value),
                        f'rule {rule.name} asks for "{requirement_text(need)}", which excludes nobody beside {_listed(firmer)}',
                        "Remove it.",
                    )
                    break


def firm_expiring(subject: SiteSubject) -> Iterator[Found]:
    """An expiring requirement that no step of the ladder relaxes."""
    for index, rule in enumerate(subject.site.rules):
        relaxed = {name for step in rule.steps for name in _relaxed(step.relaxation)}
        for requirement in rule.requirements:
            if requirement.kind is RequirementKind.EXPIRING and requirement.attribute not in relaxed:
                yield Found(
                    subject.rule_key(index, "expiring"),
                    f"rule {rule.name} calls {requirement.attribute} expiring, but none of its steps relaxes it",
                    "Add a step with drop, lower or widen, or list it under must.",
                )


def idle_step(subject: SiteSubject) -> Iterator[Found]:
    """A step of a ladder that leaves everything as the steps before it made it, in every rule that it stands for."""
    idle: dict[KeyPath, str] = {}
    useful: set[KeyPath] = set()
    for index, rule in enumerate(subject.site.rules):
        for position, (before, after) in enumerate(pairwise(stages(rule))):
            key = subject.rule_key(index, "steps", position)
            releases = [step.relaxation.release for step in rule.steps[: position + 1]]
            is_first_release = releases[-1] and not any(releases[:-1])
            ends_the_wait = rule.steps[position].relaxation.divert_to is not None
            if _as_it_holds(before.route) == _as_it_holds(after.route) and not is_first_release and not ends_the_wait:
                idle.setdefault(key, f"step {position + 1} of rule {rule.name} changes nothing that the steps before it left")
            else:
                useful.add(key)
    for key, consequence in idle.items():
        if key not in useful:
            yield Found(key, consequence, "Remove it, or relax something that still holds.")


def cut_step(subject: SiteSubject) -> Iterator[Found]:
    """A step that names a value which a must of the same attribute still keeps out."""
    for index, rule in enumerate(subject.site.rules):
        for position, (before, after) in enumerate(pairwise(stages(rule))):
            relaxation = rule.steps[position].relaxation
            for attribute in (*(relaxation.lower or {}), *(relaxation.widen or {})):
                musts = _of(attribute, RequirementKind.MUST, rule.requirements)
                closed, opened = (_of(attribute, RequirementKind.EXPIRING, one.route.requirements) for one in (before, after))
                newly = [
                    one for one in _possible(attribute, (*musts, *opened), subject) if _are_met(opened, one) and not _are_met(closed, one)
                ]
                if any(not _are_met(musts, one) for one in newly):
                    yield Found(
                        subject.rule_key(index, "steps", position),
                        f"step {position + 1} of rule {rule.name} opens {_listed(opened)}, and {_listed(musts)} cuts it short",
                        "Widen the must, or let the step end where it does.",
                    )


def dropped_licence(subject: SiteSubject) -> Iterator[Found]:
    """A step that drops what reads like a licence, or what another rule never gives up: then agents serve who must not."""
    kept_by = {need.attribute: rule.name for rule in subject.site.rules for need in rule.requirements if need.kind is RequirementKind.MUST}
    for index, rule in enumerate(subject.site.rules):
        expiring = {need.attribute: need for need in rule.requirements if need.kind is RequirementKind.EXPIRING}
        for position, step in enumerate(rule.steps):
            for name in step.relaxation.drop:
                reads_so = any(word in name.casefold() for word in LICENCE_WORDS)
                if name in expiring and (reads_so or name in kept_by):
                    why = "it reads like a licence" if reads_so else f"rule {kept_by[name]} makes it a must"
                    yield Found(
                        subject.rule_key(index, "steps", position, "drop"),
                        f'rule {rule.name} gives up "{requirement_text(expiring[name])}" in its step {position + 1}, and {why}:'
                        " from then on agents without it serve",
                        "List it under must if the law or a promise asks for it.",
                    )


def _hard_by_attribute(requirements: tuple[Requirement, ...]) -> Mapping[str, tuple[Requirement, ...]]:
    found: dict[str, tuple[Requirement, ...]] = {}
    for need in requirements:
        if need.is_hard:
            found[need.attribute] = (*found.get(need.attribute, ()), need)
    return found


def _possible(attribute: str, needs: tuple[Requirement, ...], subject: SiteSubject) -> tuple[Mapping[str, AttributeValue], ...]:
    """What an agent may hold of the attribute, as far as these requirements can tell it apart."""
    if attribute in subject.site.skills:
        values: list[AttributeValue] = [*range(SKILL_LEVEL_MIN, SKILL_LEVEL_MAX + 1)]
    else:
        named = [value for need in needs for value in (need.value, *need.alternatives)]
        numbers = [value + offset for value in named if isinstance(value, int) for offset in (-1, 0, 1)]
        values = [*numbers, *(value for value in named if isinstance(value, str)), _ANOTHER_SYMBOL]
    return ({}, *({attribute: value} for value in values))


def _of(attribute: str, kind: RequirementKind, requirements: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    return tuple(need for need in requirements if need.attribute == attribute and need.kind is kind)


def _are_met(needs: tuple[Requirement, ...], attributes: Mapping[str, AttributeValue]) -> bool:
    return all(need.is_met_by(attributes) for need in needs)


def _relaxed(relaxation: Relaxation) -> tuple[str, ...]:
    return (*relaxation.drop, *(relaxation.lower or {}), *(relaxation.widen or {}))


def _as_it_holds(route: Route) -> Route:
    return replace(route, steps=())


def _listed(needs: tuple[Requirement, ...]) -> str:
    return " and ".join(f'"{requirement_text(need)}"' for need in needs)
