"""The figures of a timeline in words: when most waited, where, and how many agents were at work."""

import datetime as dt

from routing.model.time import Instant
from simulation.one_day.record import Doing, Timeline
from simulation.scenario import Scenario


def headline(scenario: Scenario, timeline: Timeline) -> str:
    """When most waited, and where, and how many found all lines taken."""
    count = int(timeline.busy_tones.sum())
    return _fullest(scenario, timeline) + (f" {_people(count)} heard a busy tone." if count else "")


def _people(count: int) -> str:
    return "1 customer" if count == 1 else f"{count:,} customers"


def _fullest(scenario: Scenario, timeline: Timeline) -> str:
    if not timeline.waiting.size or not timeline.waiting.any():
        return "Nobody waited on a live channel at any of the moments looked at."
    total = timeline.waiting.sum(axis=0)
    at = int(total.argmax())
    most = int(timeline.waiting[:, at].argmax())
    whole = int(total[at])
    people = "1 interaction" if whole == 1 else f"{whole:,} interactions"
    return f"Most waited at {clock(scenario, timeline, at)}: {people}, of them {timeline.waiting[most, at]:,} in {timeline.queues[most]}."


def figures(scenario: Scenario, timeline: Timeline) -> list[str]:
    """The fullest and the slowest moment of every queue that ever held anybody, and how many agents were at work at most."""
    lines = []
    for place, name in enumerate(timeline.queues):
        if timeline.waiting[place].any():
            fullest, slowest = int(timeline.waiting[place].argmax()), int(timeline.longest_wait_s[place].argmax())
            lines.append(
                f"{name}: {timeline.waiting[place, fullest]:,} waiting at {clock(scenario, timeline, fullest)}; the longest wait under way "
                f"was {timeline.longest_wait_s[place, slowest]:,.0f} s, at {clock(scenario, timeline, slowest)}"
            )
    lying = timeline.deferred.sum(axis=0)
    if lying.any():
        most = int(lying.argmax())
        lines.append(f"deferrable work: {lying[most]:,} lay there at {clock(scenario, timeline, most)}")
    for place, name in enumerate(timeline.lines):
        tones = timeline.busy_tones[place]
        if not tones.any():
            lines.append(f"lines {name}: nobody heard a busy tone")
            continue
        worst = int(tones.argmax())
        when = f"most of them in the step from {clock(scenario, timeline, worst)}: {tones[worst]:,}"
        lines.append(f"lines {name}: {_people(int(tones.sum()))} heard a busy tone, {when}")
    at_work = (timeline.doing != Doing.OFFLINE).sum(axis=0)
    busy = (timeline.doing >= Doing.WRAPPING_UP).sum(axis=0)
    if at_work.any():
        most = int(at_work.argmax())
        lines.append(f"agents: {at_work[most]:,} at work at {clock(scenario, timeline, most)}, up to {busy.max():,} of them busy at once")
    return lines


def clock(scenario: Scenario, timeline: Timeline, place: int) -> str:
    """The time of day of an instant, with the day where there are several."""
    local = local_time(scenario, timeline.instants[place])
    return f"{local:%H:%M}" if scenario.calendar.days == 1 else f"{local:%a %d %b, %H:%M}"


def local_time(scenario: Scenario, at: Instant) -> dt.datetime:
    """An instant in the scenario's time zone."""
    return dt.datetime.fromtimestamp(at / 1_000, scenario.calendar.zone_info)
