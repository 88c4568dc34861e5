"""Does a router decide again what a live server decided? Days of a city are played over gRPC, with crashes and changes of the policy on the
way, and the journal that the server leaves is replayed by a fresh router, fact by fact.

The server is `careroute serve` on loopback with its durable journal; the platform and the agents are the player's process. The server is
killed three times a day, and after one of these it starts with another site file: on the first day one whose policy collects for a
matching window. All run at 600 times the speed of the clock. The run fails at the first fact that differs.
"""

import json
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import tomli_w

from benchmarks.result import Result
from routing.config.errors import ConfigError
from routing.config.roster import local_instant
from routing.model.time import DAY_MS
from simulation import live_day
from simulation.fidelity.check import Fidelity, check_journal
from simulation.fidelity.words import as_lines
from simulation.live_server import LiveServer, Player
from simulation.scenario_file import load_scenario

PACKAGES = ("grpcio", "msgspec", "numpy", "ortools")
SPEED = 600.0
POLICIES = ("least-cost", "longest-idle")
"""What the site is changed to in the middle of the first day, of the second, and so on."""
OPENS_MS = 8 * 3_600_000
_EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "boston-311"


def run(*, quick: bool = False) -> Iterator[Result]:
    """Three days with ten times the traffic of a busy one, which leave more than 100,000 events; `quick` plays one day as it was."""
    with tempfile.TemporaryDirectory(prefix="careroute-fidelity-") as folder:
        data = _lived_through("busy-day.toml" if quick else "busy-day-x10.toml", Path(folder), days=1 if quick else 3)
        began = time.monotonic()
        found = check_journal(data)
        seconds = time.monotonic() - began
    if not found.holds:
        raise RuntimeError("\n".join(as_lines(found)))
    yield from _results(found, seconds)


def _results(found: Fidelity, seconds: float) -> Iterator[Result]:
    reproduced = sum(found.reproduced.values())
    figures = {
        "events in the journal": found.events,
        "events reproduced": reproduced,
        "offers reproduced": found.decisions,
        "restarts": found.restarts,
        "sites": found.sites,
        "requests with an id": found.requests,
        "proven by their hash": found.proven,
    }
    for metric, value in figures.items():
        yield Result(case="a live day, replayed", metric=metric, value=float(value), unit="")
    yield Result(case="a live day, replayed", metric="rate", value=reproduced / seconds, unit="events/s")


def _lived_through(scenario_file: str, folder: Path, *, days: int) -> Path:
    """The directory of the journal that so many days leave."""
    scenario = load_scenario(_EXAMPLE / scenario_file)
    site, plan, data = folder / "site.toml", folder / "plan.json", folder / "data"
    live_day.write_site_with_long_leases(_EXAMPLE / "site.toml", site)
    _name_policy(site, "longest-idle")
    contacts = live_day.write_plan(scenario, next(iter(scenario.rosters)), local_instant(scenario.date, OPENS_MS, scenario.zone_info), plan)
    roster = _EXAMPLE / ("roster.toml" if scenario_file == "busy-day.toml" else "roster-x10.toml")
    server = LiveServer(site=site, roster=roster, data=data, clock_speed=SPEED, log=folder / "server.log")
    with server:
        for day in range(days):
            _move(plan, day)
            with Player(plan, address=server.address, speed=SPEED) as player:
                _disturb(player, contacts, [server.kill, partial(_hand_over, server, site, POLICIES[day % 2]), server.kill], server)
                try:
                    player.result()
                except ConfigError as gave_up:
                    # Whether the player's own books are complete after three crashes is the demo's question; here the journal answers.
                    print(f"day {day + 1}: the player gave up, its journal counts all the same: {gave_up}", file=sys.stderr)
        server.stop()
    return data


def _move(plan: Path, day: int) -> None:
    """Move a plan to a day of its own, with ids of their own: a site takes no interaction and no request twice."""
    content = json.loads(plan.read_text(encoding="utf-8"))
    ahead_ms = DAY_MS if day else 0
    for key in ("starts_at_ms", "ends_at_ms"):
        content[key] += ahead_ms
    for entry in (*content["contacts"], *content["presence"]):
        entry["at_ms"] += ahead_ms
    for contact in content["contacts"]:
        contact["id"] = f"day{day + 1}-{contact['id'].removeprefix(f'day{day}-')}"
        contact["due_at_ms"] = None if contact["due_at_ms"] is None else contact["due_at_ms"] + ahead_ms
    plan.write_text(json.dumps(content), encoding="utf-8")


def _disturb(player: Player, contacts: int, blows: list[Callable[[], object]], server: LiveServer) -> None:
    """A blow after each quarter of the day, and the server starts again."""
    struck = 0
    for report in player.progress():
        if struck < len(blows) and report.ended >= contacts * (struck + 1) // 4:
            blows[struck]()
            struck += 1
            server.start()


def _hand_over(server: LiveServer, site: Path, policy: str) -> None:
    server.kill()
    _name_policy(site, policy)


def _name_policy(site: Path, policy: str) -> None:
    content = tomllib.loads(site.read_text(encoding="utf-8"))
    site.write_text(tomli_w.dumps({**content, "policy": policy}), encoding="utf-8")
