"""The cases of each test of the books: see tools.checks.case_files."""

from tools.checks.case_files import CheckCase, Row, Tables, cases

__all__ = ["CheckCase", "Row", "Tables", "cases"]
