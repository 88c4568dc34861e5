"""Makes one replication's births: arrivals from the demand, then patience, work, wrap-up and answer delay in blocks, in arrival order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

import numpy as np
import numpy.typing as npt

from routing.config.errors import ConfigError
from routing.model.channel import Channel
from routing.model.interaction import Interaction
from routing.model.time import Duration, Instant
from simulation import laws
from simulation.behaviour import BehaviourRule
from simulation.counterfactual.completing import completed
from simulation.demand import BacklogItem, Birth, Births, DrawnDemand, ReplayedLog, stream_name
from simulation.demand.drawing import Arrival, drawn_arrivals
from simulation.demand.recorded_redials import attempts_followed
from simulation.garbage import collected_rarely
from simulation.interactions import RecordedInteraction
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams

_NO_TIME = BehaviourRule(when={}, law=laws.Constant(value_ms=0), source="")
_ENDLESS = BehaviourRule(when={}, law=laws.Never(), source="")


def births_of(scenario: Scenario, replication: int) -> Births:
    """The demand of one replication, a pure function of the scenario and the replication's number.

    What is left out is counted. Live arrivals outside their channel's opening hours or the horizon are not offered. Deferrable ones from
    before the horizon wait when it begins and bring their age along; those after its end are left out.

    Raises:
        ConfigError: an interaction's channel is not the site's, or no rule of the behaviour says how long it takes or waits.
    """
    with collected_rarely():
        return _births(scenario, replication, Streams(seed=scenario.seed, replication=replication))


def _births(scenario: Scenario, replication: int, streams: Streams) -> Births:
    excluded: Counter[tuple[str, str]] = Counter()
    backlog = [arrival for index, item in enumerate(scenario.backlog) for arrival in _backlog(item, index, scenario.starts_at)]
    match scenario.demand:
        case ReplayedLog():
            arrivals = list(_replayed(scenario, scenario.demand, excluded))
        case DrawnDemand():
            arrivals = [
                arrival
                for one in drawn_arrivals(scenario.demand, scenario.calendar, streams)
                if (arrival := _admitted(scenario, one, excluded))
            ]
        case unreachable:
            assert_never(unreachable)
    arrivals.sort(key=lambda arrival: arrival.at)  # stable: equal instants keep the order of the log or of the streams
    everybody = [*backlog, *arrivals]
    if scenario.behaviour.redial or scenario.behaviour.resolution:
        everybody = [_named(arrival) for arrival in everybody]
    births = _with_draws(scenario, everybody, streams)
    if isinstance(scenario.demand, ReplayedLog) and scenario.demand.imputed is not None:
        known = {recorded.id: recorded for recorded in scenario.demand.log}
        births = completed(births, known, scenario.demand.imputed, replication, streams)
    return Births(births=births, excluded=dict(sorted(excluded.items())))


def _backlog(item: BacklogItem, index: int, at: Instant) -> Iterator[Arrival]:
    for number in range(1, item.count + 1):
        interaction = Interaction(
            id=f"backlog-{index + 1}-{number}",
            channel=item.channel,
            type=item.type,
            attributes=item.attributes,
            routing_credit_ms=item.waited_ms,
            priority=item.priority,
        )
        yield Arrival(at, interaction)


def _named(arrival: Arrival) -> Arrival:
    """The arrival of a customer who may come again, and is then known: by their own name, or by that of this interaction."""
    interaction = arrival.interaction
    return arrival if interaction.customer_id else Arrival(arrival.at, replace(interaction, customer_id=interaction.id))


def _replayed(scenario: Scenario, demand: ReplayedLog, excluded: Counter[tuple[str, str]]) -> Iterator[Arrival]:
    """The arrivals of a log, without the redials of those who may come: whether these follow, the run will tell."""
    followed, may_come = attempts_followed(demand.redials), set[str]()
    for recorded in demand.log:
        if followed.get(recorded.id) in may_come:
            may_come.add(recorded.id)
        elif arrival := _admitted(scenario, arrival_of(recorded), excluded):
            may_come.add(recorded.id)
            yield arrival


def arrival_of(recorded: RecordedInteraction) -> Arrival:
    """A recorded interaction as it arrives, without what then became of it."""
    interaction = Interaction(
        id=recorded.id,
        channel=recorded.channel,
        type=recorded.type,
        attributes=recorded.attributes,
        due_at=recorded.due_at_ms,
        priority=recorded.priority,
        customer_id=recorded.customer,
    )
    return Arrival(recorded.arrived_at_ms, interaction)


def _admitted(scenario: Scenario, arrival: Arrival, excluded: Counter[tuple[str, str]]) -> Arrival | None:
    """The arrival as the horizon and the opening hours let it in; None, and counted, where they do not."""
    at, interaction = arrival
    reason = why_not_offered(scenario, interaction, at)
    if reason:
        excluded[interaction.channel, reason] += 1
        return None
    return arrival if at >= scenario.starts_at else _carried_over(arrival, scenario.starts_at)


def why_not_offered(scenario: Scenario, interaction: Interaction, at: Instant) -> str:
    """Why an interaction that comes at `at` is not offered: the horizon or the opening hours; empty where it is.

    Raises:
        ConfigError: the site has no such channel.
    """
    channel = channel_of(scenario, interaction)
    if at >= scenario.ends_at:
        return "after the horizon"
    if channel.is_live and at < scenario.starts_at:
        return "before the horizon"
    return "outside opening hours" if channel.is_live and not scenario.is_open(interaction.channel, at) else ""


def channel_of(scenario: Scenario, interaction: Interaction) -> Channel:
    """The site's channel that an interaction comes on.

    Raises:
        ConfigError: the site has no such channel.
    """
    channel = scenario.site.channels.get(interaction.channel)
    if channel is None:
        known = ", ".join(sorted(scenario.site.channels))
        raise ConfigError(
            f"is the channel of an interaction of type {interaction.type}, but not one of the site",
            value=interaction.channel,
            remedy=f"The site has {known}. Add the channel, or map it to one of these when importing.",
        )
    return channel


def _carried_over(arrival: Arrival, starts_at: Instant) -> Arrival:
    """Deferrable work from before the horizon: it waits when the horizon begins, with its age as a routing credit."""
    old = arrival.interaction
    interaction = Interaction(
        id=old.id,
        channel=old.channel,
        type=old.type,
        attributes=old.attributes,
        due_at=old.due_at,
        routing_credit_ms=starts_at - arrival.at,
        priority=old.priority,
        customer_id=old.customer_id,
    )
    return Arrival(starts_at, interaction)


def _with_draws(scenario: Scenario, arrivals: Sequence[Arrival], streams: Streams) -> tuple[Birth, ...]:
    """Births with all draws; each stream is drawn in one block, in the order its interactions arrive."""
    members: dict[str, list[int]] = {}
    for index, arrival in enumerate(arrivals):
        members.setdefault(stream_name(arrival.interaction.channel, arrival.interaction.type), []).append(index)
    places = {name: np.array(indexes, dtype=np.int64) for name, indexes in members.items()}
    drawn = {
        purpose: _durations(scenario, arrivals, places, purpose, streams)
        for purpose in (Purpose.PATIENCE, Purpose.WORK, Purpose.WRAP_UP, Purpose.ANSWER)
    }
    columns = [drawn[purpose].tolist() for purpose in (Purpose.PATIENCE, Purpose.WORK, Purpose.WRAP_UP, Purpose.ANSWER)]
    return tuple(
        Birth(arrival.at, arrival.interaction, None if patience < 0 else patience, work, wrap_up, answer)
        for arrival, patience, work, wrap_up, answer in zip(arrivals, *columns, strict=True)
    )


def _durations(
    scenario: Scenario, arrivals: Sequence[Arrival], places: Mapping[str, npt.NDArray[np.int64]], purpose: Purpose, streams: Streams
) -> npt.NDArray[np.int64]:
    """The durations of one purpose for all arrivals, shape (arrivals,), milliseconds; -1 where it never happens.

    `places` has the places of each stream's arrivals among all, rising.
    """
    result = np.full(len(arrivals), -1, dtype=np.int64)
    for name, at in places.items():
        draws = streams.uniforms(purpose, name, len(at))
        for rule, positions in _by_rule(scenario, purpose, arrivals, at):
            if not isinstance(rule.law, laws.Never):
                result[at[positions]] = laws.durations_ms(rule.law, draws[positions])
    return result


def birth_of_leg(scenario: Scenario, interaction: Interaction, at: Instant, streams: Streams) -> Birth:
    """The next leg of a conversation, or who comes again, with everything chance decides about it, drawn under its own id.

    Raises:
        ConfigError: no rule of the behaviour says how long it takes or waits.
    """

    def drawn(purpose: Purpose) -> Duration | None:
        law = rule_for(scenario, purpose, interaction).law
        return None if isinstance(law, laws.Never) else laws.duration_ms(law, streams.uniform(purpose, interaction.id))

    work, wrap_up, answer = (drawn(purpose) or 0 for purpose in (Purpose.WORK, Purpose.WRAP_UP, Purpose.ANSWER))
    return Birth(at, interaction, drawn(Purpose.PATIENCE), work, wrap_up, answer)


def _by_rule(
    scenario: Scenario, purpose: Purpose, arrivals: Sequence[Arrival], places: npt.NDArray[np.int64]
) -> list[tuple[BehaviourRule, list[int] | slice]]:
    """The rules that hold for some of one stream's arrivals, which are at these places, and for which of them, by position."""
    if not scenario.behaviour.looks_at_attributes(purpose):  # a stream has one channel and one type, and so one rule
        return [(rule_for(scenario, purpose, arrivals[places[0]].interaction), slice(None))]
    positions: dict[int, list[int]] = {}
    rules: dict[int, BehaviourRule] = {}
    for position, place in enumerate(places.tolist()):
        rule = rule_for(scenario, purpose, arrivals[place].interaction)
        rules[id(rule)] = rule
        positions.setdefault(id(rule), []).append(position)
    return [(rules[key], positions[key]) for key in positions]


def rule_for(scenario: Scenario, purpose: Purpose, interaction: Interaction) -> BehaviourRule:
    """The behaviour rule that holds for an interaction; wrap-up and answer delay are none where no rule speaks of them.

    Raises:
        ConfigError: no rule says how long the interaction takes, or how long a live customer waits.
    """
    rule = scenario.behaviour.rule_for(purpose, interaction)
    if rule is not None:
        return rule
    if purpose in {Purpose.WRAP_UP, Purpose.ANSWER}:
        return _NO_TIME
    if purpose is Purpose.PATIENCE and not scenario.site.channels[interaction.channel].is_live:
        return _ENDLESS
    missing = "how long it takes" if purpose is Purpose.WORK else "how long its customer waits"
    raise ConfigError(
        f"no rule of the behaviour file says {missing} (channel {interaction.channel}, type {interaction.type})",
        key=purpose.value,
        remedy=f"Add a [[{purpose.value}]] rule that matches it, or one without conditions at the end.",
    )
