"""Agents who do not take every offer, and customers whom the site remembers, in the simulated world."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from routing.config.errors import ConfigError
from routing.core.commands import DeclineReason
from routing.core.events import InteractionQueued, OfferAccepted, OfferDeclined, Recorded
from routing.model.memory import MemoryRule
from routing.model.queue import EveryoneDeclined
from routing.model.reservation import StickyRule
from routing.model.time import MINUTE_MS, SECOND_MS
from simulation.behaviour import DeclineRule
from simulation.behaviour_file import load_behaviour
from simulation.births import births_of
from simulation.demand import Births, ReplayedLog
from simulation.interactions import RecordedInteraction, read_interactions, write_interactions
from simulation.recorded import interactions_of
from simulation.run import RunSummary, run_replication
from simulation.scenario import Scenario
from tests.builders import a_queue, a_rule, a_site, an_agent, an_interaction, an_urgency
from tests.simulation.worlds import ASSUMED, a_behaviour, a_birth, a_member, a_roster, a_scenario, an_arm, the_births

BRIEF = """\
schema = "careroute/behaviour/1"

[[work]]
draw = { law = "constant", value = "1min" }
source = "assumption: a test"

[return_after]
draw = { law = "constant", value = "1min" }
source = "assumption: a test"

[[decline]]
when = { type = ["sales"] }
share = 0.25
reason = "unreachable"
source = "assumption: desks without a telephone"
"""


def calls(count: int) -> Births:
    """One call every ten minutes."""
    return the_births(*(a_birth(an_interaction(f"i{number}"), at=number * 10 * MINUTE_MS) for number in range(count)))


def ran(scenario: Scenario, births: Births) -> tuple[RunSummary, list[Recorded]]:
    """One replication under the site's policy."""
    log: list[Recorded] = []
    summary = run_replication(scenario, an_arm(scenario), 0, [log.append], births=births)
    return summary, log


def declining(share: float, **queue: Any) -> Scenario:
    """Two agents who decline that share of the offers."""
    rule = DeclineRule(when={}, share=share, reason=DeclineReason.DECLINED, source=ASSUMED)
    site = a_site(queues=[a_queue(wrap_up_limit_ms=0, **queue)])
    roster = a_roster(a_member(an_agent("a1")), a_member(an_agent("a2")))
    return a_scenario(roster, site=site, behaviour=a_behaviour(decline=(rule,)))


def test_the_stated_share_of_the_offers_is_declined_and_the_work_is_done_all_the_same() -> None:
    """Of some hundred offers about half; every call is handled in the end, by the other agent or after the cooldown."""
    summary, log = ran(declining(0.5), calls(100))
    kinds = Counter(type(item.event) for item in log)
    share = kinds[OfferDeclined] / (kinds[OfferDeclined] + kinds[OfferAccepted])
    assert summary.handled == 100
    assert 0.4 < share < 0.6
    assert {DeclineReason.DECLINED} == {item.event.reason for item in log if isinstance(item.event, OfferDeclined)}


def test_who_declines_is_luck_of_the_interaction_and_not_of_the_policy() -> None:
    """With another cooldown the same first offers are declined; with a share of none nothing differs from a world without the rule."""

    def first_declined(scenario: Scenario) -> list[str]:
        _, log = ran(scenario, calls(40))
        answers = [item.event for item in log if isinstance(item.event, OfferDeclined | OfferAccepted)]
        first = {event.interaction_id: event for event in reversed(answers)}
        return sorted(key for key, event in first.items() if isinstance(event, OfferDeclined))

    assert first_declined(declining(0.3)) == first_declined(declining(0.3, declined_ms=60_000)) != []
    never = declining(0.0)
    without = replace(never, behaviour=replace(never.behaviour, decline=()))
    assert ran(never, calls(20))[1] == ran(without, calls(20))[1]


def test_calls_that_everybody_declined_end_as_unserved_and_are_counted_so() -> None:
    """The parts still add up, or the run would have stopped."""
    summary, _ = ran(declining(0.6, everyone_declined=EveryoneDeclined.END, missed_threshold=0), calls(60))
    assert summary.unserved > 0
    assert summary.offered == summary.handled + summary.unserved


def test_an_offer_that_is_gone_when_the_agent_would_say_no_is_not_declined() -> None:
    """The customer leaves while it rings."""
    scenario = declining(0.99)
    births = the_births(a_birth(patience_ms=2 * SECOND_MS, answer_delay_ms=5 * SECOND_MS))
    summary, log = ran(scenario, births)
    assert (1, 0) == (summary.abandoned, sum(isinstance(item.event, OfferDeclined) for item in log))


def test_a_behaviour_file_says_who_declines(tmp_path: Path) -> None:
    """With its source; for the others every offer that is answered is taken. A share of all would never end."""
    path = tmp_path / "behaviour.toml"
    path.write_text(BRIEF, encoding="utf-8")
    behaviour = load_behaviour(path)
    sales, other = an_interaction(type="sales"), an_interaction(type="other")
    draws = [behaviour.decline_of(sales, 0.24), behaviour.decline_of(sales, 0.25), behaviour.decline_of(other, 0.01)]
    assert [DeclineReason.UNREACHABLE, None, None] == draws
    assert "offers not taken (type sales): assumption: desks without a telephone" in behaviour.sources()
    path.write_text(BRIEF.replace("0.25", "1.0"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"decline\[0\]\.share"):
        load_behaviour(path)


def test_customers_of_a_log_are_remembered_and_come_back_to_their_agents(tmp_path: Path) -> None:
    """Written, read, born, routed, and told again: the second call goes to who had the first, though the other was idle longer."""
    records = [
        RecordedInteraction(
            id=f"i{number}", arrived_at_ms=number * 10 * MINUTE_MS, channel="voice", type="sales", attributes={}, customer=customer
        )
        for number, customer in enumerate(("kim", "lee", "lee", "kim", None))
    ]
    for path in (tmp_path / "log.csv", tmp_path / "log.parquet"):
        write_interactions(path, records)
        assert tuple(records) == read_interactions(path)
    memory = MemoryRule(last_agent_ms=24 * 60 * MINUTE_MS, last_agent_score=90, return_within_ms=0, customers_max=100)
    rule = a_rule(sticky=StickyRule(hold_ms=20_000), urgency=an_urgency(target_ms=20_000))
    site = a_site(queues=[a_queue(wrap_up_limit_ms=0)], rules=[rule], memory=memory)
    roster = a_roster(a_member(an_agent("a1")), a_member(an_agent("a2")))
    log = ReplayedLog(log=tuple(records), name="a test")
    scenario = a_scenario(roster, site=site, demand=log)
    _, happened = ran(scenario, births_of(scenario, 0))
    taken_by = {item.event.interaction_id: item.event.agent_id for item in happened if isinstance(item.event, OfferAccepted)}
    assert taken_by["i0"] != taken_by["i1"]
    assert (taken_by["i0"], taken_by["i1"]) == (taken_by["i3"], taken_by["i2"])
    last = {item.event.interaction.id: item.event.last_agent_id for item in happened if isinstance(item.event, InteractionQueued)}
    assert last == {"i0": None, "i1": None, "i2": taken_by["i1"], "i3": taken_by["i0"], "i4": None}
    assert [record.customer for record in records] == [record.customer for record in interactions_of(happened)]
