"""The incident graph's steps."""
