"""The environment of a Python process that this one starts."""

from __future__ import annotations

import os
import sys


def environment() -> dict[str, str]:
    """Give this process's environment, with which a child finds the modules that this one finds."""
    path = os.pathsep.join(place or os.curdir for place in sys.path)
    return {**os.environ, "PYTHONPATH": path}
