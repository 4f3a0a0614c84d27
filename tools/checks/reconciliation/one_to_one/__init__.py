"""One row against one: by equal keys, by equal amounts, and by amounts that differ for a reason."""
