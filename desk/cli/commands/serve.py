"""`tieout serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# The Server asks the network for nothing: no analytics, no version check, no tracing.
OFFLINE = {
    "LANGGRAPH_CLI_NO_ANALYTICS": "1",
    "LANGGRAPH_NO_VERSION_CHECK": "true",
    "LANGSMITH_TRACING": "false",
}


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 2024,
    config: Annotated[
        Path | None, typer.Option(help="The Server's configuration.", show_default="langgraph.json")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Runs that one worker takes at a time.", min=1)] = 4,
) -> None:
    """Serve the graph: LangGraph's Server and Studio, here and offline.

    Needs the extra `server`. Stop it with Ctrl-C; runs under way are taken up at the next start.

    For example:

        tieout serve

        tieout serve --port 8124
    """
    import os
    import sys

    chosen = _configuration(config)
    _installed()
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    command += ["--host", host, "--port", str(port), "--n-jobs-per-worker", str(jobs)]
    os.execve(sys.executable, [*command, "--config", str(chosen)], {**os.environ, **OFFLINE})  # noqa: S606 - no shell


def _installed() -> None:
    from importlib.util import find_spec

    from tools.errors import SettingsError

    if find_spec("langgraph_cli") is None or find_spec("langgraph_api") is None:
        raise SettingsError("the Server is not installed.", remedy="pip install 'tieout[server]'")


def _configuration(given: Path | None) -> Path:
    """Give the configuration: the given one, the one here, or the project's own."""
    from tools.errors import UsageError

    beside = (Path("langgraph.json"), Path(__file__).parents[3] / "langgraph.json")
    for path in [given] if given else beside:
        if path.is_file():
            return path.resolve()
    raise UsageError(
        "there is no such configuration of the Server.",
        place=str(given or beside[0]),
        remedy="Name it with --config.",
    )
