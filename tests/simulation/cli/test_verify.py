"""`careroute verify` from the command line: documents, exit codes, and the same bytes for any number of workers."""

import json
from pathlib import Path

import pytest

from routing.cli import main
from simulation.cli import verify as command
from simulation.verify.cases import Case, chosen_cases


def run(*words: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as caught:
        main(words)
    return int(caught.value.code or 0)


SMALL = ("verify", "--quick", "--only", "trace-02", "--only", "stat-ocba-01", "--only", "erlang-b-01")


def test_the_document_says_what_was_found_and_every_key_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Calculator, router and simulator; the reference names each key, verdict and level."""
    assert run(*SMALL, "--workers", "1", "--json") == 0
    alone = capsys.readouterr().out
    document = json.loads(alone)
    assert document["schema"] == "careroute/verify/1"
    assert document["counts"] == {"pass": 10, "fail": 0, "calculator_only": 1}
    assert {result["level"] for result in document["results"]} == {"calculator", "router", "simulator"}
    text = Path("docs/reference/verify.md").read_text(encoding="utf-8")
    keys = [*document, *document["results"][0], *document["counts"]]
    runs = next(result["runs"][0] for result in document["results"] if result["runs"])
    assert [key for key in (*keys, *runs) if f"`{key}`" not in text] == []
    assert run(*SMALL, "--workers", "2", "--json") == 0
    assert capsys.readouterr().out == alone


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Each case with its title, figures and verdicts, and why something is for the calculator alone."""
    assert run("verify", "--quick", "--only", "trace-02", "--only", "qed-01") == 0
    printed = capsys.readouterr().out
    assert "who looks ahead" in printed
    assert "a limit theorem" in printed
    assert "2 cases: 8 figures pass, 0 fail; 1 cases are for the calculator alone." in printed


def test_a_failure_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A figure that is not met is shown, and the command's code says so to a script."""
    from dataclasses import replace

    from simulation.verify import cases

    def wrong(ids: list[str]) -> tuple[Case, ...]:
        (case,) = chosen_cases(ids)
        return (replace(case, settings=(replace(case.settings[0], expected={"total wait": 8.0}),)),)

    monkeypatch.setattr(cases, "chosen_cases", wrong)
    assert run("verify", "--only", "trace-02") == 1
    assert "1 fail" in capsys.readouterr().out
    assert command.verify.__doc__ is not None


@pytest.mark.parametrize(("words", "says"), [(("--only", "erlang"), "erlang-"), (("--quick", "--full"), "Give one of them")])
def test_what_cannot_be_asked_for_is_refused(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One message, and the code of bad input."""
    assert run("verify", *words) == 2
    assert says in capsys.readouterr().err
