"""Edges to other systems. They speak to the server's public interface only."""
