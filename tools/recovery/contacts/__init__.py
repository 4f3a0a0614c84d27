"""Whom to write to: sources asked in order, each datum with where it comes from and until when it holds."""
