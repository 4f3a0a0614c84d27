"""The investigation's steps."""
