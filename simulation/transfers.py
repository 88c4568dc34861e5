"""Conversations that are handed on: how, and with what luck for the next leg.

Everything is drawn from streams named by the interaction the leg comes out of, or by the leg, so that no policy changes it and a scenario
without transfers draws what it drew.
"""

from collections.abc import Iterator
from typing import NamedTuple

from routing.core.commands import NextLeg
from routing.core.decide.transfers import LEGS_MAX
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant
from simulation import laws
from simulation.behaviour import Behaviour, HandingOn
from simulation.births import birth_of_leg
from simulation.demand import Birth
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams


class Onward(NamedTuple):
    """A conversation that is handed on: how, the next leg with its own luck, and how long a consultation waits and talks."""

    kind: HandingOn
    leg: NextLeg
    birth: Birth
    consult_wait_ms: Duration
    consult_ms: Duration


def onward(scenario: Scenario, streams: Streams, birth: Birth, *, number: int, now: Instant) -> Onward | None:
    """Whether an interaction, leg `number` of its conversation (0 for the customer's own), is handed on at `now`, and how.

    Raises:
        ConfigError: no rule of the behaviour says how long the leg takes or waits.
    """
    interaction = birth.interaction
    rule = scenario.behaviour.transfer_for(interaction)
    if rule is None or number == LEGS_MAX or streams.uniform(Purpose.TRANSFER, interaction.id) >= rule.share:
        return None
    described = rule.next_leg(interaction, f"{interaction.id}+")
    return Onward(
        kind=rule.kind,
        leg=NextLeg(id=described.id, channel=rule.channel, type=rule.type, attributes=rule.attributes),
        birth=birth_of_leg(scenario, described, now, streams),
        consult_wait_ms=rule.consult_wait_ms,
        consult_ms=laws.duration_ms(rule.consult, streams.uniform(Purpose.CONSULT, interaction.id)),
    )


def legs_reached(behaviour: Behaviour, interaction: Interaction) -> Iterator[Interaction]:
    """One sample of every kind of leg that an interaction may become, however often it is handed on."""
    seen = {_kind(interaction)}
    while (rule := behaviour.transfer_for(interaction)) is not None:
        interaction = rule.next_leg(interaction, interaction.id)
        if _kind(interaction) in seen:
            return
        seen.add(_kind(interaction))
        yield interaction


def _kind(interaction: Interaction) -> tuple[str, str, tuple[tuple[str, AttributeValue], ...]]:
    return interaction.channel, interaction.type, tuple(sorted(interaction.attributes.items()))
