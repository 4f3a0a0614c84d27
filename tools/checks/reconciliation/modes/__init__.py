"""Pairs that are reconciled in a way of their own: documents, and statements paid as one."""
