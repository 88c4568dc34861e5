"""Small valid files, to be changed by the tests that ask what a change does."""

from pathlib import Path

from routing.config.errors import ConfigError
from routing.config.site import SiteConfig, read_site
from routing.policy.registry import default_registry

SITE = """\
schema = "careroute/site/1"
id = "desk"
skills = ["billing", "sales"]

[channels]
phone = { live = true }
email = { live = false, capacity_cost = 10, agent_maximum = 3 }

[queue_defaults]
service_level.target = "30s"

[queues]
calls = {}
post = { service_level = { target = "4h" } }

[[rules]]
name = "billing"
when = { channel = "phone", topic = ["billing", "refund"] }
queue = "calls"
expiring = ["billing >= 5"]
steps = [{ after = "1min", drop = "all" }]

[[rules]]
name = "sales"
when = { channel = "phone" }
queue = "calls"
prefer = ["sales >= 2"]

[[rules]]
name = "rest"
queue = "post"
urgency.cap = "20s"
"""

ROSTER = """\
schema = "careroute/roster/1"

[defaults]
channels = ["phone", "email"]
shifts = ["day"]

[shifts.day]
start = "08:00"
end = "16:30"
breaks = [{ start = "12:00", length = "30min", waves = 2 }]

[shifts.night]
start = "22:00"
end = "06:00"
breaks = [{ start = "02:00", length = "30min" }]

[[agents]]
id = "ana"
skills = { billing = 7 }
shifts = ["night"]

[[groups]]
name = "pool"
agents = 10
skills = { sales = 5 }
"""

POLICY = """\
schema = "careroute/policy/1"
name = "night"
assigner = "min_cost_flow"
match_interval = "2s"

[scorers]
skill_fit = "2s"
longest_idle = "1ms"
"""


def changed(text: str, old: str, new: str) -> str:
    """The text with one place changed; the place must exist, so that a test cannot pass by changing nothing."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def written(folder: Path, name: str, text: str) -> Path:
    """The path of a new file with that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def a_site(folder: Path, text: str = SITE) -> SiteConfig:
    """The site a text describes, with built-in policies only."""
    return read_site(written(folder, "site.toml", text), default_registry())


def headline(error: ConfigError, folder: Path) -> str:
    """An error's first line without the temporary folder."""
    return error.headline.replace(f"{folder}/", "")
