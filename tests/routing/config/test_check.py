"""`careroute check`, and every example of the reference pages put through it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from routing.cli import main
from routing.config.report import as_report
from routing.config.site import load_site
from routing.policy.registry import PolicyRegistry, default_registry
from tests.routing.config.files import POLICY, ROSTER, SITE, a_site, changed, written

ROOT = Path(__file__).parents[3]
PAGES = ("site", "roster", "policy")


def examples(page: str, language: str) -> list[str]:
    """The code blocks of one language on a reference page."""
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run(*words: str | Path) -> int:
    """The exit code of one command line."""
    with pytest.raises(SystemExit) as caught:
        main([str(word) for word in words])
    return caught.value.code if isinstance(caught.value.code, int) else 0


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_the_reference_are_valid(page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every complete file on a page passes the check without a finding."""
    files = [text for text in examples(page, "toml") if text.startswith("schema")]
    assert files
    for text in files:
        assert run("check", written(tmp_path, f"{page}.toml", text)) == 0
        assert f"a valid careroute/{page}/1" in capsys.readouterr().out


def test_the_sites_of_the_reference_have_no_findings(tmp_path: Path) -> None:
    """An example that the linter complains about would teach the wrong thing."""
    assert [a_site(tmp_path, text).findings for text in examples("site", "toml")] == [(), (), (), (), ()]


def test_the_csv_rosters_of_the_reference_are_valid(tmp_path: Path) -> None:
    """The tables on the page are rosters by their headers: one row an agent, and one row a shift."""
    assert [run("check", written(tmp_path, "roster.csv", table)) for table in examples("roster", "csv")] == [0, 0]


def test_the_python_example_of_the_reference_registers_its_policy() -> None:
    """The module on the page does what it says when its function is called."""
    (code,) = examples("policy", "python")
    module = ModuleType("clinic_routing")
    exec(compile(code, "clinic_routing", "exec"), module.__dict__)
    registry: PolicyRegistry = default_registry()
    module.register(registry)
    assert [name for name, _, _ in registry.build(registry.spec("clinic")).scorers] == ["spare_the_busy"]


def test_the_boston_site_is_valid_and_clean(capsys: pytest.CaptureFixture[str]) -> None:
    """The example that ships has twelve families, six channels and no findings."""
    assert run("check", ROOT / "examples" / "boston-311" / "site.toml", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["checked"], report["findings"]) == ("careroute/site/1", [])
    assert (report["facts"]["channels"], report["facts"]["queues"], report["facts"]["skills"]) == (6, 13, 12)


def test_the_boston_site_knows_every_family_of_the_data() -> None:
    """The families of the type table are the skills of the site, and the channels of the source table its channels."""
    folder = ROOT / "examples" / "boston-311"
    site = load_site(folder / "site.toml", default_registry())
    families = {line.rpartition(",")[2] for line in (folder / "types.csv").read_text(encoding="utf-8").splitlines()[1:]}
    channels = {line.rpartition(",")[2] for line in (folder / "sources.csv").read_text(encoding="utf-8").splitlines()[1:]}
    assert (families, channels) == (set(site.skills), set(site.channels))


def test_findings_are_shown_and_leave_the_file_usable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding is one line after the facts; the exit code stays 0 unless one as bad as that was to fail."""
    path = written(tmp_path, "site.toml", changed(SITE, "calls = {}", "calls = {}\nspare = {}"))
    assert run("check", path) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"note: {path}, line 14, key queues.spare: nothing leads to queue spare. Name it in a rule, or remove it. [unused-queue]"
    )

    capsys.readouterr()
    assert [run("check", path, "--fail-on", severity) for severity in ("error", "warning", "note")] == [0, 0, 1]
    capsys.readouterr()
    run("check", path, "--json")
    (told,) = json.loads(capsys.readouterr().out)["findings"]
    assert (told["check"], told["severity"], told["line"], told["key"]) == ("unused-queue", "note", 14, "queues.spare")


def test_a_roster_is_checked_against_a_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A skill that nobody has is a finding; a skill the site does not know is refused."""
    site, roster = written(tmp_path, "site.toml", SITE), written(tmp_path, "roster.toml", changed(ROSTER, "billing = 7", "sales = 7"))
    assert run("check", roster, "--site", site) == 0
    assert "nobody on the roster has skill billing" in capsys.readouterr().out
    assert run("check", written(tmp_path, "roster.toml", changed(ROSTER, "billing = 7", "law = 7")), "--site", site) == 2
    assert 'has "law", which is not a skill of the site' in capsys.readouterr().err
    assert run("check", written(tmp_path, "policy.toml", POLICY), "--site", site) == 2
    assert "--site goes with a roster" in capsys.readouterr().err


def test_what_cannot_be_used_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One message on standard error, nothing on standard output."""
    assert run("check", written(tmp_path, "site.toml", changed(SITE, '"post"\n', '"pots"\n'))) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.startswith("error: "), 'Did you mean "post"?' in output.err) == ("", True, True)


@dataclass(frozen=True)
class Record:
    """What some other room's reader might return."""

    name: str
    items: tuple[int, ...]
    ratio: float


def test_any_record_is_described_by_its_parts() -> None:
    """Texts and numbers as they are, collections by size; what is neither is left out, and an unknown object has no facts."""
    assert as_report(Record(name="x", items=(1, 2), ratio=0.5)).facts == {"name": "x", "items": 2}
    assert as_report([1, 2, 3]).facts == {"entries": 3}
    assert as_report(None).facts == {}
