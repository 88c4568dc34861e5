"""Checks, before anything runs, that what customers do fits the site: lines on its channels, waits that it tells, ways to come back."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from routing.config.document import Document
from routing.config.errors import ConfigError, did_you_mean
from routing.model.ids import ChannelId
from routing.model.interaction import Interaction
from routing.model.site import Site
from simulation.behaviour import Behaviour
from simulation.customers.coming_again import Redial, Resolution
from simulation.customers.lines import LineGroupFile
from simulation.scenario import Scenario


def line_faults(document: Document, stated: Mapping[str, LineGroupFile], site: Site) -> Iterator[ConfigError]:
    """What is wrong with the [lines] of a scenario: a channel that the site lacks, one without a line, or one in two groups."""
    group_of: dict[ChannelId, str] = {}
    for name, group in stated.items():
        for index, channel in enumerate(group.channels):
            key = ("lines", name, "channels", index)
            if channel not in site.channels:
                remedy = did_you_mean(channel, site.channels)
                yield document.error(key, "is not a channel of the site", value=channel, remedy=remedy)
            elif not site.channels[channel].is_live:
                yield document.error(key, "has nobody on a line: its work is deferrable", value=channel, remedy="Remove it.")
            elif channel in group_of:
                remedy = "Leave it to one of them; a customer takes one line."
                yield document.error(key, f"is in the group {group_of[channel]} already", value=channel, remedy=remedy)
            group_of.setdefault(channel, name)


def check_customer_rules(scenario: Scenario, file: Path) -> None:
    """Refuse rules about customers that can come to nothing: about a channel that the site lacks, or about waits that nobody is told.

    Raises:
        ConfigError: naming the first such rule of the behaviour file `file`.
    """
    for key, channel in _channels(scenario.behaviour):
        if channel not in scenario.site.channels:
            remedy = did_you_mean(str(channel), scenario.site.channels)
            raise ConfigError("is not a channel of the scenario's site", file=file, key=key, value=channel, remedy=remedy)
    listening = [index for index, rule in enumerate(scenario.behaviour.balking) if rule.listens]
    if listening and not any(queue.estimate is not None for queue in scenario.site.queues.values()):
        raise ConfigError(
            "speaks of waits that customers are told, and no queue of the scenario's site tells any",
            file=file,
            key=f"balking[{listening[0]}]",
            remedy='Give a queue an estimated_wait, such as "place-pace", or leave told, leave_beyond and patience out.',
        )


def _channels(behaviour: Behaviour) -> Iterator[tuple[str, object]]:
    """Every channel that a rule about customers names, with its key."""
    returns: list[tuple[str, Redial | Resolution]] = [
        *((f"redial[{index}]", rule) for index, rule in enumerate(behaviour.redial)),
        *((f"resolution[{index}]", rule) for index, rule in enumerate(behaviour.resolution)),
    ]
    conditions = [*((key, rule.when) for key, rule in returns), *((f"balking[{n}]", rule.when) for n, rule in enumerate(behaviour.balking))]
    for key, when in conditions:
        yield from ((f"{key}.when.channel", channel) for channel in when.get("channel", ()))
    yield from ((f"{key}.channel", rule.shape.channel) for key, rule in returns if rule.shape.channel is not None)


def may_come_again_as(behaviour: Behaviour, interaction: Interaction) -> Iterable[Interaction]:
    """Samples of what an interaction may come again as, once: after a loss, or unresolved."""
    returns: tuple[Redial | Resolution, ...] = (*behaviour.redial, *behaviour.resolution)
    for rule in returns:
        if all(interaction.field(name) in values for name, values in rule.when.items()):
            yield rule.shape.next_interaction(interaction, interaction.id, later_ms=0)
