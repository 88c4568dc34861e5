"""The `careroute` command: finds its sub-commands through the entry-point group `careroute.commands` and loads only the one that runs."""

import ast
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import Annotated

import typer

from routing import __version__
from routing.config.errors import ConfigError

COMMAND_GROUP = "careroute.commands"
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None, commands: Iterable[EntryPoint] | None = None) -> None:
    """Run one command line (the process's own unless given) with the given commands (the installed ones unless given) and exit.

    Exit codes: 0 it ran; 1 it ran and its verdict is negative (the command raises `typer.Exit(1)`); 2 bad input, with one message on
    standard error. Any other exception is a defect and ends in its traceback.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        build_app(words, installed_commands() if commands is None else commands)(args=words, prog_name="careroute")
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None


def installed_commands() -> Iterable[EntryPoint]:
    """The entry points of every installed distribution that adds a sub-command."""
    return entry_points(group=COMMAND_GROUP)


def build_app(words: Sequence[str], commands: Iterable[EntryPoint]) -> typer.Typer:
    """The command tree for one command line: the named command in full, the others by name and summary only.

    Importing every command would import the solver, gRPC and the plots before printing a help page. The root's options take no values,
    so the first word that is not an option names the command.
    """
    wanted = next((word for word in words if not word.startswith("-")), None)
    # Plain tracebacks: the pretty ones print local variables, and with them what customers wrote.
    app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown")
    app.callback()(root)
    for entry in sorted(commands, key=lambda entry: entry.name):
        if entry.name == wanted:
            register(app, entry)
        else:
            app.command(entry.name, help=summary_of(entry))(root)
    return app


def register(app: typer.Typer, entry: EntryPoint) -> None:
    """Add the entry's command function or Typer application under the entry's name.

    Raises ImportError or AttributeError where the entry's target does not exist: a command is never silently missing.
    """
    target = entry.load()
    if isinstance(target, typer.Typer):
        app.add_typer(target, name=entry.name)
    else:
        app.command(entry.name)(target)


def summary_of(entry: EntryPoint) -> str:
    """The first docstring line of the entry's function, read from its source without importing it.

    Empty for a target that is not a function in a source file; a missing module is named, so that a help page shows what is broken.
    """
    try:
        spec = find_spec(entry.module)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        return f"(cannot be loaded: there is no module {entry.module})"
    source = spec.loader.get_source(entry.module) if spec.loader is not None and hasattr(spec.loader, "get_source") else None
    for node in ast.parse(source or "").body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == entry.attr:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""


def print_version(is_asked: bool) -> None:
    """Print the version and stop, when asked to."""
    if is_asked:
        print(f"careroute {__version__}")
        raise typer.Exit


def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", callback=print_version, is_eager=True)] = False,
) -> None:
    """Route the interactions of a contact or care center, and compare how other policies or rosters would have done."""
