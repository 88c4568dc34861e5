"""Checks of the classification rules: what never decides, what nobody takes, what nothing leads to."""

from collections.abc import Iterator

from routing.config.lint.check import Found
from routing.config.lint.regions import in_words, overlaps
from routing.config.lint.subject import SiteSubject


def unreachable_rule(subject: SiteSubject) -> Iterator[Found]:
    """A rule whose every interaction an earlier one takes, alone or together with others."""
    rules = subject.site.rules
    for index, rule in enumerate(rules):
        if subject.territories.of_rules[index].boxes:
            continue
        before = [earlier.name for earlier in rules[:index] if overlaps(earlier, rule)]
        takers = before[0] if len(before) == 1 else f"{', '.join(before[:-1])} and {before[-1]}"
        take = "takes" if len(before) == 1 else "together take"
        yield Found(
            subject.rule_key(index),
            f"rule {rule.name} never decides: {takers} before it {take} everything it would match",
            f"Move {rule.name} up, or narrow what stands before it." if before else f"Remove {rule.name}: nothing can match it.",
        )


def shadowed_value(subject: SiteSubject) -> Iterator[Found]:
    """A value among a rule's conditions that the rule never sees, because earlier rules take all that has it."""
    for index, (rule, territory) in enumerate(zip(subject.site.rules, subject.territories.of_rules, strict=True)):
        for field, values in rule.when.items() if territory.boxes else ():
            unseen = [value for value in values if not any(value in box[field].listed for box in territory.boxes)]
            if unseen and subject.territories.is_exact:
                names = ", ".join(map(str, unseen))
                yield Found(
                    subject.rule_key(index, "when", field),
                    f"rule {rule.name} never decides for {field} {names}: rules before it take all of that",
                    f"Move {rule.name} up if it should, or leave the value out.",
                )


def unmatched_channel(subject: SiteSubject) -> Iterator[Found]:
    """A channel of which no rule takes anything."""
    served = {channel.id for rule in subject.rules_that_decide() for channel in rule.channels}
    for channel in subject.site.channels:
        if channel not in served:
            yield Found(
                ("channels", channel),
                f"no rule takes interactions of channel {channel}: they are refused on arrival",
                "Add a rule for it; a last rule without conditions takes whatever is left.",
            )


def unmatched_interactions(subject: SiteSubject) -> Iterator[Found]:
    """Interactions that no rule takes, on channels of which rules take others."""
    served = {channel.id for rule in subject.rules_that_decide() for channel in rule.channels}
    boxes = [box for box in subject.territories.of_none.boxes if not box["channel"].listed.isdisjoint(served)]
    if boxes and subject.territories.is_exact:
        yield Found(
            ("rules",),
            f"no rule takes an interaction with {in_words(boxes[0], subject.site)}: it is refused on arrival",
            "Add a last rule without conditions, unless the refusal is wanted.",
        )


def unused_queue(subject: SiteSubject) -> Iterator[Found]:
    """A queue that neither a rule nor a step leads to."""
    rules = subject.site.rules
    used = {queue_id for rule in rules for queue_id in (rule.queue_id, *(branch.queue_id for branch in rule.also))}
    used |= {step.relaxation.overflow_to for rule in rules for step in rule.steps if step.relaxation.overflow_to is not None}
    for queue in subject.site.queues:
        if queue not in used:
            yield Found(("queues", queue), f"nothing leads to queue {queue}", "Name it in a rule, or remove it.")


def frozen_routes(subject: SiteSubject) -> Iterator[Found]:
    """A site that leaves what waits on the route of its arrival: a mended rule does not reach those who suffer from the old one."""
    if subject.site.keeps_waiting_routes:
        yield Found(
            ("waiting_routes",),
            "whoever waits when this file comes into force keeps the route of their arrival: a mended rule reaches new arrivals only",
            "Leave the key out, unless what another system does is to be reproduced.",
        )


def mutual_interruption(subject: SiteSubject) -> Iterator[Found]:
    """Two channels that interrupt each other: an agent is torn to and fro, and neither customer is helped in one piece."""
    channels = subject.site.channels
    for name, channel in channels.items():
        for other in channel.interruptible_by:
            if name in channels[other].interruptible_by and list(channels).index(name) < list(channels).index(other):
                yield Found(
                    ("channels", other, "interruptible_by"),
                    f"{name} and {other} interrupt each other: what an agent has set other work aside for may be set aside in turn",
                    f"Let only one of them give way: remove {name} here, or {other} there.",
                )


def shared_limit(subject: SiteSubject) -> Iterator[Found]:
    """One limit on the length of a queue for several channels: what waits in writing turns callers away."""
    for queue_id, queue in subject.site.queues.items():
        limit = queue.admission
        if limit is None or not limit.is_waiting_shared or limit.waiting_max is None:
            continue
        led_here = [one for one in subject.rules_that_decide() if one.rule.queue_id == queue_id]
        channels = {channel.id: channel for one in led_here for channel in one.channels}
        callers = next((channel.id for channel in channels.values() if channel.is_live), None)
        others = [name for name in channels if name != callers]
        if callers is not None and others:
            yield Found(
                subject.queue_key(queue_id, "admission", "shared"),
                f"all channels of queue {queue_id} share one limit: {limit.waiting_max} of {others[0]} that wait turn away whoever comes by"
                f" {callers}",
                "Let each channel count by itself: shared = false.",
            )


def unused_skill(subject: SiteSubject) -> Iterator[Found]:
    """A declared skill that no rule asks for."""
    asked = {requirement.attribute for rule in subject.site.rules for requirement in rule.requirements}
    asked |= {requirement.attribute for rule in subject.site.rules for further in rule.also for requirement in further.requirements}
    for index, skill in enumerate(subject.site.skills):
        if skill not in asked:
            remedy = "Interactions may still ask for it themselves; otherwise remove it."
            yield Found(("skills", index), f"no rule asks for skill {skill}", remedy)
