"""Assigners: given priced pairs, choose which ones come together. They see prices, never the state."""
