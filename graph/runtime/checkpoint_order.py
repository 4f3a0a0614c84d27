"""Checkpoints are ordered by ids that hold their writer's clock: no new id comes before one that was read.

A machine whose clock is behind would otherwise write checkpoints that sort before those that it goes on from,
and the thread would stay where it was.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.checkpoint.base import id as checkpoint_ids

_LATEST = "_last_v6_timestamp"
Saver = TypeVar("Saver", bound=BaseCheckpointSaver[Any])


def advance_past(checkpoint_id: str) -> None:
    """Let every id that this process makes from now on come after a checkpoint's id (a UUID, version 6)."""
    stamp = checkpoint_ids.UUID(hex=checkpoint_id).time
    latest: int | None = getattr(checkpoint_ids, _LATEST)  # LangGraph's own clock has no other way in
    setattr(checkpoint_ids, _LATEST, max(latest or 0, stamp))


class _Ordered(BaseCheckpointSaver[Any]):
    """Advances this process's ids past each checkpoint that it reads."""

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Read a checkpoint."""
        return _passed(super().get_tuple(config))

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Read a checkpoint."""
        return _passed(await super().aget_tuple(config))


def _passed(saved: CheckpointTuple | None) -> CheckpointTuple | None:
    if saved is not None:
        advance_past(saved.checkpoint["id"])
    return saved


def ordered(saver: type[Saver]) -> type[Saver]:
    """Give a checkpoint saver's class whose checkpoints follow those that it has read."""
    return cast("type[Saver]", type(f"Ordered{saver.__name__}", (_Ordered, saver), {}))
