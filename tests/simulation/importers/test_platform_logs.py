"""Platforms' logs: what each sample yields to the byte, the same from every form of a format, and what a mapping may ask."""

import gzip
import json
import re
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.registry import PLATFORMS, TABLES, import_interactions, import_platform_log, mapping_of_format
from simulation.interactions import read_interactions, write_interactions
from tests.simulation.importers.platform_logs import (
    FORMATS,
    SAMPLES,
    by_id,
    imported,
    imported_text,
    reasons,
    sample,
    write_golden,
)

CONNECT, QUEUE_LOG, GENESYS, TWILIO = (
    "amazon-connect.jsonl",
    "asterisk-queue-log.txt",
    "genesys-cloud.json",
    "twilio-taskrouter.jsonl",
)
DATABASE_COLUMNS = ("time", "callid", "queuename", "agent", "event", "data1", "data2", "data3", "data4", "data5")


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_yields_what_it_did(tmp_path: Path, name: str) -> None:
    """Interactions and report to the byte, and every row used, filtered or dirty."""
    result = sample(name)
    for path in write_golden(name, result, tmp_path):
        assert path.read_text(encoding="utf-8") == (SAMPLES / path.name).read_text(encoding="utf-8")
    report = result.report
    assert report.read == report.used + report.total("filtered") + report.total("dirty")
    assert {one.id for one in read_interactions(tmp_path / f"{name}.expected.csv")} == set(by_id(result))


def test_every_importer_has_a_sample() -> None:
    """A format without a sample would be believed untested."""
    assert set(FORMATS.values()) == {*TABLES, *PLATFORMS}


def test_a_queue_log_may_be_a_table(tmp_path: Path) -> None:
    """The rows of realtime logging, with local times, yield what the file yields."""
    rows = [line.split("|") for line in (SAMPLES / QUEUE_LOG).read_text(encoding="utf-8").splitlines() if "|" in line]
    table = "\n".join(
        [",".join(DATABASE_COLUMNS), *(",".join([as_local(row[0]), *row[1:], *[""] * (len(DATABASE_COLUMNS) - len(row))]) for row in rows)]
    )
    from_table = imported_text(tmp_path, "asterisk-queue-log", table, time={"zone": "Europe/Berlin"})
    assert from_table.interactions == sample(QUEUE_LOG).interactions
    assert from_table.presences.changes == sample(QUEUE_LOG).presences.changes


def as_local(seconds: str) -> str:
    """A time of the sample, of 10 March 2026 in the morning, as a database in Berlin shows it."""
    hours, rest = divmod(int(seconds) - 1_773_097_200, 3_600)
    return f"2026-03-10 {hours:02}:{rest // 60:02}:{rest % 60:02}.000000"


@pytest.mark.parametrize("form", ["array", "an object a line in an array", "page", "pages a line", "gzip"])
@pytest.mark.parametrize(("name", "pages"), [(CONNECT, None), (GENESYS, "conversations"), (TWILIO, "events")])
def test_records_may_be_written_in_any_form(tmp_path: Path, name: str, pages: str | None, form: str) -> None:
    """Arrays, answers of the interface and lines hold the same records."""
    text = (SAMPLES / name).read_text(encoding="utf-8")
    records = json.loads(text)["conversations"] if name == GENESYS else [json.loads(line) for line in text.splitlines()[:-1]]
    lines = [json.dumps(record) for record in records]
    path = tmp_path / "log"
    if form == "array" or (pages is None and "page" in form):
        path.write_text(json.dumps(records, indent=2), encoding="utf-8")
    elif form == "an object a line in an array":
        path.write_text("[" + ",\n".join(lines) + "]", encoding="utf-8")
    elif form == "page":
        path.write_text(
            json.dumps({"total": len(records), "x": [{"no": 1}], str(pages): records, "y": [{"no": 2}]}, indent=1), encoding="utf-8"
        )
    elif form == "pages a line":
        path.write_text(
            "\n".join(json.dumps({str(pages): records[start : start + 4]}) for start in range(0, len(records), 4)), encoding="utf-8"
        )
    else:
        path.write_bytes(gzip.compress("\n".join(lines).encode()))
    result = imported(FORMATS[name], path)
    assert result.interactions == sample(name).interactions
    assert result.report.read == len(records)


def test_taskrouter_tells_the_same_in_all_its_forms(tmp_path: Path) -> None:
    """The Events resource, newest first, Event Streams in batches, and callbacks that were kept."""
    events = [json.loads(line) for line in (SAMPLES / TWILIO).read_text(encoding="utf-8").splitlines()[:-1]]
    forms = {
        "newest first": [json.dumps(event) for event in reversed(events)],
        "streamed": [json.dumps([as_streamed(event)]) for event in events],
        "callbacks": [json.dumps(as_callback(event)) for event in events],
    }
    for name, lines in forms.items():
        result = imported_text(tmp_path, "twilio-taskrouter", "\n".join(lines), customers="leave_out")
        assert by_id(result) == by_id(sample(TWILIO, customers="leave_out")), name


def as_streamed(event: dict[str, object]) -> dict[str, object]:
    """An event as Event Streams delivers it."""
    data = event["event_data"]
    assert isinstance(data, dict)
    date = str(event["event_date"]).removesuffix("Z")
    told = {key: value for key, value in data.items() if key not in ("task_age", "task_priority")}
    payload = {**told, "eventtype": event["event_type"], "timestamp": f"{date}.{int(str(event['event_date_ms'])) % 1_000:03}Z"}
    return {"specversion": "1.0", "type": f"com.twilio.taskrouter.{event['event_type']}", "data": {"payload": payload}}


def as_callback(event: dict[str, object]) -> dict[str, object]:
    """An event as TaskRouter posts it."""
    data = event["event_data"]
    assert isinstance(data, dict)
    named = {"".join(part.capitalize() for part in key.split("_")): value for key, value in data.items()}
    return {"EventType": event["event_type"], "TimestampMs": str(event["event_date_ms"]), **named}


def test_conversations_without_metrics_are_judged_by_how_they_ended(tmp_path: Path) -> None:
    """Who hung up in the queue abandoned, who was sent on did not; both are marked as inferred."""
    conversations = json.loads((SAMPLES / GENESYS).read_text(encoding="utf-8"))["conversations"]
    for session in (session for one in conversations for part in one["participants"] for session in part["sessions"]):
        session.pop("metrics", None)
    found = by_id(imported_text(tmp_path, "genesys-cloud", json.dumps(conversations)))
    expected = {name: one.outcome for name, one in by_id(sample(GENESYS)).items()}
    assert {name: one.outcome for name, one in found.items()} == expected
    assert {name for name, one in found.items() if one.inferred == ("outcome",)} == {"g-abandoned", "g-voicemail"}


def test_freeswitch_events_may_be_json(tmp_path: Path) -> None:
    """An event a line, as a client that asks for JSON receives them."""
    blocks = (SAMPLES / "freeswitch-events.txt").read_text(encoding="utf-8").strip().split("\n\n")
    events = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    lines = [
        json.dumps({key: value.replace("%40", "@").replace("%20", " ").replace("%28", "(") for key, value in one.items()}) for one in events
    ]
    assert imported_text(tmp_path, "freeswitch-callcenter", "\n".join(lines)).interactions == sample("freeswitch-events.txt").interactions


def test_legs_are_kept_when_asked_for() -> None:
    """What came out of a conversation is an arrival of its own then, which says out of which."""
    legs = {
        one.id: one.attributes["leg_of"] for name in FORMATS for one in sample(name, legs="keep").interactions if "leg_of" in one.attributes
    }
    assert legs == {"c-leg": "c-first", "1773133400.5#2": "1773133400.5", "g-transferred#2": "g-transferred"}


def test_a_mapping_chooses_queues_and_gives_names() -> None:
    """Queues by the source's name; types, channels and outcomes by the site's."""
    result = sample(QUEUE_LOG, queues=("support",), types={"support": "help"}, channels={"voice": "phone"}, customers="leave_out")
    assert {(one.type, one.channel, one.customer) for one in result.interactions} == {("help", "phone", None)}
    assert reasons(result)["another queue than the mapping asks for"] == ("filtered", 5, [21, 30])
    assert by_id(sample(CONNECT, outcomes={"CONTACT_FLOW_DISCONNECT": "mailbox"}))["c-voicemail"].outcome == "mailbox"


def test_only_attributes_that_are_asked_for_are_kept() -> None:
    """All others may hold personal data; of Genesys Cloud the skills that were requested stay."""
    assert by_id(sample(CONNECT, attributes=("language",)))["c-handled"].attributes == {"language": "de"}
    assert by_id(sample(GENESYS, attributes=("tier",)))["g-handled"].attributes == {"tier": "gold"}
    assert by_id(sample(TWILIO, attributes=("language",)))["WT1"].attributes == {"language": "de"}


@pytest.mark.parametrize("name", FORMATS)
def test_no_telephone_number_is_copied(tmp_path: Path, name: str) -> None:
    """Customers are numbers."""
    write_interactions(tmp_path / "out.csv", sample(name).interactions)
    assert re.search(r"4930555|@example|web:7", (tmp_path / "out.csv").read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(
    ("log_format", "text", "expected"),
    [
        ("asterisk-queue-log", "x|y\n", "too few fields"),
        ("asterisk-queue-log", "17731332x|c|q|NONE|ENTERQUEUE||\n", "time: neither seconds"),
        ("asterisk-queue-log", "1773133200|c|q|NONE|ENTERQUEUES||\n", "not an event of a queue log"),
        ("asterisk-queue-log", "1773133200|NONE|q|NONE|ENTERQUEUE||\n", "without the id of the call"),
        ("asterisk-queue-log", "1773133200|c|q|A|CONNECT|x|b|3\n", "not a length of time"),
        ("asterisk-queue-log", "1773133200|c|q|A|CONNECT\n", "answered without an arrival"),
        ("asterisk-queue-log", "1773133200|NONE|q|NONE|ADDMEMBER|\n", "an event of an agent without the agent"),
        ("asterisk-queue-log", "1773133200|c|q|A|CONNECT|9|b|3\n1773133209|c|q|NONE|ENTERQUEUE||\n", "the clock ran back"),
        ("asterisk-queue-log", "1773133200|c|q|A|RINGNOANSWER|9\n", "nothing says when it arrived"),
        (
            "asterisk-queue-log",
            "time,callid,queuename,agent,event,data1\n2026-03-29 02:30:00,c,q,NONE,ENTERQUEUE,\n",
            "never showed this time",
        ),
        ("asterisk-queue-log", "time,callid,queuename,agent,event,data1\n1773133200,c,q,NONE\n", "too few fields, or more than"),
        ("amazon-connect", '{"ContactId":"a"}\n', "not a contact record: Object missing required field `Channel`"),
        ("amazon-connect", '{"ContactId":"a","Channel":"VOICE","InitiationTimestamp":"9:00"}\n', "Invalid RFC3339"),
        (
            "genesys-cloud",
            '{"conversationId":"a","conversationStart":"2026-03-10T09:00:00Z","participants":7}\n',
            "Expected `array`, got `int`",
        ),
        ("twilio-taskrouter", '{"event_type":"task.created","event_data":{"task_sid":"WT1"}}\n', "an event without its time"),
        ("twilio-taskrouter", '{"event_type":"task.created","event_date_ms":1,"event_data":{}}\n', "an event of a task without the task"),
        ("twilio-taskrouter", '{"sid":"EV1"}\n', "an event without its type"),
        ("freeswitch-callcenter", "CC-Action: member-queue-start\nCC-Member-UUID: m\n\n", "an event without its time"),
        ("freeswitch-callcenter", "Event-Date-Timestamp: 1\nCC-Action: member-queue-start\n\n", "an event of a member without its id"),
        ("freeswitch-callcenter", "CC-Action: members-count\nCC-Action: members-count\n\n", "two events run together"),
        ("freeswitch-callcenter", "CC-Action: agent-status-change\nCC-Agent: a\nCC-Agent-Status: Lost\n\n", "a status without an agent"),
        ("freeswitch-callcenter", "uuid,cc_queue_joined_epoch\na,9:00\n", "cc_queue_joined_epoch: not seconds"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(tmp_path: Path, log_format: str, text: str, expected: str) -> None:
    """With the reason, the line and the file, as a log of nothing else cannot be trusted."""
    (tmp_path / "log").write_text(text, encoding="utf-8")
    zone = {"zone": "Europe/Berlin"}
    with pytest.raises(ConfigError, match="more than the trusted share") as caught:
        import_platform_log(tmp_path / "log", PlatformMapping.model_validate({"format": log_format, "time": zone, "trust": {}}))
    assert expected in str(caught.value)
    assert f"{tmp_path / 'log'}: " in str(caught.value)
    assert "the first in line" in str(caught.value)


def test_the_hour_that_repeats_is_read_by_the_rule_and_noted(tmp_path: Path) -> None:
    """A database without offsets shows it twice; the file counts seconds and does not."""
    table = "time,callid,queuename,agent,event,data1\n2026-10-25 02:30:00,c,q,NONE,ENTERQUEUE,\n2026-10-25 02:31:00,c,q,NONE,ABANDON,\n"
    for rule, expected in (("earlier", 1_792_888_200_000), ("later", 1_792_891_800_000)):
        result = imported_text(tmp_path, "asterisk-queue-log", table, time={"zone": "Europe/Berlin", "ambiguous": rule})
        assert [one.arrived_at_ms for one in result.interactions] == [expected]
        assert reasons(result)[f"time: the clock showed this time twice; read by the rule {rule}"] == ("noted", 2, [2, 3])


def test_lines_that_are_no_text_are_counted(tmp_path: Path) -> None:
    """Bytes of another encoding, NULs, and a line without an end: each is one dirty row, and the next line is read."""
    good = "1773133200|c|q|NONE|ENTERQUEUE||\n1773133209|c|q|NONE|ABANDON|1|1|9\n"
    (tmp_path / "log").write_bytes(b"1773133200|\xff|q\n" + b"x" * 3_000_000 + b"\n1773133200|a\x00b|q|NONE|ENTERQUEUE||\n" + good.encode())
    result = imported("asterisk-queue-log", tmp_path / "log")
    assert [one.id for one in result.interactions] == ["c"]
    assert {reason: lines for reason, (treatment, _, lines) in reasons(result).items() if treatment == "dirty"} == {
        "the text is not UTF-8": [1],
        "a line longer than 1,048,576 bytes": [2],
        "id: has control characters, or spaces around it": [3],
    }
    assert [one.id for one in imported("asterisk-queue-log", tmp_path / "log", encoding="latin-1").interactions] == ["c"]


def test_a_document_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """Behind unmatched brackets nothing can be told apart; the line where it begins is named."""
    whole = json.dumps(json.loads((SAMPLES / GENESYS).read_text(encoding="utf-8")), indent=1)
    for text, expected in (
        (whole[:-300], "the JSON breaks off"),
        (whole.replace("}", "", 1), "the JSON breaks off"),
        ("[\n]\n]", "line 3: a bracket closes that never opened"),
    ):
        with pytest.raises(ConfigError, match=expected):
            imported_text(tmp_path, "genesys-cloud", text)
    packed = gzip.compress(whole.encode())
    (tmp_path / "cut").write_bytes(packed[:-200])
    with pytest.raises(ConfigError, match="breaks off"):
        imported("genesys-cloud", tmp_path / "cut")


def test_a_large_document_is_read_in_parts(tmp_path: Path) -> None:
    """Objects, texts and brackets in texts may lie across the parts."""
    conversations = json.loads((SAMPLES / GENESYS).read_text(encoding="utf-8"))["conversations"]
    many = [
        {**one, "conversationId": f"{one['conversationId']}{number}", "note": 'a "}" and \\ [' * 7}
        for number in range(150)
        for one in conversations
    ]
    text = json.dumps({"conversations": many}, indent=1)
    assert len(text) > 3_000_000
    result = imported_text(tmp_path, "genesys-cloud", text)
    assert result.report.read == len(many)
    assert len(result.interactions) == 150 * len(sample(GENESYS).interactions)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """As is a folder."""
    for log_format in PLATFORMS:
        for path in (tmp_path / "none", tmp_path):
            with pytest.raises(ConfigError, match="cannot be read"):
                imported(log_format, path)


@pytest.mark.parametrize("log_format", PLATFORMS)
def test_a_log_without_rows_is_refused(tmp_path: Path, log_format: str) -> None:
    """Nothing was read, and nothing is written."""
    with pytest.raises(ConfigError, match="no interaction is left: it has no rows"):
        imported_text(tmp_path, log_format, "")


def test_a_format_is_known_by_its_name(tmp_path: Path) -> None:
    """Unknown ones are refused with the nearest, in a mapping and without one; a table needs a mapping."""
    with pytest.raises(ConfigError, match='"asterisk" is not a format that can be imported'):
        mapping_of_format("asterisk")
    with pytest.raises(ConfigError, match="Write a mapping file"):
        mapping_of_format("csv")
    (tmp_path / "mapping.toml").write_text('schema = "careroute/mapping/1"\nformat = "genesys"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match='key format: "genesys" is not a format that can be imported'):
        import_interactions(SAMPLES / GENESYS, tmp_path / "mapping.toml")
    (tmp_path / "mapping.toml").write_text(
        'schema = "careroute/mapping/1"\nformat = "genesys-cloud"\ntypes = { q-support = "help" }\n', encoding="utf-8"
    )
    assert by_id(import_interactions(SAMPLES / GENESYS, tmp_path / "mapping.toml"))["g-handled"].type == "help"
