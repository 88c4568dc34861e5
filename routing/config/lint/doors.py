"""Checks of opening hours: queues that never open, and calendars that soon know nothing."""

from collections.abc import Iterator

from routing.config.lint.check import Found
from routing.config.lint.subject import SiteSubject
from routing.config.lint.texts import duration_text
from routing.model.time import DAY_MS

KNOWN_MS_MIN = 30 * DAY_MS
"""A calendar that knows less than this has to be renewed by somebody every month, and sooner or later is not."""


def never_open(subject: SiteSubject) -> Iterator[Found]:
    """A queue with a calendar that never opens."""
    for queue_id, queue in subject.site.queues.items():
        calendar = subject.site.calendar_of(queue_id)
        if queue.hours is None or calendar is None or calendar.intervals:
            continue
        then = "waits for ever" if queue.hours.when_closed is None else "is turned away"
        yield Found(
            subject.queue_key(queue_id, "hours"),
            f"queue {queue_id} never opens: calendar {queue.hours.calendar} has no hours, and whoever comes {then}",
            'Give the calendar hours: weekly = { mon = ["08:00-18:00"] }.',
        )


def short_calendar(subject: SiteSubject) -> Iterator[Found]:
    """A calendar that knows less than 30 days: after them the queues with it turn everybody away."""
    used = {queue.hours.calendar: queue_id for queue_id, queue in subject.site.queues.items() if queue.hours is not None}
    for name, calendar in (subject.site.calendars or {}).items():
        known_ms = calendar.known_until - calendar.known_from
        if name in used and known_ms < KNOWN_MS_MIN:
            yield Found(
                ("calendars", name, "valid_until"),
                f"calendar {name} knows {duration_text(known_ms)} in all: after them queue {used[name]} turns everybody away",
                "Write a later valid_until, with the holidays until then.",
            )
