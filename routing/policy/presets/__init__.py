"""Policies as data, ready to be named."""
