"""Plays a day over gRPC as its platform and its agents' desktops would, through crashes and restarts of the server."""
