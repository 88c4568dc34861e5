"""The tables of a behaviour file that say what agents are like."""

from typing import Annotated

from pydantic import Field, model_validator

from routing.config.document import FileModel
from simulation.agents.adherence import NO_LAPSE, Adherence, Lapse
from simulation.law_files import LawFile, Source


class LapseFile(FileModel):
    """How often something happens, and how long it then lasts."""

    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1.0
    draw: LawFile

    def to_lapse(self) -> Lapse:
        """The record of this entry."""
        return Lapse(share=self.share, law=self.draw.to_law())


class AdherenceFile(FileModel):
    """The table [adherence]."""

    late: LapseFile | None = None
    break_overrun: LapseFile | None = None
    early_leave: LapseFile | None = None
    source: Source

    @model_validator(mode="after")
    def _says_something(self) -> "AdherenceFile":
        if self.late is None and self.break_overrun is None and self.early_leave is None:
            raise ValueError("says nothing: write late, break_overrun or early_leave")
        return self

    def to_adherence(self) -> Adherence:
        """The record of this table."""
        late, overrun, early = (
            NO_LAPSE if lapse is None else lapse.to_lapse() for lapse in (self.late, self.break_overrun, self.early_leave)
        )
        return Adherence(late=late, break_overrun=overrun, early_leave=early, source=self.source)
