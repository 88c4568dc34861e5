"""Site files: limits, absent agents, opening hours, estimates, and steps that divert."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.model.admission import AdmissionRule, AgentState, EmptyRule
from routing.model.diversion import Diversion, DiversionKind
from routing.model.estimate import EstimateMethod
from routing.model.hours import HoursRule
from tests.routing.config.files import SITE, a_site, changed, headline

DOORS = """\
[queue_defaults]
estimated_wait = "hold-ema"
admission.held = "10min"

[calendars.office]
zone = "Europe/Berlin"
valid_from = 2026-01-01
valid_until = 2026-12-31
weekly = { mon = ["08:00-12:00", "13:00-17:00"] }
holidays = [2026-05-01]
special_days = { 2026-12-24 = ["08:00-12:00"] }
"""
QUEUES = """\
calls = { estimated_wait = "place-pace", admission = { waiting = 50, shared = true, waiting_by_channel = { email = 5 }, estimated_wait = "5min", otherwise = "queue:post" }, empty = { join = ["offline", "ringing"], leave = ["offline"], leave_grace = "30s", otherwise = "self_service:menu" }, hours = { calendar = "office", when_closed = "voicemail:night", at_close = "refuse" } }
"""  # noqa: E501 - one line of TOML


def with_doors() -> str:
    """The small site with doors."""
    defaults, calendars = DOORS.split("\n\n")
    return changed(changed(SITE, "[queue_defaults]\n", f"{defaults}\n"), "calls = {}\n", QUEUES) + f"\n{calendars}"


def told(folder: Path, text: str) -> str:
    """The first line of the refusal of a file."""
    with pytest.raises(ConfigError) as caught:
        a_site(folder, text)
    return headline(caught.value, folder)


def test_a_door_in_the_file_is_the_door_of_the_router(tmp_path: Path) -> None:
    """Key by key, with what the defaults say for a queue that says nothing itself."""
    site = a_site(tmp_path, with_doors()).site
    calls, post = site.queues["calls"], site.queues["post"]
    assert calls.admission == AdmissionRule(
        waiting_max=50,
        is_waiting_shared=True,
        waiting_max_by_channel={"email": 5},
        estimated_wait_max_ms=300_000,
        otherwise=Diversion(kind=DiversionKind.QUEUE, target="post"),
    )
    assert calls.empty == EmptyRule(
        join_states=(AgentState.OFFLINE, AgentState.RINGING),
        leave_states=(AgentState.OFFLINE,),
        leave_grace_ms=30_000,
        otherwise=Diversion(kind=DiversionKind.SELF_SERVICE, target="menu"),
    )
    night, refusal = Diversion(kind=DiversionKind.VOICEMAIL, target="night"), Diversion(kind=DiversionKind.REFUSE)
    assert calls.hours == HoursRule(calendar="office", when_closed=night, at_close=refusal)
    assert (EstimateMethod.PLACE_PACE, EstimateMethod.HOLD_EMA) == (calls.estimate, post.estimate)
    assert (AdmissionRule(held_max_ms=600_000), None, None) == (post.admission, post.empty, post.hours)
    assert site.calendars is not None
    assert 52 * 2 + 1 == len(site.calendars["office"].intervals)


def test_a_step_may_divert(tmp_path: Path) -> None:
    """Out of the router, and never to a queue: that is an overflow."""
    stepping = changed(SITE, 'after = "1min", drop = "all"', 'after = "1min", divert = "voicemail"')
    (step,) = a_site(tmp_path, stepping).site.rules[0].steps
    assert Diversion(kind=DiversionKind.VOICEMAIL) == step.relaxation.divert_to
    refusal = told(tmp_path, changed(stepping, '"voicemail"', '"queue:post"'))
    assert "moves to a queue" in refusal
    assert 'overflow = "post"' in refusal


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"queue:post"', '"queue:nowhere"', "is not a queue of this site"),
        ('"queue:post"', '"somewhere"', "is not a place to divert to"),
        ('"queue:post"', "7", "is not a place to divert to"),
        ('"queue:post"', '"queue:"', "names no place to divert to"),
        ('"queue:post"', '"refuse:now"', "names no place to divert to"),
        ('calendar = "office"', 'calendar = "offices"', "is not a calendar of this site"),
        ('leave = ["offline"]', 'leave = ["ringing"]', "ringing"),
        ("2026-05-01", "2027-05-01", "which it does not cover"),
        ('"08:00-12:00", "13:00-17:00"', '"08:00"', "is not a span of hours"),
        ('"08:00-12:00", "13:00-17:00"', '"24:00-08:00"', "begins at the end of the day"),
        ("special_days = { 2026-12-24 = ", "special_days = { xmas = ", "is not a date"),
        ('special_days = { 2026-12-24 = ["08:00-12:00"] }', "special_days = 7", "is not a table of days"),
        ('estimated_wait = "place-pace", admission', "admission", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_line(old: str, new: str, problem: str, tmp_path: Path) -> None:
    """The last one is no fault: the defaults name a method."""
    text = changed(with_doors(), old, new)
    if problem:
        assert problem in told(tmp_path, text)
    else:
        assert a_site(tmp_path, text).site.queues["calls"].estimate is EstimateMethod.HOLD_EMA
