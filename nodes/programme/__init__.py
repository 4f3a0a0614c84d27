"""The programme's steps."""
