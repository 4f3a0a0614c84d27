"""Sources that are tables of databases and lakes."""
