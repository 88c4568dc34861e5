"""Writes files whole or not at all, and says before a long run whether they can be written."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from routing.config.errors import ConfigError

_REMEDY = "Name another place."


def replace_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file beside `path` and renames it into place, so that a failure leaves what was there before; makes missing folders.

    Raises:
        ConfigError: the place cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                write(file)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, (error.strerror or str(error)).lower()) from error


def write_text(path: Path, text: str) -> Path:
    """Writes a text file in UTF-8, whole or not at all, and returns its path.

    Raises:
        ConfigError: the place cannot be written.
    """
    replace_file(path, lambda file: file.write(text.encode()))
    return path


def check_can_hold(folder: Path) -> None:
    """Refuses a folder that cannot be made or written, so that nobody learns it after an hour of computing.

    Raises:
        ConfigError: something on the way is no folder, or may not be written.
    """
    nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not nearest.is_dir():
        raise _unwritable(folder, f"{nearest} is no folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _unwritable(folder, "permission denied")


def check_can_write(path: Path) -> None:
    """Refuses a file that cannot be written.

    Raises:
        ConfigError: it is a folder, or its folder cannot hold it.
    """
    if path.is_dir():
        raise _unwritable(path, "is a directory")
    check_can_hold(path.parent)


def _unwritable(path: Path, why: str) -> ConfigError:
    return ConfigError(f"cannot be written ({why})", file=path, remedy=_REMEDY)
