"""One audit cycle, step by step: what the graph's nodes do, without the graph."""
