"""Other engines that run the same tests: the text is DuckDB's, sqlglot carries it."""
