"""Engines as they are met in the field: PostgreSQL, and a Spark cluster of a master and two workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyspark
import pytest
from pyspark.sql import SparkSession

from tests.ports import free_port
from tests.postgres import Cluster
from tools import ledger
from tools.books.elsewhere import Elsewhere
from tools.books.engine import Books
from tools.checks.engines.postgresql import PostgreSQL
from tools.checks.engines.spark import Spark
from tools.checks.reconciliation.reconcile import reconcile
from tools.core.settings import Settings
from tools.ledger import sources
from tools.ledger.window import Window
from tools.rules.model import Rules

ROOT = Path(__file__).resolve().parents[2]
# Processes of a few minutes: compiling well what is run a few times costs more than it saves.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.executor.memory": "768m",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
    # Hundreds of small queries: compiling each takes longer than running it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Give the sample company's year, reconciled."""
    folder, settings = tmp_path_factory.mktemp("books") / "snapshot", Settings(engine_threads=1)
    declared = sources.load(ROOT / "samples" / "sources.yaml")
    ledger.read(declared, Window({}, date(2025, 12, 31)), settings, folder)
    with Books.open(folder, settings) as opened:
        reconcile(opened, sources.of(opened), Rules())
        yield opened


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Start a standalone master and two workers on loopback, and a session on them."""
    folder, port = tmp_path_factory.mktemp("spark"), free_port()
    url = f"spark://127.0.0.1:{port}"
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # of the executors, which run our code
    master = _start(folder, "master.Master", "--port", str(port))
    workers = [_start(folder, "worker.Worker", "-c", "1", "-m", "1g", url) for _ in range(2)]
    builder = SparkSession.builder.master(url).appName("tieout-tests")
    try:
        _listening(port)
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()
    finally:
        for process in (*workers, master):
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session", params=["postgresql", "spark"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Give each engine in turn."""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        database = cluster.create()
        with PostgreSQL(cluster.url(database).replace("+psycopg", ""), "tieout_tests") as postgresql:
            yield postgresql
        cluster.drop(database)
        return
    with Spark(request.getfixturevalue("spark"), shared=tmp_path_factory.mktemp("parts")) as session:
        yield session


def _start(folder: Path, role: str, *arguments: str) -> subprocess.Popen[bytes]:
    name = role.rpartition(".")[2].lower()
    env = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder),
        "SPARK_DAEMON_JAVA_OPTS": _JAVA,
    }
    command = [str(_CLASS), f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", "--webui-port", "0"]
    with (folder / f"{name}-{time.monotonic_ns()}.log").open("wb") as log:
        return subprocess.Popen([*command, *arguments], env=env, cwd=folder, stdout=log, stderr=log)


def _listening(port: int) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(
        f"no Spark master on port {port}: is Java installed (apt-get install default-jre-headless)?"
    )
