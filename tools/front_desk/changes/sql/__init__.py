"""Queries of the change workflow."""
