"""A real `careroute serve` process on loopback, and the player process against it. The demo kills one while the other goes on."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from routing.config.errors import ConfigError

STOP_S = 30.0


class LiveServer:
    """`careroute serve` as a child process with its own data directory; `start` after a kill continues from the journal."""

    def __init__(self, *, site: Path, roster: Path, data: Path, clock_speed: float, log: Path) -> None:
        self.address = f"127.0.0.1:{_free_port()}"
        self._words = [
            *(
                sys.executable,
                "-c",
                "from routing.cli import main; main()",
                "serve",
                "--site",
                str(site),
                "--roster",
                str(roster),
                "--data",
                str(data),
            ),
            *("--listen", self.address, "--clock-speed", str(clock_speed)),
        ]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it is ready when its first client gets an answer."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self) -> None:
        """End the process as a crash would, without any chance to tidy up."""
        process = self._running()
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> int:
        """Ask the process to drain and end; its exit code."""
        process = self._running()
        process.send_signal(signal.SIGTERM)
        return process.wait(STOP_S)

    def __enter__(self) -> "LiveServer":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            tail = self._log.read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise ConfigError(f"the server has ended by itself:\n{tail}", value=self.address, remedy="Its last lines say why.")
        return self._process


class Progress(msgspec.Struct, frozen=True):
    """How far the player is: the plan's time in ms, and how many interactions were accepted and have ended."""

    at_ms: int
    accepted: int
    ended: int


class Result(msgspec.Struct, frozen=True):
    """What the player saw in the end; `ends` counts by cause, `digest` is that of the server's state at `sequence`."""

    accepted: int
    ended_once: int
    ends: dict[str, int]
    sequence: int
    digest: str


class Player:
    """The player as a child process: `progress` follows it, `result` waits for its end."""

    def __init__(self, plan: Path, *, address: str, speed: float) -> None:
        words = [sys.executable, "-m", "routing.adapters.player", str(plan), "--connect", address, "--speed", str(speed)]
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._last_line = ""

    def progress(self) -> Iterator[Progress]:
        """Every report but the last, as they come."""
        for line in _stream(self._process.stdout):
            if self._last_line:
                yield msgspec.json.decode(self._last_line, type=Progress)
            self._last_line = line

    def result(self) -> Result:
        """The last report.

        Raises:
            ConfigError: the player could not play to the end; the text says why.
        """
        errors = _stream(self._process.stderr).read()
        if self._process.wait() != 0 and errors:
            raise ConfigError(f"the player gave up:\n{errors[-2_000:]}", remedy="Its last lines say why.")
        return msgspec.json.decode(self._last_line, type=Result)

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise AssertionError("the process was started with a pipe")
    return stream


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
