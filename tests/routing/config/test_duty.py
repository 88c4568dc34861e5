"""What site files say of interruptions, limits, wrap-up, shifts and reasons, and what they become."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.config.roster_file import load_roster
from routing.model.agent import Presence
from routing.model.queue import AssignmentLimit, MissedOfferRule, MissedOfferScope
from routing.model.site import NotReadyReason, ShiftRule
from tests.routing.config.files import SITE, a_site, changed, headline, written

EMAIL = "email = { live = false, capacity_cost = 10, agent_maximum = 3 }"


def test_a_channel_names_those_that_interrupt_it(tmp_path: Path) -> None:
    """Others of the site; nothing interrupts where nothing is said."""
    text = changed(SITE, EMAIL, EMAIL.replace(" }", ', interruptible_by = ["phone"] }'))
    assert ("phone",) == a_site(tmp_path, text).site.channels["email"].interruptible_by
    assert () == a_site(tmp_path).site.channels["email"].interruptible_by


@pytest.mark.parametrize(
    ("by", "problem"), [("phon", "is not a channel of this site. Did you mean"), ("email", "is the channel itself. Work is set aside for")]
)
def test_what_cannot_interrupt_is_told_at_its_line(tmp_path: Path, by: str, problem: str) -> None:
    """A channel the site does not have, or the channel itself."""
    text = changed(SITE, EMAIL, EMAIL.replace(" }", f', interruptible_by = ["{by}"] }}'))
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, text)
    assert "channels.email.interruptible_by" in headline(caught.value, tmp_path)
    assert problem in headline(caught.value, tmp_path)


def test_a_queue_limits_wrap_up_and_assignments_and_says_what_to_expect(tmp_path: Path) -> None:
    """Its own numbers before the defaults; nothing where neither says anything."""
    own = 'calls = { wrap_up_cap = "20s", expected_handling = "4min", assignment_limit = { count = 3, window = "10min" } }'
    text = changed(changed(SITE, "calls = {}", own), "[queues]", 'expected_handling = "1h"\nwrap_up_cap = "1min"\n\n[queues]')
    queues = a_site(tmp_path, text).site.queues
    calls, post = queues["calls"], queues["post"]
    limit = AssignmentLimit(count=3, window_ms=600_000)
    assert (20_000, 240_000, limit) == (calls.wrap_up_cap_ms, calls.expected_handling_ms, calls.assignment_limit)
    assert (60_000, 3_600_000, None) == (post.wrap_up_cap_ms, post.expected_handling_ms, post.assignment_limit)


def test_a_missed_offer_may_pause_in_its_queue(tmp_path: Path) -> None:
    """Instead of a presence."""
    text = changed(SITE, "calls = {}", 'calls = { missed_offers = 2, after_missed_offers = "paused" }')
    rule = MissedOfferRule(threshold=2, presence=Presence.NOT_READY, scope=MissedOfferScope.QUEUE)
    assert rule == a_site(tmp_path, text).site.queues["calls"].missed_offer


def test_a_site_lists_reasons_and_respects_shifts(tmp_path: Path) -> None:
    """In the order of the file; without the tables any reason will do and no shift counts."""
    reasons_table = '[not_ready_reasons]\nbreak = "own_time"\ntraining = "working_time"\n'
    tables = f'\n{reasons_table}\n[shifts]\ntolerance = "2min"\noverride_class = 5\n\n[queues]'
    site = a_site(tmp_path, changed(SITE, "\n[queues]", tables)).site
    reasons = (NotReadyReason(code="break", is_working_time=False), NotReadyReason(code="training", is_working_time=True))
    assert (reasons, ShiftRule(tolerance_ms=120_000, override_class_rank=5)) == (site.not_ready_reasons, site.shift_rule)
    plain = a_site(tmp_path).site
    assert ((), None) == (plain.not_ready_reasons, plain.shift_rule)


def test_a_roster_gives_an_agent_a_wrap_up_of_their_own(tmp_path: Path) -> None:
    """Or all of them, by its defaults."""
    text = """\
schema = "careroute/roster/1"

[defaults]
channels = ["phone"]
wrap_up_limit = "30s"

[[agents]]
id = "ann"
wrap_up_limit = "45s"

[[agents]]
id = "bob"
"""
    roster = load_roster(written(tmp_path, "roster.toml", text), None)
    assert [45_000, 30_000] == [member.agent.wrap_up_limit_ms for member in roster.members]
