"""The command line. Importing it imports nothing heavy: help answers at once."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `tieout` with these arguments (default: the process's); give the exit code.

    With the process's own arguments, the process ends here where nothing is left to do.

    0 done, 1 failed, 2 wrong use, 3 waits for a person, 130 interrupted from the keyboard.
    """
    import sys

    from tools.core.ending import leave
    from tools.core.garbage import look_seldom

    look_seldom()
    from desk.cli.app import app
    from desk.cli.failures import guarded

    words = list(sys.argv[1:] if argv is None else argv)
    # --debug is about errors, not about one command: it may stand anywhere.
    debug = "--debug" in words
    arguments = [argument for argument in words if argument != "--debug"]
    code = guarded(lambda: app(arguments, prog_name="tieout", standalone_mode=False), debug=debug)
    if argv is None:
        leave(code)
    return code
