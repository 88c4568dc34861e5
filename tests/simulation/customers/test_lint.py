"""The linter of what customers do: each trap is found where it stands, and shown by the page of findings."""

import gzip
from pathlib import Path

import pytest

from routing.config.findings import Finding
from simulation.checks import check_scenario_file
from tests.simulation.customers.desk import ROSTER, SITE, written

PAGE = Path("docs/reference/findings.md").read_text(encoding="utf-8").replace("\n> ", " ")
THREE_MORE = "".join(f'\n[[agents]]\nid = "{name}"\nchannels = ["phone"]\nshifts = ["day"]\n' for name in ("bea", "cem", "dan"))
WINDOWS = """
schema = "careroute/policy/1"
name = "jointly"
match_interval = "2s"
filters = ["presence", "channel", "capacity", "skill", "declined"]

[scorers]
longest_idle = "1ms"
"""


def findings(scenario: Path) -> tuple[Finding, ...]:
    """What is found in a scenario."""
    return check_scenario_file(scenario).findings


def expect(found: tuple[Finding, ...], name: str, key: str) -> None:
    """One finding, at its key, with a line, as the page shows it."""
    assert [(one.check, one.key) for one in found] == [(name, key)]
    assert found[0].line is not None
    assert f"{found[0].consequence}. {found[0].remedy}\n" in PAGE


@pytest.mark.parametrize(("count", "is_found"), [(3, True), (4, False)])
def test_fewer_lines_than_agents(tmp_path: Path, count: int, is_found: bool) -> None:
    """Four agents at once on three lines, and on four."""
    path = written(tmp_path, scenario=f"[lines.trunks]\nchannels = ['phone']\ncount = {count}\n")
    (tmp_path / "roster.toml").write_text(ROSTER + THREE_MORE)
    if is_found:
        expect(findings(path), "fewer-lines-than-agents", "lines.trunks.count")
    else:
        assert findings(path) == ()


@pytest.mark.parametrize(("after", "is_found"), [("0s", True), ("2s", True), ("3s", False)])
def test_customers_who_notice_before_a_window_ends(tmp_path: Path, after: str, is_found: bool) -> None:
    """A policy that decides every two seconds, and customers who notice before, as it does, and later."""
    balking = f'[[balking]]\nafter = "{after}"\nshare = 0.1\nsource = "assumption: a test"\n'
    path = written(tmp_path, behaviour=balking, site=SITE.replace('id = "desk"', 'id = "desk"\npolicy = "windows.toml"'))
    (tmp_path / "windows.toml").write_text(WINDOWS)
    found = findings(path)
    assert [one.check for one in found] == (["notices-before-a-match"] if is_found else [])
    if after == "0s":
        expect(found, "notices-before-a-match", "behaviour")


@pytest.mark.parametrize("within", ["", 'redials_within = "1h"'])
def test_a_log_with_redials_that_nobody_looks_for(tmp_path: Path, within: str) -> None:
    """A hundred and fifty calls, twelve of them by customers who had just left."""
    rows = [f"c{number},{1439294400000 + number * 60_000},phone,anything,{{}},,,,," for number in range(126)]
    rows += [
        f"l{number},{1439298000000 + number},phone,anything,{{}},,p{number},,{1439298060000 + number},abandoned" for number in range(12)
    ]
    rows += [f"r{number},{1439299000000 + number},phone,anything,{{}},,p{number},,," for number in range(12)]
    header = "id,arrived_at_ms,channel,type,attributes,due_at_ms,customer,answered_at_ms,ended_at_ms,outcome"
    path = written(tmp_path)
    with gzip.open(tmp_path / "log.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join([header, *rows]) + "\n")
    text = path.read_text()
    path.write_text(text[: text.index("[[demand.rates]]")] + f'[demand]\nlog = "log.csv.gz"\n{within}\n')
    if within:
        assert findings(path) == ()
    else:
        expect(findings(path), "unbound-redials", "demand.log")
