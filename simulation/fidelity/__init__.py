"""Fidelity: does the router, given what a journal says came from outside, decide again what the journal says it decided?"""
