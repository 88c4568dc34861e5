"""`careroute audit`: does a journal add up?"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from routing.config.errors import ConfigError
from routing.store.audit import audited
from routing.store.errors import JournalError

_SHOWN_FINDINGS_MAX = 20


def audit(
    data: Annotated[Path, typer.Argument(help="The directory of the journal; its server may be running.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check that a journal is whole and adds up, without the router's own code.

    Every row against the chain of checksums; every accepted interaction ended exactly once or still open; one agent at a time; every offer
    ended exactly once; no agent over capacity; no request carried out twice.

    Exit 0: it adds up. Exit 1: it does not. Exit 2: there is no journal to read.

    Example: `careroute audit out/logs/least-cost-r0000`, of a day saved by `careroute compare examples/boston-311/busy-day.toml
    --policies least-cost --replications 1 --save-logs out/logs`
    """
    try:
        report = audited(data)
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path, remedy=error.remedy) from error
    typer.echo(json.dumps(report, indent=2, ensure_ascii=False) if as_json else _as_text(report))
    if report["findings"]:
        raise typer.Exit(1)


def _as_text(report: dict[str, Any]) -> str:
    interactions, offers, findings = report["interactions"], report["offers"], report["findings"]
    lines = [
        f"{report['events']} events in {report['rows']} rows, up to sequence {report['last_seq']} in epoch {report['epoch']}",
        f"checksum {report['checksum'] or 'of an empty journal'}",
        f"interactions: {interactions['arrived']} arrived, {_counts(interactions['ended'])} ended, {_counts(interactions['open'])} open",
        f"offers: {offers['made']} made, {_counts(offers['ended'])} ended, {offers['open']} open",
        f"requests: {report['requests']}, none twice" if not findings else f"requests: {report['requests']}",
    ]
    lines += [f"WRONG at sequence {finding['seq']}: {finding['problem']}" for finding in findings[:_SHOWN_FINDINGS_MAX]]
    if len(findings) > _SHOWN_FINDINGS_MAX:
        lines.append(f"and {len(findings) - _SHOWN_FINDINGS_MAX} more; --json lists all")
    many = "finding" if len(findings) == 1 else "findings"
    lines.append(f"{len(findings)} {many}: the journal does not add up" if findings else "the journal is whole and adds up")
    return "\n".join(lines)


def _counts(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    return f"{total} ({', '.join(f'{count} {name}' for name, count in counts.items())})" if total else "0"
