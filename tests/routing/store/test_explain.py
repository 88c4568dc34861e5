"""`careroute explain` tells the golden day's stories as they were."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from routing.config.errors import ConfigError
from routing.core.events import OfferMade
from routing.policy.registry import PolicyRegistry, default_registry
from routing.store.account import account_of
from routing.store.codec import read_events
from routing.store.command import explain
from routing.store.journal import JournalReader
from routing.store.sqlite import open_journal
from routing.store.story import Story, UnknownInteraction, status_of, tell
from tests.golden.journal_text import DAY, from_text

GOLDEN = from_text(DAY.read_text())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden day in a directory, as a server leaves it."""
    directory = tmp_path_factory.mktemp("data")
    journal = open_journal(directory)
    journal.append([sealed.row for sealed in GOLDEN.read()])
    journal.close()
    return directory


def run(*arguments: str | Path) -> Result:
    """The command line, with its output."""
    app = typer.Typer()
    app.command()(explain)
    return CliRunner().invoke(app, list(map(str, arguments)))


def a_story(interaction_id: str, journal: JournalReader = GOLDEN) -> Story:
    """The story of an interaction of the golden day."""
    return tell(read_events(journal), interaction_id)


def test_a_story_reads_from_arrival_to_end(data: Path) -> None:
    """Offers, failures and the end come in order, with the time since arrival and the reasons for each choice."""
    output = run("i7", "--data", data).stdout
    expected = [
        "i7: ended: handled",
        "arrived on email as help",
        "offered to dee as offer offer-8, to be answered within 15 s",
        "chosen dee: class 0, net -3,373 (load_ratio 0, longest_idle 3,373)",
        "offer offer-8 to dee was withdrawn (requested, supervisor)",
        "came back from dee (connect failed, no answer) and waits on with its age",
        "+204 s",
        "All agents before offer offer-11",
    ]
    places = [output.find(text) for text in expected]
    assert -1 not in places
    assert places == sorted(places)


def test_one_that_left_is_explained_at_its_leaving(data: Path) -> None:
    """Every agent is listed with the reason they could not take it, in the zone asked for."""
    output = run("i66", "--data", data, "--zone", "Europe/Berlin").stdout
    assert "All agents then, after sequence 732 at 2015-08-11 10:36:23.000:" in output
    assert "ada  out by capacity: has 0 of 100 left; chat needs 30" in output


def test_every_recorded_choice_is_found_again() -> None:
    """For each offer of the day, replaying to it gives the chosen agent the value that the offer recorded."""
    offers = [(item.seq, item.event) for item in read_events(GOLDEN) if isinstance(item.event, OfferMade)]
    for seq, offer in offers[::5]:
        candidates = account_of(GOLDEN, default_registry(), offer.interaction_id, as_of_seq=seq).candidates
        assert candidates is not None
        assert (seq, candidates.agrees) == (seq, True)


def test_json_holds_the_story_the_decisions_and_the_candidates(data: Path) -> None:
    """The schema's parts are there, with integers for time."""
    content = json.loads(run("i7", "--data", data, "--json").stdout)
    assert content["schema"] == "careroute/explain/1"
    assert content["status"] == "ended: handled"
    assert [entry["event"] for entry in content["story"]][:2] == ["InteractionQueued", "OfferMade"]
    assert content["story"][1]["fields"]["decision"]["best"][0]["id"] == "dee"
    assert content["candidates"]["agrees_with_record"] is True
    assert [standing["agent_id"] for standing in content["candidates"]["standings"]] == ["dee", "ada", "bob", "cem"]


def test_the_past_is_told_as_it_was(data: Path) -> None:
    """With --at the story ends there, and the candidates are those of that moment."""
    content = json.loads(run("i7", "--data", data, "--at", "72", "--json").stdout)
    assert content["status"] == "waiting"
    assert content["story"][-1]["seq"] == 72
    assert content["candidates"]["after_seq"] == 72
    assert content["candidates"]["summary"].startswith("waits in help: nobody can take it")


def test_every_status_is_told() -> None:
    """A story cut after each of its entries says where the interaction stood."""
    entries = a_story("i7").entries
    log = list(read_events(GOLDEN))
    told = [status_of(tell(log[: entry.seq], "i7")) for entry in entries]
    assert dict(zip(told, entries, strict=True)).keys() == {"waiting", "offered", "handling", "wrap-up", "ended: handled"}


def test_an_id_used_again_is_told_from_its_last_arrival() -> None:
    """After its retention an id may come back; the older arrivals are named."""
    log = list(read_events(GOLDEN))
    arrival = next(item for item in log if item.seq == a_story("i7").entries[0].seq)
    story = tell([*log, arrival._replace(seq=len(log) + 1)], "i7")
    assert (story.earlier_seqs, [entry.seq for entry in story.entries]) == ((arrival.seq,), [len(log) + 1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["i766"], '"i766" does not arrive in the journal up to sequence 832. Did you mean "i66"'),
        (["i7", "--at", "3"], '"i7" does not arrive in the journal up to sequence 3'),
        (["i7", "--at", "9999"], "key --at: 9999 is not in the journal. Name a sequence number from 1 to 832."),
        (["i7", "--zone", "Europe/Berlino"], '"Europe/Berlino" is not a time zone. Did you mean "Europe/Berlin"'),
    ],
)
def test_what_is_not_there_is_named(data: Path, arguments: list[str], message: str) -> None:
    """A wrong id, place or zone ends in one message with the nearest that exist."""
    error = run(*arguments, "--data", data).exception
    assert isinstance(error, ConfigError)
    assert message in str(error)


def test_a_directory_without_a_journal_is_named(tmp_path: Path) -> None:
    """An empty journal and no journal are two messages."""
    error = run("i7", "--data", tmp_path).exception
    assert isinstance(error, ConfigError)
    assert "there is no journal here" in str(error)
    open_journal(tmp_path).close()
    assert "the journal is empty" in str(run("i7", "--data", tmp_path).exception)


def test_the_nearest_ids_are_the_latest() -> None:
    """An unknown id brings the ids that are known, in order of arrival."""
    with pytest.raises(UnknownInteraction) as refused:
        a_story("nobody")
    assert refused.value.recent_ids[:3] == ("i1", "i2", "i3")


def test_a_policy_that_is_not_installed_leaves_the_story(data: Path) -> None:
    """Without the policy's parts the story is told all the same, and the candidates' absence is explained."""
    account = account_of(GOLDEN, PolicyRegistry(), "i7", as_of_seq=GOLDEN.last_seq)
    assert account.candidates is None
    assert "filter 'presence' is not one of" in account.no_candidates
