"""How changes of the rules were tested: a suite for each round of a change, and what became of each test."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base


class TestSuite(Base):
    """One round of a change through tests, replay, mutants and gates."""

    __test__ = False
    __tablename__ = "test_suite"
    __table_args__ = (Index("test_suite_by_proposal", "proposal_id", "round"),)

    suite_id: Mapped[str] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.proposal_id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    round: Mapped[int]
    status: Mapped[str]  # pending, tested, replayed, mutated, passed, failed
    draft: Mapped[dict[str, Any]]
    mutants: Mapped[list[Any]]
    replay: Mapped[dict[str, Any]]
    gates: Mapped[list[Any]]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TestOutcome(Base):
    """What became of one test of a suite."""

    __test__ = False
    __tablename__ = "test_result"
    __table_args__ = (Index("test_result_by_suite", "suite_id"),)

    result_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    suite_id: Mapped[str] = mapped_column(ForeignKey("test_suite.suite_id"))
    name: Mapped[str]
    type: Mapped[str]  # UNIT, INTEGRATION, FUNCTIONAL, SECURITY, PERFORMANCE
    importance: Mapped[str]  # NORMAL, HIGH, CRITICAL
    status: Mapped[str]  # PENDING, RUNNING, PASSED, FAILED, SKIPPED, ERROR
    seconds: Mapped[float]
    detail: Mapped[str]
