"""One row against several, and several against several: what covers what, and whether a sum is chance."""
