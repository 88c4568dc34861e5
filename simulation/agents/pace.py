"""How fast agents work: by who they are, when they begin, how much they have done and how long they have been at it.

Each effect multiplies the work drawn at birth, so that it is stretched and never drawn anew:

    pace        x factor, for every rule that matches the agent, the interaction and the time of day
    learning    x 1 + slower * 2 ** (-n / half_after), with n contacts handled by the agent so far
    fatigue     x 1 + min(most, per_hour * h), with h hours since the agent logged on or came back from a pause

Everything is looked at when an agent begins with an interaction, and holds until its work is done. (Learning curve: Gans, Liu, Mandelbaum,
Shen and Ye 2010, "Service times in call centers: agent heterogeneity and learning with some operational consequences", in form.)
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from routing.config.roster import EVERY_DAY
from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import HOUR_MS, Duration, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time of day, [from_ms, to_ms) after local midnight, on some weekdays (0 is Monday); one that ends before it begins spans midnight,
    and each of its parts lies on its own day.
    """

    from_ms: Duration
    to_ms: Duration
    weekdays: tuple[int, ...] = EVERY_DAY

    def holds(self, local: dt.datetime) -> bool:
        """Whether a local time falls into it."""
        if local.weekday() not in self.weekdays:
            return False
        at_ms = local.hour * HOUR_MS + local.minute * 60_000 + local.second * 1_000
        if self.from_ms < self.to_ms:
            return self.from_ms <= at_ms < self.to_ms
        return at_ms >= self.from_ms or at_ms < self.to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRule:
    """Work that takes `factor` times as long: of agents by name or attributes, with interactions that match `when`, in a `period`.

    Empty conditions match everybody and everything; None is always.
    """

    agents: tuple[AgentId, ...]
    attributes: Mapping[str, tuple[AttributeValue, ...]]
    when: Mapping[str, tuple[AttributeValue, ...]]
    period: Period | None
    factor: float
    source: str

    def is_of(self, agent: Agent) -> bool:
        """Whether it speaks of an agent."""
        if self.agents and agent.id not in self.agents:
            return False
        return all(agent.attributes.get(name) in values for name, values in self.attributes.items())

    def matches(self, interaction: Interaction) -> bool:
        """Whether it speaks of an interaction."""
        return all(interaction.field(name) in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """What beginners need more, of which each `half_after` contacts take half away; `experience` names the agents' attribute that says how
    many contacts they had before the run, if any.
    """

    slower: float
    half_after: int
    experience: str | None
    source: str

    def factor(self, agent: Agent, contacts: int) -> float:
        """How much longer work takes after so many contacts of the run."""
        before = 0 if self.experience is None else agent.attributes.get(self.experience, 0)
        halvings = (contacts + (before if isinstance(before, int) else 0)) / self.half_after
        return 1 + self.slower * math.exp2(-halvings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fatigue:
    """What an hour without a pause adds, and the most that it adds in all."""

    per_hour: float
    most: float
    source: str

    def factor(self, since_ms: Duration) -> float:
        """How much longer work takes that long after the last pause."""
        return 1 + min(self.most, self.per_hour * since_ms / HOUR_MS)


def local_time(at: Instant, zone: ZoneInfo) -> dt.datetime:
    """The clock on the wall, to the second."""
    return dt.datetime.fromtimestamp(at // 1_000, tz=zone)
