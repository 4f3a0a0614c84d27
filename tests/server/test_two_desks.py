"""Two desks of one installation: each Server knows its own threads alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import http
from tests.desk.shell import environment_with
from tests.graph.small import TOKENS, users
from tests.ports import free_port


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the desk of a folder as people do; give its URL."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    users(folder)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "desk.cli", "serve", "--port", str(port), "--workers", "0"],
            cwd=folder,
            env=environment_with(),
            stdout=output,
            stderr=output,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # it writes down which threads it knows
        process.wait(60)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 280
    while time.monotonic() < deadline and process.poll() is None:
        try:
            http.get(f"{url}/ok", timeout=5).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError(log.read_text()[-2000:])


def threads(url: str) -> list[str]:
    """Name the threads that a Server knows, as an admin sees them."""
    headers = {"Authorization": f"Bearer {TOKENS['alma']}"}
    answer = http.post(f"{url}/threads/search", json={}, headers=headers, timeout=60)
    return [thread["thread_id"] for thread in answer.raise_for_status().json()]


@pytest.mark.exhaustive
def test_a_desk_shows_its_own_threads(tmp_path: Path) -> None:
    """What one desk was told is in its own folder: it is there after a restart, and on no other desk."""
    headers = {"Authorization": f"Bearer {TOKENS['alma']}"}
    with served(tmp_path / "one") as first:
        answer = http.post(f"{first}/threads", json={"graph_id": "audit"}, headers=headers, timeout=60)
        thread_id = answer.raise_for_status().json()["thread_id"]
        assert threads(first) == [thread_id]
    with served(tmp_path / "two") as second:
        assert threads(second) == []
    with served(tmp_path / "one") as first:
        assert threads(first) == [thread_id]
    assert (tmp_path / "one" / ".tieout" / ".langgraph_api").is_dir()
