"""`tieout metrics`."""

from __future__ import annotations


def metrics() -> None:
    """Print the desk's metrics in Prometheus' text format, as the Server answers them at /metrics.

    They are counted in the store, so runs of every way in show. docs/monitoring.md says what each means.

    For example:

        tieout metrics

        tieout metrics > /var/lib/node_exporter/tieout.prom
    """
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin
    from tools.operations.metrics import exposition
    from tools.store import open_store

    settings = begin()
    text = exposition(open_store(settings.database_url), settings).decode()
    plain_utf8()
    print(text, end="")
