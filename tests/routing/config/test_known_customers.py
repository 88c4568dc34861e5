"""Site files: sticky rules, the memory of customers, and what follows when offers fail."""

import re
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.config.queues import DEFAULT_CONNECT_FAILED_MS
from routing.model.memory import MemoryRule
from routing.model.queue import EveryoneDeclined, ExclusionScope, ReofferRule
from routing.model.reservation import StickyRule
from routing.model.stay import AfterStay, StayRule
from tests.routing.config.files import SITE, a_site, changed, headline
from tests.source_tree import ROOT

HOW_TO = (ROOT / "docs/how-to/keep-customers-with-their-agents.md").read_text(encoding="utf-8")


def test_the_site_of_the_how_to_says_what_the_page_says(tmp_path: Path) -> None:
    """It loads without a finding, and every number arrives at the router."""
    (text,) = re.findall(r"```toml\n(.*?)```", HOW_TO, re.DOTALL)
    config = a_site(tmp_path, text)
    site = config.site
    assert () == config.findings
    assert site.memory == MemoryRule(last_agent_ms=90 * 86_400_000, last_agent_score=60, return_within_ms=60_000, customers_max=100_000)
    rules = {rule.name: rule for rule in site.rules}
    assert rules["calls"].sticky == StickyRule(
        hold_ms=30_000, share_per_mille=500, minimum_score=50, away_grace_ms=5_000, expedite_ms=600_000
    )
    assert [True, False] == [step.relaxation.release for step in rules["own adviser"].steps]
    calls, chats = site.queues["calls"], site.queues["chats"]
    assert calls.stay == StayRule(limit_ms=600_000, then=AfterStay.OVERFLOW)
    assert calls.reoffer == ReofferRule(
        declined_ms=60_000, expired_ms=60_000, connect_failed_ms=DEFAULT_CONNECT_FAILED_MS, unreachable_ms=20_000, withdrawn_ms=10_000
    )
    assert (False, EveryoneDeclined.END, None) == (chats.refills_offers, chats.reoffer.everyone_declined, chats.stay)


def test_a_queue_may_leave_all_of_it_to_the_defaults(tmp_path: Path) -> None:
    """Key by key; what it states itself wins, also where it states the usual thing."""
    stated = 'reoffer_scope = "presence"\neveryone_declined = "clear"\nrefill_offers = false\nunreachable_is_missed = true\n'
    defaults = f'[queue_defaults]\n{stated}stay = {{ limit = "1min", cuts_ring = false }}\nreoffer_after.withdrawn = "3s"\n'
    text = changed(SITE, "[queue_defaults]\n", defaults)
    text = changed(
        text, "calls = {}", 'calls = { reoffer_scope = "cooldown", refill_offers = true, stay = {}, unreachable_is_missed = false }'
    )
    queues = a_site(tmp_path, text).site.queues
    found = [
        (one.reoffer.scope, one.reoffer.withdrawn_ms, one.refills_offers, one.missed_offer.counts_unreachable, one.stay)
        for one in (queues["post"], queues["calls"])
    ]
    assert found == [
        (ExclusionScope.PRESENCE, 3_000, False, True, StayRule(limit_ms=60_000, cuts_ring=False)),
        (ExclusionScope.COOLDOWN, 3_000, True, False, StayRule()),
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[queue_defaults]", "[memory]\n\n[queue_defaults]", "key memory: remembers nothing."),
        ("[queue_defaults]", "[memory]\nlast_agent_score = 0\n\n[queue_defaults]", "key memory.last_agent_score"),
        ('urgency.cap = "20s"', 'urgency.cap = "20s"\nsticky = {}', "key rules[2].sticky.hold"),
        ('urgency.cap = "20s"', 'urgency.cap = "20s"\nsticky = { hold = "0s" }', "key rules[2].sticky.hold"),
        ('urgency.cap = "20s"', 'urgency.cap = "20s"\nsticky = { hold = "9s", share = 0 }', "key rules[2].sticky.share"),
        ("calls = {}", 'calls = { everyone_declined = "wait" }', "key queues.calls.everyone_declined"),
        ("calls = {}", 'calls = { stay = { limit = "0s" } }', "key queues.calls.stay.limit"),
        ('drop = "all" }', "release = false }", "key rules[0].steps[0].release"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_key(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """A table that remembers nothing, a hold of no time, a word that is none of those known."""
    with pytest.raises(ConfigError) as caught:
        a_site(tmp_path, changed(SITE, old, new))
    assert problem in headline(caught.value, tmp_path)
