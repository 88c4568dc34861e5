"""A choice among many arms, as a sentence, a table and `careroute/select/1`."""

import json
from typing import Final, assert_never

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.kpis.registry import MEASURES
from simulation.report.numbers import compact_text, number
from simulation.report.plain import Plain, plain_interval, rounded
from simulation.scenario import Scenario
from simulation.studies.selecting import Best, Budget, Selection
from simulation.workers.code import versions

SCHEMA: Final = "careroute/select/1"


def chosen_sentence(selection: Selection) -> str:
    """Which arm, and how sure that is."""
    measure, how = MEASURES[selection.how.measure], selection.how
    of_whom = " of live interactions" if selection.is_live_only else ""
    match how:
        case Best():
            unit = " points" if measure.unit == "share" else f" {measure.unit}"
            sure = (
                f"with a probability of at least {100 * selection.chance:g} % if it is better than every other arm by "
                f"{number(measure, how.indifference)}{unit} or more, and otherwise among those that come as close"
            )
        case Budget():
            sure = f"by {how.replications:,} replications; the variances seen put the probability at {100 * selection.chance:.1f} % or more"
        case unreachable:
            assert_never(unreachable)
    return f"{selection.chosen} is the best by {measure.name}{of_whom}, {sure}."


def selection_notes(selection: Selection) -> tuple[str, ...]:
    """What the sureness rests on."""
    common = (
        f"Every arm ran {selection.first_stage} replications first, then {selection.batch} were added at a time; a replication brings "
        f"the same customers to every arm that runs it."
    )
    intervals = "The intervals are each arm's own and no basis for comparing arms: use compare on the few that matter."
    match selection.how:
        case Best():
            rule = (
                "KN (Kim and Nelson 2001): an arm is dropped once it lies further behind another than chance allows. "
                "The guarantee takes daily differences for independent and normal, which days of many interactions are nearly."
            )
        case Budget():
            rule = (
                "OCBA (Chen et al. 2000): arms that are close to the best, or vary much, get more replications. There is no guarantee: the "
                "probability is an estimate from the differences of common replications (Bonferroni)."
            )
        case unreachable:
            assert_never(unreachable)
    return rule, common, intervals


def selection_document(scenario: Scenario, selection: Selection) -> Plain:
    """The document as plain data."""
    how = selection.how
    return {
        "schema": SCHEMA,
        "answer": chosen_sentence(selection),
        "chosen": selection.chosen,
        "chance": rounded(selection.chance),
        "method": "kn" if isinstance(how, Best) else "ocba",
        "measure": how.measure,
        "is_live_only": selection.is_live_only,
        "indifference": how.indifference if isinstance(how, Best) else None,
        "error": how.error if isinstance(how, Best) else None,
        "budget": how.replications if isinstance(how, Budget) else None,
        "first_stage": selection.first_stage,
        "batch": selection.batch,
        "scenario": scenario.name,
        "seed": scenario.seed,
        "arms": [
            {
                "arm": one.arm,
                **plain_interval(one.value),
                "unit": MEASURES[how.measure].unit,
                "replications": one.replications,
                "dropped_after": one.dropped_after,
            }
            for one in selection.candidates
        ],
        "notes": list(selection_notes(selection)),
        "assumptions": list(dict.fromkeys(line for roster in scenario.rosters for line in scenario.stated_assumptions(roster))),
        "versions": versions(),
    }


def selection_json(scenario: Scenario, selection: Selection) -> str:
    """The document as JSON text with a line break at its end."""
    return json.dumps(selection_document(scenario, selection), indent=2, ensure_ascii=False) + "\n"


def print_selection(selection: Selection, console: Console) -> None:
    """The choice and what became of every arm, the best value first."""
    measure = MEASURES[selection.how.measure]
    console.print(Text(chosen_sentence(selection), style="bold"))
    console.print()
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for place, column in enumerate(("arm", measure.name, "replications", "")):
        table.add_column(column, justify="right" if 0 < place < 3 else "left")
    for one in sorted(selection.candidates, key=lambda one: (one.arm != selection.chosen, -one.replications)):
        fate = "chosen" if one.arm == selection.chosen else f"dropped after {one.dropped_after}" if one.dropped_after else ""
        table.add_row(Text(one.arm), compact_text(measure, one.value), f"{one.replications:,}", fate)
    console.print(table)
    for line in selection_notes(selection):
        console.print(Text(f"- {line}"))
