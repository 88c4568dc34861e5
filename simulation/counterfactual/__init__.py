"""Counterfactuals: a recorded day under another policy or roster, with what its log does not hold imputed several times."""
