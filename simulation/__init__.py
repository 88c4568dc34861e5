"""Careroute's planner: recorded or modelled demand through the production router, compared under other policies and rosters."""
