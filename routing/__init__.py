"""Careroute's engine: who gets whom, decided identically in production and in simulation."""

__version__ = "0.1.0"
