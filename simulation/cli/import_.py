"""`careroute import`: another system's table becomes recorded interactions, with an account of every row."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError

if TYPE_CHECKING:
    from simulation.importers.report import ImportReport


def import_(
    file: Annotated[Path, typer.Argument(help="The table to read: CSV or gzipped CSV.")],
    mapping: Annotated[Path, typer.Option(help="The mapping file (careroute/mapping/1) that says what its columns mean.")],
    out: Annotated[Path, typer.Option(help="The file to write (careroute/interactions/1): .csv, .csv.gz or .parquet.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (careroute/import/1).")] = False,
) -> None:
    """Turn another system's table into recorded interactions.

    Every row is written, filtered or counted as dirty with its reason; a log with too many dirty rows is refused and nothing is written.

    Example: `careroute import examples/boston-311/day-2015-08-11.csv.gz --mapping examples/boston-311/mapping.toml --out out/day.csv`
    """
    from simulation.importers.registry import import_interactions
    from simulation.interactions import write_interactions

    if out.resolve() in (file.resolve(), mapping.resolve()):
        raise ConfigError("would be overwritten by its own import", value=str(out), remedy="Name another file with --out.")
    imported = import_interactions(file, mapping)
    write_interactions(out, imported.interactions)
    if as_json:
        print(json.dumps(imported.report.as_json(), indent=2, ensure_ascii=False))
    else:
        _print_report(imported.report, out)


def _print_report(report: "ImportReport", out: Path) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(soft_wrap=True)
    console.print(f"Read {report.read:,} rows and wrote {report.written:,} interactions to {escape(str(out))}.")
    if not report.tallies:
        console.print("Every row was used as it stands.")
        return
    table = Table("treatment", "reason", "rows", "first lines", "example")
    for tally in report.tallies.values():
        lines = ", ".join(str(line) for line in tally.first_lines)
        table.add_row(tally.treatment, escape(tally.reason), f"{tally.count:,}", lines, escape(tally.example))
    console.print(table)
