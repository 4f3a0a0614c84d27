"""Arrow without pandas: where pandas is installed, the first array made of a list would import it (0.2 s)."""

from __future__ import annotations

import sys

import pyarrow as pa


class _NoPandas:
    """A finder that knows no pandas."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Refuse pandas, and leave every other module to the finders after it."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def leave_pandas() -> None:
    """Let Arrow look for pandas once, in vain. Who asks it for a DataFrame later still gets one."""
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(_NoPandas)
