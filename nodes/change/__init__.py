"""The steps of a change of the rules."""
