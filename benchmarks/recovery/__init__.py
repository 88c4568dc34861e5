"""Recovery: are known truths found again within the stated intervals? `python -m benchmarks.recovery WHAT --repetitions N`."""
