"""`careroute sweep`: many scenarios, policies and rosters, with results that are kept and gone on with."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.compare import opened, progress


def sweep(
    plan: Annotated[Path, typer.Argument(help="The plan of the sweep (careroute/sweep/1).")],
    *,
    results: Annotated[Path, typer.Option(help="The folder of results: what is there already is not computed again.")],
    replications: Annotated[int | None, typer.Option(min=1, help="How many of each arm in all. Default: the plan's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use; the result is the same. Default: all cores.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Compute on a Dask cluster: its scheduler's address, as tcp://HOST:PORT.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every measure of every arm, as .parquet or .csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON (careroute/swept/1).")] = False,
) -> None:
    """Run scenarios x parameters x policies x rosters, and keep every result under a hash of what made it.

    The same command goes on where it was stopped; more replications are added to those that are there. Changed inputs, or another version
    of the code, are computed afresh and never mixed with what was there.

    Example: `careroute sweep examples/front-desk/sweep.toml --results out/sweep`
    """
    from dataclasses import replace

    from rich.console import Console

    from simulation.files import check_can_write
    from simulation.report.raw import check_raw, write_frame
    from simulation.report.sweep import print_sweep, sweep_frame, sweep_json
    from simulation.studies.sweep.plan import load_sweep
    from simulation.studies.sweep.run import missing, run_missing, swept
    from simulation.studies.sweep.store import Results

    if out is not None:
        check_raw(out)
        check_can_write(out)
    planned = load_sweep(plan)
    planned = planned if replications is None else replace(planned, replications=replications)
    with Results(results) as kept:
        total = sum(len(parts) for _, parts in missing(planned, kept))
        whole = f"{len(planned.variants)} scenarios x {planned.replications} replications"
        print(f"{whole}: {total:,} are to be computed", file=sys.stderr)
        if total:
            try:
                with opened(workers, cluster, total) as crew, progress(total) as on_done:
                    run_missing(planned, kept, crew=crew, on_done=on_done)
            except KeyboardInterrupt:
                print(f"stopped: what is finished is kept in {kept.path}, and the same command goes on from there", file=sys.stderr)
                raise
        found = list(swept(planned, kept))
        others = kept.others({key for one in found for key in one.variant.keys})
    if others:
        print(f"{others:,} results of other inputs or other code are in the folder, too, and not part of this", file=sys.stderr)
    if out is not None:
        print(f"wrote {write_frame(sweep_frame(found), out)}", file=sys.stderr)
    if as_json:
        print(sweep_json(planned.name, found), end="")
    else:
        print_sweep(found, Console())
