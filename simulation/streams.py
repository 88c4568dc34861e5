"""Named random streams: every draw belongs to a purpose and a name, so that nothing a policy does can change another draw's luck.

A stream's key is (seed, replication, purpose, name), hashed with BLAKE2b into the key of a Philox generator: the same in every process
and under every hash seed, and independent of which other streams exist. The name is that of the demand stream (channel and type), never
that of a queue, which is a policy's choice. Draws are uniform; laws turn them into durations by inversion, so that another mean moves
every duration and reshuffles none.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

_SMALLEST_ABOVE_ZERO = 2.0**-54


class Purpose(StrEnum):
    """What a stream is drawn for."""

    ARRIVALS = "arrivals"
    BUSYNESS = "busyness"
    INTERVAL_FACTORS = "interval_factors"
    FORECAST_ERROR = "forecast_error"
    OVERDISPERSION = "overdispersion"
    SPIKE = "spike"
    PATIENCE = "patience"
    WORK = "work"
    WRAP_UP = "wrap_up"
    ANSWER = "answer"
    RETURN_AFTER = "return_after"
    ABSENCE = "absence"
    ADHERENCE = "adherence"
    PLANNED = "planned"
    HOLD = "hold"
    HANDED_BACK = "handed_back"
    CALLBACK = "callback"
    CALLBACK_RING = "callback_ring"
    CALLBACK_ANSWER = "callback_answer"
    CALLBACK_BUSY = "callback_busy"
    CALLBACK_GONE = "callback_gone"
    CALLBACK_WISH = "callback_wish"
    DECLINE = "decline"
    TRANSFER = "transfer"
    CONSULT = "consult"
    BALK = "balk"
    REDIAL = "redial"
    REDIAL_DELAY = "redial_delay"
    RESOLUTION = "resolution"
    REPEAT = "repeat"
    REPEAT_DELAY = "repeat_delay"
    IMPUTED_LAW = "imputed_law"


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """The streams of one replication. `seed` and `replication` are whole numbers of any size; replications count from 0."""

    seed: int
    replication: int

    def generator(self, purpose: Purpose, name: str) -> np.random.Generator:
        """A fresh generator at the start of its stream; asking twice gives the same numbers twice."""
        return np.random.Generator(np.random.Philox(key=int.from_bytes(self._digest(purpose, name), "little")))

    def uniforms(self, purpose: Purpose, name: str, count: int) -> npt.NDArray[np.float64]:
        """The first `count` draws of a stream, shape (count,), uniform on the open interval (0, 1)."""
        return open_unit(self.generator(purpose, name).random(count))

    def uniform(self, purpose: Purpose, name: str) -> float:
        """One draw on (0, 1) for something that happens once under its name, such as the second offer of one interaction.

        Taken from the hash itself: an eighth of the cost of starting a generator for a single number.
        """
        fraction = int.from_bytes(self._digest(purpose, name)[:7], "little") >> 3
        return max(fraction * 2.0**-53, _SMALLEST_ABOVE_ZERO)

    def _digest(self, purpose: Purpose, name: str) -> bytes:
        key = json.dumps([self.seed, self.replication, purpose.value, name], ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(key.encode(), digest_size=16).digest()


def open_unit(draws: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """`draws` from [0, 1) moved off 0, where the inverse of an unbounded law is infinite; the shape is kept."""
    return np.maximum(draws, _SMALLEST_ABOVE_ZERO)
