"""`careroute demo`: a real day over gRPC, a crash in the middle, and three policies compared on the same city."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.live_server import LiveServer, Player, Result
    from simulation.scenario import Scenario

_EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "boston-311"
_OPENS_MS = 8 * 3_600_000
_POLICIES = ("longest-idle", "skills-priority", "least-cost")
_SPEED_MAX = 600.0
_HANDFUL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One line of proof: what was checked, what was found, and whether it holds."""

    claim: str
    found: str
    holds: bool


def demo(
    *,
    speed: Annotated[float, typer.Option(min=1, max=_SPEED_MAX, help="How many times faster than it came the day is played.")] = _SPEED_MAX,
    replications: Annotated[int, typer.Option(min=2, help="How many days to simulate for each policy.")] = 10,
    report: Annotated[Path, typer.Option(help="Where the report page goes.")] = Path("build/demo/report.html"),
) -> None:
    """Play a real day through a real server, crash it on the way, prove that nothing was lost, and compare three policies.

    Everything runs on this machine and is removed afterwards, except the report. Works from a checkout.

    Example: `careroute demo --speed 300`
    """
    from rich.console import Console

    from simulation.scenario_file import load_scenario

    console = Console(highlight=False, soft_wrap=True)
    day_file = _EXAMPLE / "busy-day.toml"
    if not day_file.is_file():
        raise ConfigError("needs the folder of examples", value="demo", remedy="Run it from a checkout of Careroute.")
    began = time.monotonic()
    scenario = load_scenario(day_file)
    with tempfile.TemporaryDirectory(prefix="careroute-demo-") as folder:
        proofs = _play(scenario, Path(folder), speed, console)
    console.print("\n[bold]Proof, from outside the server[/bold]")
    for proof in proofs:
        console.print(f"  {'[green]holds[/green] ' if proof.holds else '[red]FAILS[/red] '} {proof.claim}: {proof.found}")
    _compare(replications, report, console)
    console.print(f"\nThe demo took {time.monotonic() - began:.0f} s.")
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(1)


def _play(scenario: "Scenario", folder: Path, speed: float, console: "Console") -> list[Proof]:
    from routing.config.roster import local_instant
    from simulation import live_day
    from simulation.live_server import LiveServer, Player

    roster = next(iter(scenario.rosters))
    opens_at = local_instant(scenario.date, _OPENS_MS, scenario.zone_info)
    site, plan, data = folder / "site.toml", folder / "plan.json", folder / "data"
    live_day.write_site_with_long_leases(_EXAMPLE / "site.toml", site)
    contacts = live_day.write_plan(scenario, roster, opens_at, plan)
    console.print(
        f"[bold]{scenario.name}[/bold], from 08:00 on: {contacts} requests, played over gRPC {speed:g} times as fast as they came."
    )
    console.print("Offers and sessions get long leases to match the clock; waits under such a clock mean nothing, so none are shown.")
    server = LiveServer(site=site, roster=_EXAMPLE / "roster.toml", data=data, clock_speed=speed, log=folder / "server.log")
    with server, Player(plan, address=server.address, speed=speed) as player:
        _follow(player, server, contacts=contacts, console=console)
        result = player.result()
        drained = server.stop()
    return [
        Proof(
            claim="the platform's own books",
            found=f"{result.accepted} interactions accepted, {result.ended_once} ended exactly once ({_in_words(result.ends)})",
            holds=contacts == result.accepted == result.ended_once,
        ),
        Proof(claim="the server drained", found=f"exit code {drained} after a request to stop", holds=drained == 0),
        *_proofs_of_journal(data, result),
    ]


def _follow(player: "Player", server: "LiveServer", *, contacts: int, console: "Console") -> None:
    """Show progress; crash the server in the middle of the day, at a moment when it has a handful of requests, and start it again."""
    from rich.progress import BarColumn, Progress, TextColumn

    crashed = False
    columns = (TextColumn("{task.completed}/{task.total} requests ended"), BarColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("day", total=contacts)
        for report in player.progress():
            bar.update(task, completed=report.ended)
            in_hand = report.accepted - report.ended
            if not crashed and (report.ended >= contacts // 2 or (report.ended >= contacts // 3 and in_hand >= _HANDFUL)):
                crashed = True
                console.print(f"  SIGKILL to the server with {in_hand} requests in its hands; starting it again.")
                server.kill()
                server.start()


def _proofs_of_journal(data: Path, result: "Result") -> list[Proof]:
    from contextlib import closing

    from routing.config.plugins import registry_with_plugins
    from routing.core.canonical import state_digest
    from routing.store.audit import audited
    from routing.store.replay import replay
    from routing.store.sqlite import read_journal

    audit = audited(data)
    ended = sum(audit["interactions"]["ended"].values())
    with closing(read_journal(data)) as journal:
        digest = state_digest(replay(journal, registry_with_plugins(), until_seq=result.sequence).state)
    return [
        Proof(
            claim="an audit that shares no code with the router",
            found=f"{audit['events']} events in the journal, {audit['interactions']['arrived']} accepted, {ended} ended once, "
            f"{len(audit['findings'])} findings",
            holds=not audit["findings"] and ended == audit["interactions"]["arrived"] == result.accepted,
        ),
        Proof(
            claim=f"the journal replayed up to event {result.sequence}",
            found=f"state digest {digest[:12]}, the server's was {result.digest[:12]}",
            holds=digest == result.digest,
        ),
    ]


def _in_words(ends: "dict[str, int]") -> str:
    words = {"cancelled": "left for the next day"}
    return ", ".join(f"{count} {words.get(cause, cause)}" for cause, count in ends.items())


def _compare(replications: int, report: Path, console: "Console") -> None:
    from simulation import api
    from simulation.cli.compare import progress
    from simulation.files import write_text
    from simulation.report.terminal import print_comparison

    console.print("\n[bold]The same city under three policies[/bold], ten times the traffic, in the simulator with the same router:")
    with progress(replications) as on_done:
        comparison = api.compare(
            _EXAMPLE / "busy-day-x10.toml",
            policies=list(_POLICIES),
            rosters=None,
            replications=replications,
            seed=None,
            workers=os.cpu_count() or 1,
            on_done=on_done,
        )
    print_comparison(comparison.results, console)
    write_text(report, comparison.to_html())
    console.print(f"\nThe report page: {report}")
