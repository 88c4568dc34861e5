"""Queues with known figures, checked digit for digit."""
