"""Checks of what agents are committed to and customers were promised: rules that change nothing as the file stands."""

from collections.abc import Iterator

from routing.config.lint.check import Found
from routing.config.lint.subject import SiteSubject


def unfelt_shifts(subject: SiteSubject) -> Iterator[Found]:
    """Work shall not run into what agents are committed to, and no queue says how long its work lasts."""
    site = subject.site
    if site.shift_rule is not None and all(queue.expected_handling_ms is None for queue in site.queues.values()):
        yield Found(
            ("shifts",),
            "no queue says how long its work lasts: agents are offered it up to the last second before a break, as without [shifts]",
            'Write expected_handling = "5min", or what it is, for the queues.',
        )


def idle_promise_class(subject: SiteSubject) -> Iterator[Found]:
    """A class that call-backs rise to when they were promised, which they are in from the start."""
    for queue_id, queue in subject.site.queues.items():
        promised = queue.callback.promise_class_rank
        if promised is None:
            continue
        led_here = [one.rule for one in subject.rules_that_decide() if one.rule.queue_id == queue_id]
        ahead = next((rule for rule in led_here if rule.urgency.class_rank >= promised), None)
        if ahead is not None:
            yield Found(
                subject.queue_key(queue_id, "callback", "promise_class"),
                f"what rule {ahead.name} brings to queue {queue_id} is in class {ahead.urgency.class_rank} anyway: a promise that falls due"
                f" raises it to class {promised}, and nothing changes",
                f"Write promise_class = {ahead.urgency.class_rank + 1}, or leave it out.",
            )
