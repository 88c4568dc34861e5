"""Every command in every state: a Hypothesis machine drives the router through its one door, with all invariants after every event.

Beside the router run a replica that only ever sees the log, a reader that keeps its own books of it, and sometimes a twin that was restored
from the log after a crash and from then on is given the same commands. All must agree. No step may end in anything but events, possibly
none, or a named refusal.
"""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from routing.core.commands import Mutation
from tests.routing import machine
from tests.routing.machine.agents import AgentRules
from tests.routing.machine.callbacks import CallbackRules
from tests.routing.machine.customers import CustomerRules
from tests.routing.machine.draws import EVERYTHING, PLAIN
from tests.routing.machine.duty import DutyRules
from tests.routing.machine.interactions import InteractionRules
from tests.routing.machine.journeys import JourneyRules
from tests.routing.machine.ladders import LadderRules
from tests.routing.machine.offers import OfferRules
from tests.routing.machine.tally import Tally, kinds_of
from tests.routing.machine.time import TimeRules
from tests.routing.machine.transfers import TransferRules

STEPS_MIN = 20_000
ROUNDS_MAX = 10


class RouterMachine(
    TimeRules,
    InteractionRules,
    CustomerRules,
    OfferRules,
    AgentRules,
    LadderRules,
    TransferRules,
    CallbackRules,
    DutyRules,
    JourneyRules,
):
    """The drivers' law is kept here: a tick goes before every command as soon as a deadline is due."""


@pytest.mark.parametrize("sites", [PLAIN, EVERYTHING], ids=["plain", "everything"])
def test_every_command_in_every_state(sites: range) -> None:
    """Every command is carried out, and half of the steps are where sites ask for everything at once.

    Which examples are drawn hangs on what else the process has loaded, so a rare command may be missing from one round: there are a few.
    """
    tally = Tally()

    class Counted(RouterMachine):
        """The machine, counting for this run alone."""

    Counted.tally = tally
    Counted.first_sites = tuple(sites)
    is_whole = settings().derandomize
    limits = settings(
        max_examples=310 if is_whole else 75,
        stateful_step_count=50,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Counted, settings=limits)
    if not is_whole:
        return
    assert tally.steps >= STEPS_MIN // 2
    for number in range(ROUNDS_MAX):
        if all(tally.done[name] for name in kinds_of(Mutation)):
            break
        run_state_machine_as_test(seed(number)(Counted), settings=settings(limits, derandomize=False, max_examples=100))
    assert [name for name in kinds_of(Mutation) if not tally.done[name]] == []


def test_every_command_is_sent_by_a_rule() -> None:
    """Whoever adds a command adds a rule that sends it: nonsense, which is always refused, does not count."""
    files = [path for path in Path(machine.__file__).parent.glob("*.py") if path.name != "nonsense.py"]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    named = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    sent = {node.attr for node in named if isinstance(node.value, ast.Name) and node.value.id == "commands"}
    assert [name for name in kinds_of(Mutation) if name not in sent] == []
