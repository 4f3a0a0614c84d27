"""docs/monitoring.md says what is exposed: every metric, with its type, labels and words, and every alert."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

from tools.core.settings import Settings
from tools.operations import alerts, metrics
from tools.operations.metric_definitions import METRICS
from tools.store import open_store

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")


def _table(heading: str) -> list[list[str]]:
    (rows,) = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows.splitlines()]


def test_the_page_has_every_metric(tmp_path: Path) -> None:
    """Name, type and help of the exposition; labels as they are declared."""
    text = metrics.exposition(open_store(f"sqlite:///{tmp_path}/tieout.db"), Settings()).decode()
    exposed = {}
    for family in text_string_to_metric_families(text):
        suffix = "_total" if family.type == "counter" else ""
        exposed[family.name + suffix] = (family.type, family.documentation)
    page = {row[0]: (row[1], row[3]) for row in _table("metric")}
    assert page == exposed
    labels = {metrics.PREFIX + metric.name: ", ".join(metric.labels) for metric in METRICS}
    assert {row[0]: row[2] for row in _table("metric")} == labels


def test_the_page_has_every_alert() -> None:
    """Prometheus' rules and the desk's own, side by side."""
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    rows = _table("rule")
    assert [row[0] for row in rows] == [rule["alert"] for rule in rules]
    assert {row[1] for row in rows if row[1]} == set(alerts.TITLES)
