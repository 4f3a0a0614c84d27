"""Settings are read once, and again when something changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.core import settings


def test_what_changes_is_seen_and_what_does_not_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is set, a .env that is written, and another folder each count at once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIEOUT_MODEL", raising=False)
    first = settings.load()
    assert first is settings.load()
    (tmp_path / ".env").write_text("TIEOUT_MODEL=small\n")
    by_file = settings.load().model
    (tmp_path / ".env").write_text("TIEOUT_MODEL=larger\n")
    rewritten = settings.load().model
    monkeypatch.setenv("TIEOUT_MODEL", "named")
    by_variable = settings.load().model
    monkeypatch.delenv("TIEOUT_MODEL")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert (by_file, rewritten, by_variable, settings.load()) == ("small", "larger", "named", first)


@pytest.mark.parametrize(
    ("fields", "models", "embeddings"),
    [
        ({}, "https://api.openai.com/v1", "https://api.openai.com/v1"),
        ({"model_provider": "mistral"}, "https://api.mistral.ai/v1", "https://api.mistral.ai/v1"),
        ({"model_base_url": "http://m/v1"}, "http://m/v1", "http://m/v1"),
        ({"model_provider": "groq", "embeddings_base_url": "http://e/v1"}, None, "http://e/v1"),
    ],
)
def test_embeddings_go_where_the_model_is_unless_told_otherwise(
    fields: dict[str, str], models: str | None, embeddings: str
) -> None:
    """A key of one provider is never sent to another."""
    loaded = settings.Settings(**fields)  # type: ignore[arg-type]  # pydantic checks them
    assert loaded.model_url == (models or "https://api.groq.com/openai/v1")
    assert loaded.embeddings_url == embeddings


def test_settings_in_force_cannot_be_changed_by_who_reads_them() -> None:
    """They are everybody's."""
    with pytest.raises(ValueError, match="frozen"):
        settings.load().model = "another"  # type: ignore[misc]  # frozen is what is tested
