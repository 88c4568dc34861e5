"""Durable journals: what the router recorded, kept so that a restart, an explanation or a replay can read it back."""
