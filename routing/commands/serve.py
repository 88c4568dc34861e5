"""`careroute serve`: route a site over gRPC, with a durable journal."""

import ipaddress
import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from routing.config.errors import ConfigError

SPEED_MAX = 10_000.0


def serve(
    *,
    site: Annotated[Path, typer.Option(help="The site file: channels, queues, rules and policy.")],
    data: Annotated[Path, typer.Option(help="Directory of the journal; made where it is missing. One server at a time may use it.")],
    roster: Annotated[Path | None, typer.Option(help="The roster: its agents are registered at the start.")] = None,
    listen: Annotated[str, typer.Option(help="Loopback address and port; port 0 takes a free one.")] = "127.0.0.1:50051",
    clock_speed: Annotated[
        float | None, typer.Option(help="For demonstrations only: run time this many times faster, on from the journal's last instant.")
    ] = None,
    reflection: Annotated[
        bool, typer.Option("--reflection/--no-reflection", help="Describe the services to tools such as grpcurl.")
    ] = True,
    feed_events: Annotated[int, typer.Option(min=1, help="How many of the latest events a stream can resume from.")] = 100_000,
) -> None:
    """Serve a site over gRPC until SIGTERM or SIGINT.

    Everything that is answered is in the journal first, so that a killed server goes on where it was. Without TLS it listens on loopback
    only. Exit 0: drained. Exit 1: the journal failed or a defect was found; start it again. Exit 2: a file or an option cannot be used.

    Example: `careroute serve --site examples/boston-311/site.toml --roster examples/boston-311/roster.toml --data out/journal`
    """
    from routing.config.plugins import registry_with_plugins
    from routing.config.roster_file import load_roster
    from routing.config.site import load_site
    from routing.server.boot import Configuration
    from routing.server.process import ServeOptions, run_process

    check_loopback(listen)
    check_speed(clock_speed)
    check_free(listen)
    registry = registry_with_plugins()
    site_model = load_site(site, registry)
    agents = () if roster is None else load_roster(roster, site_model).agents
    configuration = Configuration(site=site_model, site_file=site, agents=agents, roster_file=roster)
    options = ServeOptions(listen=listen, data=data, clock_speed=clock_speed, has_reflection=reflection, feed_events=feed_events)
    run_process(configuration, registry, options)


def check_loopback(listen: str) -> None:
    """Refuse an address that others could reach: without TLS, everything on it is in the clear.

    Raises:
        ConfigError: it is not loopback, or not an address and a port.
    """
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isascii() or not port.isdecimal() or int(port) > 65_535:
        raise ConfigError("is not an address and a port", key="--listen", value=listen, remedy="Write 127.0.0.1:50051, for example.")
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        remedy = "Listen on 127.0.0.1, and put a proxy that speaks TLS in front to serve others."
        raise ConfigError("is not a loopback address, and there is no TLS yet", key="--listen", value=listen, remedy=remedy)


def check_free(listen: str) -> None:
    """Refuse an address that is taken, before anything is written; whoever takes it a moment later is refused when the server starts.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        remedy = "Choose another port, or stop what uses it; port 0 takes a free one."
        raise ConfigError(f"cannot be listened on ({why})", key="--listen", value=listen, remedy=remedy) from error


def check_speed(clock_speed: float | None) -> None:
    """Refuse a clock that stands still, runs back or cannot be kept up with.

    Raises:
        ConfigError: it is out of range.
    """
    if clock_speed is not None and not 0 < clock_speed <= SPEED_MAX:
        raise ConfigError(
            "is out of range", key="--clock-speed", value=clock_speed, remedy=f"Choose more than 0 and at most {SPEED_MAX:g}."
        )
