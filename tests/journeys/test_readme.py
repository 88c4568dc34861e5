"""The README's commands and client, as pasted, against a real server."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from simulation.live_server import LiveServer

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "127.0.0.1:7070"


def blocks(language: str) -> list[str]:
    """The README's code blocks in a language."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    return found


def wait_for(address: str) -> None:
    """Until something listens there, at most 20 s."""
    host, port = address.split(":")
    began = time.monotonic()
    while time.monotonic() - began < 20:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens at {address}")


def test_the_client_works_as_pasted(tmp_path: Path) -> None:
    """It brings a call in, is offered it, takes it and ends it, against a server started with the README's own files."""
    (serve,) = [line for line in README.splitlines() if line.startswith("careroute serve ")]
    site, roster = (ROOT / name for name in re.findall(r"--(?:site|roster) (\S+)", serve))
    (client,) = blocks("python")
    assert ADDRESS in serve
    assert ADDRESS in client
    server = LiveServer(site=site, roster=roster, data=tmp_path / "data", clock_speed=1.0, log=tmp_path / "server.log")
    pasted = client.replace(ADDRESS, server.address)  # a free port: another server may have the README's
    with server:
        wait_for(server.address)
        done = subprocess.run([sys.executable, "-c", pasted], capture_output=True, text=True, timeout=30, check=False)
    assert ("", 0) == (done.stderr, done.returncode)
    assert ["queued", "offered", "offer_ended", "handling_ended"] == [line.split()[1] for line in done.stdout.splitlines()]
