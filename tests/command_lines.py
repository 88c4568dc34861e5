"""Command lines of `careroute` as documents show them: found, joined, parsed by the commands themselves, and run."""

import re
import shlex

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from routing.cli import build_app, installed_commands, main

_FENCED = re.compile(r"^```(?:shell)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`(careroute [^`]+)`")
_PLACEHOLDER = re.compile(r"\[|\.\.\.|(?:^|\s)[A-Z]{2,}(?:\s|$|:)")


def complete_lines(text: str) -> list[str]:
    """The `careroute` lines of a document's fenced blocks, continuations joined."""
    blocks = (block.replace("\\\n", " ") for block in _FENCED.findall(text))
    return [line for block in blocks for line in block.splitlines() if line.startswith("careroute ")]


def mentioned_lines(text: str) -> list[str]:
    """The `careroute` lines in the running text; those may be wrapped."""
    return [" ".join(found.split()) for found in _INLINE.findall(text)]


def has_placeholders(line: str) -> bool:
    """Whether a line is a synopsis (FILE, HOST:PORT, [--json], ...) and not something to type."""
    return _PLACEHOLDER.search(line) is not None


def command(name: str) -> TyperCommand:
    """One sub-command in full.

    Raises:
        KeyError: there is none of that name.
    """
    group = typer.main.get_command(build_app([name], installed_commands()))
    assert isinstance(group, TyperGroup)
    found = group.commands[name]
    assert isinstance(found, TyperCommand)
    return found


def parse(line: str) -> None:
    """Has the command parse a complete line as if it were typed.

    Raises:
        KeyError: the command does not exist. Other errors are Typer's own: an option or an argument is wrong or missing.
    """
    _, name, *words = shlex.split(line)
    command(name).make_context(name, list(words))


def unknown_options(line: str) -> list[str]:
    """Options of a synopsis that its command does not have."""
    _, name, *words = re.sub(r"[\[\]]", " ", line).split()
    known = {option for parameter in command(name).params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    return [option for word in words for option in word.split("/") if option.startswith("--") and option not in known]


def run(line: str) -> int:
    """The exit code of a complete line, run in this process."""
    with pytest.raises(SystemExit) as caught:
        main(shlex.split(line)[1:])
    return int(caught.value.code or 0)
