"""LangGraph's command line without its greeting, as `tieout serve` starts it.

What the Server says at each start, and nobody here can act on, is not said: its banner, that importing our
authentication took seconds, and what our checkpointer leaves out on purpose. Where it would take another port
than the one that was announced, it does not start.
"""

from __future__ import annotations

import logging
import sys
from typing import Final

from desk.server.own_workers import working
from desk.server.port import refuse_taken
from tools.core.errors import TieoutError

_GREETER: Final = "langgraph_api.cli"
_UNHEARD: Final = {
    _GREETER: logging.WARNING,  # it also says that a port is taken
    "langgraph_api.timing.timer": logging.CRITICAL,  # how long an import took, an error where it took longer
    "langgraph_api._checkpointer._adapter": logging.ERROR,
}


def hush() -> None:
    """Raise the level from which these loggers are heard."""
    for name, level in _UNHEARD.items():
        logging.getLogger(name).setLevel(level)


def main() -> int:
    """Run LangGraph's command line with the given arguments; refuse a port that was taken meanwhile.

    The first argument, how many workers it has, is ours. Who asks for its notes by the log level hears all
    of them.
    """
    from langgraph_cli.cli import cli

    workers = int(sys.argv.pop(1))
    if _argument("--server-log-level") not in ("DEBUG", "INFO"):
        hush()
    if not sys.stderr.isatty():  # its greeting is drawn in colours
        logging.getLogger(_GREETER).addFilter(lambda record: record.levelno >= logging.WARNING)
    try:
        refuse_taken(_argument("--host"), int(_argument("--port")))
    except TieoutError as error:
        sys.stderr.write(f"tieout: {error}\n")
        return error.exit_code
    with working(workers):
        cli()
    return 0


def _argument(name: str) -> str:
    return sys.argv[sys.argv.index(name) + 1]


if __name__ == "__main__":
    sys.exit(main())
