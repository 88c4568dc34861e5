"""`careroute audit`: does a journal add up?"""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from routing.config.errors import ConfigError
from routing.store.errors import JournalDamaged, JournalError
from routing.store.journal import JournalReader
from routing.store.ledger import Finding, Ledger
from routing.store.sqlite import read_journal

AUDIT_SCHEMA = "careroute/audit/1"
_SHOWN_FINDINGS_MAX = 20


def audit(
    data: Annotated[Path, typer.Argument(help="The directory of the journal; its server may be running.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check that a journal is whole and adds up, without the router's own code.

    Every row against the chain of checksums; every accepted interaction ended exactly once or still open; one agent at a time; every offer
    ended exactly once; no agent over capacity; no request carried out twice.

    Exit 0: it adds up. Exit 1: it does not. Exit 2: there is no journal to read.

    Example: `careroute audit /var/lib/careroute`
    """
    try:
        report = audited(data)
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path, remedy=error.remedy) from error
    typer.echo(json.dumps(report, indent=2, ensure_ascii=False) if as_json else _as_text(report))
    if report["findings"]:
        raise typer.Exit(1)


def audited(data: Path) -> dict[str, Any]:
    """The content of `careroute/audit/1`: counts, and the findings, which are empty where all adds up.

    Raises:
        JournalMissing, JournalNewer, JournalError: there is nothing to audit, or nothing that this version can.
    """
    ledger = Ledger()
    totals = {"rows": 0, "events": 0, "last_seq": 0, "epoch": 0, "first_at": None, "last_at": None, "checksum": ""}
    damage: list[Finding] = []
    try:
        with closing(read_journal(data)) as journal:
            _enter_all(journal, ledger, totals)
        ledger.close()
    except JournalDamaged as error:
        # What follows the damage was not read, so the books cannot be closed.
        damage.append(Finding(error.row or 0, error.problem))
    return {
        "schema": AUDIT_SCHEMA,
        **totals,
        "interactions": {"arrived": ledger.arrived, "ended": _sorted(ledger.ended), "open": _sorted(ledger.live)},
        "offers": {"made": ledger.offers_made, "ended": _sorted(ledger.offers_ended), "open": ledger.offers_open},
        "requests": ledger.requests,
        "findings": [{"seq": finding.seq, "problem": finding.problem} for finding in (*damage, *ledger.findings)],
    }


def _enter_all(journal: JournalReader, ledger: Ledger, totals: dict[str, Any]) -> None:
    for sealed in journal.read():
        row = sealed.row
        try:
            tagged = json.loads(row.payload)
            if len(tagged) != row.last_seq - row.first_seq + 1:
                raise ValueError(f"{len(tagged)} events for sequences {row.first_seq} to {row.last_seq}")
            for seq, (name, version, fields) in enumerate(tagged, row.first_seq):
                ledger.take(seq=seq, at=row.at, name=name, version=version, fields=fields)
        except (ValueError, TypeError, KeyError) as error:
            problem = f"row {row.first_seq} does not have the shape of events ({type(error).__name__}: {error})"
            raise JournalDamaged(problem, remedy="", row=row.first_seq) from error
        totals["rows"] += 1
        totals["events"] += len(tagged)
        totals["last_seq"], totals["epoch"], totals["checksum"] = row.last_seq, sealed.epoch, sealed.checksum.hex()
        totals["first_at"], totals["last_at"] = totals["first_at"] or row.at, row.at


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}


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
    lines.append(f"{len(findings)} findings: the journal does not add up" if findings else "the journal is whole and adds up")
    return "\n".join(lines)


def _counts(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    return f"{total} ({', '.join(f'{count} {name}' for name, count in counts.items())})" if total else "0"
