INSERT INTO break BY NAME SELECT * FROM read_parquet($break_file)
