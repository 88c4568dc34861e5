"""The last step of every platform's importer: what is not asked for, what cannot be and what came before is counted, not kept."""

from collections.abc import Iterable
from typing import Final

from simulation.importers.platforms.options import Names, PlatformMapping
from simulation.importers.report import ImportReport, Treatment
from simulation.importers.sources import left_out_for
from simulation.interactions import RecordedInteraction, fault_of

IN_PROGRESS: Final = "in_progress"
"""The outcome of what the log ends before; the other outcomes are the router's causes of an end."""

MOVED: Final = "moved to another queue while it waited; the wait goes on"
LEG: Final = "a leg of a conversation that was handed on"


class Writer:
    """Takes the interactions of one log. `names` gives its words the form the mapping wants."""

    def __init__(self, mapping: PlatformMapping, report: ImportReport) -> None:
        self.names = Names(mapping)
        self.interactions: list[RecordedInteraction] = []
        self._keeps_legs = mapping.legs == "keep"
        self._report = report
        self._position_by_id: dict[str, int] = {}

    def position(self, interaction_id: str) -> int | None:
        """Where an interaction stands among `interactions`, if it was kept."""
        return self._position_by_id.get(interaction_id)

    def write(
        self, interaction: RecordedInteraction, *, queue: str, line: int, rows: int = 1, is_leg: bool = False, notes: Iterable[str] = ()
    ) -> bool:
        """Whether an interaction is kept; `queue` is the source's own name, `rows` of the log tell of it, the first in `line`.

        With `rows` 0 it came out of a row that tells of another, too, and was counted with it.
        """
        if not self.names.is_wanted(queue):
            return self._left_out("filtered", "another queue than the mapping asks for", queue, line, rows)
        if is_leg and not self._keeps_legs:
            return self._left_out("filtered", LEG, interaction.id, line, rows)
        fault = fault_of(interaction)
        if fault is not None:
            left_out = left_out_for(interaction, fault)
            return self._left_out("dirty", left_out.reason, f"{interaction.id}: {left_out.example}", line, rows)
        position = self._position_by_id.setdefault(interaction.id, len(self.interactions))
        if position < len(self.interactions):
            if self.interactions[position] == interaction:
                return self._left_out("filtered", "the same interaction again", interaction.id, line, rows)
            return self._left_out("dirty", "id: used before", interaction.id, line, rows)
        self.interactions.append(interaction)
        for note in notes:
            self._report.count("noted", note, line=line, example=interaction.id)
        if interaction.outcome == IN_PROGRESS:
            self._report.count("noted", "unfinished: the log holds no end of it", line=line, example=interaction.id)
        if interaction.answered_at_ms is not None and interaction.agent is None:
            self._report.count("noted", "answered, but the log does not say by whom", line=line, example=interaction.id)
        return True

    def _left_out(self, treatment: Treatment, reason: str, example: str, line: int, rows: int) -> bool:
        self._report.count(treatment if rows else "noted", reason, line=line, example=example, rows=rows or 1)
        return False
