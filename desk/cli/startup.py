"""What every command does first, once it is known to be called rightly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools.core.errors import IdentityError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from desk.views.run_results import Results
    from tools.core.settings import Settings


def begin() -> Settings:
    """Read the settings in force and set the logs up."""
    from desk import logs
    from tools.core import settings

    loaded = settings.load()
    logs.configure(loaded)
    return loaded


def token_of(settings: Settings, file: Path | None) -> str | None:
    """Give the caller's token: the file's, else the setting's. Raises IdentityError for a bad file."""
    if file is None:
        return settings.token.get_secret_value() if settings.token else None
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise IdentityError(f"the token file cannot be read ({reason}).", place=str(file)) from None
    if not token:
        raise IdentityError("the token file is empty.", place=str(file))
    return token


def variables_of(field: str, info: FieldInfo) -> list[str]:
    """Give the environment variables that set a setting, the documented one first."""
    choices = getattr(info.validation_alias, "choices", None)
    return [str(choice) for choice in choices] if choices else [f"TIEOUT_{field.upper()}"]


def results_of(settings: Settings, name: str) -> Results:
    """Open what the run that a person means has found."""
    from desk.views.run_results import open_results
    from tools.store import open_store, runs

    return open_results(settings, runs.find(open_store(settings.database_url), name).run_id)
