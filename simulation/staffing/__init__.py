"""Staffing: how many agents the load of each interval asks for, how many a roster has, and what that costs.

`load` says what is expected to arrive and how long it takes, `required` how many agents that needs by a formula, `scheduled` how many come
by the roster, `cost` what they and the losses cost; `table` puts them side by side. `rules` and `isa` say how a day whose load changes is
looked at, and `cuts` finds the cheapest roster that keeps the promise.
"""
