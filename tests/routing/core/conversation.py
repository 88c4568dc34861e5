"""Conversations of several legs, on the desk: ann has the call `i1`, bob may be asked as `leg`, and cyd is free."""

from routing.core import commands
from routing.core.commands import NextLeg
from routing.core.events import Event
from routing.core.lifecycle import InteractionPhase
from routing.model.interaction import EndCause
from routing.model.leg import Tie
from routing.model.site import Site
from tests.builders import a_queue, a_rule, a_site, an_agent, an_interaction
from tests.routing.core.desk import Desk, a_desk

HANDLING, HELD, WAITING, WRAP_UP = InteractionPhase.HANDLING, InteractionPhase.HELD, InteractionPhase.WAITING, InteractionPhase.WRAP_UP
LEG = NextLeg(id="leg")


def a_site_of_two_queues(*, wrap_up_limit_ms: int = 10_000, **overrides: object) -> Site:
    """Sales, and billing for what is of that type."""
    queues = [a_queue("main", wrap_up_limit_ms=wrap_up_limit_ms), a_queue("billing", wrap_up_limit_ms=wrap_up_limit_ms)]
    rules = [a_rule("billing", queue="billing", when="type=billing"), a_rule("any", queue="main")]
    return a_site(queues=queues, rules=rules, **overrides)  # type: ignore[arg-type]  # the builder checks the names


def a_call(site: Site | None = None, **interaction: object) -> Desk:
    """Ann handles the call `i1`; bob and cyd are free."""
    desk = a_desk(site or a_site_of_two_queues(), an_agent("ann"), an_agent("bob"), an_agent("cyd"))
    desk.enqueue(an_interaction(**interaction))  # type: ignore[arg-type]  # the builder checks the names
    desk.take("i1", "ann")
    return desk


def a_consult(phase: InteractionPhase = HANDLING, site: Site | None = None) -> Desk:
    """Ann asks bob as `leg`, which stands in `phase`."""
    desk = a_call(site)
    desk.do(commands.StartConsult(interaction_id="i1", leg=LEG))
    if phase is not WAITING:
        desk.take("leg", "bob")
    if phase is HELD:
        desk.do(commands.HoldHandling(interaction_id="leg"))
    return desk


def a_conference(site: Site | None = None) -> Desk:
    """Ann and bob are both on."""
    desk = a_consult(site=site)
    desk.do(commands.StartConference(interaction_id="i1"))
    return desk


def kinds(happened: list[Event]) -> list[str]:
    """The names of events."""
    return [type(event).__name__ for event in happened]


def standing(desk: Desk) -> dict[str, tuple[InteractionPhase, str | None, Tie | None]]:
    """Phase, agent and tie of every live interaction."""
    return {key: (row.phase, row.agent_id, row.tie) for key, row in desk.state.interactions.items()}


def causes(desk: Desk) -> dict[str, EndCause]:
    """How each interaction ended."""
    return {key: ended.cause for key, ended in desk.state.ended.items()}
