"""`tieout serve` from an installed wheel, in an empty folder outside the clone: every page of a run."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import httpx
import pytest
from langgraph_sdk import get_sync_client

from desk.web.routes import ROUTES
from tests import http
from tests.desk.shell import environment_with
from tests.graph.small import write_books
from tests.ports import free_port
from tests.processes import ROOT
from tools.store import cases, flags, open_store, runs

_SECONDS = 240
_BESIDE = re.compile(r'(?:src|href)="(/desk/[^"]*\.(?:svg|css|js)(?:\?[^"]*)?)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have pip build the wheel and install it into a folder of its own, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    alone = ["--no-deps", "--no-build-isolation", "--target", str(folder / "site"), str(ROOT)]
    subprocess.run([*pip, *alone], check=True, timeout=_SECONDS)
    return folder / "site"


@pytest.fixture(scope="module")
def desk(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve in an empty folder with nothing set but where books lie; give the URL and the folder."""
    folder, port = tmp_path_factory.mktemp("empty"), free_port()
    environment = environment_with(
        PYTHONPATH=str(site), TIEOUT_BOOKS_FOLDERS=str(tmp_path_factory.getbasetemp())
    )
    script = [sys.executable, "-c", "import desk, graph, nodes, prompts, tools; print(desk.__file__)"]
    imported = subprocess.run(script, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert imported.stdout.startswith(str(site))
    log = folder.parent / f"serve-{port}.log"
    command = [sys.executable, "-m", "desk.cli", "serve", "--port", str(port)]
    with log.open("wb") as log_file:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log_file, stderr=log_file, start_new_session=True
        )
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + _SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it did not start: {log.read_text()[-4000:]}")
        time.sleep(0.2)
    yield url, folder
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answers(url: str) -> bool:
    try:
        return http.get(f"{url}/ok", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_run_and_every_page(desk: tuple[str, Path], tmp_path: Path) -> None:
    """No rules file: the defaults hold, each page opens; the Server's files lie in the desk's folder."""
    url, folder = desk
    sources = write_books(tmp_path)
    with get_sync_client(url=url) as client:
        thread_id = client.threads.create(graph_id="audit")["thread_id"]
        client.runs.wait(thread_id, "audit", input={"sources": str(sources)})
    store = open_store(f"sqlite:///{folder}/.tieout/tieout.db")
    run = runs.of_thread(store, thread_id)
    assert run is not None
    assert run.status == "waiting"
    names = {
        "run_id": run.run_id,
        "case_id": cases.of_run(store, run.run_id)[0].case_id,
        "flag_id": flags.find(store, run_id=run.run_id)[0].flag_id,
    }
    beside: set[str] = set()
    for path in _paths(names):
        answer = _page(f"{url}{path}")
        beside |= {html.unescape(address) for address in _BESIDE.findall(answer.text)}
    assert {Path(address.partition("?")[0]).suffix for address in beside} == {".svg", ".css", ".js"}
    for path in beside:
        _page(f"{url}{path}")
    assert sorted(path.name for path in folder.iterdir()) == [".tieout"]
    assert {"langgraph.json", ".langgraph_api", "tieout.db"} <= {
        path.name for path in (folder / ".tieout").iterdir()
    }


def _page(url: str) -> httpx.Response:
    answer = http.get(url, follow_redirects=True, timeout=60)
    assert (answer.status_code, "content-security-policy" in answer.headers) == (200, True), url
    return answer


def _paths(names: dict[str, str]) -> list[str]:
    """Give the address of every page of what an audit leaves; their charts are found on them."""
    page_paths = [
        route.path
        for route in ROUTES
        if "GET" in (route.methods or ()) and not route.path.startswith("/programmes/{")
    ]
    known_paths = [
        path for path in page_paths if all(part[1] in (None, *names) for part in Formatter().parse(path))
    ]
    return [f"/desk{path.format(**names)}" for path in known_paths if not path.endswith(".svg")]
