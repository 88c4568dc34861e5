"""`careroute explain`: what happened to an interaction, and why it went to whom."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from routing.config.errors import ConfigError, did_you_mean

EXPLAIN_SCHEMA = "careroute/explain/1"


def explain(
    interaction: Annotated[str, typer.Argument(help="The interaction's id.")],
    data: Annotated[Path, typer.Option(help="The directory of the journal; its server may be running.")],
    at: Annotated[int | None, typer.Option(help="Look at the journal as it stood after this sequence number.")] = None,
    zone: Annotated[str, typer.Option(help="The time zone of the times shown, such as Europe/Berlin.")] = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell an interaction's story from a journal, with every decision and all candidates.

    The candidates are recomputed by replaying the journal to the offer that was accepted, to the moment the customer left, or to now for an
    interaction that waits. Exit 2: the journal or the interaction is not there.

    Example: `careroute explain 101001517995 --data out/logs/least-cost-r0000`, of a day saved by `careroute compare
    examples/boston-311/busy-day.toml --policies least-cost --replications 1 --save-logs out/logs`
    """
    from routing.config.local_times import date_and_time, time_of_day, zone_of
    from routing.config.plugins import registry_with_plugins
    from routing.store.account import account_of
    from routing.store.account_text import account_as_json, account_as_text
    from routing.store.errors import JournalError
    from routing.store.sqlite import read_journal
    from routing.store.story import UnknownInteraction

    clock = zone_of(zone, "--zone")
    try:
        with closing(read_journal(data)) as journal:
            as_of_seq = _as_of(journal.last_seq, at)
            try:
                account = account_of(journal, registry_with_plugins(), interaction, as_of_seq=as_of_seq)
            except UnknownInteraction as error:
                problem = f"does not arrive in the journal up to sequence {as_of_seq}"
                remedy = did_you_mean(interaction, error.recent_ids) if error.recent_ids else "No interaction had arrived by then."
                raise ConfigError(problem, file=data, value=interaction, remedy=remedy) from error
    except JournalError as error:
        raise ConfigError(error.problem, file=error.path, remedy=error.remedy) from error
    if as_json:
        print(json.dumps({"schema": EXPLAIN_SCHEMA, **account_as_json(account)}, indent=2, ensure_ascii=False))
    else:
        near = account.story.arrived_at
        print("\n".join(account_as_text(account, date_and_time(clock), time_of_day(clock, near))))


def _as_of(last_seq: int, at: int | None) -> int:
    if last_seq == 0:
        raise ConfigError("the journal is empty", remedy="Nothing was recorded yet.")
    if at is None:
        return last_seq
    if not 1 <= at <= last_seq:
        raise ConfigError("is not in the journal", key="--at", value=at, remedy=f"Name a sequence number from 1 to {last_seq}.")
    return at
