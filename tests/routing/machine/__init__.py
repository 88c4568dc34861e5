"""The parts of the Hypothesis machine: its door, and one file of rules a capability."""
