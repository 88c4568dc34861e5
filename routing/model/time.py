"""Time as the core knows it: integer milliseconds, handed in by the driver and never read from a clock."""

from typing import TypeAlias

Instant: TypeAlias = int
"""Milliseconds since the Unix epoch, UTC."""

Duration: TypeAlias = int
"""A length of time in milliseconds."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
