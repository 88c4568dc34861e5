"""Doors that ask what cannot be, or lead nowhere, are refused with the field at fault."""

from typing import Any

import pytest

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate import check_site
from routing.model.admission import EmptyRule
from routing.model.diversion import DiversionKind
from routing.model.estimate import EstimateMethod
from routing.model.site import Site
from tests.builders import a_calendar, a_queue, a_rule, a_site, a_step, an_admission, an_empty_rule, some_hours


def with_queue(**fields: Any) -> Site:
    """A site with one queue that has those."""
    return a_site(queues=[a_queue(**fields)], calendars={"office": a_calendar((1, 2))})


def with_step(divert_to: str) -> Site:
    """A site whose rule has one diverting step."""
    return a_site(rules=[a_rule(steps=[a_step(1_000, divert_to=divert_to)])])


GOOD = (
    with_queue(admission=an_admission(waiting_max=1, held_max_ms=0, waiting_max_by_channel={"chat": 5}, otherwise="voicemail")),
    with_queue(admission=an_admission(estimated_wait_max_ms=1, otherwise="self_service:menu"), estimate=EstimateMethod.HOLD_EMA),
    with_queue(empty=an_empty_rule(join="ringing", leave="busy")),
    with_queue(hours=some_hours(when_closed="voicemail:box", at_close="refuse")),
    a_site(
        queues=[
            a_queue("a", admission=an_admission(otherwise="queue:b"), empty=an_empty_rule(join="busy", otherwise="queue:c")),
            a_queue("b", hours=some_hours(at_close="queue:c")),
            a_queue("c"),
        ],
        calendars={"office": a_calendar((1, 2))},
    ),
    with_step("self_service:menu"),
    a_site(calendars={"long": a_calendar(*((day, day + 1) for day in range(0, 100, 2)))}),
)

CIRCLE = [
    a_queue("a", admission=an_admission(otherwise="queue:b")),
    a_queue("b", empty=an_empty_rule(join="offline", otherwise="queue:c")),
    a_queue("c", hours=some_hours(when_closed="queue:a")),
    a_queue("d", admission=an_admission(otherwise="queue:a")),
]

BAD = {
    "admission.waiting_max": with_queue(admission=an_admission(waiting_max=0)),
    "admission.held_max_ms": with_queue(admission=an_admission(held_max_ms=-1)),
    "waiting_max_by_channel[chat]": with_queue(admission=an_admission(waiting_max_by_channel={"chat": 0})),
    "admission.waiting_max_by_channel": with_queue(admission=an_admission(waiting_max_by_channel={"telex": 1})),
    "admission.estimated_wait_max_ms": with_queue(admission=an_admission(estimated_wait_max_ms=1)),
    "admission.otherwise.target": with_queue(admission=an_admission(otherwise="queue:nowhere")),
    "site.queues[main].empty": with_queue(empty=EmptyRule()),
    "empty.leave_states": with_queue(empty=an_empty_rule(leave="ringing")),
    "empty.leave_grace_ms": with_queue(empty=an_empty_rule(leave="busy", grace_ms=-1)),
    "empty.otherwise.target": with_queue(empty=an_empty_rule(leave="busy", otherwise="refuse:somewhere")),
    "hours.calendar": with_queue(hours=some_hours(calendar="none")),
    "hours.when_closed.target": with_queue(hours=some_hours(when_closed=f"voicemail:{'x' * 200}")),
    "hours.at_close.target": with_queue(hours=some_hours(at_close="queue:nowhere")),
    "site.calendars": a_site(calendars={"": a_calendar()}),
    "known_from": a_site(calendars={"office": a_calendar(known_from=-1)}),
    "known_until": a_site(calendars={"office": a_calendar(known_from=5, known_until=5)}),
    "their number": a_site(calendars={"office": a_calendar(*[(1, 2)] * 20_001)}),
    "intervals[0]": a_site(calendars={"office": a_calendar((5, 5))}),
    "intervals[1]": a_site(calendars={"office": a_calendar((1, 2), (2, 3))}),
    "steps[0].divert_to.kind": with_step("queue:main"),
    "site.queues[a]": a_site(queues=CIRCLE, calendars={"office": a_calendar()}),
}


@pytest.mark.parametrize("site", GOOD)
def test_a_door_that_makes_sense_is_taken(site: Site) -> None:
    """Every kind of diversion, limit and rule."""
    check_site(site)


@pytest.mark.parametrize("field", BAD)
def test_a_fault_is_refused_by_its_field(field: str) -> None:
    """The reason is a bad value, or an unknown queue or channel."""
    with pytest.raises(CommandRefused) as refused:
        check_site(BAD[field])
    assert field in refused.value.field
    assert refused.value.reason in {RefusalReason.INVALID_VALUE, RefusalReason.UNKNOWN_QUEUE, RefusalReason.UNKNOWN_CHANNEL}


def test_every_kind_of_diversion_is_checked() -> None:
    """Whoever adds one has to say here what it may name."""
    assert {"queue", "voicemail", "self_service", "refuse"} == set(DiversionKind)
