"""Coming again: redials after a loss, and repeat contacts about what was not resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from routing.config.document import FileModel
from routing.config.values import Identifier, Share
from routing.model.agent import Agent
from routing.model.ids import ChannelId, InteractionId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Duration
from simulation.law_files import Conditions, LawFile, Source
from simulation.laws import Law


class Loss(StrEnum):
    """How a customer came to leave without having been served."""

    ABANDONED = "abandoned"
    BALKED = "balked"
    BLOCKED = "blocked"
    REFUSED = "refused"
    DIVERTED = "diverted"
    UNSERVED = "unserved"
    UNREACHED = "unreached"


USUAL_LOSSES = (Loss.ABANDONED, Loss.BALKED, Loss.BLOCKED)
"""After these customers try again unless a rule says otherwise; the others were told something, or given something else, before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """In what shape a customer comes again: `channel` and `type`, where stated, replace the present ones, `attributes` are merged in."""

    channel: ChannelId | None = None
    type: str | None = None
    attributes: Mapping[str, AttributeValue]

    def next_interaction(self, before: Interaction, new_id: InteractionId, *, later_ms: Duration) -> Interaction:
        """The interaction of a customer who comes again that much later, known by the same name; a due time moves along."""
        return replace(
            before,
            id=new_id,
            channel=self.channel or before.channel,
            type=before.type if self.type is None else self.type,
            attributes={**before.attributes, **self.attributes},
            customer_id=before.customer_id or before.id,
            due_at=None if before.due_at is None else before.due_at + later_ms,
            routing_credit_ms=0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Redial:
    """The customers who match `when` and left in one of the ways `after` try again with the chance `share`, after a time by `delay`.

    `attempts_max` counts all attempts at one conversation, the first included.
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    after: tuple[Loss, ...]
    share: float
    delay: Law
    attempts_max: int
    shape: Return
    source: str

    def matches(self, interaction: Interaction, loss: Loss) -> bool:
        """Whether every condition holds."""
        return loss in self.after and all(interaction.field(name) in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The need of customers who match `when`, served by an agent whose attributes match `agent`, is resolved with the chance `resolved`.

    Of the others the share `returns` comes again, after a time by `delay` from the end of the contact, until there were `contacts_max`.
    """

    when: Mapping[str, tuple[AttributeValue, ...]]
    agent: Mapping[str, tuple[AttributeValue, ...]]
    resolved: float
    returns: float
    delay: Law
    contacts_max: int
    shape: Return
    source: str

    def matches(self, interaction: Interaction, agent: Agent) -> bool:
        """Whether every condition holds."""
        return all(interaction.field(name) in values for name, values in self.when.items()) and all(
            agent.attributes.get(name) in values for name, values in self.agent.items()
        )


class _ReturnFile(FileModel):
    """What the entries of [[redial]] and [[resolution]] share."""

    when: Conditions = Field(default_factory=dict)
    delay: LawFile
    channel: Identifier | None = None
    type: Identifier | None = None
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    source: Source

    def to_shape(self) -> Return:
        """The shape in which they come again."""
        return Return(channel=self.channel, type=self.type, attributes=self.attributes)


class RedialFile(_ReturnFile):
    """One entry of [[redial]]."""

    after: Annotated[
        tuple[Literal["abandoned", "balked", "blocked", "refused", "diverted", "unserved", "unreached"], ...], Field(min_length=1)
    ] = ("abandoned", "balked", "blocked")
    share: Share
    attempts: Annotated[int, Field(ge=2, le=1_000)]

    def to_rule(self) -> Redial:
        """The record of this entry."""
        return Redial(
            when=self.when,
            after=tuple(Loss(one) for one in self.after),
            share=self.share,
            delay=self.delay.to_law(),
            attempts_max=self.attempts,
            shape=self.to_shape(),
            source=self.source,
        )


class ResolutionFile(_ReturnFile):
    """One entry of [[resolution]]."""

    agent: Conditions = Field(default_factory=dict)
    resolved: Share
    returns: Share = 1.0
    contacts: Annotated[int, Field(ge=2, le=1_000)]

    def to_rule(self) -> Resolution:
        """The record of this entry."""
        return Resolution(
            when=self.when,
            agent=self.agent,
            resolved=self.resolved,
            returns=self.returns,
            delay=self.delay.to_law(),
            contacts_max=self.contacts,
            shape=self.to_shape(),
            source=self.source,
        )
