"""The shape of a benchmark's output, `careroute/bench/1`."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure. `ratio` is `value / peer_value`, where a peer did the same work in the same run."""

    case: str
    metric: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """How our figure stands to the peer's, or `None` without a peer."""
        return None if self.peer_value is None else self.value / self.peer_value


def as_document(bench: str, results: Iterable[Result], packages: tuple[str, ...]) -> dict[str, object]:
    """The JSON document of a finished benchmark, with the machine and the versions it ran on."""
    return {
        "schema": "careroute/bench/1",
        "bench": bench,
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine()},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("careroute", *packages)}},
        "results": [_present(result) for result in results],
    }


def _present(result: Result) -> dict[str, object]:
    fields = {**asdict(result), "ratio": result.ratio}
    return {name: value for name, value in fields.items() if value is not None}
