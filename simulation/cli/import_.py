"""`careroute import`: another system's table becomes recorded interactions, with an account of every row."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError

if TYPE_CHECKING:
    from simulation.importers.report import ImportReport


def import_(
    file: Annotated[Path, typer.Argument(help="The table or the platform's log, gzipped or not.")],
    out: Annotated[Path, typer.Option(help="The file to write (careroute/interactions/1): .csv, .csv.gz or .parquet.")],
    *,
    mapping: Annotated[Path | None, typer.Option(help="The mapping file (careroute/mapping/1); a table needs one.")] = None,
    log_format: Annotated[str | None, typer.Option("--format", help="In place of a mapping file, whose log it is.")] = None,
    roster: Annotated[Path | None, typer.Option(help="Also write who was there, inferred from the log (careroute/roster/1).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (careroute/import/1).")] = False,
) -> None:
    """Turn another system's table or a platform's log into recorded interactions.

    Every row is used, filtered or counted as dirty with its reason; a log with too many dirty rows is refused and nothing is written.

    Example: `careroute import examples/boston-311/day-2015-08-11.csv.gz --mapping examples/boston-311/mapping.toml --out out/day.csv`
    """
    from simulation.importers.inferred_roster import inferred_agents, write_inferred_roster
    from simulation.importers.registry import import_interactions, import_platform_log, mapping_of_format
    from simulation.interactions import write_interactions

    _refuse_overwriting([file, *([] if mapping is None else [mapping])], [out, *([] if roster is None else [roster])])
    if (mapping is None) == (log_format is None):
        raise ConfigError("needs either --mapping or --format", value="import", remedy="Name one of them.")
    imported = import_interactions(file, mapping) if mapping is not None else import_platform_log(file, mapping_of_format(log_format or ""))
    agents = () if roster is None else inferred_agents(imported.interactions, imported.presences, imported.types)
    if roster is not None and not agents:
        raise ConfigError("names no agent", file=file, remedy="Leave --roster out.")
    write_interactions(out, imported.interactions)
    written = [out]
    if roster is not None:
        written += write_inferred_roster(roster, agents, source=file.name, zone=imported.mapping.time.zone)
    if as_json:
        print(json.dumps(imported.report.as_json(), indent=2, ensure_ascii=False))
    else:
        _print_report(imported.report, written)


def _refuse_overwriting(sources: list[Path], targets: list[Path]) -> None:
    for target in targets:
        if target.resolve() in {source.resolve() for source in sources}:
            raise ConfigError("would be overwritten by its own import", value=str(target), remedy="Name another file.")


def _print_report(report: "ImportReport", written: list[Path]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(soft_wrap=True)
    console.print(f"Read {report.read:,} rows and wrote {report.written:,} interactions to {escape(str(written[0]))}.")
    if written[1:]:
        console.print(f"Wrote who was there, inferred from the log, to {escape(' and '.join(str(path) for path in written[1:]))}.")
    if report.inferred:
        told = ", ".join(f"{column} of {count:,}" for column, count in report.inferred.items())
        console.print(f"Worked out instead of read: {told}.")
    if not report.tallies:
        console.print("Every row was used as it stands.")
        return
    table = Table("treatment", "reason", "rows", "first lines", "example")
    for tally in report.tallies.values():
        lines = ", ".join(str(line) for line in tally.first_lines)
        table.add_row(tally.treatment, escape(tally.reason), f"{tally.count:,}", lines, escape(tally.example))
    console.print(table)
