"""What must add up in every run: in every shipped scenario, and in systems made for it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routing.core.events import HandlingReturned, Recorded
from simulation import run
from simulation.births import births_of
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.laws import Constant
from simulation.run import run_replication
from simulation.scenario_file import load_scenario
from simulation.verify.cases import chosen_cases
from simulation.verify.identities import Books
from simulation.verify.model import arm_of, scenario_of
from simulation.verify.trial import model_of, run_model
from simulation.world import World
from tests.simulation.worlds import an_arm

EXAMPLES = sorted(
    path for path in Path("examples").glob("*/*.toml") if 'schema = "careroute/scenario/1"' in path.read_text(encoding="utf-8")
)


def test_there_are_examples() -> None:
    """Otherwise nothing below would be asked."""
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.as_posix())
def test_every_shipped_scenario_adds_up(path: Path) -> None:
    """Customers by queue, channel and half hour, waits by Little's law, and each agent's states to the millisecond."""
    scenario = load_scenario(path)
    books, ledger = Books(), Ledger()
    births = births_of(scenario, 0)
    summary = run_replication(scenario, an_arm(scenario), 0, [books, ledger], witnesses=[ledger.witness], births=births)
    facts = facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at)
    assert books.broken(facts) == []
    assert len(facts.outcome) == summary.offered + summary.legs > 0


def test_books_that_do_not_add_up_say_where() -> None:
    """A wait too long, an end too many and an agent's minute too few are each found."""
    (case,) = chosen_cases(["mmck-01"])
    model = model_of(case, case.settings[0], part=0.5)
    scenario = scenario_of(model, seed=1, replication=0)
    books, ledger = Books(), Ledger()
    log: list[Recorded] = []
    run_replication(scenario, arm_of(model), 0, [books, ledger, log.append])
    facts = facts_of(ledger, starts_at=0, ends_at=model.horizon_ms)
    assert books.broken(facts) == []
    longer = replace(facts, waited_ms=facts.waited_ms + np.eye(1, len(facts.waited_ms), dtype=np.int64)[0])
    assert ["waiting adds up" in line for line in books.broken(longer)] == [True]
    idler = replace(facts, agents=replace(facts.agents, available_ms=facts.agents.available_ms - 60_000))
    assert len(books.broken(idler)) == len(facts.agent_ids)
    books(log[-1])
    assert not any(isinstance(one.event, HandlingReturned) for one in log)
    assert "ended twice" in " ".join(books.broken(facts))


def test_the_order_of_service_moves_waits_and_no_completion() -> None:
    """Work that takes equally long for all: first come and priority end conversations at the same instants."""
    (case,) = chosen_cases(["prio-04"])
    model = model_of(case, case.settings[0], part=0.15)
    model = replace(model, streams=tuple(replace(stream, work=Constant(value_ms=model.unit_ms)) for stream in model.streams))
    alike = replace(model, streams=tuple(replace(stream, class_rank=0) for stream in model.streams))
    by_class, by_arrival = (run_model(one, seed=1, replication=0) for one in (model, alike))
    assert sorted(by_class.ended_at.tolist()) == sorted(by_arrival.ended_at.tolist())
    assert by_class.facts.waited_ms.sum() == by_arrival.facts.waited_ms.sum()
    assert by_class.facts.waited_ms.tolist() != by_arrival.facts.waited_ms.tolist()


def test_who_leaves_is_their_impatience_times_all_waits() -> None:
    """Exponential patience: the share that leaves is the mean wait over the mean patience, here within five deviations of one run."""
    (case,) = chosen_cases(["mmn-g-03"])
    model = model_of(case, case.settings[0])
    facts = run_model(model, seed=1, replication=0).facts
    left = int((~facts.is_answered).sum())
    expected = float(facts.waited_ms.sum()) / (2 * model.unit_ms)
    assert abs(left - expected) < 5 * expected**0.5


def test_every_run_of_these_tests_is_audited() -> None:
    """The world that runs here keeps books (see `conftest`), wherever a run is started from in this process."""
    inside = vars(run)["World"]
    assert issubclass(inside, World)
    assert inside is not World
