"""The `careroute` command: exit codes, messages, and commands found through entry points."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from routing import __version__
from routing.cli import COMMAND_GROUP, main

HEAVY_MODULES = ("numpy", "ortools", "grpc", "simpy", "plotly", "polars", "scipy")


def a_command(name: str, value: str) -> EntryPoint:
    """An entry point as an installed package would declare it."""
    return EntryPoint(name=name, value=value, group=COMMAND_GROUP)


COMMANDS = [a_command(name, f"tests.sample_commands:{name}") for name in ("refuse", "judge", "greet", "several")]
BROKEN = a_command("broken", "tests.no_such_module:run")


def exit_code(*words: str, commands: list[EntryPoint] = COMMANDS) -> int | str | None:
    """Run the command line in this process and return the code it exits with."""
    with pytest.raises(SystemExit) as exited:
        main(words, commands)
    return exited.value.code


def test_a_command_gets_its_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that ran exits with 0 and prints what it has to say."""
    assert (exit_code("greet", "Ada"), capsys.readouterr().out) == (0, "hello Ada\n")


def test_a_group_of_commands_is_one_entry(capsys: pytest.CaptureFixture[str]) -> None:
    """An entry may be a Typer application with commands of its own."""
    assert (exit_code("several", "two"), capsys.readouterr().out) == (0, "two\n")


def test_a_negative_verdict_is_not_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that ran and found against its subject exits with 1, in silence."""
    assert (exit_code("judge"), capsys.readouterr().err) == (1, "")


def test_bad_input_is_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input exits with 2 and names file, line, key, value and remedy on standard error, and nothing else anywhere."""
    assert exit_code("refuse") == 2
    expected = 'error: site.toml, line 3, key queues.sales.target: "90 sek" is not a unit. Write "90s".\n'
    assert tuple(capsys.readouterr()) == ("", expected)


@pytest.mark.parametrize("words", [("gret", "Ada"), ("greet",), ("greet", "Ada", "--loud"), ()])
def test_wrong_usage_is_bad_input(words: tuple[str, ...]) -> None:
    """An unknown command, a missing argument, an unknown option and no command at all exit with 2."""
    assert exit_code(*words) == 2


def test_an_unknown_command_gets_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt command is answered with the one that was meant."""
    exit_code("gret", "Ada")
    assert "Did you mean 'greet'?" in capsys.readouterr().err


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the one version there is."""
    assert (exit_code("--version"), capsys.readouterr().out) == (0, f"careroute {__version__}\n")


def test_help_lists_every_command_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """The help page names each command, sorted, with the first line of its docstring."""
    assert exit_code("--help") == 0
    page = capsys.readouterr().out
    places = [page.index(text) for text in ("Greet somebody.", "judge", "Find the input wrong.", "several")]
    assert places == sorted(places)


def test_a_missing_module_is_shown_and_never_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    """A command whose module is missing is named on the help page and fails loudly when it is called."""
    exit_code("--help", commands=[*COMMANDS, BROKEN])
    assert "cannot be loaded" in capsys.readouterr().out
    with pytest.raises(ModuleNotFoundError):
        main(["broken"], [BROKEN])


def test_the_help_page_imports_nothing_heavy() -> None:
    """The help page of all installed commands loads neither solver nor server nor plots."""
    listing = f"print([name for name in {HEAVY_MODULES} if name in sys.modules])"
    script = f"import sys, routing.cli\ntry:\n    routing.cli.main(['--help'])\nfinally:\n    {listing}"
    finished = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert finished.stdout.splitlines()[-1] == "[]"
