"""The pure machine: commands in, events out; no clock, no chance, no input or output."""
