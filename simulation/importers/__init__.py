"""From other people's tables to recorded interactions: one file a format, one report of what was read, dropped and why."""
