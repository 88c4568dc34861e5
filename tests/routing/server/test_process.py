"""`careroute serve` as a process: killed, restarted, drained, and given bad input."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import grpc
import pytest

from routing.adapters.client import Client, Refused
from routing.core.canonical import state_digest
from routing.policy.registry import default_registry
from routing.store.replay import replay
from routing.store.sqlite import read_journal
from routing.v1 import agents_pb2, interactions_pb2, operators_pb2, refusal_pb2, types_pb2

SITE = """
schema = "careroute/site/1"
id = "shop"
skills = ["sales"]
session_lease = "30s"

[channels.voice]
live = true

[queues.main]
service_level.target = "20s"

[[rules]]
name = "any"
queue = "main"
"""
ROSTER = """
schema = "careroute/roster/1"
name = "team"

[[agents]]
id = "a1"
skills = { sales = 5 }
channels = ["voice"]
"""


class Shop:
    """The files of a site and the server on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site, self.roster, self.data = folder / "site.toml", folder / "roster.toml", folder / "data"
        self.site.write_text(SITE)
        self.roster.write_text(ROSTER)

    def start(self, *more: str, file_bytes_max: int | None = None) -> "subprocess.Popen[bytes]":
        """Start a server on a free port."""
        words = ["serve", "--site", self.site, "--roster", self.roster, "--data", self.data, "--listen", "127.0.0.1:0", *more]

        # The limit is set by the child itself: code that runs between fork and exec would meet gRPC's threads.
        limit = (
            f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({file_bytes_max}, {file_bytes_max})); " if file_bytes_max else ""
        )
        program = f"{limit}from routing.cli import main; main()"
        return subprocess.Popen([sys.executable, "-c", program, *map(str, words)], stderr=subprocess.PIPE)

    @contextmanager
    def serving(self, *more: str, file_bytes_max: int | None = None) -> "Iterator[tuple[subprocess.Popen[bytes], str]]":
        """A server that listens, and its address; killed in the end if it still runs."""
        process = self.start(*more, file_bytes_max=file_bytes_max)
        try:
            yield process, address_of(process)
        finally:
            process.kill()
            process.communicate()

    def refusal(self, *more: str) -> str:
        """What a server that must not start says; its exit code must be 2."""
        process = self.start(*more)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 2, errors
        return errors.decode()


def address_of(process: "subprocess.Popen[bytes]") -> str:
    """Where a server listens, from its log."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(rb'"address": "([^"]+)"', line)
        if found:
            return found[1].decode()
    raise AssertionError("the server did not start")


def enqueue(number: int) -> interactions_pb2.EnqueueInteractionRequest:
    """A request to take one interaction in."""
    interaction = types_pb2.Interaction(id=f"i{number}", channel="voice")
    return interactions_pb2.EnqueueInteractionRequest(request_id=f"r{number}", interaction=interaction)


async def digest_of(client: Client) -> operators_pb2.GetStateDigestResponse:
    """The server's digest."""
    return await client.call(client.operators.GetStateDigest, operators_pb2.GetStateDigestRequest())


def replayed_digest(data: Path) -> tuple[int, str]:
    """The digest of the state that the journal gives."""
    reader = read_journal(data)
    state = replay(reader, default_registry()).state
    reader.close()
    return state.seq, state_digest(state)


async def test_a_killed_server_has_lost_nothing_it_accepted(tmp_path: Path) -> None:
    """SIGKILL in the middle of a burst: what was answered is there again, what is asked again under its id is answered as before."""
    shop = Shop(tmp_path)
    accepted: dict[int, interactions_pb2.EnqueueInteractionResponse] = {}
    many = asyncio.Event()
    with shop.serving() as (process, address):
        async with Client(address, patience_s=0.2) as client:

            async def ask(number: int) -> None:
                accepted[number] = await client.call(client.interactions.EnqueueInteraction, enqueue(number))
                if len(accepted) == 50:
                    many.set()

            asking = [asyncio.create_task(ask(number)) for number in range(300)]
            await many.wait()
            process.kill()
            outcomes = await asyncio.gather(*asking, return_exceptions=True)
            assert all(outcome is None or isinstance(outcome, grpc.aio.AioRpcError) for outcome in outcomes)
    sequence, digest = replayed_digest(shop.data)
    with shop.serving() as (_, address):
        async with Client(address) as client:
            for number, answer in accepted.items():
                assert await client.call(client.interactions.EnqueueInteraction, enqueue(number)) == answer
            restarted = await digest_of(client)
            assert restarted.sequence == sequence
            assert restarted.digest == digest


async def test_a_drained_server_exits_0_and_leaves_its_state(tmp_path: Path) -> None:
    """SIGTERM: the open streams are told, the journal is complete, the process ends well."""
    shop = Shop(tmp_path)
    with shop.serving() as (process, address):
        async with Client(address) as client:
            await client.call(client.interactions.EnqueueInteraction, enqueue(1))
            before = await digest_of(client)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 20) == 0
    assert replayed_digest(shop.data) == (before.sequence, before.digest)


async def test_a_restart_lets_the_leases_of_lost_desktops_run(tmp_path: Path) -> None:
    """The stream died with the process: the agent's session is a lease until the desktop is back."""
    shop = Shop(tmp_path)
    opening = agents_pb2.AgentCommand(open_session=agents_pb2.OpenSession(session_id="s", agent_ids=["a1"]))
    with shop.serving() as (_, address):
        async with Client(address) as client:
            call = client.agents.Connect()
            await call.write(agents_pb2.ConnectRequest(commands=[opening]))
            await call.read()
    with shop.serving() as (_, address):
        async with Client(address) as client:
            agent = await client.call(client.operators.GetAgent, operators_pb2.GetAgentRequest(agent_id="a1"))
            assert (agent.session_id, agent.HasField("session_expires_at_ms")) == ("s", True)


async def test_a_full_disk_stops_the_process(tmp_path: Path) -> None:
    """Exit 1, nothing is answered that is not kept, and with room again the next process goes on."""
    shop = Shop(tmp_path)
    answered = 0
    with shop.serving(file_bytes_max=300_000) as (process, address):
        async with Client(address, patience_s=0.2) as client:
            while process.poll() is None:
                with suppress(grpc.aio.AioRpcError):
                    await client.call(client.interactions.EnqueueInteraction, enqueue(answered))
                    answered += 1
        assert process.returncode == 1
    with shop.serving() as (_, address):
        async with Client(address) as client:
            status = await client.call(client.operators.GetStatus, operators_pb2.GetStatusRequest())
            assert status.arrived in (answered, answered + 1)


async def test_a_client_outlives_a_restart(tmp_path: Path) -> None:
    """A call repeats until the successor answers, and a watch goes on at its cursor."""
    shop = Shop(tmp_path)
    seen: list[str] = []
    process = shop.start()
    address = address_of(process)
    async with Client(address) as client, asyncio.timeout(60):

        async def watch() -> None:
            async for message in client.watch(cursor=0):
                seen.extend(event.interaction_id for event in message.events if event.HasField("queued"))
                if len(seen) == 2:
                    return

        watching = asyncio.create_task(watch())
        await client.call(client.interactions.EnqueueInteraction, enqueue(1))
        process.kill()
        process.communicate()
        asking = asyncio.create_task(client.call(client.interactions.EnqueueInteraction, enqueue(2)))
        with shop.serving("--listen", address):
            await asking
            await watching
    assert seen == ["i1", "i2"]


async def test_a_client_tells_refusals_from_failures(tmp_path: Path) -> None:
    """A refusal is not repeated, and carries its reason."""
    shop = Shop(tmp_path)
    with shop.serving() as (_, address):
        async with Client(address) as client:
            with pytest.raises(Refused) as caught:
                await client.call(client.interactions.GetInteraction, interactions_pb2.GetInteractionRequest(interaction_id="x"))
            assert caught.value.reason == refusal_pb2.REFUSAL_REASON_UNKNOWN_INTERACTION
            with pytest.raises(Refused):
                async for _ in client.watch(cursor=10_000):
                    pass


async def test_changed_files_are_applied_at_the_start(tmp_path: Path) -> None:
    """A new queue and a better skill are in force, and agents who are no longer listed stay."""
    shop = Shop(tmp_path)
    with shop.serving():
        pass
    shop.site.write_text(SITE.replace("[[rules]]", '[queues.second]\nservice_level.target = "60s"\n\n[[rules]]'))
    shop.roster.write_text(ROSTER.replace("sales = 5", "sales = 9").replace('"a1"', '"a2"'))
    with shop.serving() as (_, address):
        async with Client(address) as client:
            queues = await client.call(client.operators.ListQueues, operators_pb2.ListQueuesRequest())
            status = await client.call(client.operators.GetStatus, operators_pb2.GetStatusRequest())
            assert ([queue.queue_id for queue in queues.queues], status.agents) == (["main", "second"], 2)


async def test_a_change_that_does_not_fit_is_refused_with_the_difference(tmp_path: Path) -> None:
    """Work in progress needs the old queue: exit 2, nothing written, and the old files still serve."""
    shop = Shop(tmp_path)
    with shop.serving() as (_, address):
        async with Client(address) as client:
            presence = agents_pb2.SetPresenceRequest(request_id="p", agent_id="a1", presence=types_pb2.PRESENCE_AVAILABLE)
            await client.call(client.agents.SetPresence, presence)
            await client.call(client.interactions.EnqueueInteraction, enqueue(1))
            agent = await client.call(client.operators.GetAgent, operators_pb2.GetAgentRequest(agent_id="a1"))
            accept = agents_pb2.AcceptOfferRequest(request_id="a", offer_id=agent.offers[0].id)
            await client.call(client.agents.AcceptOffer, accept)
    before = replayed_digest(shop.data)
    shop.site.write_text(SITE.replace("main", "other"))
    refusal = shop.refusal()
    assert "site.queues.main: removed" in refusal
    assert "Serve with the file as it was" in refusal
    assert replayed_digest(shop.data) == before
    shop.site.write_text(SITE)
    with shop.serving():
        pass


def test_a_journal_of_another_site_is_refused(tmp_path: Path) -> None:
    """One wrong --data would otherwise turn one site into the other."""
    shop = Shop(tmp_path)
    with shop.serving():
        pass
    before = replayed_digest(shop.data)
    shop.site.write_text(SITE.replace('id = "shop"', 'id = "elsewhere"'))
    assert 'key id: "elsewhere" is not the site of this journal, which is shop' in shop.refusal()
    assert replayed_digest(shop.data) == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--listen", "0.0.0.0:50051"), "is not a loopback address"),
        (("--listen", "example.org:50051"), "is not a loopback address"),
        (("--listen", "127.0.0.1"), "is not an address and a port"),
        (("--listen", "127.0.0.1:99999"), "is not an address and a port"),
        (("--clock-speed", "0"), "is out of range"),
        (("--site", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(tmp_path: Path, more: tuple[str, ...], told: str) -> None:
    """Exit 2, one message, no journal."""
    shop = Shop(tmp_path)
    refusal = shop.refusal(*more)
    assert told in refusal
    assert "Traceback" not in refusal
    assert not shop.data.exists()


def test_one_journal_has_one_server(tmp_path: Path) -> None:
    """A second one on the same directory is refused."""
    shop = Shop(tmp_path)
    with shop.serving():
        assert "another process writes this journal" in shop.refusal()


def test_one_port_has_one_server(tmp_path: Path) -> None:
    """A second one on the same port is refused rather than given half of the clients."""
    shop, other = Shop(tmp_path), Shop(tmp_path)
    other.data = tmp_path / "other"
    with shop.serving() as (_, address):
        assert "cannot be listened on (address already in use)" in other.refusal("--listen", address)
    assert not other.data.exists()


def test_a_damaged_journal_is_refused_with_its_remedy(tmp_path: Path) -> None:
    """Exit 2 and no traceback."""
    shop = Shop(tmp_path)
    with shop.serving():
        pass
    journal = shop.data / "journal.sqlite"
    os.truncate(journal, 5_000)
    for name in ("journal.sqlite-wal", "journal.sqlite-shm"):
        (shop.data / name).unlink(missing_ok=True)
    refusal = shop.refusal()
    assert "--data" in refusal
    assert "Traceback" not in refusal


async def test_a_scaled_clock_runs_on_after_a_restart(tmp_path: Path) -> None:
    """From the last journalled instant, and it says that it is for demonstrations."""
    shop = Shop(tmp_path)
    with shop.serving("--clock-speed", "10000") as (_, address):
        async with Client(address) as client:
            began = time.monotonic()
            first = await client.call(client.operators.GetStatus, operators_pb2.GetStatusRequest())
            await asyncio.sleep(0.05)
            answer = await client.call(client.interactions.EnqueueInteraction, enqueue(1))
            passed_ms = (time.monotonic() - began) * 1_000
            assert 500_000 <= answer.enqueued_at_ms - first.at_ms <= passed_ms * 10_000
    with shop.serving("--clock-speed", "10000") as (_, address):
        async with Client(address) as client:
            status = await client.call(client.operators.GetStatus, operators_pb2.GetStatusRequest())
            assert (status.clock_speed, status.at_ms > answer.enqueued_at_ms) == (10_000.0, True)
