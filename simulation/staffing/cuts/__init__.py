"""The cheapest roster that keeps the promise: numbers of alike agents, found by cuts from simulations and certified on fresh days.

`groups` says who is alike, `goals` what must be reached, `sample` simulates plans on the same days, `capacity` tells whether a plan can
carry the work at all, `master` is the integer program of what is known so far, `search` goes from plan to plan, `certificate` tries the
found one on days it has never seen, and `beside` sets it beside the roster as it stands and beside each queue staffed alone.
"""
