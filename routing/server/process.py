"""The process around a server: opens the journal, minds signals, and stops hard when it must."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from structlog.typing import FilteringBoundLogger

from routing.config.errors import ConfigError
from routing.policy.registry import PolicyRegistry
from routing.server.app import ServerOptions, SiteServer, serve
from routing.server.boot import Configuration, clock_from, configure, restore
from routing.server.log import configure_log
from routing.store.errors import JournalError
from routing.store.journal import Journal
from routing.store.sqlite import open_journal

if sys.platform == "win32":
    from asyncio import run
else:
    from uvloop import run

EXIT_FAILED = 1
SWITCH_S = 0.001
"""How long a busy thread keeps the interpreter from one that asks: Python's own 5 ms would hold up every commit of a busy server."""
GARBAGE_THRESHOLDS = (2_000, 3, 5_000)
"""When the collector looks at new, young and all objects. Nearly all that a server keeps is in use and ends by its count; a walk over all
of it takes 60 ms after ten seconds of load and grows, so it comes after some 40 million lasting objects, and the young ones stay few.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `careroute serve` was told besides its files; `clock_speed` is `None` for the machine's own clock."""

    listen: str
    data: Path
    clock_speed: float | None
    has_reflection: bool
    feed_events: int


def run_process(configuration: Configuration, registry: PolicyRegistry, options: ServeOptions) -> None:
    """Serve until SIGTERM or SIGINT. Ends the process with exit code 1, at once, where the journal fails or the router breaks.

    Raises:
        ConfigError: the journal, the files or the address cannot be used.
    """
    log = configure_log()
    with _explained():
        journal = open_journal(options.data)
        router, feed = restore(journal, registry, options.feed_events)
        clock = clock_from(router.state.at, options.clock_speed)
        changes = configure(router, journal, feed, configuration, clock.now())
    log.info("ready", sequence=router.state.seq, epoch=journal.epoch, agents=len(router.state.agents), open=len(router.state.interactions))
    for line in changes:
        log.info("changed since last served", change=line)
    if options.clock_speed is not None:
        log.warning("the clock is scaled, for demonstrations only", speed=options.clock_speed, now_ms=clock.now())
    server_options = ServerOptions(listen=options.listen, has_reflection=options.has_reflection)

    sys.setswitchinterval(SWITCH_S)
    gc.set_threshold(*GARBAGE_THRESHOLDS)

    async def main() -> None:
        server = SiteServer(router=router, journal=journal, clock=clock, feed=feed, options=server_options)
        await _serve(server, journal, log, options.listen)

    run(main())


async def _serve(server: SiteServer, journal: Journal, log: FilteringBoundLogger, listen: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await server.start()
    except OSError as error:
        remedy = "Choose another port, or stop what uses it."
        raise ConfigError("cannot be listened on", key="--listen", value=listen, remedy=remedy) from error
    log.info("listening", address=f"{listen.rpartition(':')[0]}:{server.port}")
    serving = asyncio.create_task(serve(server, stop))
    await asyncio.wait({serving})
    failure = serving.exception()
    if failure is not None:
        _stop_hard(log, failure)
    journal.close()
    log.info("drained")


def _stop_hard(log: FilteringBoundLogger, failure: BaseException) -> NoReturn:
    """End the process without another word to anybody: what is in memory may never have reached the disk."""
    log.critical("stopped", error=str(failure), exc_info=failure)
    sys.stderr.flush()
    os._exit(EXIT_FAILED)


@contextmanager
def _explained() -> Iterator[None]:
    """Tell a journal that cannot be used as bad input: the operator named its directory."""
    try:
        yield
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path, key="--data", remedy=error.remedy) from error
