"""Every error that a user can meet. The message names the place and the remedy."""

from __future__ import annotations


class TieoutError(RuntimeError):
    """Something the user can put right; a RuntimeError, as LangGraph Server words no others to callers."""

    exit_code = 1

    def __init__(self, message: str, *, place: str = "", remedy: str = "") -> None:
        """Say what is wrong, `place` it (file, key, line), and give the `remedy`."""
        self.message, self.place, self.remedy = message, place, remedy
        super().__init__(message)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if not self.remedy:
            return f"{where}{self.message}"
        stop = "" if self.message.endswith((".", "!", "?", ":")) else "."
        return f"{where}{self.message}{stop} {self.remedy}"


class UsageError(TieoutError):
    """The command was called wrongly."""

    exit_code = 2


class SettingsError(TieoutError):
    """A setting is missing or malformed."""


class RulesError(TieoutError):
    """The rules file does not say what it should."""


class SourcesError(TieoutError):
    """The sources file does not say what it should, or names what is not there."""


class TestHeaderError(TieoutError):
    """A test of the books has a header that cannot be read: a programmer's error."""

    __test__ = False


class UnreachableError(TieoutError):
    """A source, warehouse or store is away for now; worth another try."""


class IdentityError(TieoutError):
    """Nobody could be identified, or the person may not do this."""


class RunError(TieoutError):
    """The run is not in a state in which this can be done."""


class EngineError(TieoutError):
    """An engine cannot run what it was given."""


class UnsupportedError(EngineError):
    """An engine has no way to say a query: its tests are not applicable there."""
