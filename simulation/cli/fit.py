"""`careroute fit`: the laws behind a log, as a file that a scenario can use, with a page that shows how well they fit."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class What(StrEnum):
    """What is fitted."""

    BEHAVIOUR = "behaviour"


def fit(
    what: Annotated[What, typer.Argument(help="behaviour: patience, handling, wrap-up and ringing, as a behaviour file.")],
    log: Annotated[Path, typer.Argument(help="Recorded interactions (careroute/interactions/1), or the directory of a journal.")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    html: Annotated[Path | None, typer.Option(help="Write the page of goodness of fit here.")] = None,
    roster: Annotated[Path | None, typer.Option(help="Write [[pace]] for the agents of this roster only. Default: all of the log.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every family, parameter and count as JSON (careroute/fit/1).")] = False,
) -> None:
    """Fit laws to a log and write them as a file with their sources.

    Patience is fitted as what it is, censored by every answer; all intervals are of 99 %.

    Example: `careroute fit behaviour LOG --out behaviour.toml --html fit.html`
    """
    del what  # one so far
    from dataclasses import replace

    from routing.config.roster_file import load_roster
    from simulation.files import write_text
    from simulation.fits.agents import agent_speeds, at_common_pace
    from simulation.fits.observed import observe
    from simulation.fits.page import page_of
    from simulation.fits.rules import behaviour_fit
    from simulation.fits.write import document_of, lines_of, write_behaviour
    from simulation.recorded import read_log

    recorded = read_log(log)
    observed = observe(recorded.interactions)
    agents = agent_speeds(observed.handling)
    fitted = behaviour_fit(replace(observed, handling=at_common_pace(observed.handling, agents)), recorded.name, agents)
    members = None if roster is None else {member.agent.id for member in load_roster(roster, None).members}
    written = [write_behaviour(fitted, out, of=members)]
    if html is not None:
        written.append(write_text(html, page_of(fitted)))
    typer.echo(json.dumps(document_of(fitted), indent=2, ensure_ascii=False) if as_json else "\n".join(lines_of(fitted, of=members)))
    for path in written:
        typer.echo(f"wrote {path}", err=True)
