"""The linter of site files: what is allowed, but will surprise the person who wrote it."""

from collections.abc import Iterator

from routing.config.document import Document
from routing.config.findings import Finding, finding
from routing.model.requirement import RequirementKind
from routing.model.route import RouteRule
from routing.model.site import Site


def site_findings(document: Document, site: Site, places: tuple[int, ...]) -> Iterator[Finding]:
    """Every finding of a site that the router accepts, in the order of the checks below.

    `places` says for each rule of the site which entry of the file states it: an entry may stand for several rules.
    """
    yield from _unreachable_rules(document, site, places)
    yield from _unmatched_channels(document, site)
    yield from _unused_queues(document, site)
    yield from _unused_skills(document, site)
    yield from _firm_ladders(document, site, places)
    yield from _starving_classes(document, site, places)


def _unreachable_rules(document: Document, site: Site, places: tuple[int, ...]) -> Iterator[Finding]:
    for index, rule in enumerate(site.rules):
        for earlier in site.rules[:index]:
            if _takes_all_of(earlier, rule):
                yield finding(
                    document,
                    ("rules", places[index]),
                    consequence=f"rule {rule.name} never decides: {earlier.name} before it takes everything it would match",
                    remedy=f"Move {rule.name} above {earlier.name}, or narrow the earlier one.",
                )
                break


def _takes_all_of(earlier: RouteRule, later: RouteRule) -> bool:
    return all(field in later.when and set(later.when[field]) <= set(values) for field, values in earlier.when.items())


def _unmatched_channels(document: Document, site: Site) -> Iterator[Finding]:
    if any(not rule.when for rule in site.rules):
        return
    matched = {value for rule in site.rules for value in rule.when.get("channel", tuple(site.channels))}
    for channel in site.channels:
        if channel not in matched:
            yield finding(
                document,
                ("channels", channel),
                consequence=f"no rule takes interactions of channel {channel}: they are refused on arrival",
                remedy="Add a rule for it; a last rule without conditions takes whatever is left.",
            )
    if len(matched) >= len(site.channels):
        yield finding(
            document,
            ("rules",),
            consequence="there is no rule without conditions: an interaction that no rule matches is refused on arrival",
            remedy="Add a last rule without conditions, unless the refusal is wanted.",
        )


def _unused_queues(document: Document, site: Site) -> Iterator[Finding]:
    used = {rule.queue_id for rule in site.rules} | {step.relaxation.overflow_to for rule in site.rules for step in rule.steps}
    for queue in site.queues:
        if queue not in used:
            yield finding(
                document, ("queues", queue), consequence=f"nothing leads to queue {queue}", remedy="Name it in a rule, or remove it."
            )


def _unused_skills(document: Document, site: Site) -> Iterator[Finding]:
    asked = {requirement.attribute for rule in site.rules for requirement in rule.requirements}
    for index, skill in enumerate(site.skills):
        if skill not in asked:
            remedy = "Interactions may still ask for it themselves; otherwise remove it."
            yield finding(document, ("skills", index), consequence=f"no rule asks for skill {skill}", remedy=remedy)


def _firm_ladders(document: Document, site: Site, places: tuple[int, ...]) -> Iterator[Finding]:
    for index, rule in enumerate(site.rules):
        relaxed = {name for step in rule.steps for name in (*step.relaxation.drop, *(step.relaxation.lower or {}))}
        for requirement in rule.requirements:
            if requirement.kind is RequirementKind.EXPIRING and requirement.attribute not in relaxed:
                yield finding(
                    document,
                    ("rules", places[index]),
                    consequence=f"rule {rule.name} calls {requirement.attribute} expiring, but none of its steps relaxes it",
                    remedy="Add a step with drop or lower, or list it under must.",
                )


def _starving_classes(document: Document, site: Site, places: tuple[int, ...]) -> Iterator[Finding]:
    """Classes are strict: without a step that raises it, a lower class waits as long as higher ones keep coming."""
    highest = max(rule.urgency.class_rank for rule in site.rules)
    for index, rule in enumerate(site.rules):
        reached = max([rule.urgency.class_rank, *(step.relaxation.class_rank or 0 for step in rule.steps)])
        if reached < highest:
            yield finding(
                document,
                ("rules", places[index]),
                consequence=f"rule {rule.name} stays in class {reached}: it waits as long as class {highest} keeps its agents busy",
                remedy=f"Add a step that raises the class to {highest} after a time, unless that is wanted.",
            )
