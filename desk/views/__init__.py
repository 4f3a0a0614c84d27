"""What is shown, read from the store and from runs' tables."""
