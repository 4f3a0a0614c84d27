"""Recovery's steps."""
