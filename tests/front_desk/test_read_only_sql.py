"""A person's SQL reads the books and does nothing else: a table of attacks, and of questions that are run."""

from __future__ import annotations

import pytest

from tools.books.read_only_sql import checked
from tools.core.errors import UsageError

TABLES = ("txn", "vendor")
ATTACKS = """
DROP TABLE txn
DELETE FROM txn
TRUNCATE txn
UPDATE txn SET amount_minor = 0
INSERT INTO txn SELECT * FROM txn
MERGE INTO txn USING vendor ON true WHEN MATCHED THEN DELETE
CREATE TABLE x AS SELECT 1
CREATE VIEW x AS SELECT 1
CREATE MACRO f(x) AS x
CREATE SECRET s (TYPE s3)
ALTER TABLE txn ADD COLUMN x INT
COPY txn TO '/tmp/x'
COPY (SELECT 1) TO '/tmp/x'
EXPORT DATABASE '/tmp/x'
IMPORT DATABASE '/tmp/x'
ATTACH '/tmp/x' AS x
DETACH x
USE x
LOAD httpfs
INSTALL httpfs
FORCE INSTALL httpfs
SET memory_limit = '1TB'
RESET ALL
PRAGMA database_list
PRAGMA enable_profiling
CALL pragma_version()
CHECKPOINT
VACUUM
ANALYZE
BEGIN
COMMIT
PREPARE p AS SELECT 1
EXECUTE p
DEALLOCATE p
EXPLAIN SELECT 1
EXPLAIN ANALYZE DELETE FROM txn
DESCRIBE txn
SHOW TABLES
SUMMARIZE txn
VALUES (1)
SELECT 1; DROP TABLE txn
SELECT 1;;SELECT 2
SELECT 1 /* x */ ; /* y */ DELETE FROM txn
WITH a AS (SELECT 1) DELETE FROM txn
WITH a AS (DELETE FROM txn RETURNING *) SELECT * FROM a
WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT * FROM a
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_csv_auto('/etc/passwd')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM read_json('/etc/x')
SELECT * FROM read_parquet('/etc/x')
SELECT * FROM parquet_scan('/etc/x')
SELECT * FROM '/etc/passwd'
SELECT * FROM "/etc/passwd"
SELECT * FROM 'x.parquet'
SELECT * FROM glob('/*')
SELECT * FROM sqlite_scan('/tmp/x', 'run')
SELECT * FROM postgres_query('x', 'DELETE FROM run')
SELECT * FROM query('SELECT 1')
SELECT * FROM query_table('txn')
SELECT * FROM range(1000000000000)
SELECT * FROM generate_series(1, 1000000000000)
SELECT * FROM unnest([1, 2])
SELECT * FROM repeat_row(1, num_rows=1000000000)
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_secrets()
SELECT * FROM duckdb_tables
SELECT * FROM information_schema.tables
SELECT * FROM pg_catalog.pg_class
SELECT * FROM sqlite_master
SELECT * FROM main.txn
SELECT * FROM memory.main.txn
SELECT * FROM run
SELECT * FROM txn, decision
SELECT (SELECT secret FROM users)
SELECT * FROM txn WHERE vendor_name IN (SELECT token FROM users)
SELECT * FROM txn WHERE EXISTS (SELECT 1 FROM read_text('/etc/passwd'))
SELECT * FROM (SELECT * FROM read_text('/etc/passwd'))
SELECT * FROM (WITH "/etc/passwd" AS (SELECT 1) SELECT * FROM "/etc/passwd"), "/etc/passwd"
SELECT * FROM txn UNION ALL SELECT * FROM users
SELECT getenv('HOME')
SELECT current_setting('memory_limit')
SELECT set_config('a', 'b', false)
SELECT version()
SELECT pg_sleep(100)
SELECT sleep_ms(100000)
SELECT nextval('s')
SELECT currval('s')
SELECT gen_random_uuid()
SELECT random()
SELECT setseed(0.5)
SELECT repeat('x', 1000000000)
SELECT write_log('x')
SELECT in_search_path('a', 'b')
SELECT parse_filename('/etc/passwd')
SELECT getvariable('x')
SELECT eval('x')
SELECT dblink('host=x', 'DELETE')
SELECT lo_import('/etc/passwd')
SELECT load_extension('x')
SELECT list_transform([1], x -> x)
SELECT columns('x') FROM txn
SELECT * FROM txn PIVOT (count(*) FOR kind IN ('a'))
SELECT * FROM txn USING SAMPLE 10
SELECT * FROM txn TABLESAMPLE 10%
SELECT * FROM txn FOR UPDATE
SELECT * INTO x FROM txn
SELECT * FROM txn, LATERAL (SELECT 1)
SELECT * FROM txn WHERE row_key = $other
SELECT * FROM txn WHERE row_key = ?
SELECT CAST(1 AS STRUCT(a INT))
SELECT $$DROP TABLE txn$$
EXEC('DROP TABLE txn')
SELECT * FROM t\u0445n
\uff24\uff32\uff2f\uff30 TABLE txn
SELECT\u00a0* FROM\u00a0read_text('/etc/passwd')
SELECT 1\u037e DROP TABLE txn
SELECT * FROM "t\u200bxn"
SELECT * FROM txn JOIN LATERAL read_text('/etc/passwd') ON true
SELECT * FROM U&"\\0072un"
SELECT * FROM txn; --
SELECT "read_text"('/etc/passwd')
SELECT main.getenv('HOME')
SELECT txn.* EXCLUDE (row_key), getenv('HOME') FROM txn
SELECT 'a' || current_setting('home_directory')
SELECT (SELECT max(n) FROM (SELECT 1 AS n UNION ALL SELECT count(*) FROM read_blob('/etc/shadow')))
SELECT CASE WHEN (SELECT count(*) FROM users) > 0 THEN 1 END
SELECT * FROM txn ORDER BY (SELECT token FROM users LIMIT 1)
SELECT count(*) FILTER (WHERE getenv('X') = '') FROM txn
SELECT sum(amount_minor) OVER (ORDER BY nextval('s')) FROM txn
FROM read_text('/etc/passwd')
FROM txn SELECT *, getenv('HOME')
'; DROP TABLE txn; --
SELECT
not sql at all
""".strip().splitlines()
QUESTIONS = """
SELECT count(*) FROM txn
SELECT vendor_name, sum(amount_minor) FROM txn GROUP BY vendor_name HAVING count(*) > 1 ORDER BY 2 LIMIT 5
WITH a AS (SELECT * FROM txn WHERE kind = 'card') SELECT * FROM a JOIN vendor USING (vendor_id)
SELECT row_number() OVER (PARTITION BY vendor_id ORDER BY posted_on) FROM txn QUALIFY row_number() OVER () < 3
SELECT CASE WHEN amount_minor > 0 THEN 'in' ELSE 'out' END, date_trunc('month', posted_on) FROM txn
SELECT * FROM txn WHERE vendor_name ILIKE '%drop table%' AND posted_on > DATE '2025-01-01'
SELECT * FROM txn WHERE row_key = $known
""".strip().splitlines()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused(attack: str) -> None:
    """With words, and before anything of it runs."""
    with pytest.raises(UsageError, match="is not run"):
        checked(attack, TABLES, ("known",))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_run_as_it_was_read(question: str) -> None:
    """What runs is written from the tree, without comments; read again, it is the same."""
    statement = checked(f"{question} -- a remark", TABLES, ("known",))
    assert "remark" not in statement
    assert checked(statement, TABLES, ("known",)) == statement


def test_there_are_a_hundred_attacks() -> None:
    """As many as the desk promises."""
    assert len(ATTACKS) >= 100


@pytest.mark.parametrize(
    "text", ["SELECT " + "(" * 2000 + "1" + ")" * 2000, "SELECT 1" + " + 1" * 6000, "\0SELECT 1"]
)
def test_a_monstrous_statement_is_refused(text: str) -> None:
    """Depth, length and control characters bring nothing down."""
    with pytest.raises(UsageError, match="is not run"):
        checked(text, TABLES)
