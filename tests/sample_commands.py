"""Small commands with which the command line's own behaviour is tested."""

from typing import Annotated

import typer

from routing.config.errors import ConfigError

several = typer.Typer(help="Several commands under one name.")


def greet(name: Annotated[str, typer.Argument(help="whom")]) -> None:
    """Greet somebody.

    ```
    careroute greet Ada
    ```
    """
    print(f"hello {name}")


def refuse() -> None:
    """Find the input wrong."""
    raise ConfigError("is not a unit", file="site.toml", line=3, key="queues.sales.target", value="90 sek", remedy='Write "90s".')


def judge() -> None:
    """Run, and come to a negative verdict."""
    raise typer.Exit(1)


@several.command()
def one() -> None:
    """The first of several."""
    print("one")


@several.command()
def two() -> None:
    """The second of several."""
    print("two")
