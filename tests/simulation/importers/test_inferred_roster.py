"""Rosters from logs: who was there, as told or as shown by conversations, in files that a scenario takes."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from routing.config.roster_file import load_roster
from simulation.importers.inferred_roster import Span, inferred_agents, write_inferred_roster
from simulation.importers.platforms.presences import Presences, State
from simulation.interactions import RecordedInteraction
from tests.simulation.importers.platform_logs import sample

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_MS = 3_600_000


def at(text: str) -> int:
    """The instant of a local time in Berlin."""
    return round(dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1_000)


def a_conversation(agent: str, start: str, *, minutes: int, channel: str = "voice", topic: str = "help") -> RecordedInteraction:
    """One that an agent had."""
    answered = at(start)
    return RecordedInteraction(
        id=f"{agent} {start} {channel}",
        arrived_at_ms=answered,
        channel=channel,
        type=topic,
        attributes={},
        agent=agent,
        answered_at_ms=answered,
        ended_at_ms=answered + minutes * 60_000,
    )


def shifts_of(folder: Path, interactions: list[RecordedInteraction], presences: Presences | None = None) -> list[str]:
    """The lines of the shift table that a log yields."""
    agents = inferred_agents(interactions, presences or Presences(), {})
    _, *tables = write_inferred_roster(folder / "roster.toml", agents, source="a log", zone="Europe/Berlin")
    load_roster(folder / "roster.toml", None)
    return [line for table in tables for line in table.read_text(encoding="utf-8").splitlines()[1:]]


def test_conversations_show_shifts(tmp_path: Path) -> None:
    """From the first to the last, parted by gaps of more than two hours, over midnight and on several days."""
    conversations = [
        a_conversation("ana", "2026-03-10 08:00:30", minutes=5),
        a_conversation("ana", "2026-03-10 10:00:00", minutes=20),
        a_conversation("ana", "2026-03-10 13:00:00", minutes=1),
        a_conversation("ana", "2026-03-11 23:30:00", minutes=60),
    ]
    assert shifts_of(tmp_path, conversations) == [
        "ana,2026-03-10,08:00,10:20,",
        "ana,2026-03-10,13:00,13:01,",
        "ana,2026-03-11,23:30,00:30,",
    ]


def test_what_the_log_tells_counts_first(tmp_path: Path) -> None:
    """Log-ins, breaks and log-offs, in any order; a log-in that was forgotten is not believed."""
    presences = Presences()
    presences.tell("ana", at("2026-03-10 16:00"), "gone")
    presences.tell("ana", at("2026-03-10 12:00"), "away")
    presences.tell("ana", at("2026-03-10 08:00"), "there")
    presences.tell("ana", at("2026-03-10 12:30:10"), "there")
    presences.tell("ben", at("2026-03-09 08:00"), "there")
    presences.tell("ben", at("2026-03-11 08:00"), "gone")
    conversations = [a_conversation("ana", "2026-03-10 15:50", minutes=20), a_conversation("ben", "2026-03-10 09:00", minutes=3)]
    assert shifts_of(tmp_path, conversations, presences) == ["ana,2026-03-10,08:00,16:10,12:00-12:31", "ben,2026-03-10,09:00,09:03,"]


def test_who_logs_off_is_gone(tmp_path: Path) -> None:
    """However soon they are back; a conversation after it is the end of work, and one before the first log-in its beginning."""
    presences = Presences()
    told: tuple[tuple[str, State], ...] = (("08:00", "there"), ("12:00", "gone"), ("13:00", "there"), ("17:00", "gone"))
    for time, state in told:
        presences.tell("ana", at(f"2026-03-10 {time}"), state)
    times = ("07:30", "11:50", "13:05", "16:50", "18:30")
    conversations = [a_conversation("ana", f"2026-03-10 {time}", minutes=20) for time in times]
    assert shifts_of(tmp_path, conversations, presences) == [
        "ana,2026-03-10,07:30,12:10,",
        "ana,2026-03-10,13:00,17:10,",
        "ana,2026-03-10,18:30,18:50,",
    ]


def test_agents_have_the_queues_and_channels_they_served() -> None:
    """As many conversations at once as the log shows; who had none has the commonest channel once."""
    presences = Presences()
    presences.join("cyd", "q2", at("2026-03-10 08:00"))
    chats = [a_conversation("ana", f"2026-03-10 08:0{minute}", minutes=5, channel="chat") for minute in range(4)]
    agents = inferred_agents([*chats, a_conversation("ana", "2026-03-10 09:00", minutes=1, topic="sales")], presences, {"q2": "orders"})
    assert [(agent.id, agent.skills, agent.channels) for agent in agents] == [
        ("ana", ("help", "sales"), {"chat": 4, "voice": 1}),
        ("cyd", ("orders",), {"chat": 1}),
    ]


def test_long_work_does_not_make_long_shifts(tmp_path: Path) -> None:
    """An e-mail open for three days shows its agent at both ends; a robot at work for two days has shifts that adjoin."""
    conversations = [a_conversation("ana", "2026-03-10 08:00", minutes=3 * 24 * 60, channel="email")]
    assert shifts_of(tmp_path, conversations) == []
    robot = [a_conversation("robot", f"2026-03-{10 + hour // 24} {hour % 24:02}:00", minutes=60) for hour in range(40)]
    assert shifts_of(tmp_path, robot) == [
        "robot,2026-03-10,00:00,16:00,",
        "robot,2026-03-10,16:00,08:00,",
        "robot,2026-03-11,08:00,16:00,",
    ]


def test_the_hour_that_repeats_leaves_no_shift_within_it(tmp_path: Path) -> None:
    """A session from the first showing to the second has no time on the wall, and falls out; a longer one stays."""
    start = at("2026-10-25 02:30")
    within = RecordedInteraction(
        id="x",
        arrived_at_ms=start,
        channel="voice",
        type="t",
        attributes={},
        agent="ana",
        answered_at_ms=start,
        ended_at_ms=start + HOUR_MS,
    )
    assert shifts_of(tmp_path, [within]) == []
    assert shifts_of(tmp_path, [within, a_conversation("ana", "2026-10-25 04:00", minutes=10)]) == ["ana,2026-10-25,02:30,04:10,"]


def test_a_roster_of_a_sample_can_be_used(tmp_path: Path) -> None:
    """It says that it is inferred, and from what; the reader of rosters takes both files."""
    imported = sample("asterisk-queue-log.txt", types={"sales": "orders"})
    agents = inferred_agents(imported.interactions, imported.presences, imported.types)
    write_inferred_roster(tmp_path / "inferred.toml", agents, source="queue_log", zone="Europe/Berlin")
    roster = load_roster(tmp_path / "inferred.toml", None)
    assert [(agent.id, sorted(agent.attributes)) for agent in roster.agents] == [
        ("SIP/101", ["support"]),
        ("SIP/102", ["orders", "support"]),
    ]
    assert "inferred from queue_log: for 1 of 2 agents from log-ins" in roster.assumptions[0]
    (shift,) = roster.shifts_on(dt.date(2026, 3, 10), BERLIN)["SIP/102"]
    assert Span(shift.starts_at, shift.ends_at) == Span(at("2026-03-10 10:00"), at("2026-03-10 10:11"))
    assert [Span(pause.starts_at, pause.ends_at) for pause in shift.breaks] == [Span(at("2026-03-10 10:06"), at("2026-03-10 10:09"))]
