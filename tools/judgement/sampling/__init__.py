"""Monetary-unit sampling of what was not flagged: how many, which, and what they show (ISA 530)."""
