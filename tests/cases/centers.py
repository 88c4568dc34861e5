"""What the behaviour cases share: the default policy on a phone floor, one agent who empties it, and who could take what waits."""

from routing.config.presets import preset_specs
from routing.engine import Router
from routing.model.ids import AgentId, InteractionId
from routing.model.site import PolicySpec, Site
from routing.policy.presets.builtin import BALANCED
from routing.policy.registry import default_registry
from tests.routing.policy.floor import Floor, a_phone_site

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS


def a_default_site(**overrides: object) -> Site:
    """A phone site under the policy every site has that names none."""
    return a_phone_site(**({"policy": BALANCED} | overrides))


def preset(name: str) -> PolicySpec:
    """The compatibility policy of that name."""
    (found,) = [spec for spec in preset_specs() if spec.name == name]
    return found


def served_in_order(floor: Floor) -> list[InteractionId]:
    """What waits, in the order in which the one agent of the floor is offered it; each takes a second."""
    order = []
    while floor.offered:
        (interaction_id,) = floor.offered
        order.append(interaction_id)
        floor.accept(interaction_id)
        floor.wait(SECOND_MS)
        floor.end(interaction_id)
    return order


def able(floor: Floor, interaction_id: InteractionId = "i1") -> list[AgentId]:
    """Every registered agent who meets what the interaction requires at present, whatever they are doing."""
    state = floor.router.state
    branches = state.interactions[interaction_id].route.branches
    needs = [[need for need in branch.requirements if need.is_hard] for branch in branches]
    return [
        key
        for key, row in state.agents.items()
        if any(all(need.is_met_by(row.agent.attributes) for need in of_queue) for of_queue in needs)
    ]


def eligible_before(floor: Floor, seq: int, interaction_id: InteractionId = "i1") -> list[AgentId]:
    """Who could have been offered the interaction just before an event, found from the log alone."""
    recorded = floor.log[seq - 1]
    then = Router.restore(default_registry(), floor.log[: seq - 1])
    return [one.agent_id for one in then.explain(interaction_id, recorded.at).standings if not one.excluded_by]
