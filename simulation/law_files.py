"""How a behaviour file writes laws, conditions and sources: the parts that all of its tables share."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo, model_validator

from routing.config.document import FileModel
from routing.config.values import DurationMs, FileName, Identifier, PositiveDurationMs, Share, refused
from simulation import laws
from simulation.observed import observed_ms


def _source(value: object) -> str:
    if isinstance(value, str) and value.startswith(("assumption: ", "data: ")) and value.split(": ", 1)[1].strip():
        return value
    raise refused("does not say where the law comes from", 'Begin with "assumption: " or "data: " and name the reason.')


Source = Annotated[str, BeforeValidator(_source)]
Variation = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
Conditions = dict[Identifier, tuple[int | str, ...]]


class ConstantFile(FileModel):
    """`law = "constant"`."""

    law: Literal["constant"]
    value: DurationMs

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Constant(value_ms=self.value)


class ExponentialFile(FileModel):
    """`law = "exponential"`."""

    law: Literal["exponential"]
    mean: PositiveDurationMs

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Exponential(mean_ms=self.mean)


class LognormalFile(FileModel):
    """`law = "lognormal"`, from two of mean, median and cv."""

    law: Literal["lognormal"]
    mean: PositiveDurationMs | None = None
    median: PositiveDurationMs | None = None
    cv: Variation | None = None

    @model_validator(mode="after")
    def _is_determined(self) -> "LognormalFile":
        self.to_law()  # a ValueError here reaches the user with its words
        return self

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.lognormal_of(mean_ms=self.mean, median_ms=self.median, cv=self.cv)


class WeibullFile(FileModel):
    """`law = "weibull"`."""

    law: Literal["weibull"]
    scale: PositiveDurationMs
    shape: Annotated[float, Field(gt=0.01, le=100, allow_inf_nan=False)]

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Weibull(scale_ms=self.scale, shape=self.shape)


class GammaFile(FileModel):
    """`law = "gamma"`."""

    law: Literal["gamma"]
    mean: PositiveDurationMs
    cv: Variation

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Gamma(mean_ms=self.mean, cv=self.cv)


class UniformFile(FileModel):
    """`law = "uniform"`."""

    law: Literal["uniform"]
    low: DurationMs
    high: DurationMs

    @model_validator(mode="after")
    def _is_ordered(self) -> "UniformFile":
        if self.low > self.high:
            raise ValueError("low lies above high")
        return self

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Uniform(low_ms=self.low, high_ms=self.high)


class TriangularFile(FileModel):
    """`law = "triangular"`."""

    law: Literal["triangular"]
    low: DurationMs
    mode: DurationMs
    high: DurationMs

    @model_validator(mode="after")
    def _is_ordered(self) -> "TriangularFile":
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError("low, mode and high are not in rising order")
        return self

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Triangular(low_ms=self.low, mode_ms=self.mode, high_ms=self.high)


class EmpiricalFile(FileModel):
    """`law = "empirical"`: each value equally likely; the values as such, or those of a column of a table beside the file."""

    law: Literal["empirical"]
    values: Annotated[tuple[DurationMs, ...], Field(max_length=100_000)] = ()
    table: FileName | None = None
    column: Identifier | None = None
    unit: Literal["ms", "s", "min"] = "s"
    _observed: tuple[int, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _has_values(self, info: ValidationInfo) -> "EmpiricalFile":
        if bool(self.values) == (self.table is not None) or (self.table is None) != (self.column is None):
            raise ValueError("needs values, or table and column, one of both")
        if self.table is not None:
            folder = info.context["folder"] if info.context else Path()
            self._observed = observed_ms(folder / self.table, self.column or "", self.unit)
        return self

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Empirical(values_ms=self._observed or tuple(sorted(self.values)))


def _points(value: object) -> object:
    """Points as pairs of a share and a duration; the rest is the model's to say."""
    is_list = isinstance(value, tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
    if not is_list:
        raise refused(
            "is not a list of points", 'Write [[0, "10s"], [0.5, "3min"], [1, "20min"]]: a share, and the duration that it reaches.'
        )
    return value


class QuantilesFile(FileModel):
    """`law = "quantiles"`: shares and the durations that they reach."""

    law: Literal["quantiles"]
    points: Annotated[tuple[tuple[Share, DurationMs], ...], BeforeValidator(_points), Field(min_length=2, max_length=10_000)]

    @model_validator(mode="after")
    def _rise(self) -> "QuantilesFile":
        shares, values = zip(*self.points, strict=True)
        if shares[0] != 0 or shares[-1] != 1:
            raise ValueError("the first share is not 0, or the last not 1")
        if any(later <= earlier for column in (shares, values) for earlier, later in pairwise(column)):
            raise ValueError("shares and durations do not rise from point to point")
        return self

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Quantiles(shares=tuple(share for share, _ in self.points), values_ms=tuple(value for _, value in self.points))


class NeverFile(FileModel):
    """`law = "never"`: patience without end."""

    law: Literal["never"]

    def to_law(self) -> laws.Never:
        """The record of this law."""
        return laws.Never()


AnyLawFile = (
    ConstantFile | ExponentialFile | LognormalFile | WeibullFile | GammaFile | UniformFile | TriangularFile | EmpiricalFile | QuantilesFile
)
LawFile = Annotated[AnyLawFile, Field(discriminator="law")]
PatienceLawFile = Annotated[AnyLawFile | NeverFile, Field(discriminator="law")]
