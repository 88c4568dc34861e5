"""The array types of the matching room: integers and masks only, no floats."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

EMPTY_ROWS: IntArray = np.empty(0, dtype=np.int64)


def number(value: int) -> IntArray:
    """A number as an array without axes: a plain one is converted anew wherever it meets an array, which doubles what the sum takes."""
    return np.array(value, dtype=np.int64)


def spread(value: int, count: int) -> IntArray:
    """The same number `count` times."""
    array: IntArray = np.empty(count, dtype=np.int64)
    array.fill(value)
    return array


def grown(array: NDArray[np.generic], capacity: int, fill: int) -> NDArray[np.generic]:
    """`array` with its last axis lengthened to `capacity`, new places holding `fill`."""
    wider = np.full((*array.shape[:-1], capacity), fill, dtype=array.dtype)
    wider[..., : array.shape[-1]] = array
    return wider


def rows_of(numbers: list[int]) -> IntArray:
    """Row numbers as an array, shape (len(numbers),)."""
    return np.array(numbers, dtype=np.int64) if numbers else EMPTY_ROWS
