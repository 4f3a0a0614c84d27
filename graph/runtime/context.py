"""What a caller hands to one invocation. It is never stored, so a token may pass through it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.runs.requesters import TaskClaim


@dataclass(frozen=True)
class CallerContext:
    """Who is calling."""

    token: str | None = field(default=None, repr=False)
    """Proves who decides; on the Server, its own authentication does."""
    claim: TaskClaim | None = field(default=None, repr=False)
    """Proves that a worker acts for whoever asked for the task that it has."""
    within_folders: bool = False
    """Whether a caller of the Server asked for it, who names files inside the desk's folders alone."""
