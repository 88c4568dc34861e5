"""Collections are rare while a replication runs, and as frequent as before when it is over, however it ended."""

import gc

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
