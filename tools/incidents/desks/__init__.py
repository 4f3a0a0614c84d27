"""Observers and hypotheses of one kind of incident."""
