"""`tieout serve` hands over to LangGraph's own server: offline, with the settings in force."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli import main
from desk.cli.commands import serve
from desk.server.configuration import configuration
from tests.desk.shell import tieout_process
from tests.ports import free_port
from tests.processes import ROOT

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
    (tmp_path / ".env").write_text("TIEOUT_MODEL=small\nTIEOUT_TOKEN=secret\nCHECKPOINT_URL=sqlite:///c.db\n")
    path = f"{tmp_path / 'stand-in'}:{ROOT}"
    port = str(free_port())
    completed = tieout_process(
        "serve", "--port", port, "--workers", "0", cwd=tmp_path, PYTHONPATH=path, WORKSPACE_URL="runs"
    )
    arguments, environment, folder = json.loads(completed.stdout)
    assert (arguments[0], folder) == ("dev", str(tmp_path / ".tieout"))
    assert "--no-browser" in arguments
    assert arguments[arguments.index("--server-log-level") + 1] == "WARNING"
    assert f"The review desk will be at http://127.0.0.1:{port}/desk/" in completed.stderr
    assert arguments[arguments.index("--port") + 1] == port
    assert arguments[arguments.index("--config") + 1] == str(tmp_path / ".tieout" / "langgraph.json")
    assert environment["PYTHONPATH"].split(":")[0] == str(ROOT)
    expected = {
        **serve.OFFLINE,
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"sqlite:///{tmp_path}/.tieout/tieout.db",
        "CHECKPOINT_URL": f"sqlite:///{tmp_path}/c.db",
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


def test_what_serve_writes_is_what_the_project_says() -> None:
    """`langgraph dev` in a clone and `tieout serve` anywhere serve the same; there workers do the work."""
    assert json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8")) == configuration()
    worked = configuration(worked=True)
    assert list(worked.pop("graphs")) == list(configuration()["graphs"])
    assert worked.items() <= configuration().items()


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    """Where another program listens, nothing is started or written, and no other port is chosen."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        completed = tieout_process("serve", "--port", str(port), cwd=tmp_path)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert completed.stderr.startswith(
        f"tieout: 127.0.0.1:{port}: another program listens there already. Stop it,"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_meanwhile_is_refused() -> None:
    """Between the announcement and the Server's start nobody else's port is taken, and none is chosen."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "desk.server.serve",
            "0",
            "dev",
            "--host",
            "127.0.0.1",
            "--port",
            port,
        ]
        completed = subprocess.run(
            [*command, "--server-log-level", "WARNING"], capture_output=True, text=True, cwd=ROOT, check=False
        )
    assert (completed.returncode, completed.stdout) == (2, "")
    assert "another program listens there already" in completed.stderr


@pytest.mark.parametrize(
    ("host", "message"),
    [("192.0.2.1", "that is no address of this machine"), ("no-such-host.invalid", "no such address")],
)
def test_an_address_that_is_not_ours_is_refused(tmp_path: Path, host: str, message: str) -> None:
    """An address of another machine, or of none, is said to be that."""
    completed = tieout_process("serve", "--host", host, cwd=tmp_path)
    assert (completed.returncode, message in completed.stderr) == (2, True)
