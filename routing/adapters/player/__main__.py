"""`python -m routing.adapters.player PLAN --connect HOST:PORT --speed X`: plays a plan and prints what it saw.

Progress goes to standard output as JSON lines with `at_ms`, `accepted` and `ended`; the last line holds the result. Exit 0 when every
accepted interaction ended exactly once, 1 when not or when the server stayed away, 2 for bad input.
"""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

import grpc

from routing.adapters.player.plan import read_plan
from routing.adapters.player.play import play
from routing.config.errors import ConfigError


def main() -> int:
    """Run the player; the exit code."""
    parser = argparse.ArgumentParser(prog="player", description="Plays a plan of a day over gRPC.")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--connect", required=True, metavar="HOST:PORT")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for a server that went away")
    given = parser.parse_args()
    try:
        plan = read_plan(given.plan)
        played = asyncio.run(play(plan, given.connect, speed=given.speed, patience_s=given.patience, on_progress=_report))
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks to a person
        return 2
    except grpc.aio.AioRpcError as error:
        print(f"error: the server stayed away: {error.details()}", file=sys.stderr)  # noqa: T201 - a command line speaks to a person
        return 1
    print(json.dumps(asdict(played)), flush=True)  # noqa: T201 - the result is what this program prints
    return 0 if played.is_complete else 1


def _report(at_ms: float, accepted: int, ended: int) -> None:
    print(json.dumps({"at_ms": round(at_ms), "accepted": accepted, "ended": ended}), flush=True)  # noqa: T201 - progress, for a program


if __name__ == "__main__":
    sys.exit(main())
