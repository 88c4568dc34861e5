"""A task: a function, something large that many tasks share, and the number that is this task's own."""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from routing.config.errors import ConfigError
from simulation.workers.code import code_digest

_KEPT_IN_WORKER = 2
"""How many shared things a worker keeps unpacked: one, and the one before while the last tasks of that are on their way."""

Thing = TypeVar("Thing")


class Shared(Generic[Thing]):
    """Something large that many tasks need: packed once here, and unpacked once in every worker, however many tasks bring it along."""

    def __init__(self, value: Thing) -> None:
        self.value = value
        self._packed: bytes | None = None

    def __reduce__(self) -> tuple[Callable[[bytes, str], "Shared[Any]"], tuple[bytes, str]]:
        """Travels as bytes, with the digest of the code that packed them."""
        if self._packed is None:
            self._packed = pickle.dumps(self.value, protocol=pickle.HIGHEST_PROTOCOL)
        return _unpacked, (self._packed, code_digest())


class Task(NamedTuple):
    """`function(shared.value, item)`, to be computed anywhere; the function is a module's own, and `item` small."""

    function: Callable[[Any, Any], Any]
    shared: Shared[Any]
    item: Any

    def run(self) -> Any:
        """The result, computed in this process."""
        return self.function(self.shared.value, self.item)


def run_task(function: Callable[[Any, Any], Any], shared: Shared[Any], item: Any) -> Any:
    """The result of a task whose parts have been sent to a worker."""
    return function(shared.value, item)


_kept: OrderedDict[bytes, Shared[Any]] = OrderedDict()


def _unpacked(packed: bytes, code: str) -> Shared[Any]:
    """The shared thing in a worker; a second task with the same bytes gets the one that is there.

    Raises:
        ConfigError: the worker runs other code than whoever packed it, so that its results would be mixed with others'.
    """
    if code != code_digest():
        remedy = "Install the same version of Careroute and of the packages it computes with on every worker."
        raise ConfigError("a worker runs other code than this command", remedy=remedy)
    found = _kept.get(packed)
    if found is None:
        found = _kept[packed] = Shared(pickle.loads(packed))
        while len(_kept) > _KEPT_IN_WORKER:
            _kept.popitem(last=False)
    return found
