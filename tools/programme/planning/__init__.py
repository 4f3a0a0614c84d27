"""When each task starts, and who does it: a list rule at once, CP-SAT where it is installed."""
