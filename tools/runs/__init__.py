"""Where a run keeps its tables, and the work that outlives a process."""
