"""A journal replayed under its own policies: everything comes out again, a defect is found and told."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from routing.cli import main
from routing.config.errors import ConfigError
from routing.core import commands, events
from routing.core.canonical import state_digest
from routing.core.commands import Command, Tick
from routing.core.events import OfferMade, Recorded
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.interaction import Interaction
from routing.policy.arrays import IntArray
from routing.policy.pipeline import Pairs
from routing.policy.registry import PolicyRegistry, default_registry
from routing.store.codec import CODEC, encode_row
from routing.store.memory import MemoryJournal
from routing.store.rows import Row
from simulation.api import compare
from simulation.fidelity.check import Fidelity, check_journal, check_rows
from simulation.fidelity.words import as_document, as_lines
from tests.builders import a_policy, a_site, an_agent, an_interaction
from tests.golden.journal_text import BEFORE_SITE_APPLIED_2, DAY, from_text
from tests.golden.scenes import FOLDER, NAMES
from tests.routing.test_machine import RouterMachine
from tests.simulation.comparisons import a_busy_office

KEPT = [DAY, BEFORE_SITE_APPLIED_2, *(FOLDER / f"{name}.jsonl" for name in NAMES)]


def checked(rows: list[Row], registry: PolicyRegistry | None = None) -> Fidelity:
    """The report on a journal of these rows."""
    journal = MemoryJournal()
    journal.append(rows)
    return check_rows(journal, "a journal", registry or default_registry())


class Desk:
    """A router whose every command makes a row, as on a server."""

    def __init__(self) -> None:
        self.router = Router(default_registry())
        self.rows: list[Row] = []

    def do(self, at: int, *given: Command) -> "Desk":
        """Carry out what is due, then the commands."""
        for command in given:
            due_at = self.router.next_deadline()
            if due_at is not None and due_at <= at:
                self._keep(self.router.handle(Tick(), at))
            self._keep(self.router.handle(command, at))
        return self

    def _keep(self, recorded: tuple[Recorded, ...]) -> None:
        if recorded:
            self.rows.append(encode_row(recorded))


def a_morning() -> Desk:
    """Two agents, one of them idle for longer, two callers, and an offer that nobody answers."""
    site = a_site(policy=a_policy(scorers="longest_idle:1"))
    desk = Desk().do(0, commands.ApplySite(site=site), commands.PutAgents(agents=(an_agent("a1"), an_agent("a2"))))
    desk.do(1_000, commands.SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    desk.do(2_000, commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    desk.do(5_000, commands.EnqueueInteraction(interaction=an_interaction("i1")))
    desk.do(6_000, commands.AcceptOffer(offer_id="offer-1"))
    desk.do(7_000, commands.EnqueueInteraction(interaction=an_interaction("i2")))
    return desk.do(90_000, Tick())


def newest_first(pairs: Pairs) -> IntArray:
    """A defect: the agent who came last counts as idle for longest."""
    return -pairs.columns.agents.sequence[pairs.agents]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_kept_journals_come_out_again(kept: Path) -> None:
    """Windows, other sites in the middle, ladders, transfers, call-backs and rows of an earlier version."""
    journal = from_text(kept.read_text())
    found = check_rows(journal, kept.stem, default_registry())
    assert found.divergence is None, "\n".join(as_lines(found))
    assert sum(found.reproduced.values()) == found.events == journal.last_seq
    assert found.older > 0 or kept != BEFORE_SITE_APPLIED_2


def test_every_command_can_be_read_back() -> None:
    """Whatever the random machine does, refusals and crashes included, its rows alone lead a fresh router to the same facts and state."""
    given: Counter[str] = Counter()
    proven: Counter[bool] = Counter()

    class Recording(RouterMachine):
        """The machine, keeping a row of each command that recorded anything."""

        def __init__(self) -> None:
            super().__init__()
            self.rows: list[Row] = []

        def hand(self, command: Command) -> tuple[Recorded, ...]:
            recorded = super().hand(command)
            self.rows += [encode_row(recorded)] if recorded else []
            return recorded

        def teardown(self) -> None:
            super().teardown()
            if not self.is_intact:
                return
            found = checked(self.rows)
            assert found.divergence is None, "\n".join(as_lines(found))
            # A request that is not read back to the letter leaves another hash of itself.
            assert found.requests > found.proven or state_digest(self.router.state) == found.state_digest
            given.update(found.commands)
            proven.update({True: found.proven, False: found.requests - found.proven})

    limits = settings(max_examples=25, stateful_step_count=40, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    run_state_machine_as_test(Recording, settings=limits)
    assert given["EnqueueInteraction"] > 0


def test_a_simulated_log_comes_out_again(tmp_path: Path) -> None:
    """Its rows hold all of an instant and no ids of requests."""
    compare(a_busy_office(hours=1), policies=["least-cost"], replications=1, save_logs=tmp_path / "logs")
    found = check_journal(tmp_path / "logs" / "least-cost-r0000")
    assert found.holds, "\n".join(as_lines(found))
    assert found.decisions > 0
    assert found.requests == 0


def test_a_defect_in_a_policy_is_found_and_told() -> None:
    """The first offer that goes to somebody else is shown with both, the instant, and the term that differs."""
    registry = default_registry()
    registry.add_scorer("longest_idle", 1, newest_first)
    rows = a_morning().rows
    assert checked(rows).holds
    found = checked(rows, registry)
    assert found.divergence is not None
    assert found.divergence.at == 5_000
    assert isinstance(found.divergence.command, commands.EnqueueInteraction)
    recorded, replayed = found.divergence.recorded, found.divergence.replayed
    assert recorded is not None
    assert replayed is not None
    assert isinstance(recorded.event, OfferMade)
    assert isinstance(replayed.event, OfferMade)
    assert ("a2", "a1") != (replayed.event.agent_id, recorded.event.agent_id)
    text = "\n".join(as_lines(found))
    assert "DIFFERS" in text
    assert "longest_idle cost" in text
    document = as_document(found)
    assert document["verdict"] == "differs"
    assert document["difference"]["seq"] == recorded.seq
    assert document["difference"]["command"]["kind"] == "EnqueueInteraction"


def test_a_fact_that_is_changed_missing_or_too_much_is_found() -> None:
    """The journal's own words against the router's: whatever does not follow is where the report stops."""
    rows = a_morning().rows
    last = rows[-1]
    expired = [row for row in rows if b'"OfferExpired"' in row.payload]
    assert [last] == expired
    without = checked([*rows[:-1], *_as_if_only(last, events.OfferExpired)])
    assert without.divergence is not None
    assert without.divergence.recorded is None
    changed = checked([*rows[:-1], _with(last, b'"due_at":22000', b'"due_at":21000')])
    assert changed.divergence is not None
    assert any(line.startswith("due_at: 21000 in the journal, 22000") for line in as_document(changed)["difference"]["reasons"])


def _as_if_only(row: Row, kind: type[object]) -> list[Row]:
    return [encode_row([recorded for recorded in CODEC.decode(row) if isinstance(recorded.event, kind)])]


def _with(row: Row, old: bytes, new: bytes) -> Row:
    assert old in row.payload
    return replace(row, payload=row.payload.replace(old, new))


def test_requests_are_proven_by_their_hash() -> None:
    """What changed nothing is read back, too; what cannot be is counted and left out, and the rest comes out all the same."""
    desk = Desk().do(0, commands.ApplySite(site=a_site(), request_id="r1"))
    desk.do(0, commands.PutAgents(agents=(an_agent("a1"), an_agent("a2"), an_agent("a3")), request_id="r2"))
    desk.do(1, commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE, request_id="r3"))
    desk.do(2, commands.PutAgents(agents=(an_agent("a1"), an_agent("a3")), request_id="r4"))
    desk.do(3, commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE, request_id="r5"))
    desk.do(4, commands.EnqueueInteraction(interaction=Interaction(id="", channel="voice", type="call", attributes={}), request_id="r6"))
    found = checked(desk.rows)
    assert found.holds
    assert (found.requests, found.proven, found.without_effect) == (6, 5, 1)


def test_there_has_to_be_a_journal(tmp_path: Path) -> None:
    """An empty directory is refused with its remedy."""
    with pytest.raises(ConfigError):
        check_journal(tmp_path)


def test_a_fact_about_nobody_is_told_and_no_crash() -> None:
    """An end of an interaction that never came: the report shows it, as a fact that nothing explains."""
    unheard_of = b'[["InteractionEnded",2,{"interaction_id":"i9","agent_id":null,"cause":"abandoned","forget_before":0,"reason":""}]]'
    rows = a_morning().rows
    seq = rows[-1].last_seq + 1
    found = checked([*rows, replace(rows[-1], first_seq=seq, last_seq=seq, at=95_000, payload=unheard_of)])
    assert found.divergence is not None
    assert (found.divergence.seq, found.divergence.replayed) == (seq, None)
    assert any("nothing that came from outside explains" in line for line in as_lines(found))


def test_the_command_says_whether_a_journal_comes_out_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 with the counts, as text and as JSON; half of what another policy needs, or a table, is refused."""
    compare(a_busy_office(hours=1), policies=["longest-idle"], replications=1, save_logs=tmp_path / "logs")
    journal = str(tmp_path / "logs" / "longest-idle-r0000")
    table = "examples/boston-311/day-2015-08-11.interactions.csv.gz"
    for words, code in (([journal], 0), ([journal, "--json"], 0), ([journal, "--policy", "least-cost"], 2), ([table], 2)):
        with pytest.raises(SystemExit) as caught:
            main(["replay", *words])
        assert int(caught.value.code or 0) == code
        printed = capsys.readouterr()
        if code:
            assert "error: " in printed.err
        elif "--json" in words:
            assert json.loads(printed.out)["verdict"] == "reproduced"
        else:
            assert "events came out again" in printed.out
