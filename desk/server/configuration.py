"""LangGraph Server's configuration as data: what `tieout serve` writes, and langgraph.json for developers.

Everything in it is named as a module, so that it serves an installed wheel from any folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from graph import catalogue
from tools.core.errors import SettingsError

NAME: Final = "langgraph.json"
_WORKED: Final = "desk.server.worked_graphs"
_COMMON: Final[Mapping[str, Any]] = {
    "checkpointer": {"path": "graph.runtime.checkpoints.server_checkpointer"},
    "auth": {"path": "desk.server.auth:auth", "disable_studio_auth": True},
    "http": {
        "app": "desk.web.app:app",
        "disable_mcp": True,
        "disable_a2a": True,
        "disable_store": True,
        "disable_ui": True,
        "disable_webhooks": True,
        "configurable_headers": {"excludes": ["*"]},
    },
}


def configuration(*, worked: bool = False) -> dict[str, Any]:
    """Give the configuration: every graph of the catalogue, our checkpointer, authentication and pages.

    worked: what works in a run is left to the desk's workers; else the Server does it in its own process.
    """
    served = {entry.name: f"{_WORKED}:{entry.name}" for entry in catalogue.entries()}
    return {"dependencies": ["."], "graphs": served if worked else catalogue.served(), **_COMMON}


def write(folder: Path) -> Path:
    """Write the configuration into a folder that is the desk's; give the file. Raises SettingsError."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{json.dumps(configuration(worked=True), indent=2)}\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"the Server's configuration cannot be written ({error.strerror}).",
            place=str(path),
            remedy="Make the folder writable, or name a configuration with --config.",
        ) from None
    return path.resolve()
