"""The books of one run: canonical tables, and the engine that reads them."""
