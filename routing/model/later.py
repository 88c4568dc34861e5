"""The mark of a field that was added to a record already in use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

IS_LATER: Final = "is_later"

LATER: Final[Mapping[str, bool]] = MappingProxyType({IS_LATER: True})
"""Metadata of such a field. Its default must be the rule as it was before there was a field for it: a record that says nothing new then
keeps the hash it had in every earlier release.
"""
