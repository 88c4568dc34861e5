"""Reads behaviour files, `careroute/behaviour/1`: laws with units, conditions and sources, as a person writes them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from routing.config.document import Document, FileModel, load
from routing.config.toml_lines import KeyPath
from routing.config.values import DurationMs, Identifier, Share
from routing.core.commands import DeclineReason
from routing.model.callback import CallbackKind
from simulation import laws
from simulation.agents.files import AdherenceFile, FatigueFile, HoldFile, LearningFile, PaceFile, ParallelFile
from simulation.behaviour import Behaviour, BehaviourRule, DeclineRule, HandingOn, ProficiencyEffect, TransferRule
from simulation.customers.balking import BalkingFile
from simulation.customers.callback_habits import CallbackHabit
from simulation.customers.coming_again import RedialFile, ResolutionFile
from simulation.law_files import Conditions, LawFile, PatienceLawFile, Source

BEHAVIOUR_SCHEMA: Final = "careroute/behaviour/1"


class RuleFile(FileModel):
    """One entry of [[work]], [[wrap_up]] or [[answer]]."""

    when: Conditions = Field(default_factory=dict)
    draw: LawFile
    source: Source


class PatienceFile(FileModel):
    """One entry of [[patience]]."""

    when: Conditions = Field(default_factory=dict)
    draw: PatienceLawFile
    source: Source


class DeclineFile(FileModel):
    """One entry of [[decline]]."""

    when: Conditions = Field(default_factory=dict)
    share: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
    reason: Literal["declined", "busy", "unreachable"] = "declined"
    source: Source

    def to_rule(self) -> DeclineRule:
        """The record of this rule."""
        return DeclineRule(when=self.when, share=self.share, reason=DeclineReason(self.reason), source=self.source)


class ReturnFile(FileModel):
    """The table [return_after]."""

    draw: LawFile
    source: Source


class ProficiencyFile(FileModel):
    """The table [proficiency]."""

    reference_level: Annotated[int, Field(ge=1, le=10)]
    faster_per_level: Annotated[float, Field(ge=-0.5, le=0.5, allow_inf_nan=False)]
    source: Source


class CallbackFile(FileModel):
    """One entry of [[callback]]."""

    when: Conditions = Field(default_factory=dict)
    after: DurationMs
    taken: Share
    kind: Literal["agent_first", "customer_first"] = "agent_first"
    channel: Identifier | None = None
    answered: Share
    ring: LawFile
    gone: Share = 0.0
    busy: Share = 0.0
    wished: LawFile | None = None
    promised: DurationMs | None = None
    source: Source

    def to_habit(self) -> CallbackHabit:
        """The record of this entry."""
        return CallbackHabit(
            when=self.when,
            after_ms=self.after,
            taken=self.taken,
            kind=CallbackKind(self.kind),
            channel=self.channel,
            answered=self.answered,
            ring=self.ring.to_law(),
            source=self.source,
            gone=self.gone,
            busy=self.busy,
            wished=None if self.wished is None else self.wished.to_law(),
            promised_ms=self.promised,
        )


class TransferFile(FileModel):
    """One entry of [[transfer]]."""

    when: Conditions = Field(default_factory=dict)
    share: Share
    kind: Literal["blind", "consult"] = "blind"
    channel: Identifier | None = None
    type: Identifier | None = None
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    consult: LawFile | None = None
    consult_wait: DurationMs | None = None
    source: Source

    @model_validator(mode="after")
    def _says_how_it_consults(self) -> "TransferFile":
        stated = (self.consult is not None, self.consult_wait is not None)
        if stated != ((True, True) if self.kind == "consult" else (False, False)):
            raise ValueError("a consultation needs consult and consult_wait, and nothing else has them")
        return self

    def to_rule(self) -> TransferRule:
        """The record of this rule."""
        return TransferRule(
            when=self.when,
            share=self.share,
            kind=HandingOn(self.kind),
            channel=self.channel,
            type=self.type,
            attributes=self.attributes,
            consult=laws.Constant(value_ms=0) if self.consult is None else self.consult.to_law(),
            consult_wait_ms=self.consult_wait or 0,
            source=self.source,
        )


class BehaviourFile(FileModel):
    """A behaviour file's keys."""

    patience: tuple[PatienceFile, ...] = ()
    work: Annotated[tuple[RuleFile, ...], Field(min_length=1)]
    wrap_up: tuple[RuleFile, ...] = ()
    answer: tuple[RuleFile, ...] = ()
    transfer: tuple[TransferFile, ...] = ()
    adherence: AdherenceFile | None = None
    pace: tuple[PaceFile, ...] = ()
    learning: LearningFile | None = None
    fatigue: FatigueFile | None = None
    hold: tuple[HoldFile, ...] = ()
    parallel: tuple[ParallelFile, ...] = ()
    return_after: ReturnFile
    proficiency: ProficiencyFile | None = None
    callback: tuple[CallbackFile, ...] = ()
    decline: tuple[DeclineFile, ...] = ()
    balking: tuple[BalkingFile, ...] = ()
    redial: tuple[RedialFile, ...] = ()
    resolution: tuple[ResolutionFile, ...] = ()


def load_behaviour(path: Path) -> Behaviour:
    """The behaviour a file describes.

    Raises:
        ConfigError: the file cannot be read or used; every fault found is listed.
    """
    document, stated = load(path, BEHAVIOUR_SCHEMA, BehaviourFile)
    for table in ("patience", "work", "wrap_up", "answer", "decline", "transfer", "callback", "hold", "balking"):
        _check_reachable(document, table, [rule.when for rule in getattr(stated, table)])
    _check_reachable(document, "resolution", [{**rule.agent, **rule.when} for rule in stated.resolution])
    return Behaviour(
        patience=_rules(stated.patience),
        work=_rules(stated.work),
        wrap_up=_rules(stated.wrap_up),
        answer=_rules(stated.answer),
        transfer=tuple(rule.to_rule() for rule in stated.transfer),
        adherence=None if stated.adherence is None else stated.adherence.to_adherence(),
        pace=tuple(rule.to_rule() for rule in stated.pace),
        learning=None if stated.learning is None else stated.learning.to_learning(),
        fatigue=None if stated.fatigue is None else stated.fatigue.to_fatigue(),
        hold=tuple(rule.to_rule() for rule in stated.hold),
        parallel=tuple(one.to_parallel() for one in stated.parallel),
        return_after=stated.return_after.draw.to_law(),
        return_after_source=stated.return_after.source,
        proficiency=_proficiency(stated.proficiency),
        callback=tuple(one.to_habit() for one in stated.callback),
        decline=tuple(rule.to_rule() for rule in stated.decline),
        balking=tuple(rule.to_rule() for rule in stated.balking),
        redial=tuple(rule.to_rule() for rule in stated.redial),
        resolution=tuple(rule.to_rule() for rule in stated.resolution),
    )


def _rules(stated: tuple[PatienceFile, ...] | tuple[RuleFile, ...]) -> tuple[BehaviourRule, ...]:
    return tuple(BehaviourRule(when=rule.when, law=rule.draw.to_law(), source=rule.source) for rule in stated)


def _proficiency(stated: ProficiencyFile | None) -> ProficiencyEffect | None:
    if stated is None:
        return None
    per_mille = round(stated.faster_per_level * 1_000)
    return ProficiencyEffect(reference_level=stated.reference_level, faster_per_level_per_mille=per_mille, source=stated.source)


def _check_reachable(document: Document, table: str, conditions: Sequence[Mapping[str, object]]) -> None:
    for index, when in enumerate(conditions[:-1]):
        if not when:
            key: KeyPath = (table, index + 1)
            problem = f"is never reached: {table}[{index}] has no conditions and matches everything"
            raise document.error(key, problem, remedy="Put the rule without conditions last.")
