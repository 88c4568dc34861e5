"""Completes recorded customers: what the log holds stays exactly as it is, and the rest is drawn, given what the log bounds it by.

Patience: who left has it exactly; who was answered, or whose wait ended otherwise, would have waited longer than that, and it is drawn
from the law beyond the wait. Handling, wrap-up and the delay of the answer: whoever was answered keeps theirs; for who left they are drawn.
The draws are those the customers have in every replication, by stream and in order of arrival, so that all arms meet the same customers.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from routing.model.interaction import EndCause
from routing.model.time import Duration
from simulation import laws
from simulation.counterfactual.imputed import Imputed
from simulation.demand import Birth, stream_name
from simulation.interactions import RecordedInteraction
from simulation.streams import Purpose, Streams

_UNKNOWN = -1
_ENDLESS = -2


def completed(
    births: Sequence[Birth], log: Mapping[str, RecordedInteraction], imputed: Imputed, imputation: int, streams: Streams
) -> tuple[Birth, ...]:
    """Births of recorded interactions with what the log knows in place of draws, and the rest drawn from the laws of one imputation.

    A birth that is not in `log`, such as a backlog's, stays as it is.
    """
    members: dict[str, list[int]] = {}
    for place, birth in enumerate(births):
        members.setdefault(stream_name(birth.interaction.channel, birth.interaction.type), []).append(place)
    drawn = {purpose: np.full(len(births), _UNKNOWN, dtype=np.int64) for purpose in _KNOWN}
    waited = np.array([_lasted_at_least(log.get(birth.interaction.id)) for birth in births], dtype=np.int64)
    for name, places in members.items():
        interaction = births[places[0]].interaction
        at = np.array(places, dtype=np.int64)
        for purpose, column in drawn.items():
            law = imputed.law_for(purpose, interaction.channel, interaction.type, imputation)
            if law is not None:
                beyond = waited[at] if purpose is Purpose.PATIENCE else np.zeros(len(at), dtype=np.int64)
                column[at] = _drawn(law, beyond, streams.uniforms(purpose, name, len(places)))
    return tuple(_completed(birth, log.get(birth.interaction.id), place, drawn) for place, birth in enumerate(births))


def _drawn(law: laws.Law | laws.Never, beyond: NDArray[np.int64], draws: laws.Draws) -> NDArray[np.int64]:
    if isinstance(law, laws.Never):
        return np.full(len(draws), _ENDLESS, dtype=np.int64)
    return np.where(beyond > 0, laws.beyond_ms(law, beyond, draws), laws.durations_ms(law, draws))


def _completed(birth: Birth, row: RecordedInteraction | None, place: int, drawn: Mapping[Purpose, NDArray[np.int64]]) -> Birth:
    if row is None:
        return birth

    def told(purpose: Purpose, otherwise: Duration | None) -> Duration | None:
        known = _KNOWN[purpose](row)
        if known is not None:
            return known
        value = int(drawn[purpose][place])
        return otherwise if value == _UNKNOWN else None if value == _ENDLESS else value

    return birth._replace(
        patience_ms=told(Purpose.PATIENCE, birth.patience_ms),
        work_ms=told(Purpose.WORK, birth.work_ms) or 0,
        wrap_up_ms=told(Purpose.WRAP_UP, birth.wrap_up_ms) or 0,
        answer_delay_ms=told(Purpose.ANSWER, birth.answer_delay_ms) or 0,
    )


def is_known(purpose: Purpose, row: RecordedInteraction) -> bool:
    """Whether the log has a customer's patience, work, wrap-up or delay of the answer, so that it is not drawn."""
    return _KNOWN[purpose](row) is not None


def has_left(row: RecordedInteraction) -> bool:
    """Whether a recorded customer left while waiting, so that the wait is their patience."""
    return row.answered_at_ms is None and row.outcome == EndCause.ABANDONED.value and row.wait_ms is not None


def _lasted_at_least(row: RecordedInteraction | None) -> Duration:
    """The wait that a customer is known to have had patience for; 0 where nothing is known."""
    turned_away = (EndCause.REFUSED.value, EndCause.DIVERTED.value)
    if row is None or row.wait_ms is None or (row.answered_at_ms is None and row.outcome in turned_away):
        return 0
    return row.wait_ms


_KNOWN: Mapping[Purpose, Callable[[RecordedInteraction], Duration | None]] = {
    Purpose.PATIENCE: lambda row: row.wait_ms if has_left(row) else None,
    Purpose.WORK: lambda row: row.handling_ms,
    Purpose.WRAP_UP: lambda row: None if row.answered_at_ms is None else row.wrap_up_ms,
    Purpose.ANSWER: lambda row: None if row.answered_at_ms is None else row.ring_ms,
}
"""What a row knows of each purpose, None where nothing."""
