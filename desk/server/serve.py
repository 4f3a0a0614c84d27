"""LangGraph's command line without its greeting, as `tieout serve` starts it.

What the Server says at each start, and nobody here can act on, is not said: its banner, that importing our
authentication took seconds, and what our checkpointer leaves out on purpose.
"""

from __future__ import annotations

import logging
from typing import Final

_UNHEARD: Final = {
    "langgraph_api.cli": logging.WARNING,  # it also says that a port is taken
    "langgraph_api.timing.timer": logging.CRITICAL,  # how long an import took, an error where it took longer
    "langgraph_api._checkpointer._adapter": logging.ERROR,
}


def hush() -> None:
    """Raise the level from which these loggers are heard."""
    for name, level in _UNHEARD.items():
        logging.getLogger(name).setLevel(level)


def main() -> None:
    """Run LangGraph's command line with the arguments that were given."""
    from langgraph_cli.cli import cli  # noqa: PLC0415 - of the extra `server`

    hush()
    cli()


if __name__ == "__main__":
    main()
