"""The planner's sub-commands of `careroute`."""
