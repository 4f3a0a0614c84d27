"""The audit's steps."""
