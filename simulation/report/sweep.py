"""The results of a sweep as a table on the terminal, as `careroute/swept/1`, and as a frame with a row for each figure."""

import json
from collections.abc import Sequence
from typing import Final

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.comparison import Differences
from simulation.kpis.registry import MEASURES
from simulation.report.csv import measures_frame
from simulation.report.numbers import compact_text
from simulation.report.plain import Plain, plain_interval
from simulation.report.terminal import TITLES
from simulation.report.words import answer
from simulation.statistics import Interval
from simulation.studies.sweep.run import Swept
from simulation.workers.code import code_digest, versions

SCHEMA: Final = "careroute/swept/1"
_SHOWN = ("service_level", "asa_s", "abandonment", "occupancy")


def sweep_document(name: str, found: Sequence[Swept]) -> Plain:
    """The document as plain data: every variant with its answer and the overall figures of its arms."""
    return {
        "schema": SCHEMA,
        "name": name,
        "variants": [_variant(one) for one in found],
        "versions": versions(),
        "code": code_digest(),
    }


def sweep_json(name: str, found: Sequence[Swept]) -> str:
    """The document as JSON text with a line break at its end."""
    return json.dumps(sweep_document(name, found), indent=2, ensure_ascii=False) + "\n"


def _variant(one: Swept) -> Plain:
    comparison = one.comparison
    return {
        "scenario": one.variant.file,
        "parameters": dict(one.variant.parameters),
        "answer": answer(comparison),
        "replications": comparison.replications,
        "seed": one.variant.scenario.seed,
        "arms": [
            {
                "arm": arm.name,
                "policy": arm.policy.name,
                "roster": arm.roster,
                "key": key,
                "measures": {
                    measure: plain_interval(interval) | {"unit": MEASURES[measure].unit}
                    for measure, interval in comparison.headline(arm.name).items()
                },
            }
            for arm, key in zip(comparison.arms, one.variant.keys, strict=True)
        ],
    }


def sweep_frame(found: Sequence[Swept]) -> pl.DataFrame:
    """A row for each variant, arm, group and measure: the columns of `measures.csv`, before them scenario, parameters (JSON) and key."""
    return pl.concat(
        [
            measures_frame(one.comparison)
            .join(
                pl.DataFrame({"arm": [arm.name for arm in one.comparison.arms], "key": one.variant.keys}), on="arm", maintain_order="left"
            )
            .select(
                pl.lit(one.variant.file).alias("scenario"),
                pl.lit(json.dumps(dict(one.variant.parameters), default=str)).alias("parameters"),
                "key",
                pl.exclude("key"),
            )
            for one in found
        ]
    )


def print_sweep(found: Sequence[Swept], console: Console) -> None:
    """A table for each variant, an arm a row; stars mark what differs from its first arm, established at 5 %."""
    for one in found:
        console.print(Text(one.variant.name, style="bold"))
        table = Table(box=SIMPLE_HEAD, padding=(0, 1))
        table.add_column("arm", overflow="fold")
        for name in _SHOWN:
            table.add_column(TITLES[name], justify="right")
        told = {difference.arm: one.comparison.headline_differences(difference) for difference in one.comparison.differences}
        for arm in one.comparison.arms:
            values = one.comparison.headline(arm.name)
            table.add_row(Text(arm.name), *(_cell(name, values[name], told.get(arm.name)) for name in _SHOWN))
        console.print(table)
    console.print(Text("* differs from the first arm of its scenario, established at 5 %", style="dim"))


def _cell(name: str, value: Interval | None, differences: Differences | None) -> Text:
    judged = None if differences is None else differences[name]
    star = " *" if judged is not None and judged.is_significant else "  "
    return Text(f"{compact_text(MEASURES[name], value)}{star}")
