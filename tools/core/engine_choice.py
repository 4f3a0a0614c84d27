"""Which engine runs the tests of the books, read from a setting's or a sources file's word or URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

EngineKind = Literal["duckdb", "postgresql", "spark", "databricks"]
FORMS: Final = "duckdb, postgresql://user@host/database, spark://host:port, sc://host:port or databricks"
_WORDS: Final[dict[str, EngineKind]] = {"duckdb": "duckdb", "databricks": "databricks"}
_SCHEMES: Final[dict[str, EngineKind]] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "postgresql+psycopg": "postgresql",
    "spark": "spark",
    "sc": "spark",
}
_SECRET: Final = re.compile(r"(?i)\b(password|token)=[^;&]*")


@dataclass(frozen=True)
class EngineChoice:
    """An engine and where it is. url: empty for DuckDB and Databricks."""

    kind: EngineKind
    url: str = ""

    @property
    def place(self) -> str:
        """Name it without its password or token."""
        return without_secret(self.url) or self.kind

    @property
    def is_embedded(self) -> bool:
        """Whether the tests run in this process, on DuckDB."""
        return self.kind == "duckdb"

    @property
    def is_connect(self) -> bool:
        """Whether it is a Spark that is reached by Spark Connect."""
        return self.url.startswith("sc://")


def parsed(text: str) -> EngineChoice:
    """Read the choice of an engine. Raises ValueError that says which forms there are."""
    if kind := _WORDS.get(text):
        return EngineChoice(kind)
    try:
        parts = urlsplit(text)
        port = parts.port if "," not in parts.netloc else 0  # several masters, several ports
    except ValueError:
        raise ValueError(f"has a port that is no number; write {FORMS}") from None
    kind = _SCHEMES.get(parts.scheme)
    if kind is None:
        raise ValueError(f"names no engine; write {FORMS}")
    if lack := _lack(parts, port):
        raise ValueError(f"names no {lack}; write {FORMS}")
    if kind == "postgresql":
        text = text.replace(f"{parts.scheme}://", "postgresql://", 1)
    return EngineChoice(kind, text)


def checked(text: str) -> str:
    """Give the text back where it names an engine. Raises ValueError."""
    parsed(text)
    return text


def public(text: str) -> str:
    """Give the text back where it names an engine and no secret. Raises ValueError."""
    if without_secret(checked(text)) != text:
        raise ValueError("has a password in it, and this file is shared; set TIEOUT_ENGINE to the whole URL")
    return text


def without_secret(url: str) -> str:
    """Give a URL without the password and the token in it."""
    if "://" not in url:
        return url
    scheme, _, rest = url.partition("://")
    netloc, slash, path = rest.partition("/")
    who, at, host = netloc.rpartition("@")
    user = who.partition(":")[0]
    return _SECRET.sub(r"\1=***", f"{scheme}://{user}{at}{host}{slash}{path}")


def _lack(parts: SplitResult, port: int | None) -> str:
    if parts.scheme == "spark":
        return "" if parts.hostname and port is not None else "host and port"
    if parts.scheme == "sc":
        return "" if parts.hostname else "host"
    return "" if parts.path.strip("/") else "database"
