"""A router rebuilt from its log goes on exactly like one that never stopped, down to the decision records."""

import pytest

from routing.core import commands
from routing.core.commands import Command
from routing.core.events import OfferMade, Recorded, RequirementRelaxed
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.site import Site
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_rule, a_site, a_step, an_agent, an_interaction

REGISTRY = default_registry()


def available(agent_id: str) -> Command:
    """The agent comes on."""
    return commands.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE)


def arrival(interaction_id: str) -> Command:
    """Somebody calls."""
    return commands.EnqueueInteraction(interaction=an_interaction(interaction_id))


def crew(*agent_ids: str) -> Command:
    """Agents are registered."""
    return commands.PutAgents(agents=tuple(an_agent(agent_id) for agent_id in agent_ids))


def play(site: Site, script: list[tuple[int, Command]], restarts_at: int | None) -> list[Recorded]:
    """The log of a script with ticks where they are due; before the step `restarts_at` the router is rebuilt from its log."""
    router = Router(REGISTRY)
    log = list(router.handle(commands.ApplySite(site=site), 0))
    for step, (now, command) in enumerate(script):
        if step == restarts_at:
            router = Router.restore(REGISTRY, log)
        due_at = router.next_deadline()
        if due_at is not None and due_at <= now:
            log += router.handle(commands.Tick(), now)
        log += router.handle(command, now)
    return log


SCRIPT = [
    (0, crew("a1", "a2", "a3")),
    (10, arrival("i1")),
    (20, commands.RemoveAgents(agent_ids=("a1",))),
    (30, available("a3")),
    (40, commands.AcceptOffer(offer_id="offer-1")),
    (50, arrival("i2")),
    (60, crew("a1")),
    (70, commands.ApplySite(site=a_site(policy=a_policy(match_interval_ms=500)))),
    (80, available("a1")),
    (90, arrival("i3")),
    (700, available("a2")),
    (1_400, commands.ApplySite(site=a_site(policy=a_policy(name="at once")))),
    (1_500, commands.EndHandling(interaction_id="i1")),
    (1_600, commands.EndWrapUp(interaction_id="i1")),
    (1_700, arrival("i4")),
    (1_800, arrival("i5")),
]


@pytest.mark.parametrize("restarts_at", range(len(SCRIPT)))
def test_a_restart_changes_nothing_that_comes_after(restarts_at: int) -> None:
    """Wherever it falls: before, inside and after windows, with agents gone, and across changes of the site."""
    site = a_site(policy=a_policy(scorers="skill_fit:1000"))
    whole = play(site, SCRIPT, None)
    assert whole == play(site, SCRIPT, restarts_at)
    assert 3 <= sum(isinstance(item.event, OfferMade) for item in whole)


def test_agents_who_left_are_no_candidates() -> None:
    """A decision's record counts the agents there are."""
    script = [(0, crew("a1", "a2", "a3")), (1, commands.RemoveAgents(agent_ids=("a1", "a2"))), (2, available("a3")), (3, arrival("i1"))]
    made = play(a_site(), script, None)[-1].event
    assert isinstance(made, OfferMade)
    assert 0 == sum(count for _, count in made.decision.excluded)
    assert ["a3"] == [candidate.id for candidate in made.decision.best]


def test_waiting_without_any_agent_can_be_explained() -> None:
    """The explanation is empty but there is one."""
    router = Router(REGISTRY)
    router.handle(commands.ApplySite(site=a_site()), 0)
    router.handle(arrival("i1"), 0)
    assert () == router.explain("i1", 5).standings


def test_a_step_that_waits_for_somebody_to_go_is_watched_after_a_restart() -> None:
    """Both the one asked for on arrival only and the watched one: the restarted router takes the same steps at the same instants."""
    rules = [
        a_rule("watched", when="type=w", needs="team==a:expiring", steps=[a_step(60_000, drop="team", early="available:watched")]),
        a_rule(needs="team==a:expiring", steps=[a_step(60_000, drop="team", early="available")]),
    ]
    crew = commands.PutAgents(agents=(an_agent("a1", skills="team:a"), an_agent("a2", skills="team:b")))
    script = [
        (0, crew),
        (10, available("a1")),
        (20, commands.EnqueueInteraction(interaction=an_interaction("w", type="w"))),
        (30, arrival("i1")),
        (40, commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE)),
        (50, available("a2")),
    ]
    whole = play(a_site(rules=rules), script, None)
    assert ["w"] == [item.event.interaction_id for item in whole if isinstance(item.event, RequirementRelaxed)]
    for step in range(len(script)):
        assert whole == play(a_site(rules=rules), script, step)
