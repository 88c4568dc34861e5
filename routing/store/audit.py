"""Does a journal add up? Read by code that shares nothing with the router."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from routing.store.errors import JournalDamaged
from routing.store.journal import JournalReader
from routing.store.ledger import Finding, Ledger
from routing.store.sqlite import read_journal

AUDIT_SCHEMA = "careroute/audit/1"


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
        "interactions": {"arrived": ledger.arrived, "legs": ledger.legs, "ended": _sorted(ledger.ended), "open": _sorted(ledger.live)},
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
