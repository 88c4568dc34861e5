"""The columns are a picture of the state: after anything that happens they equal a picture drawn from nothing."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from routing.core.commands import (
    AbandonInteraction,
    ApplySite,
    Command,
    DeclineOffer,
    EndWrapUp,
    EnqueueInteraction,
    FailConnect,
    PutAgents,
    RemoveAgents,
    SetPresence,
    UpdateInteraction,
)
from routing.core.errors import CommandRefused, InvariantBroken
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.agent import Presence
from routing.model.site import IdleClock
from routing.policy import waiting_columns as field
from routing.policy.columns import Columns
from tests.builders import ALL_FILTERS, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction, some_needs
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers


def picture(columns: Columns) -> dict[str, Any]:
    """Everything the columns say, by id and never by place."""
    agents, waiting, profiles = columns.agents, columns.waiting, columns.profiles
    by_place = ("present", "channel_open", "capacity_open", "load_per_mille", "idle_since", "sequence", "skills", "worked_by_queue")
    rows = np.delete(np.arange(len(waiting.table)), field.PROFILE)
    return {
        "agents": {
            agent_id: [getattr(agents, name)[..., place].tolist() for name in by_place]
            + [agents.has_room(agent_id)]
            + [column[place] for column in agents.statistics.values()]
            for agent_id, place in agents.place_of.items()
        },
        "waiting": {
            interaction_id: (
                waiting.table[rows, row].tolist(),
                sorted(waiting.barred.get(interaction_id, ())),
                dict(waiting.preferred.get(interaction_id, {})),
                {
                    agent_id: (
                        bool(profiles.allowed[waiting.table[field.PROFILE, row], place]),
                        int(profiles.shortfall[waiting.table[field.PROFILE, row], place]),
                        profiles.unmet[waiting.table[field.PROFILE, row] : waiting.table[field.PROFILE, row] + 1, place].tolist(),
                    )
                    for agent_id, place in agents.place_of.items()
                },
            )
            for interaction_id, row in waiting.row_of.items()
        },
        "turns": columns.turns.tolist(),
        "ringing": {interaction_id: row.sequence for interaction_id, row in columns.ringing.items()},
        "counts": (agents.shut_count, agents.count, waiting.count, waiting.extra_count, sorted(agents.ids), sorted(waiting.ids)),
    }


def fresh(floor: Floor) -> Columns:
    """The engine's own columns, brought up to date as before a match."""
    columns = floor.router._columns_in_force()
    columns.refresh_waiting(floor.router.state)
    columns.refresh_agents(floor.router.state)
    return columns


def assert_fresh(floor: Floor) -> None:
    """The kept columns equal a rebuild, and each place is taken once."""
    kept = fresh(floor)
    needs = floor.router._policy_in_force().needs
    assert picture(Columns.of(floor.router.state, needs=needs)) == picture(kept)
    assert {agent_id: place for place, agent_id in enumerate(kept.agents.ids)} == kept.agents.place_of
    assert {interaction_id: row for row, interaction_id in enumerate(kept.waiting.ids)} == kept.waiting.row_of


SITES = [
    a_site(queues=[a_queue(max_live_offers=offers, declined_ms=2_000)], policy=a_policy(match_interval_ms=interval, idle_clock=clock))
    for offers, interval, clock in ((1, 0, IdleClock.SINCE_FREE), (3, 0, IdleClock.SINCE_ASSIGNED), (2, 1_500, IdleClock.SINCE_FREE))
]
CURIOUS = "fewest_calls:1 least_talk:1 lowest_occupancy:1 round_robin:1 most_free_capacity:1 unmet_preferences:1 percent_allocation:1"
SITES += [
    replace(SITES[0], policy=a_policy(scorers=CURIOUS, filters=(*ALL_FILTERS, "queue_head"), idle_clock=clock))
    for clock in (IdleClock.SINCE_WORKED, IdleClock.SINCE_OFFERED, IdleClock.NONE)
]
"""The last ones ask for every column there is."""
SKILLS = ("sales:7 english:5", "sales:3 region:west", "english:9", "")


def a_random_command(rng: np.random.Generator, floor: Floor, number: int) -> Command:
    """Something that may well happen next; what cannot is refused and changes nothing."""

    def one_of(*choices: Any) -> Any:
        return choices[int(rng.integers(len(choices)))] if choices else "nobody"

    state = floor.router.state
    agent_id = f"a{rng.integers(30)}"
    waiting = one_of(*(key for key, row in state.interactions.items() if row.phase is InteractionPhase.WAITING))
    busy = one_of(*(key for key, row in state.interactions.items() if row.phase is not InteractionPhase.WAITING))
    new = an_interaction(
        f"i{number}",
        channel=one_of("voice", "chat", "email"),
        needs=one_of("", "sales>=5", "english>=4 sales<=6", "region==west", "region!=west"),
        preferred=one_of("", "a1:50 a2:9"),
    )
    offer_id = one_of(*state.offers)
    commands: list[Command] = [
        PutAgents(agents=(an_agent(agent_id, skills=one_of(*SKILLS), channels="voice:1 chat:2"),)),
        SetPresence(agent_id=agent_id, presence=one_of(*Presence)),
        RemoveAgents(agent_ids=(agent_id,)),
        AbandonInteraction(interaction_id=waiting),
        UpdateInteraction(interaction_id=waiting, requirements=some_needs(one_of("", "sales>=2")), overwrite=True),
        DeclineOffer(offer_id=offer_id),
        FailConnect(interaction_id=busy, reason=""),
        EndWrapUp(interaction_id=busy),
    ]
    return commands[int(rng.integers(len(commands)))] if rng.random() < 0.7 else EnqueueInteraction(interaction=new)


@pytest.mark.parametrize("number", range(len(SITES)))
def test_they_equal_a_rebuild_after_every_command(number: int) -> None:
    """Three hundred random commands at each of three sites, with accepts, ends and time in between."""
    rng = np.random.default_rng(number)
    floor = a_floor(SITES[number])
    for step in range(300):
        with suppress(CommandRefused):
            floor.do(a_random_command(rng, floor, step))
        assert_fresh(floor)
        if rng.random() < 0.05:
            floor.do(ApplySite(site=replace(SITES[number], session_lease_ms=1 + step)))
            assert_fresh(floor)
        if rng.random() < 0.3 and floor.offered:
            floor.accept(next(iter(floor.offered)))
            assert_fresh(floor)
        floor.wait(int(rng.integers(0, 4_000)))
        assert_fresh(floor)
    assert floor.router.state.arrived > 50


def test_agents_and_interactions_grow_beyond_the_first_arrays() -> None:
    """A hundred agents, a hundred attributes among them, a hundred waiting: each found again."""
    site = a_phone_site(rules=[a_rule()])
    floor = a_floor(site, *callers(*(f"skill{number}:5 sales:1" for number in range(100))))
    floor.enqueue(*(an_interaction(f"i{number}", needs=f"skill{number}>=6") for number in range(100)))
    assert {} == floor.offered
    floor.staff(*(an_agent(f"a{number + 1}", skills=f"skill{number}:6", channels="voice:1") for number in reversed(range(100))))
    assert {f"i{number}": [f"a{number + 1}"] for number in range(100)} == floor.offered
    assert_fresh(floor)


def test_an_agent_who_comes_back_between_two_looks_is_a_new_one() -> None:
    """While a window is open an agent is forgotten and registered again: the place is the old one, the order of registration is not."""
    floor = a_floor(a_site(policy=a_policy(match_interval_ms=1_000)), *callers("sales:5", "sales:5"))
    floor.wait(1_000)
    assert_fresh(floor)
    floor.do(RemoveAgents(agent_ids=("a1",)))
    floor.staff(*callers("english:5"))
    assert_fresh(floor)
    assert 3 == fresh(floor).agents.sequence[fresh(floor).agents.place_of["a1"]]


def test_an_id_used_anew_between_two_looks_is_a_new_interaction() -> None:
    """A site that forgets at once takes the same id again: whom the first preferred says nothing of the second."""
    floor = a_floor(a_site(policy=a_policy(match_interval_ms=5_000), retention_ms=0))
    floor.enqueue(an_interaction("i1", preferred="a1:50"), an_interaction("i2"))
    assert_fresh(floor)
    floor.do(AbandonInteraction(interaction_id="i1"))
    floor.now += 1
    floor.do(AbandonInteraction(interaction_id="i2"))
    floor.enqueue(an_interaction("i1"))
    assert_fresh(floor)


def test_they_are_built_anew_for_another_site() -> None:
    """Channels may come and go with the site, and with them whole rows."""
    floor = a_floor(a_site(), *callers("sales:5"))
    before = fresh(floor)
    floor.do(ApplySite(site=a_site(session_lease_ms=1)))
    assert before is not fresh(floor)
    assert_fresh(floor)


def test_there_are_none_without_a_site() -> None:
    """Channels come from the site; to ask for columns before is a defect."""
    with pytest.raises(InvariantBroken):
        Columns.of(State())


def test_another_site_takes_over_what_it_would_build_again() -> None:
    """The agents' columns go on under a site with the same channels and queues, and not under one with others."""
    floor = a_floor(SITES[0], an_agent("a1", skills="sales:7", channels="voice:1"))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    agents = fresh(floor).agents
    floor.do(ApplySite(site=replace(SITES[0], session_lease_ms=1)))
    assert_fresh(floor)
    assert agents is fresh(floor).agents
    floor.do(ApplySite(site=replace(SITES[0], channels=dict(reversed(list(SITES[0].channels.items()))))))
    assert_fresh(floor)
    assert agents is not fresh(floor).agents
