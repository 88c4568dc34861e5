"""Who gets whom: classify, filter, score, price of waiting, assign, and the record of why."""
