"""How customers and agents behave where the data does not say: patience, work, wrap-up, answering, handing on, coming
back; each with its source.

A rule names a law and for whom it holds; for each purpose the first rule that matches an interaction counts. Deferrable work waits without
end unless a patience rule says otherwise; a live customer needs one, even if it says that they never leave.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from routing.core.commands import DeclineReason
from routing.model.agent import Agent
from routing.model.ids import ChannelId, InteractionId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue, Operator, Requirement
from routing.model.time import Duration
from simulation.agents.adherence import Adherence
from simulation.agents.holding import HoldRule
from simulation.agents.pace import Fatigue, Learning, PaceRule
from simulation.agents.parallel import Parallel
from simulation.customers.balking import Balking
from simulation.customers.callback_habits import CallbackHabit
from simulation.customers.coming_again import Loss, Redial, Resolution
from simulation.laws import Law, Never
from simulation.streams import Purpose

PER_INTERACTION = (Purpose.PATIENCE, Purpose.WORK, Purpose.WRAP_UP, Purpose.ANSWER)
"""The purposes that a rule can be chosen for by the interaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourRule:
    """A law for the interactions that match `when`, and where it comes from.

    `when` maps a field ("channel", "type", or the name of an attribute) to the values that match; an empty mapping matches everything.
    `source` begins with "assumption: " or "data: " and is repeated in every report.
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    law: Law | Never
    source: str

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return not self.when or all(interaction.field(name) in values for name, values in self.when.items())


class HandingOn(StrEnum):
    """How an agent hands a conversation on."""

    BLIND = "blind"
    CONSULT = "consult"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRule:
    """A share of the interactions that match `when` is handed on at the end of its work, and where it comes from (`source`).

    On the next leg `channel` and `type`, where stated, replace the present ones, and `attributes` are merged in. A consultation waits for
    another agent as long as `consult_wait_ms` at most, then talks for a time by the law `consult` before the first agent leaves.
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    share: float
    kind: HandingOn
    channel: ChannelId | None
    type: str | None
    attributes: Mapping[str, AttributeValue]
    consult: Law
    consult_wait_ms: Duration
    source: str

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items())

    def next_leg(self, interaction: Interaction, leg_id: InteractionId) -> Interaction:
        """The interaction as the next leg describes itself, without what the router adds."""
        return replace(
            interaction,
            id=leg_id,
            channel=self.channel or interaction.channel,
            type=interaction.type if self.type is None else self.type,
            attributes={**interaction.attributes, **self.attributes},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRule:
    """The share of offers, 0 to less than 1, that agents do not take of the interactions that match `when`, and what they say."""

    when: Mapping[str, tuple[AttributeValue, ...]]
    share: float
    reason: DeclineReason
    source: str

    def matches(self, interaction: Interaction) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProficiencyEffect:
    """How much faster better agents work: each level above `reference_level` takes `faster_per_level_per_mille` off the base work.

    The level is the agent's lowest among the numeric skills that the interaction's route requires with ">="; without such a requirement
    the work is as drawn. What is left never falls below a tenth of the base.
    """

    reference_level: int
    faster_per_level_per_mille: int
    source: str

    def scaled_ms(self, work_ms: Duration, agent: Agent, requirements: tuple[Requirement, ...]) -> Duration:
        """The work of this agent on an interaction whose base work is `work_ms`."""
        levels = [agent.attributes.get(need.attribute) for need in requirements if need.operator is Operator.AT_LEAST]
        known = [level for level in levels if isinstance(level, int)]
        if not known:
            return work_ms
        per_mille = 1_000 - self.faster_per_level_per_mille * (min(known) - self.reference_level)
        return max(work_ms * max(per_mille, 100) // 1_000, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Every law of one behaviour file. `return_after` is how long agents stay away after a missed offer set them not ready."""

    patience: tuple[BehaviourRule, ...]
    work: tuple[BehaviourRule, ...]
    wrap_up: tuple[BehaviourRule, ...]
    answer: tuple[BehaviourRule, ...]
    return_after: Law
    return_after_source: str
    proficiency: ProficiencyEffect | None = None
    callback: tuple[CallbackHabit, ...] = ()
    decline: tuple[DeclineRule, ...] = ()
    transfer: tuple[TransferRule, ...] = ()
    adherence: Adherence | None = None
    pace: tuple[PaceRule, ...] = ()
    learning: Learning | None = None
    fatigue: Fatigue | None = None
    hold: tuple[HoldRule, ...] = ()
    parallel: tuple[Parallel, ...] = ()
    balking: tuple[Balking, ...] = ()
    redial: tuple[Redial, ...] = ()
    resolution: tuple[Resolution, ...] = ()

    def rules(self, purpose: Purpose) -> tuple[BehaviourRule, ...]:
        """The rules of a purpose that is chosen by the interaction, in the order of the file."""
        match purpose:
            case Purpose.PATIENCE:
                return self.patience
            case Purpose.WORK:
                return self.work
            case Purpose.WRAP_UP:
                return self.wrap_up
            case Purpose.ANSWER:
                return self.answer
            case _:
                raise ValueError(f"{purpose} is not chosen by the interaction")

    def looks_at_attributes(self, purpose: Purpose) -> bool:
        """Whether a rule of a purpose asks for more than the channel and the type."""
        return any(name not in {"channel", "type"} for rule in self.rules(purpose) for name in rule.when)

    def rule_for(self, purpose: Purpose, interaction: Interaction) -> BehaviourRule | None:
        """The first rule of a purpose that matches, or None."""
        for rule in self.rules(purpose):
            if rule.matches(interaction):
                return rule
        return None

    def habit_for(self, interaction: Interaction) -> CallbackHabit | None:
        """The first habit about call-backs that matches, or None."""
        return next((habit for habit in self.callback if habit.matches(interaction)), None) if self.callback else None

    def decline_of(self, interaction: Interaction, draw: float) -> DeclineReason | None:
        """What the agent says to an offer whose draw on (0, 1) this is, or None where they take it; the first rule that matches counts."""
        for rule in self.decline:
            if rule.matches(interaction):
                return rule.reason if draw < rule.share else None
        return None

    def transfer_for(self, interaction: Interaction) -> TransferRule | None:
        """The first rule of handing on that matches, or None."""
        for rule in self.transfer:
            if rule.matches(interaction):
                return rule
        return None

    def hold_for(self, interaction: Interaction) -> HoldRule | None:
        """The first rule of holds that matches, or None."""
        return next((rule for rule in self.hold if rule.matches(interaction)), None)

    def balking_for(self, interaction: Interaction) -> Balking | None:
        """The first rule about finding nobody free that matches, or None."""
        return next((rule for rule in self.balking if rule.matches(interaction)), None) if self.balking else None

    def redial_for(self, interaction: Interaction, loss: Loss) -> Redial | None:
        """The first rule about trying again that matches what happened, or None."""
        return next((rule for rule in self.redial if rule.matches(interaction, loss)), None)

    def resolution_for(self, interaction: Interaction, agent: Agent) -> Resolution | None:
        """The first rule about resolving that matches the interaction and the agent who had it last, or None."""
        return next((rule for rule in self.resolution if rule.matches(interaction, agent)), None)

    def sources(self) -> tuple[str, ...]:
        """Every source as a line for a report, such as "patience (channel phone): assumption: ...", without repetitions."""
        return tuple(dict.fromkeys(self._source_lines()))

    def _source_lines(self) -> Iterator[str]:
        for purpose in PER_INTERACTION:
            for rule in self.rules(purpose):
                yield f"{_WORDS[purpose]}{_condition_text(rule.when)}: {rule.source}"
        for one in self.decline:
            yield f"offers not taken{_condition_text(one.when)}: {one.source}"
        for handed in self.transfer:
            yield f"handing on{_condition_text(handed.when)}: {handed.source}"
        yield f"return after a missed offer: {self.return_after_source}"
        for habit in self.callback:
            yield f"call-backs{_condition_text(habit.when)}: {habit.source}"
        for balking in self.balking:
            yield f"finding nobody free{_condition_text(balking.when)}: {balking.source}"
        for redial in self.redial:
            yield f"trying again after {', '.join(redial.after)}{_condition_text(redial.when)}: {redial.source}"
        for resolution in self.resolution:
            yield f"resolving{_condition_text({**resolution.when, **resolution.agent})}: {resolution.source}"
        if self.proficiency is not None:
            yield f"effect of proficiency on handling: {self.proficiency.source}"
        if self.adherence is not None:
            yield f"adherence to shifts: {self.adherence.source}"
        for paced in self.pace:
            yield f"pace of {_pace_text(paced)}: {paced.source}"
        for held in self.hold:
            yield f"holds{_condition_text(held.when)}: {held.source}"
        for shared in self.parallel:
            yield f"several at once ({', '.join(shared.channels)}): {shared.source}"
        for name, effect in (("learning", self.learning), ("fatigue", self.fatigue)):
            if effect is not None:
                yield f"{name}: {effect.source}"


_WORDS = {Purpose.PATIENCE: "patience", Purpose.WORK: "handling", Purpose.WRAP_UP: "wrap-up", Purpose.ANSWER: "answer delay"}


def _condition_text(when: Mapping[str, tuple[AttributeValue, ...]]) -> str:
    parts = [f"{name} {', '.join(map(str, values))}" for name, values in when.items()]
    return f" ({'; '.join(parts)})" if parts else ""


def _pace_text(rule: PaceRule) -> str:
    agents = ", ".join(rule.agents) or "all agents"
    when = _condition_text({**rule.attributes, **rule.when})
    return f"{agents}{when}{'' if rule.period is None else ', by the start of service'}"
