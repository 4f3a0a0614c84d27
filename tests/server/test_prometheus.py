"""A real Prometheus reads the real Server: what it stores, and what its rules make of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests import http
from tests.desk.shell import tieout
from tests.graph.small import settings_of, write_books
from tests.ports import free_port
from tests.server.served import Served
from tools.core.settings import Settings
from tools.operations import metrics
from tools.store import open_store, run_figures, runs

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
_NAME = re.compile(r"\btieout_[a-z_]+\b")


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """Run Prometheus with our alerts over one target for the enclosed code; give its address."""
    shutil.copy(ALERTS, folder / "alerts.yml")
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s", "scrape_timeout": "1s"}
    config["scrape_configs"][0]["static_configs"] = [{"targets": [target]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    address = f"127.0.0.1:{free_port()}"
    command = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--web.listen-address={address}"]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--storage.tsdb.path={folder}/data"], stdout=log, stderr=log, cwd=folder
        )
    try:
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until(ask: Any, log: Path) -> Any:  # noqa: ANN401 - any JSON
    """Ask until there is something in the answer."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if answer := ask():
                return answer
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise TimeoutError(log.read_text()[-3000:])


def test_prometheus_reads_the_desk_and_raises_its_alerts(served: Served, tmp_path: Path) -> None:
    """A run of the command line is in what the Server answers; incomplete books fire their alert."""
    settings = settings_of(served.folder)
    sources = write_books(served.folder / "watched", entity="Watched Ltd")
    completed = tieout("audit", str(sources), cwd=served.folder, **settings)
    assert completed.returncode == 3, completed.stderr
    store = open_store(settings["DATABASE_URL"])
    (run,) = (run for run in runs.list_audits(store) if run.entity == "Watched Ltd")
    run_figures.put(store, run.run_id, run_figures.COMPLETENESS, {"": 0.5})
    with prometheus(tmp_path, f"127.0.0.1:{served.port}") as url:

        def query(text: str) -> list[dict[str, Any]]:
            answer = http.get(f"{url}/api/v1/query", params={"query": text}).raise_for_status().json()
            return list(answer["data"]["result"])

        def firing() -> list[dict[str, Any]]:
            alerts = http.get(f"{url}/api/v1/alerts").raise_for_status().json()["data"]["alerts"]
            return [alert for alert in alerts if alert["state"] == "firing"]

        log = tmp_path / "prometheus.log"
        matched = _until(lambda: query('tieout_match_rate_ratio{entity="Watched Ltd"}'), log)
        assert 0 < float(matched[0]["value"][1]) <= 1
        nodes = query('tieout_node_executions_total{graph="audit",node="merge_findings",outcome="done"}')
        assert float(nodes[0]["value"][1]) >= 1
        assert query('up{job="tieout"}')[0]["value"][1] == "1"
        fired = {alert["labels"]["alertname"]: alert for alert in _until(firing, log)}
        assert fired["TieoutBooksIncomplete"]["annotations"]["summary"] == (
            "50% of the postings of Watched Ltd are complete."
        )


def test_prometheus_takes_the_exposition_and_the_rules(served: Served, tmp_path: Path) -> None:
    """Promtool finds nothing to say about names, types, rules and the scrape configuration."""
    answer = http.get(f"{served.url}/metrics")
    assert answer.headers["content-type"] == metrics.CONTENT_TYPE
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=answer.text, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    config = DEPLOY / "prometheus" / "prometheus.yml"
    assert (
        subprocess.run(["promtool", "check", "config", str(config)], cwd=tmp_path, check=False).returncode
        == 0
    )


CASES = (
    ("TieoutChecksFail", 'tieout_agent_success_rate_ratio{agent="quality"}', "0.89", "0.9"),
    ("TieoutBooksIncomplete", 'tieout_completeness_ratio{entity="E"}', "0.84", "0.85"),
    ("TieoutFalsePositives", "tieout_false_positive_rate_ratio", "0.21", "0.2"),
    ("TieoutRunStuck", 'tieout_oldest_working_run_age_seconds{graph="audit"}', "1801", "1800"),
    ("TieoutRequestWaits", 'tieout_oldest_open_request_age_seconds{kind="gate"}', "86401", "86400"),
    (
        "TieoutCriticalFlagUnreviewed",
        'tieout_oldest_unreviewed_flag_age_seconds{severity="CRITICAL"}',
        "172801",
        "172800",
    ),
    ("TieoutNoAudit", "tieout_missed_audits", "1", "0"),
    ("TieoutNoticesGivenUp", 'tieout_notices{status="given_up"}', "1", "0"),
)


@pytest.mark.parametrize(("alert", "series", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_an_alert_fires_beyond_its_bound(
    tmp_path: Path, alert: str, series: str, bad: str, good: str
) -> None:
    """Just beyond the bound of the specification it fires, at the bound it does not."""
    for value, count in ((bad, 1), (good, 0)):
        assert _fires(tmp_path, alert, [(series, value)]) == count


def test_spending_above_its_limit_fires(tmp_path: Path) -> None:
    """What was spent is held against the setting, whatever that is."""
    limit = ("tieout_model_spending_limit_dollars", "3")
    assert _fires(tmp_path, "TieoutSpending", [limit, ("tieout_model_spent_dollars", "3.01")]) == 1
    assert _fires(tmp_path, "TieoutSpending", [limit, ("tieout_model_spent_dollars", "3")]) == 0


def _fires(folder: Path, alert: str, series: list[tuple[str, str]]) -> int:
    """Count the alerts of a name, by Prometheus' own test of rules."""
    shutil.copy(ALERTS, folder / "alerts.yml")
    case = {
        "rule_files": ["alerts.yml"],
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": f"{value}x5"} for name, value in series],
                "promql_expr_test": [
                    {
                        "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)',
                        "eval_time": "3m",
                        "exp_samples": [{"labels": "{}", "value": 1}],
                    }
                ],
            }
        ],
    }
    (folder / "case.yml").write_text(yaml.safe_dump(case))
    completed = subprocess.run(
        ["promtool", "test", "rules", "case.yml"], cwd=folder, capture_output=True, check=False
    )
    return int(completed.returncode == 0)


def test_dashboard_and_rules_name_metrics_that_are_exposed(tmp_path: Path) -> None:
    """Every metric that Grafana's dashboard or an alert is written against is in the exposition."""
    text = metrics.exposition(open_store(f"sqlite:///{tmp_path}/tieout.db"), Settings()).decode()
    families = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    exposed = families | {f"{name}_{part}" for name in families for part in ("bucket", "count", "sum")}
    dashboard = json.loads((DEPLOY / "grafana" / "tieout.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    expressions += [rule["expr"] for rule in rules]
    named = {name for expression in expressions for name in _NAME.findall(expression)}
    assert len(named) > 20
    assert named - exposed == set()
