"""Checks on what queues ask at their door: limits, states, hours, and diversions that lead somewhere and never in a circle."""

from collections.abc import Iterator

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate.values import CAPACITY_MAX, DURATION_MS_MAX, INSTANT_MAX, check_id, check_within, refuse_value
from routing.model.admission import AdmissionRule, AgentState
from routing.model.diversion import Diversion, DiversionKind
from routing.model.hours import Calendar
from routing.model.ids import QueueId
from routing.model.queue import Queue
from routing.model.site import Site

INTERVALS_MAX = 20_000
"""Opening intervals of a calendar: ten a working day for several years."""


def check_doors(site: Site) -> None:
    """Refuse calendars out of order and doors that ask what cannot be, or lead nowhere.

    Raises:
        CommandRefused: naming the first fault.
    """
    for name, calendar in (site.calendars or {}).items():
        check_id("site.calendars", name)
        _check_calendar(f"site.calendars[{name}]", calendar)
    for queue in site.queues.values():
        _check_door(f"site.queues[{queue.id}]", queue, site)
    _check_no_circle(site)


def check_diversion(field: str, diversion: Diversion, site: Site, *, may_be_queue: bool) -> None:
    """Refuse a diversion to a queue that is not there, or not allowed here.

    Raises:
        CommandRefused: naming the field.
    """
    if diversion.kind is DiversionKind.QUEUE:
        if not may_be_queue:
            refuse_value(f"{field}.kind", "a timed step moves to another queue by overflow_to; divert_to ends the interaction")
        if diversion.target not in site.queues:
            text = f"queue {diversion.target!r} is not defined"
            raise CommandRefused(RefusalReason.UNKNOWN_QUEUE, text, f"{field}.target")
    elif diversion.kind is DiversionKind.REFUSE:
        if diversion.target:
            refuse_value(f"{field}.target", f"a refusal leads nowhere, got {diversion.target!r}")
    elif diversion.target:
        check_id(f"{field}.target", diversion.target)


def _check_calendar(field: str, calendar: Calendar) -> None:
    check_within(f"{field}.known_from", calendar.known_from, 0, INSTANT_MAX)
    check_within(f"{field}.known_until", calendar.known_until, calendar.known_from + 1, INSTANT_MAX)
    check_within(f"{field}.intervals, their number,", len(calendar.intervals), 0, INTERVALS_MAX)
    reached = calendar.known_from
    for index, interval in enumerate(calendar.intervals):
        if not reached <= interval.opens_at < interval.closes_at <= calendar.known_until:
            text = "intervals must be listed earliest first, apart from each other, and lie within what the calendar knows"
            refuse_value(f"{field}.intervals[{index}]", text)
        reached = interval.closes_at + 1


def _check_door(field: str, queue: Queue, site: Site) -> None:
    if queue.admission is not None:
        _check_admission(f"{field}.admission", queue, queue.admission, site)
    empty, hours = queue.empty, queue.hours
    if empty is not None:
        if not empty.join_states and not empty.leave_states:
            refuse_value(f"{field}.empty", "name the states in which an agent counts as away, to join or to leave")
        if AgentState.RINGING in empty.leave_states:
            refuse_value(f"{field}.empty.leave_states", "nobody leaves while it rings at an agent: take out ringing")
        check_within(f"{field}.empty.leave_grace_ms", empty.leave_grace_ms, 0, DURATION_MS_MAX)
    if hours is not None and hours.calendar not in (site.calendars or {}):
        refuse_value(f"{field}.hours.calendar", f"{hours.calendar!r} is not a calendar of the site")
    for name, diversion in _diversions(queue):
        check_diversion(f"{field}.{name}", diversion, site, may_be_queue=True)


def _check_admission(field: str, queue: Queue, rule: AdmissionRule, site: Site) -> None:
    limits = {
        f"{field}.waiting_max": (rule.waiting_max, 1, CAPACITY_MAX),
        f"{field}.estimated_wait_max_ms": (rule.estimated_wait_max_ms, 0, DURATION_MS_MAX),
        f"{field}.held_max_ms": (rule.held_max_ms, 0, DURATION_MS_MAX),
        **{f"{field}.waiting_max_by_channel[{key}]": (most, 1, CAPACITY_MAX) for key, most in (rule.waiting_max_by_channel or {}).items()},
    }
    for name, (value, low, high) in limits.items():
        if value is not None:
            check_within(name, value, low, high)
    for channel in rule.waiting_max_by_channel or {}:
        if channel not in site.channels:
            text = f"channel {channel!r} is not one of: {', '.join(sorted(site.channels))}"
            raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, text, f"{field}.waiting_max_by_channel")
    if rule.estimated_wait_max_ms is not None and queue.estimate is None:
        refuse_value(f"{field}.estimated_wait_max_ms", "the queue estimates no wait: give it an estimate")


def _diversions(queue: Queue) -> Iterator[tuple[str, Diversion]]:
    if queue.admission is not None:
        yield "admission.otherwise", queue.admission.otherwise
    if queue.empty is not None:
        yield "empty.otherwise", queue.empty.otherwise
    if queue.hours is not None and queue.hours.when_closed is not None:
        yield "hours.when_closed", queue.hours.when_closed
    if queue.hours is not None and queue.hours.at_close is not None:
        yield "hours.at_close", queue.hours.at_close


def _check_no_circle(site: Site) -> None:
    """Walk from every queue along its diversions to queues; coming back to the start would send work round for ever."""
    onward: dict[QueueId, list[QueueId]] = {
        queue.id: [diversion.target for _, diversion in _diversions(queue) if diversion.kind is DiversionKind.QUEUE]
        for queue in site.queues.values()
    }
    for start, next_ones in onward.items():
        reached = dict.fromkeys(next_ones)
        ahead = list(reached)
        while ahead:
            for target in onward[ahead.pop()]:
                if target not in reached:
                    reached[target] = None
                    ahead.append(target)
        if start in reached:
            refuse_value(
                f"site.queues[{start}]", "its diversions lead through other queues back to it; let one of them end the interaction"
            )
