"""Fits: the laws behind a log, with intervals and a page that shows how well they fit."""
