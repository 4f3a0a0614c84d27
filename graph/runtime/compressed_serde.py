"""Keep checkpoints small: LangGraph's serialisation, compressed; what was written without is read, too."""

from __future__ import annotations

import zlib

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

_MARK = "+zlib"


class Compressed(JsonPlusSerializer):
    """Compress what is worth it; a checkpoint repeats every value at every step."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        """Give the kind of serialisation, marked, and the compressed bytes."""
        kind, data = super().dumps_typed(obj)
        return (kind, data) if len(data) < 200 else (kind + _MARK, zlib.compress(data))  # noqa: PLR2004 - bytes

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        """Read what either way wrote."""
        kind, payload = data
        if kind.endswith(_MARK):
            return super().loads_typed((kind.removesuffix(_MARK), zlib.decompress(payload)))
        return super().loads_typed(data)
