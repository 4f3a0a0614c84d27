"""Monetary-unit samples for people: drawn from what a run did not flag, given out, evaluated."""
