"""The cases of each test of the books: see tools.checks.case_files."""

from tools.checks.case_files import Case, Row, Tables, cases

__all__ = ["Case", "Row", "Tables", "cases"]
