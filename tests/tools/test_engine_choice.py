"""Which engine a setting or a sources file names, and what is refused in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.checks.engines import opening
from tools.core import engine_choice
from tools.core.bounded_paths import Folders
from tools.core.errors import SettingsError, SourcesError
from tools.core.settings import Settings, load
from tools.ledger import sources

BOOKS = """
entity: {name: Harbour, currency: USD}
sources: {bank: {kind: bank, path: bank.csv, columns: {posted_on: date, amount: amount}}}
"""


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ("duckdb", "duckdb", ""),
        ("databricks", "databricks", ""),
        ("postgresql+psycopg://u:p@h:5/d", "postgresql", "postgresql://u:p@h:5/d"),
        ("postgres://h/d", "postgresql", "postgresql://h/d"),
        ("spark://h:7077", "spark", "spark://h:7077"),
        ("spark://a:7077,b:7077", "spark", "spark://a:7077,b:7077"),
        ("sc://h", "spark", "sc://h"),
    ],
)
def test_an_engine_is_named(text: str, kind: str, url: str) -> None:
    """A word or a URL says which engine, and where it is."""
    choice = engine_choice.parsed(text)
    assert (choice.kind, choice.url) == (kind, url)


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        ("oracle://h/d", "no engine"),
        ("", "no engine"),
        ("duckdb:", "no engine"),
        ("postgresql://h", "no database"),
        ("postgresql://h:x/d", "no number"),
        ("spark://h", "no host and port"),
        ("sc://", "no host"),
    ],
)
def test_what_names_no_engine_is_refused_with_the_forms_there_are(
    monkeypatch: pytest.MonkeyPatch, text: str, lack: str
) -> None:
    """The error names the setting, what is missing, and how it is written."""
    monkeypatch.setenv("TIEOUT_ENGINE", text)
    with pytest.raises(SettingsError, match=rf"TIEOUT_ENGINE: .*{lack}; write duckdb, postgresql://"):
        load()


def test_no_secret_is_shown() -> None:
    """Where an engine is named to people, its password or token is left out."""
    assert engine_choice.parsed("postgresql://u:geheim@h/d").place == "postgresql://u@h/d"
    assert "geheim" not in engine_choice.parsed("sc://h:443/;token=geheim;x=1").place


@pytest.mark.parametrize("url", ["postgresql://u:geheim@h/d", "sc://h/;token=geheim"])
def test_a_sources_file_has_no_password(tmp_path: Path, url: str) -> None:
    """It is shared: the error says where the URL belongs, and does not repeat it."""
    path = tmp_path / "sources.yaml"
    path.write_text(f"{BOOKS}engine: '{url}'\n", encoding="utf-8")
    with pytest.raises(SourcesError, match=r":4: engine: .*TIEOUT_ENGINE") as refused:
        sources.load(path)
    assert "geheim" not in str(refused.value)


def test_what_a_remote_session_lacks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark Connect needs more than Spark: what is not installed is named, with the command."""
    path = tmp_path / "sources.yaml"
    path.write_text(BOOKS, encoding="utf-8")
    monkeypatch.setattr(opening, "find_spec", lambda name: None if name == "grpc_status" else True)
    with pytest.raises(SettingsError, match=r"needs grpc_status.*pip install 'tieout\[engines\]'"):
        opening.check(sources.load(path), Settings(engine="sc://h"), None)
    opening.check(sources.load(path), Settings(engine="spark://h:7077"), None)


def test_a_sources_file_goes_before_the_setting(tmp_path: Path) -> None:
    """Books that name their engine are tested there; to the Server's callers only the desk's own is open."""
    path = tmp_path / "sources.yaml"
    path.write_text(f"{BOOKS}engine: spark://elsewhere:7077\n", encoding="utf-8")
    declared, settings = sources.load(path), Settings(engine="postgresql://h/d")
    assert opening.engine_of(declared, settings).url == "spark://elsewhere:7077"
    with pytest.raises(SourcesError, match="no engine but the desk's own"):
        opening.check(declared, settings, Folders((tmp_path,), ()))
