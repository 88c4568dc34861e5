"""Urgency as a rule of a site file states it: plain numbers, or the name of a familiar scheme with that scheme's numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from routing.config.defaults import first_given
from routing.config.document import FileModel
from routing.config.requirements import RequirementText
from routing.config.values import DurationMs, PositiveDurationMs, duration_ms, refused
from routing.core.validate import MS_PER_POINT_MAX, PRIORITY_MAX
from routing.model.queue import Queue
from routing.model.requirement import Requirement
from routing.model.route import Urgency
from routing.model.time import DAY_MS, MINUTE_MS, SECOND_MS, Duration

DEFAULT_CAP_MS: Final = 30 * DAY_MS
DEFAULT_SLOPE_PER_MILLE: Final = 1_000
DEFAULT_POINT_MS: Final = 1 * MINUTE_MS
_SLOPE_MIN, _SLOPE_MAX = -1, 100

Preset = Literal["strict", "minutes-per-point", "acceleration", "delay-gate", "last-in-first-out"]

_NEEDED: Mapping[str | None, tuple[str, ...]] = {"acceleration": ("acceleration", "maximum"), "delay-gate": ("delay", "only")}
"""What a preset cannot do without."""

_OF_PRESETS: Mapping[str, tuple[str | None, ...]] = {
    "per_point": (None, "minutes-per-point", "acceleration", "delay-gate"),
    "lowest_first": (None, "strict", "minutes-per-point", "delay-gate"),
    "initial": ("acceleration",),
    "acceleration": ("acceleration",),
    "maximum": ("acceleration",),
    "delay": ("delay-gate",),
    "only": ("delay-gate",),
}
"""The presets under which a key means something; `None` is no preset."""

_REPLACES: Mapping[str | None, tuple[str, ...]] = {"acceleration": ("base", "slope", "cap"), "last-in-first-out": ("slope",)}
"""The plain numbers that a preset states itself."""


def per_mille(value: object) -> int:
    """A number with at most three decimals as a whole number of thousandths."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused("is not a number", "Write it without quotes.")
    thousandths = Decimal(str(value)) * 1_000
    if not thousandths.is_finite():
        raise refused("is not a finite number", "Write an ordinary number.")
    if thousandths != int(thousandths):
        raise refused("has more than three decimals", "Round it: the router counts in thousandths.")
    return int(thousandths)


def _slope_per_mille(value: object) -> int:
    thousandths = per_mille(value)
    if not _SLOPE_MIN * 1_000 <= thousandths <= _SLOPE_MAX * 1_000:
        remedy = f"Write a number from {_SLOPE_MIN} to {_SLOPE_MAX}: 1 adds a second of urgency in a second of wait, -1 takes one away."
        raise refused("is not a slope", remedy)
    return thousandths


def _points_a_minute(value: object) -> int:
    thousandths = per_mille(value)
    if not 0 <= thousandths <= _SLOPE_MAX * 1_000:
        raise refused("is not an acceleration", f"Write the points that a minute of wait adds, from 0 to {_SLOPE_MAX}.")
    return thousandths


def _point_ms(value: object) -> int:
    milliseconds = duration_ms(value)
    if not 1 <= milliseconds <= MS_PER_POINT_MAX:
        word = "more than a point can be" if milliseconds else "not what a point can be"
        raise refused(f"is {word} worth", f'Write at most "{MS_PER_POINT_MAX // SECOND_MS}s".')
    return milliseconds


SlopePerMille = Annotated[int, BeforeValidator(_slope_per_mille)]
PointsAMinutePerMille = Annotated[int, BeforeValidator(_points_a_minute)]
PointMs = Annotated[int, BeforeValidator(_point_ms)]
Points = Annotated[int, Field(ge=0, le=PRIORITY_MAX)]


class UrgencyFile(FileModel):
    """The terms of urgency a rule states; what it leaves out comes from the defaults, then from the preset, the queue or zero."""

    preset: Preset | None = None
    base: DurationMs | None = None
    slope: SlopePerMille | None = None
    cap: PositiveDurationMs | None = None
    pressure: DurationMs | None = None
    target: PositiveDurationMs | None = None
    per_point: PointMs | None = None
    lowest_first: bool | None = None
    initial: Points | None = None
    acceleration: PointsAMinutePerMille | None = None
    maximum: Points | None = None
    delay: PositiveDurationMs | None = None
    only: RequirementText | None = None

    def over(self, defaults: "UrgencyFile") -> "UrgencyFile":
        """These terms, and those of the defaults where nothing is said, unless the preset named here has no use for them."""
        preset = defaults.preset if self.preset is None else self.preset
        useless = [] if self.preset is None else [*_REPLACES.get(preset, ())]
        useless += [name for name, presets in _OF_PRESETS.items() if self.preset is not None and preset not in presets]
        missing = [name for name in type(self).model_fields if getattr(self, name) is None and name not in useless]
        return self.model_copy(update={name: getattr(defaults, name) for name in missing})

    def to_model(self, class_rank: int, queue: Queue) -> Urgency:
        """The numbers the router takes; the target that pressure looks at is the queue's unless stated."""
        point_ms = first_given(self.per_point, None, DEFAULT_POINT_MS)
        sign = -1 if self.lowest_first else 1
        base_ms, slope_per_mille, cap_ms = 0, DEFAULT_SLOPE_PER_MILLE, DEFAULT_CAP_MS
        ms_per_point, class_per_point = sign * first_given(self.per_point, None, 0), 0
        match self.preset:
            case "strict":
                class_per_point = sign
            case "minutes-per-point":
                ms_per_point = sign * point_ms
            case "acceleration":
                ms_per_point, base_ms = point_ms, (self.initial or 0) * point_ms
                slope_per_mille = (self.acceleration or 0) * point_ms // MINUTE_MS
                cap_ms = max(1, (self.maximum or 0) * point_ms)
            case "last-in-first-out":
                slope_per_mille = -DEFAULT_SLOPE_PER_MILLE
            case "delay-gate" | None:
                pass
        return Urgency(
            class_rank=class_rank,
            base_ms=first_given(self.base, None, base_ms),
            slope_per_mille=first_given(self.slope, None, slope_per_mille),
            cap_ms=first_given(self.cap, None, cap_ms),
            pressure_weight_ms=first_given(self.pressure, None, 0),
            target_ms=first_given(self.target, None, max(1, queue.service_level.target_ms)),
            ms_per_point=ms_per_point,
            class_per_point=class_per_point,
        )

    @property
    def gate(self) -> "DelayGate | None":
        """What keeps a delayed interaction from some agents, where the preset says so."""
        if self.preset != "delay-gate" or self.delay is None or self.only is None:
            return None
        return DelayGate(self.delay, self.only)


@dataclass(frozen=True, slots=True)
class DelayGate:
    """Before `delay_ms` only agents who meet `requirement` may serve."""

    delay_ms: Duration
    requirement: Requirement


def urgency_faults(merged: UrgencyFile) -> Iterator[tuple[str, str, str]]:
    """What does not fit together, as (key, problem, remedy)."""
    for name in _NEEDED.get(merged.preset, ()):
        if getattr(merged, name) is None:
            yield name, "is missing", f"The preset {merged.preset} needs it."
    for name, presets in _OF_PRESETS.items():
        if getattr(merged, name) is not None and merged.preset not in presets:
            known = " or ".join(preset for preset in presets if preset is not None)
            yield name, f"means nothing {_beside(merged.preset)}", f"Remove it, or use the preset {known}."
    for name in _REPLACES.get(merged.preset, ()):
        if getattr(merged, name) is not None:
            yield name, f"contradicts the preset {merged.preset}, which says it itself", "Remove one of the two."
    if merged.preset == "acceleration" and merged.maximum is not None and merged.maximum < max(1, merged.initial or 0):
        yield "maximum", "lies below the initial priority, or is none", "Write more points."
    if merged.preset == "acceleration" and merged.acceleration is not None:
        slope = merged.acceleration * first_given(merged.per_point, None, DEFAULT_POINT_MS) // MINUTE_MS
        if slope > _SLOPE_MAX * 1_000:
            yield "acceleration", f"adds more than {_SLOPE_MAX} s of urgency in a second of wait", "Write less, or make a point worth less."


def _beside(preset: str | None) -> str:
    return "without a preset" if preset is None else f"under the preset {preset}"
