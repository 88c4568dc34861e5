"""How many interactions the server carries from enqueue to end, and how fast an offer is seen, beside a bare grpc.aio echo in the same run.

The server runs with its durable journal as `careroute serve` on loopback; the platform and the agents' desktops are processes of their own.
An interaction is one unary enqueue, an offer on the agents' stream, an accept and an end. The echo answers the same number of unary calls
and does nothing else. All of them share the machine's cores.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.result import Result
from simulation.live_server import LiveServer

PACKAGES = ("grpcio", "protobuf")
PEER = "bare grpc.aio echo"
AGENTS, STREAMS, CONCURRENCY, RATE = 300, 4, 64, 500.0
SECONDS, RAMP_S = 10.0, 2.0
_ROOT = Path(__file__).resolve().parents[1]
_WORKLOADS = Path(__file__).parent / "workloads"


def run(*, quick: bool = False) -> Iterator[Result]:
    """Throughput with a closed loop, then delays at 500 a second with an open one; `quick` measures a fifth of the time."""
    seconds = SECONDS / 5 if quick else SECONDS
    served, delays = _careroute(seconds, rate=0.0)
    answered, _ = _echo(seconds, rate=0.0)
    yield Result(
        case="closed loop",
        metric="rate",
        value=_rate(served, seconds),
        unit="interactions/s",
        peer=PEER,
        peer_value=_rate(answered, seconds),
    )
    _, delays = _careroute(seconds, rate=RATE)
    _, latencies = _echo(seconds, rate=RATE)
    for metric, share in (("p50", 0.5), ("p99", 0.99)):
        ours, theirs = float(np.quantile(delays, share)) / 1e6, float(np.quantile(latencies, share)) / 1e6
        yield Result(case=f"{RATE:g}/s, enqueue to offer seen", metric=metric, value=ours, unit="ms", peer=PEER, peer_value=theirs)


def _careroute(seconds: float, *, rate: float) -> tuple[list[int], list[int]]:
    """When each contact ended, and the delays from enqueue to offer, ns."""
    with tempfile.TemporaryDirectory(prefix="careroute-bench-") as folder:
        log = Path(folder) / "server.log"
        site, roster = _WORKLOADS / "server-site.toml", _WORKLOADS / "server-roster.toml"
        with LiveServer(site=site, roster=roster, data=Path(folder) / "data", clock_speed=1.0, log=log) as server:
            _wait_for(server.address)
            desks = _start("desks", server.address, AGENTS, STREAMS, RAMP_S + seconds + 2)
            time.sleep(RAMP_S / 2)
            _result(_start("platform", server.address, CONCURRENCY, rate, RAMP_S / 2 + seconds))
            seen = _result(desks)
    return seen["ended_at_ns"], seen["delays_ns"]


def _echo(seconds: float, *, rate: float) -> tuple[list[int], list[int]]:
    """When each call was answered, and how long it took, ns."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with _ended(_start("echo-server", address)):
        _wait_for(address)
        seen = _result(_start("echo", address, CONCURRENCY, rate, seconds))
    return seen["answered_at_ns"], seen["latencies_ns"]


def _rate(instants_ns: Sequence[int], seconds: float) -> float:
    """Events a second over the last `seconds` in which there were any, so that starting up does not count."""
    instants = np.array(instants_ns)
    last = instants.max() if len(instants) else 0
    return float(np.count_nonzero(instants > last - seconds * 0.8 * 1e9) / (seconds * 0.8))


def _start(role: str, address: str, *numbers: float) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "benchmarks.server_load", role, address, *map(str, numbers)]
    return subprocess.Popen(words, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def _result(process: "subprocess.Popen[str]") -> dict[str, list[int]]:
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args!r} ended with exit code {process.returncode}")
    result: dict[str, list[int]] = json.loads(output)
    return result


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def _wait_for(address: str, patience_s: float = 20.0) -> None:
    """Until something listens there."""
    host, port = address.rsplit(":", 1)
    began = time.monotonic()
    while time.monotonic() - began < patience_s:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens at {address} after {patience_s:g} s")
