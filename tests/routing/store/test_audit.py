"""`careroute audit` passes what adds up, and finds every way in which a journal may not."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from routing.commands.audit import audit
from routing.config.errors import ConfigError
from routing.core import events
from routing.core.commands import DeclineReason
from routing.core.events import Event, Recorded, WithdrawCause
from routing.model.interaction import EndCause
from routing.model.leg import Leg, TransferKind
from routing.store.audit import audited
from routing.store.codec import encode_row, read_events
from routing.store.rows import Row
from routing.store.sqlite import JOURNAL_FILE, open_journal
from tests.builders import a_decision, a_route, a_site, an_agent, an_interaction
from tests.golden.journal_text import BEFORE_SITE_APPLIED_2, DAY, from_text
from tests.golden.scenes import FOLDER, NAMES

QUEUED = events.InteractionQueued(interaction=an_interaction("i1"), route=a_route())
OFFERED = events.OfferMade(offer_id="o1", interaction_id="i1", agent_id="a1", expires_at=9, decision=a_decision())
ACCEPTED = events.OfferAccepted(offer_id="o1", interaction_id="i1", agent_id="a1")
HANDLED = events.HandlingEnded(interaction_id="i1", agent_id="a1", wrap_up_until=5)
ENDED = events.InteractionEnded(interaction_id="i1", agent_id="a1", cause=EndCause.HANDLED, forget_before=0)
START: tuple[Event, ...] = (events.SiteApplied(site=a_site(), site_hash=""), events.AgentPut(agent=an_agent("a1")), QUEUED, OFFERED)
REQUEST = events.RequestRecorded(request_id="r1", payload_hash="", subject="", forget_before=0)
DECLINED = events.OfferDeclined(offer_id="o1", interaction_id="i1", agent_id="a1", reason=DeclineReason.BUSY, excluded_until=0)
ANOTHER = events.InteractionQueued(interaction=an_interaction("i2"), route=a_route())
LINK = Leg(parent_id="i1", first_id="i1", first_at=3, number=1, kind=TransferKind.BLIND, agents=("a1",), barred=("a1",))
LEG_QUEUED = events.InteractionQueued(interaction=replace(an_interaction("leg"), leg=LINK), route=a_route())
TRANSFERRED = events.InteractionTransferred(interaction_id="i1", agent_id="a1", leg_id="leg", kind=TransferKind.BLIND)
CONSULTING = events.ConsultStarted(interaction_id="i1", agent_id="a1", leg_id="leg")
CONFERRING = events.ConferenceStarted(interaction_id="i1", agent_id="a1", leg_id="leg", partner_id="a2")


def written(directory: Path, rows: Sequence[Row]) -> Path:
    """The directory with a journal of these rows."""
    journal = open_journal(directory)
    journal.append(rows)
    journal.close()
    return directory


def rows_of(log: Sequence[Event]) -> list[Row]:
    """A row for each event."""
    return [encode_row([Recorded(seq, seq, None, event)]) for seq, event in enumerate(log, 1)]


def run(*arguments: str | Path) -> Result:
    """The command line, with its output."""
    app = typer.Typer()
    app.command()(audit)
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden day in a directory."""
    return written(tmp_path_factory.mktemp("data"), [sealed.row for sealed in from_text(DAY.read_text()).read()])


def test_the_golden_day_adds_up(golden: Path) -> None:
    """Every arrival and every offer has exactly one end, and the counts are those of the log itself."""
    report = audited(golden)
    log = [recorded.event for recorded in read_events(from_text(DAY.read_text()))]
    assert report["findings"] == []
    assert report["events"] == len(log)
    assert report["interactions"]["arrived"] == sum(isinstance(event, events.InteractionQueued) for event in log)
    assert sum(report["interactions"]["ended"].values()) == sum(isinstance(event, events.InteractionEnded) for event in log)
    assert report["offers"]["made"] == sum(report["offers"]["ended"].values())


def test_what_an_earlier_version_wrote_adds_up(tmp_path: Path) -> None:
    """The audit reads the site in each version it has had."""
    rows = [sealed.row for sealed in from_text(BEFORE_SITE_APPLIED_2.read_text()).read()]
    assert audited(written(tmp_path, rows))["findings"] == []


def test_the_verdict_is_told_in_words_and_in_json(golden: Path) -> None:
    """A good journal exits 0 in both."""
    words, content = run(golden), run(golden, "--json")
    assert (words.exit_code, content.exit_code) == (0, 0)
    assert words.stdout.endswith("the journal is whole and adds up\n")
    assert json.loads(content.stdout)["schema"] == "careroute/audit/1"


@pytest.mark.parametrize("name", NAMES)
def test_every_kept_scene_adds_up(tmp_path: Path, name: str) -> None:
    """What is set aside uses nothing, and no work in progress exceeds a capacity."""
    rows = [sealed.row for sealed in from_text((FOLDER / f"{name}.jsonl").read_text()).read()]
    assert [] == audited(written(tmp_path, rows))["findings"]


def test_a_journal_cut_at_any_event_adds_up(tmp_path: Path) -> None:
    """What is open at the end is open, not wrong: every start of the golden day passes."""
    rows = [sealed.row for sealed in from_text(DAY.read_text()).read()]
    for count in range(0, len(rows), 60):
        report = audited(written(tmp_path / str(count), rows[:count]))
        open_now = sum(report["interactions"]["open"].values())
        assert (report["findings"], report["interactions"]["arrived"]) == ([], sum(report["interactions"]["ended"].values()) + open_now)


EXTERNAL = events.ExternalWorkStarted(agent_id="a1", work_id="own", channel="voice", capacity_cost=0, is_assignment=True, reason="")

WRONG: dict[str, Sequence[Event]] = {
    "interaction 'i1' arrived again before it had ended": (*START, QUEUED),
    "interaction 'i1' never arrived or has ended before": (*START, ACCEPTED, HANDLED, ENDED, ENDED),
    "interaction 'i1' is handling, not wrap_up": (*START, ACCEPTED, ENDED),
    "interaction 'i1' is waiting, not handling or held or interrupted": (*START, HANDLED),
    "interaction 'i1' is with 'a1', not 'a2'": (*START, ACCEPTED, replace(HANDLED, agent_id="a2")),
    "interaction 'i1' ended with 'a2', but 'a1' has it": (*START, ACCEPTED, HANDLED, replace(ENDED, agent_id="a2")),
    "interaction 'i1' ended while offers o1 are open": (*START, replace(ENDED, agent_id=None, cause=EndCause.ABANDONED)),
    "interaction 'i1' was accepted while offers o1 are open": (*START, replace(OFFERED, offer_id="o2"), replace(ACCEPTED, offer_id="o2")),
    "interaction 'i1' is handling, not waiting": (*START, replace(OFFERED, offer_id="o2"), ACCEPTED, replace(ACCEPTED, offer_id="o2")),
    "interaction 'i1' was accepted by 'a1' while 'a1' has it": (
        *START,
        replace(OFFERED, offer_id="o2"),
        ACCEPTED,
        replace(ACCEPTED, offer_id="o2"),
    ),
    "offer 'o1' was made twice": (*START, DECLINED, OFFERED),
    "offer 'o1' was never made or has ended before": (*START, DECLINED, DECLINED),
    "offer 'o1' was of another interaction or to another agent": (*START, ANOTHER, replace(DECLINED, interaction_id="i2")),
    "agent 'a1' holds 200 of a capacity of 100": (*START, ANOTHER, replace(OFFERED, offer_id="o2", interaction_id="i2")),
    "agent 'a1' holds 2 on voice, allowed are 1": (*START, ANOTHER, replace(OFFERED, offer_id="o2", interaction_id="i2")),
    "agent 'a2' is offered work but is not known": (*START, ANOTHER, replace(OFFERED, offer_id="o2", interaction_id="i2", agent_id="a2")),
    "agent 'a1' was removed while holding work or an offer": (*START, events.AgentRemoved(agent_id="a1")),
    "agent 'a2' was removed but is not known": (*START, events.AgentRemoved(agent_id="a2")),
    "agent 'a2' is not known": (*START, events.SessionOpened(agent_id="a2", session_id="s")),
    "offer 'o2' went back to agent 'a1', who is barred from it": (
        *START,
        ACCEPTED,
        LEG_QUEUED,
        replace(OFFERED, offer_id="o2", interaction_id="leg"),
    ),
    "interaction 'i1' ended as handled, which its transfers do not bear out": (*START, ACCEPTED, LEG_QUEUED, TRANSFERRED, HANDLED, ENDED),
    "interaction 'i1' ended as transferred, which its transfers do not bear out": (
        *START,
        ACCEPTED,
        HANDLED,
        replace(ENDED, cause=EndCause.TRANSFERRED),
    ),
    "interaction 'leg' never arrived or has ended before": (*START, ACCEPTED, CONSULTING),
    "leg 'leg' is with None, not 'a2'": (*START, ACCEPTED, replace(LEG_QUEUED, interaction=an_interaction("leg")), CONSULTING, CONFERRING),
    "agent 'a1' works on 200 of a capacity of 100": (*START, ACCEPTED, replace(EXTERNAL, capacity_cost=100)),
    "external work 'own' of agent 'a1' began twice": (*START, EXTERNAL, EXTERNAL),
    "external work 'own' never began or has ended before": (*START, events.ExternalWorkEnded(agent_id="a1", work_id="own")),
    "interaction 'i1' is handling, not interrupted": (*START, ACCEPTED, events.InterruptionEnded(interaction_id="i1", agent_id="a1")),
    "request 'r1' was carried out twice": (*START, REQUEST, REQUEST),
}


@pytest.mark.parametrize("problem", WRONG)
def test_what_does_not_add_up_is_found(tmp_path: Path, problem: str) -> None:
    """Each contradiction is told with its sequence, and the command exits 1."""
    data = written(tmp_path, rows_of(WRONG[problem]))
    result = run(data)
    assert result.exit_code == 1
    assert f"WRONG at sequence {len(WRONG[problem])}: {problem}" in result.stdout
    assert result.stdout.endswith("the journal does not add up\n")


def test_many_findings_are_counted_and_listed_in_full_in_json(tmp_path: Path) -> None:
    """The text shows twenty and says how many more there are."""
    data = written(tmp_path, rows_of([*START, *[DECLINED] * 31]))
    assert "and 10 more; --json lists all" in run(data).stdout
    assert len(json.loads(run(data, "--json").stdout)["findings"]) == 30


def test_a_withdrawn_offer_gives_its_capacity_back(tmp_path: Path) -> None:
    """After a withdrawal the agent may be offered the next interaction, and a request may come back once it is forgotten."""
    withdrawn = events.OfferWithdrawn(offer_id="o1", interaction_id="i1", agent_id="a1", cause=WithdrawCause.REQUESTED)
    again = replace(REQUEST, forget_before=100)
    log = (*START, REQUEST, withdrawn, ANOTHER, replace(OFFERED, offer_id="o2", interaction_id="i2"), again)
    assert audited(written(tmp_path, rows_of(log)))["findings"] == []


def test_a_damaged_row_is_a_finding(golden: Path, tmp_path: Path) -> None:
    """Rot is a verdict, with the place; what lies before it was still audited."""
    content = bytearray((golden / JOURNAL_FILE).read_bytes())
    place = content.index(b'"interaction_id":"i60"')
    content[place + 19] ^= 1
    (tmp_path / JOURNAL_FILE).write_bytes(content)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "is not what was written: its checksum does not match" in result.stdout


@pytest.mark.parametrize(
    "payload", [b"[[1]]", b"{}", b'[["AgentRemoved",1,{}]]', b'[["AgentRemoved",1,null]]'], ids=["short", "object", "field", "null"]
)
def test_a_row_of_another_shape_is_a_finding(tmp_path: Path, payload: bytes) -> None:
    """What the writer's chain holds but no event looks like is told, not skipped."""
    result = run(written(tmp_path, [Row(first_seq=1, last_seq=1, at=1, request_id=None, codec=1, payload=payload)]))
    assert result.exit_code == 1
    assert "WRONG at sequence 1: row 1 does not have the shape of events" in result.stdout


def refused(data: Path) -> Any:
    """The error of a run that cannot audit."""
    return run(data).exception


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda data: data, "there is no journal here"),
        (
            lambda data: written(data, [Row(first_seq=1, last_seq=1, at=1, request_id=None, codec=1, payload=b'[["New",1,{}]]')]),
            "event 1 is New",
        ),
    ],
)
def test_what_cannot_be_audited_is_no_verdict(tmp_path: Path, prepare: Callable[[Path], Path], message: str) -> None:
    """No journal, or one of a later version, is an error and not a finding."""
    error = refused(prepare(tmp_path))
    assert isinstance(error, ConfigError)
    assert message in str(error)


def test_every_leg_is_counted_and_the_golden_conversations_add_up(tmp_path: Path) -> None:
    """Customers are the arrivals that are no legs; a leg of something that is in nobody's hands is found."""
    scene = [sealed.row for sealed in from_text((FOLDER / "transfers.jsonl").read_text()).read()]
    report = audited(written(tmp_path / "scene", scene))
    assert (report["findings"], report["interactions"]["arrived"], report["interactions"]["legs"]) == ([], 6, 4)
    (finding,) = audited(written(tmp_path / "early", rows_of([*START, LEG_QUEUED])))["findings"]
    assert finding["problem"] == "interaction 'i1' is waiting, not handling or held"
