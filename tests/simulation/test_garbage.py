"""Collections are rare while a replication runs, and as frequent as before when all are over, however they ended."""

import gc
from contextlib import ExitStack

import pytest

from simulation.garbage import collected_rarely


def test_thresholds_are_put_back() -> None:
    """After nesting and after an error as well."""
    before = gc.get_threshold()
    with collected_rarely():
        assert gc.get_threshold() > before
        assert gc.isenabled()
        with pytest.raises(ZeroDivisionError), collected_rarely():
            _ = 1 // 0
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before


def test_the_last_to_end_puts_them_back() -> None:
    """Threads begin and end in any order."""
    before = gc.get_threshold()
    first, second = ExitStack(), ExitStack()
    first.enter_context(collected_rarely())
    second.enter_context(collected_rarely())
    first.close()
    assert gc.get_threshold() > before
    second.close()
    assert gc.get_threshold() == before
