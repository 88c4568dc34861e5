"""Back-tests: a model is fitted on some days of a log, simulates others, and is compared with what happened on them."""
