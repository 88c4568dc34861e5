"""A desk with one agent, as files in a folder, to which a test adds what it is about."""

from pathlib import Path

from simulation.scenario import Scenario
from simulation.scenario_file import load_scenario

SITE = """
schema = "careroute/site/1"
id = "desk"

[channels]
phone = { live = true }
chat = { live = true }
mail = { live = false }

[queue_defaults]
service_level.target = "30s"

[queues.help]

[[rules]]
name = "all"
queue = "help"
"""
ROSTER = """
schema = "careroute/roster/1"

[shifts]
day = { start = "08:00", end = "18:00" }

[[agents]]
id = "ann"
channels = ["phone", "chat", "mail"]
shifts = ["day"]
"""
BEHAVIOUR = """
schema = "careroute/behaviour/1"

[[patience]]
draw = { law = "exponential", mean = "5min" }
source = "assumption: a test"

[[work]]
when = { channel = ["phone", "chat"] }
draw = { law = "exponential", mean = "4min" }
source = "assumption: a test"

[return_after]
draw = { law = "constant", value = "1min" }
source = "assumption: a test"
"""
SCENARIO = """
schema = "careroute/scenario/1"
name = "A desk"
site = "site.toml"
behaviour = "behaviour.toml"
date = 2015-08-11
zone = "America/New_York"

[rosters]
planned = "roster.toml"

[[demand.rates]]
channel = "phone"
type = "anything"
per_hour = 3
"""


def written(folder: Path, *, behaviour: str = "", scenario: str = "", site: str = SITE) -> Path:
    """The scenario's file, with these additions to its files."""
    files = {"site.toml": site, "roster.toml": ROSTER, "behaviour.toml": BEHAVIOUR + behaviour, "scenario.toml": SCENARIO + scenario}
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder / "scenario.toml"


def loaded(folder: Path, *, behaviour: str = "", scenario: str = "", site: str = SITE) -> Scenario:
    """The scenario with these additions to its files."""
    return load_scenario(written(folder, behaviour=behaviour, scenario=scenario, site=site))
