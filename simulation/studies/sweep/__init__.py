"""Sweeps: scenarios x parameters x policies x rosters, each result kept under a hash of what made it, so that a sweep can go on."""
