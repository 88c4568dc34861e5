"""One day as it passed: how many waited where, and what every agent was doing, minute by minute."""
