"""What customers do beside waiting and leaving: they find the lines taken, balk, try again, and come back with what was not resolved.

Here stand the rules as records, the tables of the files that state them, and the facts that only the world knows, because a router never
hears of them. The stories that act on the rules are in `simulation.world`.
"""
