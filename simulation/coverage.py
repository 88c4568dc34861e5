"""Checks, before anything runs, that the site and the behaviour speak of every kind of interaction a scenario can bring."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from routing.config.errors import ConfigError, did_you_mean
from routing.core.classifier import Classifier
from routing.model.interaction import Interaction
from routing.policy.classify import RuleClassifier
from simulation.behaviour import PER_INTERACTION
from simulation.births import channel_of, rule_for
from simulation.customers.checks import may_come_again_as
from simulation.demand import DrawnDemand, ReplayedLog
from simulation.interactions import RecordedInteraction
from simulation.scenario import Scenario
from simulation.streams import Purpose
from simulation.transfers import legs_reached


def check_covered(scenario: Scenario, file: Path) -> None:
    """Refuse a scenario in which some interaction has no channel, no route, no work or no patience; `file` is named in the message.

    Raises:
        ConfigError: the first such interaction, told by its channel and type.
    """
    classify = RuleClassifier()
    for interaction in _all_kinds(scenario):
        try:
            _check(scenario, interaction, classify)
        except ConfigError as error:
            raise ConfigError(error.problem, file=file, key=error.key, value=error.value, remedy=error.remedy) from error


def check_within_horizon(scenario: Scenario, log: Sequence[RecordedInteraction], file: Path) -> None:
    """Refuse a log of which nothing falls into the horizon: the result would be an empty day.

    Raises:
        ConfigError: naming the log's first and last arrival.
    """
    arrivals = [interaction.arrived_at_ms for interaction in log]
    if any(scenario.starts_at <= at < scenario.ends_at for at in arrivals):
        return
    if not arrivals:
        raise ConfigError("holds no interaction", file=file, remedy="There is nothing to replay.")
    zone = scenario.calendar.zone_info
    first, last = (dt.datetime.fromtimestamp(at / 1_000, zone).strftime("%Y-%m-%d %H:%M") for at in (min(arrivals), max(arrivals)))
    raise ConfigError(
        f"has no interaction within the scenario's horizon: it runs from {first} to {last}",
        file=file,
        remedy="Set date, starts, ends and days of the scenario to the log's.",
    )


def check_behaviour_channels(scenario: Scenario, file: Path) -> None:
    """Refuse a behaviour rule for a channel that the site lacks: it would never be used, and nobody would notice.

    Raises:
        ConfigError: naming the first such rule of the behaviour file `file`.
    """
    rules = ((purpose, index, rule) for purpose in PER_INTERACTION for index, rule in enumerate(scenario.behaviour.rules(purpose)))
    for purpose, index, rule in rules:
        for channel in rule.when.get("channel", ()):
            if channel not in scenario.site.channels:
                key, remedy = f"{purpose.value}[{index}].when.channel", did_you_mean(str(channel), scenario.site.channels)
                raise ConfigError("is not a channel of the scenario's site", file=file, key=key, value=channel, remedy=remedy)


def check_callback_habits(scenario: Scenario, file: Path) -> None:
    """Refuse habits about call-backs that can come to nothing: on a channel that the site lacks, or where no queue takes any.

    Raises:
        ConfigError: naming the behaviour file `file`.
    """
    for index, habit in enumerate(scenario.behaviour.callback):
        if habit.channel is not None and habit.channel not in scenario.site.channels:
            remedy = did_you_mean(habit.channel, scenario.site.channels)
            key = f"callback[{index}].channel"
            raise ConfigError("is not a channel of the scenario's site", file=file, key=key, value=habit.channel, remedy=remedy)
    if scenario.behaviour.callback and not any(queue.callback.attempts_max for queue in scenario.site.queues.values()):
        raise ConfigError(
            "speaks of call-backs, and no queue of the scenario's site takes any",
            file=file,
            key="callback",
            remedy="Give a queue callback.attempts, or leave the entries out.",
        )


def _check(scenario: Scenario, interaction: Interaction, classify: Classifier) -> None:
    channel_of(scenario, interaction)
    for purpose in (Purpose.WORK, Purpose.PATIENCE):
        rule_for(scenario, purpose, interaction)
    if classify(interaction, scenario.starts_at, scenario.site) is None:
        raise ConfigError(
            f"no rule of the site takes an interaction on channel {interaction.channel} of type {interaction.type}",
            remedy="Add a [[rules]] entry for it to the site, or one without conditions at the end.",
        )


def _all_kinds(scenario: Scenario) -> Iterator[Interaction]:
    """The samples, and what they become where the behaviour hands them on or lets them come again."""
    behaviour = scenario.behaviour
    if not (behaviour.transfer or behaviour.redial or behaviour.resolution):
        yield from samples(scenario)
        return
    waiting, seen = list(samples(scenario)), set[object]()
    while waiting:
        interaction = waiting.pop(0)
        kind = (interaction.channel, interaction.type, tuple(sorted(interaction.attributes.items())))
        if kind in seen:
            continue
        seen.add(kind)
        yield interaction
        yield from legs_reached(behaviour, interaction)
        waiting += may_come_again_as(behaviour, interaction)


def samples(scenario: Scenario) -> Iterator[Interaction]:
    """Every interaction of a log, one of each drawn stream, of each backlog entry and of each list of outbound work."""
    match scenario.demand:
        case ReplayedLog(log=log):
            for one in log:
                yield Interaction(id=one.id, channel=one.channel, type=one.type, attributes=one.attributes)
        case DrawnDemand(streams=streams):
            for stream in streams:
                yield Interaction(id="sample", channel=stream.channel, type=stream.type, attributes=stream.attributes)
    for item in scenario.backlog:
        yield Interaction(id="sample", channel=item.channel, type=item.type, attributes=item.attributes)
    for jobs in scenario.outbound:
        yield jobs.job(0)
