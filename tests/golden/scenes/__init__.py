"""Short scripted scenes, one file a capability: each module lists commands with their instants in `SCRIPT`.

Every scene is kept beside its module as a journal (`<name>.jsonl`) and the digest of the state it ends in (`<name>.digest`).
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from routing.core.commands import Command, Tick
from routing.core.events import Recorded
from routing.engine import Router
from routing.model.time import Instant
from routing.policy.registry import default_registry

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")

Script = Iterable[tuple[Instant, Command]]


def script_of(name: str) -> Script:
    """What the scene of that name sends, and when."""
    script: Script = import_module(f"{__name__}.{name}").SCRIPT
    return script


def play(script: Script) -> tuple[Router, list[tuple[Recorded, ...]]]:
    """The router after the script, and what each of its calls recorded; deadlines are carried out at their own instants."""
    router, log = Router(default_registry()), []
    for at, command in script:
        while (due := router.next_deadline()) is not None and due <= at:
            log.append(router.handle(Tick(), due))
        log.append(router.handle(command, at))
    return router, [recorded for recorded in log if recorded]
