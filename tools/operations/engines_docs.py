"""The page about engines, with what each of them does with each test: docs/engines.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tools.checks.catalogue import NAMES, loaded
from tools.checks.engines.capability import DIALECTS, is_judged_here, refusal
from tools.rules.test_header import BookTest

_HEAD: Final = """\
# Where the tests run: DuckDB, PostgreSQL, Spark

Written by `make docs`. The tests of the books run in the process of the audit, on DuckDB, unless
something else is said:

```sh
pip install 'tieout[engines]'
TIEOUT_ENGINE=postgresql://desk@db.example/books tieout audit books/sources.yaml
TIEOUT_ENGINE=spark://spark.example:7077 tieout audit books/sources.yaml
```

or in the sources file, where it goes before the setting: `engine: spark://spark.example:7077`. No
password stands there: PostgreSQL's comes from `TIEOUT_ENGINE`, from `PGPASSWORD` or from `~/.pgpass`.
Whoever calls the Server uses no engine but the desk's own. Findings, matches and flags are the same, row
for row; so are the graph, its checkpoints and the pages.

| engine | written as | what it needs |
|---|---|---|
| DuckDB | `duckdb` | nothing: the default |
| PostgreSQL 14 or later | `postgresql://user@host:5432/database` | a user with `CREATE` on the database |
| Spark 4.1 or later, standalone | `spark://host:7077` | Java 17; a workspace that executors see |
| Spark Connect | `sc://host:15002` | the extra `engines` alone: tables are sent |
| Databricks | `databricks` | its own extra, alone, and configuration. Not tried |

`TIEOUT_ENGINE_OPTIONS` has Spark's own settings: `{"spark.executor.memory": "3g", "spark.driver.host":
"10.0.0.5"}`.

## What happens where

1. The sources are read by the same code into the run's snapshot: so row keys, rejected rows and control
   totals do not depend on the engine. With a standalone Spark its executors read them: each file in a
   task of its own, a CSV or Parquet file above 128 MB in several (a CSV file is cut where no record can
   go on, a Parquet file between row groups), each database or lake table in one. They write the snapshot,
   each table and the postings of each source in a task; one puts them together. Documents, archives and
   buckets are read here, and with any other engine all sources are.
2. A table goes to the engine when a test first names it. PostgreSQL has a schema for each run (`tieout_`
   and the run's id, unlogged, removed once the run has ended); Spark reads the snapshot's Parquet where
   it lies. What several tests share is computed once, as a table of that session.
3. Quality, anomaly and reconciliation tests run there, a house's own too; only findings come back, and
   the rows of tests that Python judges (below). Matching runs on DuckDB: with a standalone Spark in its
   executors, each declared pair in a task of its own, else here. Of a pair of more than a million rows the
   equal keys are matched in its task; the rows that stay open come here, are weighed, and are cut into
   groups that cannot touch one another (connected components of candidate pairs), which the executors
   solve. Of a group of more than a million cells only what is in every best whole is matched, on every
   engine; the run's page says so. Matches are gathered here.
4. Replays of feedback, lineage and what people ask read the snapshot here.

A run's page shows the stages as they happen: reading, matching, queries, with tasks, seconds, and seconds
of all tasks together, which is what a cluster costs. They are on the trail too.

Spark plans each of some seventy queries before it runs it: over few rows that takes minutes, where DuckDB
takes seconds. Give checks the time (`TIEOUT_CHECK_TIMEOUT_SECONDS=900`); it is for what fits no machine.

Executors run the program's own code, which is sent to them; their Python needs `tieout[engines]`
installed. Where it is another one than here: `{"spark.pyspark.python": "/opt/tieout/bin/python"}` among the
options. Books and workspace lie in folders that all machines mount under the same paths. A task whose machine
is lost runs again on another; what it writes is under the name of its attempt. A task that reads a database
is sent the `BOOKS_...` variables that its URL names: let Spark encrypt what it sends (`spark.authenticate`,
`spark.network.crypto.enabled`).

## When the engine is away

A mistake (no such database, a wrong password, a missing library) is said before a run is begun. An
engine that is away or goes away is waited for as a source is; then the run pauses, `tieout resume RUN`
or a worker's tick goes on, and no finished check is done again. A check that takes too long is stopped
on the engine too. A cluster is gone when no master answers and no executor is left, fifteen seconds long.
What an engine cannot say is not applicable there, with the engine's own words as the
reason; any other error of it fails the test, not the check.

## How long it takes

A million synthetic rows by `python -m benchmarks.engines`, single runs on two cores that others used
too (load 4 to 6), so processor seconds say more than the clock; Spark is a master and two workers with
one core each, on the same machine.

Each cell: seconds, processor seconds, MB of the largest process.

| check | DuckDB | PostgreSQL | Spark |
|---|---|---|---|
| quality | 2.0, 2.1, 311 | 98.5, 61.6, 694 | 141, 241, 2,800 |
| reconciliation | 5.2, 7.2, 894 | 6.9, 9.1, 857 | 50, 103, 1,062 |
| anomaly | 2.6, 4.3, 434 | 25.4, 29.0, 218 | 309, 468, 2,840 |

PostgreSQL's are from before it was kept from nested loops and from compiling queries; with that the
longest quality test took 7 s (of 100,000 rows `sequence_gap` took 6.1 s before, 0.3 s after). Ten
million rows on Spark, one worker against two and a hundred million rows are not measured: what a
cluster takes for a billion rows cannot be said from one size. On paper, if every second of a million
rows grew with the rows, which planning seventy queries does not: 810 processor seconds a million rows
are 225 core hours a billion; on ten machines of eight cores that is under three hours, at an assumed
0.40 dollars a machine hour about 11 dollars. Reading the bytes alone (33 a row, 33 GB) from disks of
500 MB a second takes them seven seconds.

A hundred companies of 2,000 rows by `tieout work`, two workers on PostgreSQL, while 47 workers were
killed (`python -m benchmarks.companies`): 6.3 audits a minute at a load of 7 to 25; each was audited
once, and no flag was lost.

## Which tests run on which engine

Tests not listed as judged here run as a query alone. tests/engines holds this table against the engines.

"""


def engines_page() -> str:
    """Write docs/engines.md."""
    lines = ["| test | how | " + " | ".join(DIALECTS) + " |", "|---|---|" + "---|" * len(DIALECTS)]
    tests = [test for check in NAMES for test in loaded(check)]
    return _HEAD + "\n".join([*lines, *(_row(test) for test in tests)]) + "\n"


def _row(test: BookTest) -> str:
    how = "query, its rows judged here" if is_judged_here(test) else "query"
    return f"| {test.name} | {how} | " + " | ".join(_cells(test)) + " |"


def _cells(test: BookTest) -> Iterator[str]:
    for engine in DIALECTS:
        reason = refusal(engine, test)
        yield f"no: {reason}" if reason else "yes"
