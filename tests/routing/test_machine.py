"""Every command in every state: a Hypothesis machine drives the router through its one door, with all invariants after every event.

Beside the router run a replica that only ever sees the log, and sometimes a twin that was restored from the log after a crash and from then
on is given the same commands. All three must agree. No step may end in anything but events, possibly none, or a named refusal.
"""

from hypothesis import HealthCheck, settings

from tests.routing.machine.agents import AgentRules
from tests.routing.machine.callbacks import CallbackRules
from tests.routing.machine.customers import CustomerRules
from tests.routing.machine.duty import DutyRules
from tests.routing.machine.interactions import InteractionRules
from tests.routing.machine.ladders import LadderRules
from tests.routing.machine.offers import OfferRules
from tests.routing.machine.time import TimeRules
from tests.routing.machine.transfers import TransferRules


class RouterMachine(
    TimeRules, InteractionRules, CustomerRules, OfferRules, AgentRules, LadderRules, TransferRules, CallbackRules, DutyRules
):
    """The drivers' law is kept here: a tick goes before every command as soon as a deadline is due."""


TestRouter = RouterMachine.TestCase
TestRouter.settings = settings(
    max_examples=640 if settings().derandomize else 150,
    stateful_step_count=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
