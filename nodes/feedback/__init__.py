"""Feedback's steps."""
