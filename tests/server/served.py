"""A real LangGraph Server as a process: started offline, asked over HTTP, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient

from desk.server.configuration import configuration
from tests import http
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = {
    "LANGGRAPH_CLI_NO_ANALYTICS": "1",
    "LANGGRAPH_NO_VERSION_CHECK": "true",
    "LANGSMITH_TRACING": "false",
    "LANGGRAPH_STRICT_MSGPACK": "true",
}


class Served:
    """One server process over a folder that holds all its data.

    workers: as `tieout serve` has them; none: as a developer starts it, who has runs done in its process.
    """

    def __init__(self, folder: Path, settings: dict[str, str], workers: int = 0) -> None:
        self.folder, self.settings, self.workers = folder, settings, workers
        self.port = free_port()
        self.log = folder / f"server-{self.port}.log"
        self.process = self._start()
        self._clients: dict[str, SyncLangGraphClient] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, token: str = "") -> SyncLangGraphClient:
        """Give a client, signed in where a token is given."""
        if token not in self._clients:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            self._clients[token] = get_sync_client(url=self.url, headers=headers)
        return self._clients[token]

    def kill(self) -> None:
        """Kill it and what it started, as a power cut would."""
        for client in self._clients.values():
            client.close()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        ours = [sys.executable, "-m", "desk.server.serve", str(self.workers)]
        config = _config(self.folder, self.settings, worked=bool(self.workers))
        command = [
            *(ours if self.workers else [str(Path(sys.executable).with_name("langgraph"))]),
            *("dev", "--config", str(config), "--host", "127.0.0.1", "--port", str(self.port)),
            *("--no-browser", "--no-reload", "--n-jobs-per-worker", "4", "--server-log-level", "INFO"),
        ]
        env = {**os.environ, **OFFLINE, **self.settings, "PYTHONPATH": str(ROOT)}
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=env, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 180
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-4000:]}")
            time.sleep(0.2)
        return process

    def _answers(self) -> bool:
        try:
            return http.get(f"{self.url}/ok", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def serving(folder: Path, settings: dict[str, str], workers: int = 0) -> Iterator[Served]:
    """Run a server for the enclosed code."""
    served = Served(folder, settings, workers)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.kill()


def until(served: Served, thread_id: str, *statuses: str, token: str = "") -> dict[str, Any]:
    """Wait until a thread has one of the statuses; give the thread."""
    client, deadline = served.client(token), time.monotonic() + 120
    while time.monotonic() < deadline:
        thread = dict(client.threads.get(thread_id))
        if thread["status"] in statuses:
            return thread
        time.sleep(0.3)
    raise TimeoutError(f"{thread['status']}: {served.log.read_text()[-4000:]}")


def _config(folder: Path, settings: dict[str, str], *, worked: bool) -> Path:
    """Write the Server's configuration, so that its data stay in `folder`."""
    path = folder / "langgraph.json"
    with patch.dict(os.environ, settings):
        path.write_text(json.dumps(configuration(worked=worked) | {"dependencies": [str(ROOT)]}))
    return path
