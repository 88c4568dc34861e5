"""A comparison for its readers: words, terminal tables, JSON, CSV and a page with plots."""
