"""`careroute check`: says whether a file can be used, before anything depends on it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from routing.config.errors import ConfigError
from routing.config.findings import SEVERITIES, Severity
from routing.config.report import CheckReport, as_report, check_roster_against
from routing.config.roster_file import ROSTER_SCHEMA
from routing.config.schemas import checker_of, schema_of_file

CHECK_SCHEMA = "careroute/check/1"


def check(
    file: Annotated[Path, typer.Argument(help="A site, roster, policy, scenario, behaviour, mapping, plan or recorded interactions.")],
    site: Annotated[Path | None, typer.Option(help="Check a roster's skills and channels against this site.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    fail_on: Annotated[Severity | None, typer.Option(help="Exit with 1 where a finding is as bad as this, or worse.")] = None,
) -> None:
    """Check one file by its schema and tell what it holds.

    Exit 0: it can be used, though there may be findings. Exit 1: there are some that --fail-on names. Exit 2: it cannot be used, and the
    message says where and why.

    Example: `careroute check examples/boston-311/site.toml`
    """
    schema = schema_of_file(file)
    if site is None:
        report = as_report(checker_of(schema, file)(file))
    elif schema == ROSTER_SCHEMA:
        report = check_roster_against(file, site)
    else:
        raise ConfigError("is checked without a site", file=file, value=schema, remedy="--site goes with a roster.")
    print(_json_text(file, schema, report) if as_json else _text(file, schema, report))
    if fail_on is not None and any(SEVERITIES.index(one.severity) <= SEVERITIES.index(fail_on) for one in report.findings):
        raise typer.Exit(1)


def _text(file: Path, schema: str, report: CheckReport) -> str:
    lines = [f"{file}: a valid {schema}"]
    lines += [f"  {name}: {value}" for name, value in report.facts.items()]
    lines += [f"{finding.severity}: {finding.text}" for finding in report.findings]
    return "\n".join(lines)


def _json_text(file: Path, schema: str, report: CheckReport) -> str:
    findings = [asdict(one) for one in report.findings]
    content = {"schema": CHECK_SCHEMA, "file": str(file), "checked": schema, "facts": dict(report.facts), "findings": findings}
    return json.dumps(content, indent=2, ensure_ascii=False)
