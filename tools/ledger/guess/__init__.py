"""Guesses about unknown files, each with its reason: what `tieout init` writes down."""
