"""A planner's way: a platform's log becomes interactions and a roster, a scenario names both, and a comparison runs on them."""

from pathlib import Path

from simulation import compare
from simulation.importers.inferred_roster import inferred_agents, write_inferred_roster
from simulation.interactions import write_interactions
from tests.simulation.importers.platform_logs import sample

SITE = """schema = "careroute/site/1"
id = "exchange"
policy = "longest-idle"
skills = ["support", "sales"]
channels = { phone = { live = true } }
queue_defaults = { service_level = { target = "20s", goal = 0.8 }, offer_timeout = "9s" }
queues = { support = {}, sales = {} }

[[rules]]
name = "{type}"
for_each.type = ["support", "sales"]
queue = "{type}"
must = ["{type} >= 1"]
"""
BEHAVIOUR = """schema = "careroute/behaviour/1"
patience = [{ draw = { law = "exponential", mean = "2min" }, source = "assumption: made up" }]
work = [{ draw = { law = "exponential", mean = "1min" }, source = "assumption: made up" }]
wrap_up = [{ draw = { law = "exponential", mean = "5s" }, source = "assumption: made up" }]
answer = [{ draw = { law = "exponential", mean = "2s" }, source = "assumption: made up" }]
return_after = { draw = { law = "exponential", mean = "1min" }, source = "assumption: made up" }
"""
SCENARIO = """schema = "careroute/scenario/1"
name = "as recorded"
site = "site.toml"
behaviour = "behaviour.toml"
date = 2026-03-10
zone = "Europe/Berlin"
starts = "09:30"
ends = "10:30"
at_end = "serve_out"
seed = 1
rosters = { recorded = "who.toml" }
demand = { log = "calls.csv" }
"""


def test_a_log_becomes_a_comparison(tmp_path: Path) -> None:
    """Every recorded arrival is offered to the agents whom the log shows, and the report says that they are inferred."""
    imported = sample("asterisk-queue-log.txt", channels={"voice": "phone"})
    write_interactions(tmp_path / "calls.csv", imported.interactions)
    agents = inferred_agents(imported.interactions, imported.presences, imported.types)
    write_inferred_roster(tmp_path / "who.toml", agents, source="queue_log", zone="Europe/Berlin")
    for name, text in (("site", SITE), ("behaviour", BEHAVIOUR), ("day", SCENARIO)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    document = compare(tmp_path / "day.toml", policies=["longest-idle"], replications=1).to_dict()
    overall = document["policies"]["longest-idle"]["overall"]
    assert overall["offered"]["mean"] == len(imported.interactions)
    assert overall["handled"]["mean"] > 0
    assert any("inferred from queue_log" in assumption for assumption in document["assumptions"])
