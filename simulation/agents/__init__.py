"""What agents are like, as a behaviour file says it: how fast they work, when they hold, how well they keep to their shifts.

Each file holds one habit as a plain record with its formula. The stories that live by them are in `simulation.world` and
`simulation.roster`.
"""
