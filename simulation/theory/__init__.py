"""Queues whose figures are known exactly: closed forms and Markov chains, to check a simulation against and to size a first roster.

Rates are per unit of time and times in that unit, whichever the caller chooses; shares are parts of one. Every function names the source of
its formula.
"""
