"""How a behaviour file writes laws, conditions and sources: the parts that all of its tables share."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from routing.config.document import FileModel
from routing.config.values import DurationMs, Identifier, PositiveDurationMs, refused
from simulation import laws


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
    """`law = "empirical"`: each value equally likely."""

    law: Literal["empirical"]
    values: Annotated[tuple[DurationMs, ...], Field(min_length=1, max_length=100_000)]

    def to_law(self) -> laws.Law:
        """The record of this law."""
        return laws.Empirical(values_ms=tuple(sorted(self.values)))


class NeverFile(FileModel):
    """`law = "never"`: patience without end."""

    law: Literal["never"]

    def to_law(self) -> laws.Never:
        """The record of this law."""
        return laws.Never()


AnyLawFile = ConstantFile | ExponentialFile | LognormalFile | WeibullFile | GammaFile | UniformFile | TriangularFile | EmpiricalFile
LawFile = Annotated[AnyLawFile, Field(discriminator="law")]
PatienceLawFile = Annotated[AnyLawFile | NeverFile, Field(discriminator="law")]
