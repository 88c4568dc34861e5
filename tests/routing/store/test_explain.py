"""`careroute explain` tells stories as they were."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from routing.commands.explain import explain
from routing.config.errors import ConfigError
from routing.core import commands
from routing.core.commands import Command
from routing.core.events import InteractionEnded, OfferDeclined, OfferMade
from routing.core.lifecycle import InteractionPhase
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.decision import Candidate
from routing.model.interaction import EndCause
from routing.policy.registry import PolicyRegistry, default_registry
from routing.store.account import account_of
from routing.store.account_text import account_as_text
from routing.store.codec import encode_row, read_events
from routing.store.memory import MemoryJournal
from routing.store.sqlite import open_journal, read_journal
from routing.store.story import UnknownInteraction, status_of, tell
from routing.store.words import decision_in_words, passed_over_in_words
from tests.builders import a_calendar, a_decision, a_queue, a_site, an_agent, an_interaction, some_hours
from tests.golden.journal_text import DAY, from_text
from tests.routing.store.contested import write as write_contested
from tests.routing.store.rows_to_write import MORNING

GOLDEN = from_text(DAY.read_text())
LEFT = next(
    recorded.event.interaction_id
    for recorded in read_events(GOLDEN)
    if isinstance(recorded.event, InteractionEnded) and recorded.event.cause is EndCause.ABANDONED
)
"""A customer of the golden day who left while waiting."""


def a_morning() -> MemoryJournal:
    """Ada declines `i1` and takes it ten seconds later; nobody can take `i2`, who leaves after a minute."""
    router, journal = Router(default_registry()), MemoryJournal()
    agents = (an_agent("ada", skills="sales:7"), an_agent("bob", skills="english:7"))
    script: tuple[tuple[int, Command], ...] = (
        (0, commands.ApplySite(site=a_site())),
        (0, commands.PutAgents(agents=agents)),
        (0, commands.SetPresence(agent_id="ada", presence=Presence.AVAILABLE)),
        (0, commands.SetPresence(agent_id="bob", presence=Presence.AVAILABLE)),
        (1_000, commands.EnqueueInteraction(interaction=an_interaction("i1", needs="sales>=5"), request_id="r1")),
        (2_000, commands.EnqueueInteraction(interaction=an_interaction("i2", needs="sales>=9"))),
        (3_500, commands.DeclineOffer(offer_id="offer-1")),
        (13_500, commands.Tick()),
        (15_000, commands.AcceptOffer(offer_id="offer-2")),
        (62_000, commands.AbandonInteraction(interaction_id="i2")),
        (75_000, commands.EndHandling(interaction_id="i1")),
        (85_000, commands.Tick()),
    )
    for after_ms, command in script:
        journal.append([encode_row(router.handle(command, MORNING + after_ms))])
    return journal


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That morning in a directory, as a server leaves it."""
    directory = tmp_path_factory.mktemp("data")
    journal = open_journal(directory)
    journal.append([sealed.row for sealed in a_morning().read()])
    journal.close()
    return directory


def run(*arguments: str | Path) -> Result:
    """The command line, with its output."""
    app = typer.Typer()
    app.command()(explain)
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_a_story_reads_from_arrival_to_end(data: Path) -> None:
    """Offers, refusals and the end come in order, with the time since arrival and the reasons for each choice."""
    output = run("i1", "--data", data).stdout
    expected = [
        "i1: ended: handled",
        "2015-08-11 08:00:01.000  +0 s         arrived on voice as sales: queue main by rule any, class 0, needs sales >= 5",
        "offered to ada as offer offer-1, to be answered within 15 s",
        "left out: 1 by skill",
        "chosen ada: class 0, worth",
        "+2.5 s       ada did not take it (declined); not offered to them again for 10 s",
        "+12.5 s      ada may be offered it again",
        "offered to ada as offer offer-2",
        "+14 s        accepted by ada",
        "+74 s        handling by ada ended; wrap-up for 10 s at most",
        "ended: handled, wrap up limit",
        "All agents before offer offer-2",
        "recomputed from the journal: the same choice",
        "1. ada (cost:",
        "bob: sales >= 5: has none (skill); without that could take it, second of 2",
    ]
    places = [output.find(text) for text in expected]
    assert [text for text, place in zip(expected, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_one_that_left_is_explained_at_its_leaving(data: Path) -> None:
    """Every agent is listed with the reason they could not take it, in the zone asked for."""
    output = run("i2", "--data", data, "--zone", "Europe/Berlin").stdout
    assert re.search(r"All agents then, after sequence \d+ at 2015-08-11 10:01:02\.000:", output)
    assert "ada: holds 1 of at most 1 on voice (channel); also out by capacity, skill" in output


def test_offers_withdrawn_by_leaving_are_seen_as_they_stood() -> None:
    """Whoever left on the golden day is explained before the step in which they left began."""
    account = account_of(GOLDEN, default_registry(), LEFT, as_of_seq=GOLDEN.last_seq)
    assert account.candidates is not None
    assert account.candidates.explanation.phase is InteractionPhase.WAITING
    assert account.candidates.view.at == account.story.entries[-1].at


def test_every_recorded_choice_is_found_again() -> None:
    """For each offer of the day, replaying to it gives the chosen agent the value that the offer recorded."""
    offers = [(item.seq, item.event) for item in read_events(GOLDEN) if isinstance(item.event, OfferMade)]
    for seq, offer in offers[::5]:
        candidates = account_of(GOLDEN, default_registry(), offer.interaction_id, as_of_seq=seq).candidates
        assert candidates is not None
        assert (seq, candidates.agrees) == (seq, True)


def test_the_how_to_shows_what_the_command_prints(tmp_path: Path) -> None:
    """Both commands of the page, typed as they stand there, print the blocks below them, character by character."""
    write_contested(tmp_path)
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "explain-a-decision.md").read_text(encoding="utf-8")
    shown = re.findall(r"```shell\ncareroute explain ([\w-]+) --data \S+ (.*?)\n```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert len(shown) == 2
    for interaction_id, options, text in shown:
        printed = run(interaction_id, "--data", tmp_path, *options.split()).stdout
        assert text == "\n".join(line.rstrip() for line in printed.splitlines()) + "\n"


@pytest.mark.parametrize(
    ("classes", "nets", "text"),
    [
        ((1, 0), (5, 900), "ann had room and was offered i7 instead, which is of class 1; this one is of class 0"),
        ((0, 0), (900, 900), "ann had room and was offered i7 instead, which is worth as much and came first"),
        ((0, 0), (5_900, 900), "ann had room and was offered i7 instead; this one was 5 s of waiting short"),
    ],
)
def test_a_decision_against_it_says_what_was_missing(classes: tuple[int, int], nets: tuple[int, int], text: str) -> None:
    """A class, nothing but the place in the line, or so much waiting."""
    chosen, own = (Candidate(id="i7", class_rank=rank, net=net, terms=()) for rank, net in zip(classes, nets, strict=True))
    assert passed_over_in_words("ann", chosen, own) == text


def test_decisions_against_it_are_part_of_the_story(tmp_path: Path) -> None:
    """Also in JSON; they begin anew with an arrival under the same id."""
    write_contested(tmp_path)
    content = json.loads(run("call-4", "--data", tmp_path, "--json").stdout)
    (passed,) = content["passed_over"]
    assert (passed["agent_id"], passed["chosen"]["id"], passed["own"]["id"]) == ("ann", "call-3", "call-4")
    assert passed["chosen"]["net"] - passed["own"]["net"] == 5_000
    with closing(read_journal(tmp_path)) as journal:
        log = list(read_events(journal))
    arrival = log[tell(log, "call-4").entries[0].seq - 1]
    assert tell([*log, arrival._replace(seq=len(log) + 1)], "call-4").passed_over == ()


def test_a_joint_optimum_may_give_up_a_better_pair() -> None:
    """A loser of the record can be ahead: the words say which way the gap is, and where there is none, or another class."""
    best = tuple(
        Candidate(id=name, class_rank=rank, net=net, terms=()) for name, rank, net in (("a", 1, 5), ("b", 1, 9), ("c", 1, 5), ("d", 0, 5))
    )
    told = decision_in_words(a_decision(best=best, tie_break="joint_optimum", made_by="min_cost_flow"))
    assert told[0].startswith("decided by min cost flow among 1 eligible agents")
    assert [line.partition(", worth")[0] for line in told[3:]] == [
        "next   b: class 1, 0.004 s ahead",
        "next   c: class 1, equal",
        "next   d: class 0",
    ]


def test_json_holds_the_story_the_decisions_and_the_candidates(data: Path) -> None:
    """The schema's parts are there, with integers for time."""
    content = json.loads(run("i1", "--data", data, "--json").stdout)
    assert (content["schema"], content["status"], content["arrived_at"]) == ("careroute/explain/1", "ended: handled", MORNING + 1_000)
    assert [(entry["event"], entry["request_id"]) for entry in content["story"]][:2] == [("InteractionQueued", "r1"), ("OfferMade", "r1")]
    assert content["story"][1]["fields"]["decision"]["best"][0]["id"] == "ada"
    assert content["candidates"]["agrees_with_record"] is True
    assert [standing["agent_id"] for standing in content["candidates"]["standings"]] == ["ada", "bob"]


def test_the_past_is_told_as_it_was(data: Path) -> None:
    """With --at the story ends there, and the candidates are those of that moment."""
    declined = next(item.seq for item in read_events(a_morning()) if isinstance(item.event, OfferDeclined))
    content = json.loads(run("i1", "--data", data, "--at", str(declined), "--json").stdout)
    assert (content["status"], content["story"][-1]["seq"], content["candidates"]["after_seq"]) == ("waiting", declined, declined)
    assert [standing["excluded_by"] for standing in content["candidates"]["standings"]] == ["declined", "skill"]


def test_every_status_is_told() -> None:
    """A story cut after each of its entries says where the interaction stood."""
    log = list(read_events(a_morning()))
    told = [status_of(tell(log[: entry.seq], "i1")) for entry in tell(log, "i1").entries]
    assert told == ["waiting", "offered", "waiting", "waiting", "offered", "handling", "wrap-up", "ended: handled"]


def test_an_id_used_again_is_told_from_its_last_arrival() -> None:
    """After its retention an id may come back; the older arrivals are named."""
    log = list(read_events(a_morning()))
    arrival = log[tell(log, "i1").entries[0].seq - 1]
    story = tell([*log, arrival._replace(seq=len(log) + 1)], "i1")
    assert (story.earlier_seqs, [entry.seq for entry in story.entries]) == ((arrival.seq,), [len(log) + 1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["i11"], r'"i11" does not arrive in the journal up to sequence \d+\. Did you mean "i1"'),
        (["i1", "--at", "1"], r'"i1" does not arrive in the journal up to sequence 1\. No interaction had arrived by then'),
        (["i1", "--at", "9999"], r"key --at: 9999 is not in the journal\. Name a sequence number from 1 to \d+\."),
        (["i1", "--zone", "Europe/Berlino"], r'"Europe/Berlino" is not a time zone\. Did you mean "Europe/Berlin"'),
    ],
)
def test_what_is_not_there_is_named(data: Path, arguments: list[str], message: str) -> None:
    """A wrong id, place or zone ends in one message with the nearest that exist."""
    error = run(*arguments, "--data", data).exception
    assert isinstance(error, ConfigError)
    assert re.search(message, str(error))


def test_a_directory_without_a_journal_is_named(tmp_path: Path) -> None:
    """An empty journal and no journal are two messages."""
    error = run("i1", "--data", tmp_path).exception
    assert isinstance(error, ConfigError)
    assert "there is no journal here" in str(error)
    open_journal(tmp_path).close()
    assert "the journal is empty" in str(run("i1", "--data", tmp_path).exception)


def test_the_nearest_ids_are_the_latest() -> None:
    """An unknown id brings the ids that are known, in order of arrival."""
    with pytest.raises(UnknownInteraction) as refused:
        tell(read_events(a_morning()), "nobody")
    assert refused.value.recent_ids == ("i1", "i2")


def test_a_policy_that_is_not_installed_leaves_the_story() -> None:
    """Without the policy's parts the story is told all the same, and the candidates' absence is explained."""
    journal = a_morning()
    account = account_of(journal, PolicyRegistry(), "i1", as_of_seq=journal.last_seq)
    assert account.candidates is None
    assert "'presence' is not one of" in account.no_candidates


def test_for_whom_a_door_turned_away_nobody_was_looked_for() -> None:
    """Though an agent is free at that moment: the story says why, and no agent is called able to take it."""
    router, journal = Router(default_registry()), MemoryJournal()
    closed = a_site(
        queues=[a_queue("main", hours=some_hours(when_closed="voicemail:box"))], calendars={"office": a_calendar(known_until=2**44)}
    )
    script: tuple[Command, ...] = (
        commands.ApplySite(site=closed),
        commands.PutAgents(agents=(an_agent("ada", skills="sales:7"),)),
        commands.SetPresence(agent_id="ada", presence=Presence.AVAILABLE),
        commands.EnqueueInteraction(interaction=an_interaction("i1", type="")),
    )
    for command in script:
        journal.append([encode_row(router.handle(command, MORNING))])
    account = account_of(journal, default_registry(), "i1", as_of_seq=journal.last_seq)
    assert (None, "nobody was looked for, because it was turned away on arrival") == (account.candidates, account.no_candidates)
    text = "\n".join(account_as_text(account, str, str))
    assert "arrived on voice: queue main" in text
    assert "channel voice, arrived" in text
