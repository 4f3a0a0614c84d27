"""`tieout serve` hands over to LangGraph's own server: offline, with the settings in force."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.cli import main
from desk.cli.commands import serve
from tests.desk.shell import fresh
from tests.forked import ROOT

# Stands where the server's own command does, and tells how it was called.
TELLS = """import json, os, sys

def cli():
    print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]))
"""


def test_the_server_gets_the_settings_in_force(tmp_path: Path) -> None:
    """The server runs where its configuration lies; paths of the settings still mean the caller's folder."""
    for name in ("langgraph_cli", "langgraph_api"):
        (tmp_path / "stand-in" / name).mkdir(parents=True)
        (tmp_path / "stand-in" / name / "__init__.py").touch()
    (tmp_path / "stand-in" / "langgraph_cli" / "cli.py").write_text(TELLS)
    (tmp_path / ".env").write_text(
        "TIEOUT_MODEL=small\nTIEOUT_TOKEN=secret\nCHECKPOINT_URL=postgresql://h/c\n"
    )
    path = f"{tmp_path / 'stand-in'}:{ROOT}"
    done = fresh("serve", "--port", "8123", cwd=tmp_path, PYTHONPATH=path, WORKSPACE_URL="runs")
    arguments, environment, folder = json.loads(done.stdout)
    assert (arguments[0], folder) == ("dev", str(ROOT))
    assert "--no-browser" in arguments
    assert arguments[arguments.index("--server-log-level") + 1] == "WARNING"
    assert "The review desk will be at http://127.0.0.1:8123/desk/" in done.stderr
    assert arguments[arguments.index("--port") + 1] == "8123"
    assert arguments[arguments.index("--config") + 1] == str(ROOT / "langgraph.json")
    expected = {
        **serve.OFFLINE,
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"sqlite:///{tmp_path}/.tieout/tieout.db",
        "CHECKPOINT_URL": "postgresql://h/c",
        "WORKSPACE_URL": f"{tmp_path}/runs",
        "TIEOUT_USERS": f"{tmp_path}/users.yaml",
        "TIEOUT_MODEL": "small",
        "TIEOUT_TOKEN": "secret",
    }
    assert {name: environment[name] for name in expected} == expected


def test_without_the_server_installed_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The extra is optional, and its name is in the message."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert main(["serve"]) == 1
    assert "the Server is not installed. pip install 'tieout[server]'" in capsys.readouterr().err
