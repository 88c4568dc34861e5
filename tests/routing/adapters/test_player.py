"""The player against a real server process that is killed on the way."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from routing.adapters.player.plan import check_plan_file, read_plan
from routing.adapters.player.play import play
from routing.config.errors import ConfigError
from routing.config.plugins import registry_with_plugins
from routing.core.canonical import state_digest
from routing.store.audit import audited
from routing.store.replay import replay
from routing.store.sqlite import read_journal
from routing.v1 import interactions_pb2
from simulation.live_server import LiveServer, Player
from tests.routing.server.harness import a_desk

SPEED = 60
CONTACTS = 40

SITE = """
schema = "careroute/site/1"
id = "office"
policy = "balanced"
skills = ["sales"]
session_lease = "1h"
channels.phone = { live = true }

[queues.main]
service_level = { target = "20s", goal = 0.8 }
offer_timeout = "10min"
wrap_up_limit = "10min"

[[rules]]
name = "all"
queue = "main"
class = 1
must = ["sales >= 5"]
"""

ROSTER = """
schema = "careroute/roster/1"
name = "office"
defaults = { channels = ["phone"], shifts = ["day"] }
shifts.day = { start = "08:00", end = "16:00" }

[[groups]]
name = "agent"
agents = 4
skills = { sales = 7 }
"""


def a_plan() -> dict[str, object]:
    """Two and a half minutes of calls for four agents: more than they can take, so that some leave and some are left for the next day."""
    contact: dict[str, object] = {"channel": "phone", "type": "sales", "attributes": {}, "due_at_ms": None, "credit_ms": 0}
    return {
        "schema": "careroute/plan/1",
        "starts_at_ms": 1_000_000,
        "ends_at_ms": 1_240_000,
        "contacts": [
            {
                **contact,
                "id": f"call-{number}",
                "at_ms": 1_000_000 + 4_000 * number,
                "patience_ms": None if number % 4 == 0 else 20_000 + 1_000 * number,
                "work_ms": 25_000,
                "wrap_up_ms": 5_000,
                "answer_delay_ms": 2_000,
            }
            for number in range(CONTACTS)
        ],
        "presence": [{"agent_id": f"agent-{number}", "at_ms": 1_000_000, "presence": "available", "reason": ""} for number in range(1, 5)],
    }


def test_nothing_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    """Every call that was accepted ends exactly once by the player's own books, by the audit, and by a replay of the journal."""
    site, roster, plan, data = (tmp_path / name for name in ("site.toml", "roster.toml", "plan.json", "data"))
    site.write_text(SITE, encoding="utf-8")
    roster.write_text(ROSTER, encoding="utf-8")
    plan.write_text(json.dumps(a_plan()), encoding="utf-8")
    kills = 0
    server = LiveServer(site=site, roster=roster, data=data, clock_speed=SPEED, log=tmp_path / "server.log")
    with server, Player(plan, address=server.address, speed=SPEED) as player:
        for report in player.progress():
            if report.ended >= 10 * (kills + 1) and kills < 2:
                kills += 1
                server.kill()
                server.start()
        result = player.result()
        exit_code = server.stop()
    assert (2, CONTACTS, CONTACTS, 0) == (kills, result.accepted, result.ended_once, exit_code)
    assert {"handled", "abandoned"} <= set(result.ends)
    audit = audited(data)
    assert [] == audit["findings"]
    assert result.ends == audit["interactions"]["ended"]
    with closing(read_journal(data)) as journal:
        assert result.digest == state_digest(replay(journal, registry_with_plugins(), until_seq=result.sequence).state)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "is not a plan"),
        ('{"schema": "careroute/plan/9", "starts_at_ms": 0, "ends_at_ms": 0, "contacts": [], "presence": []}', "careroute/plan/9"),
        ('{"schema": "careroute/plan/1", "starts_at_ms": "8:00"}', "starts_at_ms"),
    ],
)
def test_a_bad_plan_is_refused_by_name(tmp_path: Path, content: str, complaint: str) -> None:
    """The message names the file and what is wrong with it."""
    path = tmp_path / "plan.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"plan\.json") as caught:
        read_plan(path)
    assert complaint in str(caught.value)


def test_the_documented_plan_is_one(tmp_path: Path) -> None:
    """The example on the reference page reads as a plan of one call."""
    page = (Path(__file__).parents[3] / "docs" / "reference" / "plan.md").read_text(encoding="utf-8")
    path = tmp_path / "plan.json"
    path.write_text(page.split("```json\n")[1].split("```")[0], encoding="utf-8")
    assert ["call-1"] == [contact.id for contact in read_plan(path).contacts]
    assert check_plan_file(path) == {"contacts": 1, "agents": 1, "minutes": 10}


async def test_a_day_is_played_on_a_server_that_has_forgotten_the_days_before(tmp_path: Path) -> None:
    """The books begin with the day, not with the first event there ever was."""
    contact: dict[str, object] = {"channel": "voice", "type": "", "attributes": {}, "due_at_ms": None, "credit_ms": 0, "wrap_up_ms": 0}
    day = {
        "schema": "careroute/plan/1",
        "starts_at_ms": 0,
        "ends_at_ms": 1_500,
        "contacts": [{**contact, "id": "today", "at_ms": 200, "patience_ms": None, "work_ms": 200, "answer_delay_ms": 100}],
        "presence": [{"agent_id": "a1", "at_ms": 0, "presence": "available", "reason": ""}],
    }
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(day), encoding="utf-8")
    async with a_desk(tmp_path / "data", feed_events=20) as desk:
        for number in range(30):
            await desk.enqueue(f"i{number}", channel="voice")
            await desk.interactions.CancelInteraction(
                interactions_pb2.CancelInteractionRequest(request_id=f"c{number}", interaction_id=f"i{number}")
            )
        played = await play(read_plan(plan), f"127.0.0.1:{desk.server.port}", speed=1.0, patience_s=5.0)
    assert (played.accepted, played.ended_once, played.ends) == (1, 1, {"handled": 1})
