"""Checks, before anything runs, that the site and the behaviour speak of every kind of interaction a scenario can bring."""

from collections.abc import Iterator
from pathlib import Path

from routing.config.errors import ConfigError
from routing.core.classifier import Classifier
from routing.model.interaction import Interaction
from routing.policy.classify import RuleClassifier
from simulation.births import channel_of, rule_for
from simulation.demand import DrawnDemand, ReplayedLog
from simulation.scenario import Scenario
from simulation.streams import Purpose


def check_covered(scenario: Scenario, file: Path) -> None:
    """Refuse a scenario in which some interaction has no channel, no route, no work or no patience; `file` is named in the message.

    Raises:
        ConfigError: the first such interaction, told by its channel and type.
    """
    classify = RuleClassifier()
    for interaction in _samples(scenario):
        try:
            _check(scenario, interaction, classify)
        except ConfigError as error:
            raise ConfigError(error.problem, file=file, key=error.key, value=error.value, remedy=error.remedy) from error


def _check(scenario: Scenario, interaction: Interaction, classify: Classifier) -> None:
    channel_of(scenario, interaction)
    for purpose in (Purpose.WORK, Purpose.PATIENCE):
        rule_for(scenario, purpose, interaction)
    if classify(interaction, scenario.starts_at, scenario.site) is None:
        raise ConfigError(
            f"no rule of the site takes an interaction on channel {interaction.channel} of type {interaction.type}",
            remedy="Add a [[rules]] entry for it to the site, or one without conditions at the end.",
        )


def _samples(scenario: Scenario) -> Iterator[Interaction]:
    """Every interaction of a log, one of each drawn stream and of each backlog entry."""
    match scenario.demand:
        case ReplayedLog(log=log):
            for one in log:
                yield Interaction(id=one.id, channel=one.channel, type=one.type, attributes=one.attributes)
        case DrawnDemand(streams=streams):
            for stream in streams:
                yield Interaction(id="sample", channel=stream.channel, type=stream.type, attributes=stream.attributes)
    for item in scenario.backlog:
        yield Interaction(id="sample", channel=item.channel, type=item.type, attributes=item.attributes)
