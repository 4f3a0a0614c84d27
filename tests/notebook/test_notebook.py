"""The notebook runs as a reader would run it, from the first cell to approved and reviewed flags."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]


def _notebook() -> nbformat.NotebookNode:
    read: Callable[..., nbformat.NotebookNode] = nbformat.read
    return read(ROOT / "notebooks" / "audit.ipynb", as_version=4)


def test_the_notebook_runs_to_approved_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cell fails, two people approve, and no flag is left proposed."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = _notebook()
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(ROOT)}}).execute()
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    texts = [out.data.get("text/plain", "") for out in outputs if out.output_type == "execute_result"]
    assert "'flagged'" in texts
    assert any("confirmed" in text and "dana" in text for text in texts)
    assert "proposed" not in texts[-1]
    assert sum("image/svg+xml" in out.get("data", {}) for out in outputs) == 4


def test_the_notebook_is_committed_without_output() -> None:
    """What a run prints belongs to the run, not to the repository."""
    notebook = _notebook()
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
