"""What is done with replications beyond running a number of them: as many as a precision takes, the steady state, control variates, the
choice of the best of many arms, and sweeps over many scenarios.
"""
