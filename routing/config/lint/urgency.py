"""Checks of who waits for whom: classes and urgencies by which some work can wait for ever, or less pressing work goes first."""

from collections.abc import Iterator

from routing.config.lint.check import Found
from routing.config.lint.subject import RuleInForce, SiteSubject, stages
from routing.config.lint.texts import duration_text
from routing.model.route import Urgency
from routing.model.time import Duration
from routing.policy.wait_prices import WAIT_PRICES


def starving_class(subject: SiteSubject) -> Iterator[Found]:
    """Classes are strict: without a step that raises it, a lower class waits as long as higher ones keep coming."""
    rules = tuple(subject.rules_that_decide()) if _heeds_class(subject) else ()
    highest = max((one.rule.urgency.class_rank for one in rules), default=0)
    for one in rules:
        reached = stages(one.rule)[-1].route.urgency.class_rank
        if reached < highest:
            yield Found(
                subject.rule_key(one.place),
                f"rule {one.rule.name} stays in class {reached}: it waits as long as class {highest} keeps its agents busy",
                f"Add a step that raises the class to {highest} after a time, unless that is wanted.",
            )


def starving_urgency(subject: SiteSubject) -> Iterator[Found]:
    """Within a class: work whose urgency can never reach what other work has on arrival waits as long as that keeps coming."""
    rules = tuple(subject.rules_that_decide()) if subject.site.policy.wait_price == "urgency" else ()
    for one in rules:
        last = stages(one.rule)[-1].route.urgency
        ahead = [
            other
            for other in rules
            if other.rule.urgency.class_rank == last.class_rank and _on_arrival(other.rule.urgency) > most_urgent(last)
        ]
        if ahead:
            worst = max(ahead, key=lambda other: _on_arrival(other.rule.urgency))
            yield Found(
                subject.rule_key(one.place, "urgency"),
                f"rule {one.rule.name} never grows more urgent than {duration_text(most_urgent(last))} of wait, and {worst.rule.name}"
                f" begins at {duration_text(_on_arrival(worst.rule.urgency))}: it waits as long as that keeps its agents busy",
                "Give it a slope and a higher cap, or a step that raises its class.",
            )


def newest_first(subject: SiteSubject) -> Iterator[Found]:
    """An urgency that falls with age, which no step of the ladder lifts out: the oldest may never be served."""
    for index, rule in enumerate(subject.site.rules):
        if rule.urgency.slope_per_mille < 0 and stages(rule)[-1].route.urgency.class_rank == rule.urgency.class_rank:
            yield Found(
                subject.rule_key(index, "urgency"),
                f"rule {rule.name} serves the newest first: whoever has waited longest waits on as long as others keep coming",
                "Add a step that raises the class after the longest wait you would ask of anybody.",
            )


def strict_priority(subject: SiteSubject) -> Iterator[Found]:
    """Points of priority that are classes, and no step that raises one: few points wait as long as many points keep coming."""
    for index, rule in enumerate(subject.site.rules):
        if rule.urgency.class_per_point and all(step.relaxation.class_rank is None for step in rule.steps):
            yield Found(
                subject.rule_key(index, "urgency"),
                f"rule {rule.name} makes each point of priority a class: an interaction with a worse priority waits as long as better ones"
                " keep its agents busy, however long it has waited",
                'Add a step that raises the class after a time, or let a point be worth minutes: preset = "minutes-per-point".',
            )


def written_before_live(subject: SiteSubject) -> Iterator[Found]:
    """Priority inversion: work that can wait goes before customers on the line, by its class or by its longer age."""
    rules = tuple(subject.rules_that_decide()) if subject.site.policy.wait_price == "urgency" else ()
    live = [one for one in rules if one.has_live]
    for one in rules:
        if one.has_live:
            continue
        for other in live:
            why = _goes_first(subject, one, other)
            if why is not None:
                yield Found(
                    subject.rule_key(one.place),
                    f"nobody waits on the line for rule {one.rule.name}, and yet {why}",
                    f"Put {other.rule.name} into a higher class, or give {one.rule.name} an urgency.cap of seconds.",
                )
                break


def _heeds_class(subject: SiteSubject) -> bool:
    """Whether the policy in force looks at classes; of a price of somebody else's making it is taken for granted."""
    price = WAIT_PRICES.get(subject.site.policy.wait_price)
    return price is None or price.heeds_class


def _goes_first(subject: SiteSubject, written: RuleInForce, live: RuleInForce) -> str | None:
    first, last = written.rule.urgency, stages(written.rule)[-1].route.urgency
    begins, ends = live.rule.urgency, stages(live.rule)[-1].route.urgency
    if first.class_rank > begins.class_rank:
        return f"its class {first.class_rank} goes before class {begins.class_rank} of rule {live.rule.name}"
    if last.class_rank > ends.class_rank:
        return f"its steps raise it to class {last.class_rank}, before class {ends.class_rank} of rule {live.rule.name}"
    if first.class_rank < begins.class_rank:
        return None
    targets = [subject.site.queues[one.rule.queue_id].service_level.target_ms for one in (written, live)]
    ages = [_at_age(one.rule.urgency, target) for one, target in zip((written, live), targets, strict=True)]
    if ages[0] <= ages[1]:
        return None
    return (
        f"one that is just due, after {duration_text(targets[0])}, goes before one of rule {live.rule.name} that is just due, after"
        f" {duration_text(targets[1])}: they share class {first.class_rank}, and the older wins"
    )


def _at_age(urgency: Urgency, age_ms: Duration) -> int:
    pressure = urgency.pressure_weight_ms * min(age_ms, urgency.target_ms) // urgency.target_ms
    return min(urgency.cap_ms, urgency.base_ms + age_ms * urgency.slope_per_mille // 1_000 + pressure)


def _on_arrival(urgency: Urgency) -> int:
    return min(urgency.cap_ms, urgency.base_ms)


def most_urgent(urgency: Urgency) -> int:
    """The highest urgency it ever reaches, ms-equivalents."""
    return urgency.cap_ms if urgency.slope_per_mille > 0 else min(urgency.cap_ms, urgency.base_ms + urgency.pressure_weight_ms)
