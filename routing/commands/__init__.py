"""The engine's sub-commands of `careroute`, one file each; the planner's are in simulation/cli."""
