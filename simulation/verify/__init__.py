"""Verification: the router, the simulated world and the calculators against figures that are known by other means.

A case (`data/`, read by `cases`) states parameters and figures with their source. A kind (`kinds/`) knows how to work its figures out and
how to put its system into the simulated world; `suite` runs what a case asks for and `verdicts` judges it by one rule. Most cases are
simulated outright; a single line's figures come from a recursion (`recursion`) that the world must agree with customer by customer.
"""
