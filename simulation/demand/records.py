"""Demand: who arrives when. Either a recorded log replayed exactly, or arrival rates from which every replication draws its own day.

Births are made once per replication and shared by all arms of a comparison: every interaction's arrival, patience, work, wrap-up and answer
delay are fixed at birth, before any policy has decided anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

from routing.model.ids import ChannelId, InteractionId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import MINUTE_MS, Duration, Instant
from simulation.counterfactual.imputed import Imputed
from simulation.demand.chance import Factor, OverDispersion
from simulation.demand.recorded_redials import RecordedRedial, attempts_followed, recorded_redials
from simulation.demand.stream import DemandStream
from simulation.interactions import RecordedInteraction


class Birth(NamedTuple):
    """One interaction with everything chance decides about it; durations in milliseconds.

    `patience_ms` None means that the customer never leaves. `work_ms` is the base work before any effect of the agent who does it.
    """

    at: Instant
    interaction: Interaction
    patience_ms: Duration | None
    work_ms: Duration
    wrap_up_ms: Duration
    answer_delay_ms: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Births:
    """One replication's demand: births in order of arrival, and how many recorded or drawn arrivals were left out.

    `excluded` maps (channel, reason) to a count; reasons are "outside opening hours", "before the horizon" and "after the horizon".
    """

    births: tuple[Birth, ...]
    excluded: Mapping[tuple[ChannelId, str], int]


@dataclass(frozen=True, kw_only=True)  # without slots, which leave no room for what is worked out once
class ReplayedLog:
    """Recorded interactions, in order of arrival, replayed at their recorded instants in every replication.

    Where redials are looked for (`redials_within_ms`), those found are bound: each comes only where the attempt that it followed is lost
    again, as long after that as it did. Whoever left for good in the record leaves for good.

    With `imputed` what the log knows of patience and work holds, and the rest is drawn given that, another time in every replication.
    """

    log: tuple[RecordedInteraction, ...]
    name: str
    redials_within_ms: Duration | None = None
    imputed: Imputed | None = None

    @property
    def description(self) -> str:
        """Where the interactions come from, in words."""
        if self.imputed is not None:
            return f"recorded interactions with what they are known to have tolerated and taken: {self.name}"
        return f"recorded interactions, replayed exactly: {self.name}"

    @property
    def sources(self) -> tuple[str, ...]:
        """A record rests on no assumption of its own but about who redialled."""
        if self.redials_within_ms is None:
            return ()
        bound, minutes = len(attempts_followed(self.redials)), f"{self.redials_within_ms / MINUTE_MS:g}"
        text = (
            f"redials: assumption: the next interaction of a customer within {minutes} minutes of the end of an abandoned one is a redial "
            f"of it, {bound:,} of {len(self.log):,} recorded; each comes only where that one is lost again, and the abandoners of the "
            f"record who did not redial do not"
        )
        return (text,)

    @cached_property
    def redials(self) -> Mapping[InteractionId, RecordedRedial | None]:
        """By abandoned interactions of known customers: the recorded redial, or None where there was none. Empty where nobody looks."""
        return {} if self.redials_within_ms is None else recorded_redials(self.log, within_ms=self.redials_within_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnDemand:
    """Poisson streams, drawn afresh in every replication, independent but for the `factors` that lie over their rates.

    `description` says where the rates come from, as a clause without a full stop.
    """

    streams: tuple[DemandStream, ...]
    description: str
    factors: tuple[Factor, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the factors come from, by name."""
        return tuple(dict.fromkeys(f"demand ({factor.scope.name}): {factor.scope.source}" for factor in self.factors))


def in_order(demand: DrawnDemand) -> DrawnDemand:
    """The demand with over-dispersion after all other factors: it depends on what they leave to be expected."""
    last = [isinstance(factor, OverDispersion) for factor in demand.factors]
    ordered = [factor for wanted in (False, True) for factor, is_last in zip(demand.factors, last, strict=True) if is_last is wanted]
    return replace(demand, factors=tuple(ordered))


Demand: TypeAlias = ReplayedLog | DrawnDemand


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogItem:
    """`count` like interactions that wait when the horizon begins; `waited_ms` is the routing age they bring, `priority` in points."""

    channel: ChannelId
    type: str
    attributes: Mapping[str, AttributeValue]
    count: int
    waited_ms: Duration
    priority: int = 0
