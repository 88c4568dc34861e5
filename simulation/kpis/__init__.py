"""Measures: one pass over the event log into a ledger, then one formula a file over the ledger's columns."""
