"""Settings from the environment and `.env`; `tieout settings` prints them, secrets masked."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as NotReadableError

from tools.core.errors import SettingsError
from tools.core.refusal_text import expected
from tools.core.setting_groups.engine import EngineSettings
from tools.core.setting_groups.letters import LetterSettings
from tools.core.setting_groups.model import ModelSettings
from tools.core.setting_groups.notices import NoticeSettings
from tools.core.setting_groups.observability import ObservabilitySettings
from tools.core.setting_groups.read_limits import ReadLimits
from tools.core.setting_groups.sign_in import SignInSettings
from tools.core.setting_groups.storage import StorageSettings

_REMEDY = "'tieout settings' lists what each setting does."


class Settings(
    ObservabilitySettings,
    LetterSettings,
    NoticeSettings,
    ModelSettings,
    EngineSettings,
    ReadLimits,
    SignInSettings,
    StorageSettings,
    BaseSettings,
):
    """What differs between machines. What differs between companies is in the rules file.

    pydantic lists the fields of the last base first: so does `tieout settings`.
    """

    model_config = SettingsConfigDict(env_prefix="TIEOUT_", env_file=".env", extra="ignore", frozen=True)

    feedback_automatic: bool = Field(
        False, description="Apply what nothing speaks against without asking a person."
    )


def load() -> Settings:
    """Give the settings in force.

    Raises SettingsError naming the variable and what is wrong with it.
    """
    return _read(tuple(os.environ.items()), _mark(Path(".env")))


def _mark(path: Path) -> tuple[int, ...]:
    """Say which file this is, and as of when."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=16)
def _read(_environment: tuple[tuple[str, str], ...], _file: tuple[int, ...]) -> Settings:
    """Read the settings, once while nothing changes: every step of a run asks for them."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(
            f"{expected(first)}.",
            place=f"setting {_variable(name)}",
            remedy=_REMEDY,
        ) from None
    except NotReadableError as error:
        raise SettingsError(_unreadable(error), place="settings", remedy=_REMEDY) from None


def _unreadable(error: NotReadableError) -> str:
    """Name the variable that should hold JSON."""
    field = re.search(r'field "(\w+)"', str(error))
    name = _variable(field[1]) if field else str(error)
    return f"{name} is not JSON ({error.__cause__})."


def _variable(name: str) -> str:
    return f"TIEOUT_{name.upper()}" if name in Settings.model_fields else name
