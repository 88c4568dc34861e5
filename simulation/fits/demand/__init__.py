"""Demand fitted to a log: rates by interval and weekday, how much days and intervals vary, and how well that fits."""
