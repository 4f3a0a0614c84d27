"""The notebook runs as a reader would run it, from the first cell to approved and reviewed flags."""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"desk", "graph", "tools"}


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


def test_what_the_notebook_imports_is_there() -> None:
    """Each cell is Python, and every name that it takes from a module of ours stands in that module."""
    modules = [ast.parse(cell.source) for cell in _notebook().cells if cell.cell_type == "code"]
    imports = [each for module in modules for each in ast.walk(module) if isinstance(each, ast.ImportFrom)]
    ours = [each for each in imports if each.module and each.module.partition(".")[0] in PACKAGES]
    missing = [
        f"{each.module}.{alias.name}"
        for each in ours
        for alias in each.names
        if not hasattr(import_module(str(each.module)), alias.name)
        and find_spec(f"{each.module}.{alias.name}") is None
    ]
    assert len(ours) > 5
    assert missing == []
