"""`tieout serve`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.startup import variables_of

if TYPE_CHECKING:
    from tools.core.settings import Settings

_DATABASES = ("database_url", "checkpoint_url")
_PATHS = ("home", "workspace_url", "workspace_cache", "documents_url", "rules", "users")
_SQLITE = "sqlite:///"

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
        Path | None,
        typer.Option(help="The Server's configuration.", show_default="one of its own, in the desk's folder"),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Runs of its API that the Server does at a time.", min=1)] = 4,
    workers: Annotated[
        int,
        typer.Option(
            help="Processes that do what pages and REST start; 0 leaves it to 'tieout work'.", min=0, max=64
        ),
    ] = 1,
) -> None:
    """Serve the graph and the review desk: LangGraph's Server, Studio and our pages, here and offline.

    The pages are under /desk/. What they start is done by workers, which end with the Server.

    Needs the extra `server`. Stop it with Ctrl-C; runs under way are taken up at the next start.

    For example:

        tieout serve

        tieout serve --port 8124

        tieout serve --workers 0
    """
    import sys

    from desk.cli.startup import begin
    from desk.server import configuration
    from desk.server.port import refuse_taken

    _refuse_absent(config)
    _installed()
    settings = begin()
    refuse_taken(host, port)
    _reached(settings)
    chosen = config.resolve() if config else configuration.write(_home(settings))
    level = settings.log_level.upper()
    command = [sys.executable, "-m", "desk.server.serve", str(workers), "dev", "--no-browser", "--no-reload"]
    command += ["--host", host, "--port", str(port), "--n-jobs-per-worker", str(jobs)]
    command += ["--server-log-level", level]
    # Without proxies of ours none is believed: uvicorn would believe whoever is on this machine.
    proxies = {"FORWARDED_ALLOW_IPS": ",".join(settings.trusted_proxies)}
    environment = {
        "LOG_LEVEL": level,
        **proxies,
        **_log_form(),
        **os.environ,
        **_carried(settings),
        **OFFLINE,
        **_findable(),
    }
    url = f"http://{host}:{port}"
    sys.stderr.write(f"The review desk will be at {url}/desk/, the API at {url}; Ctrl-C stops it.\n")
    sys.stderr.write(f"Studio: https://smith.langchain.com/studio/?baseUrl={url}\n")
    sys.stderr.flush()
    os.chdir(chosen.parent)  # the configuration names its files from where it lies
    os.execve(sys.executable, [*command, "--config", str(chosen)], environment)  # noqa: S606 - no shell


def _log_form() -> dict[str, str]:
    """Say how the Server writes its log, as our own commands do: readable on a terminal, JSON elsewhere."""
    import sys

    terminal = sys.stderr.isatty()
    coloured = terminal and not os.environ.get("NO_COLOR")
    return {"LOG_JSON": str(not terminal).lower(), "LOG_COLOR": str(coloured).lower()}


def _reached(settings: Settings) -> None:
    """Refuse to serve where the store, the users or the checkpoints cannot be used, and say why."""
    from graph.runtime.checkpoints import open_checkpointer
    from tools.identity import users_file
    from tools.store import open_store

    open_store(settings.database_url)
    with open_checkpointer():
        pass
    if settings.users.exists():
        users_file.read(settings.users)


def _carried(settings: Settings) -> dict[str, str]:
    """Give what `.env` sets here, and the settings that name places, as they mean the same elsewhere."""
    from dotenv import dotenv_values

    from tools.rules.model import DEFAULT

    carried = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    carried |= {name: value for name, value in os.environ.items() if name in carried}
    # A path that the caller names has to be there; where the default one is not, the defaults apply.
    absent = {"rules"} if settings.rules == DEFAULT and not settings.rules.is_file() else set()
    for field in (*_DATABASES, *(name for name in _PATHS if name not in absent)):
        variable = variables_of(field, type(settings).model_fields[field])[0]
        carried[variable] = _absolute(field, str(getattr(settings, field)))
    return carried


def _absolute(field: str, value: str) -> str:
    if field in _DATABASES:
        path = value.removeprefix(_SQLITE)
        return f"{_SQLITE}{Path(path).absolute()}" if path != value else value
    return value if not value or "://" in value else str(Path(value).absolute())


def _installed() -> None:
    from importlib.util import find_spec

    from tools.core.errors import SettingsError

    if find_spec("langgraph_cli") is None or find_spec("langgraph_api") is None:
        raise SettingsError("the Server is not installed.", remedy="pip install 'tieout[server]'")


def _home(settings: Settings) -> Path:
    """Give the desk's own folder: where its store lies, or the default one here."""
    path = settings.database_url.removeprefix(_SQLITE)
    return Path(path).absolute().parent if path != settings.database_url else Path(".tieout").absolute()


def _findable() -> dict[str, str]:
    """Let the Server, which runs in another folder, find a clone that is not installed."""
    root = Path(__file__).parents[3]
    if not (root / "pyproject.toml").is_file():
        return {}
    paths = [str(root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def _refuse_absent(config: Path | None) -> None:
    from tools.core.errors import UsageError

    if config is not None and not config.is_file():
        raise UsageError(
            "there is no such configuration of the Server.",
            place=str(config),
            remedy="Leave --config away, or name the file.",
        )
