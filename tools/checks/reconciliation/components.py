"""Connected components of a graph, by scipy, which is opened at the first question: it takes long to open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]


def labels(first: Index, second: Index, size: int) -> Index:
    """Give each of `size` nodes the number of its component; an edge joins each of `first` and `second`."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - takes long to open
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - takes long to open

    graph = coo_matrix((np.ones(len(first)), (first, second)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
