"""Sums that are written with the rows they sum, so that a figure costs the same after ten years."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, within


class Hourly(Base, kw_only=True):
    """Inbound messages by hour of ``sent`` (UTC hours) and everything a volume is split by. ``topic_id`` 0 is none."""

    __tablename__ = "hourly"
    __table_args__ = (within("account", "account_id"), {"sqlite_with_rowid": False})

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    hours: Mapped[str] = mapped_column(primary_key=True)
    grade_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    spam: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    count: Mapped[int]


class HourlyTotal(Base, kw_only=True):
    """The sum of ``hourly`` without spam, split only by account and in or out of hours: what boards read.

    A busy hour has a cell of ``hourly`` for nearly every message, and here one or two for each account.
    """

    __tablename__ = "hourly_total"
    __table_args__ = (within("account", "account_id"), {"sqlite_with_rowid": False})

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hours: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Daily(Base, kw_only=True):
    """Like ``Hourly``, by local day of the workspace's zone (ISO date)."""

    __tablename__ = "daily"
    __table_args__ = (within("account", "account_id"), {"sqlite_with_rowid": False})

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    hours: Mapped[str] = mapped_column(primary_key=True)
    grade_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    spam: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    count: Mapped[int]


class ResponseSketch(Base, kw_only=True):
    """Waits of the answered turns that started on one local day, in seconds, as a KLL sketch that merges.

    Unanswered turns are never in it: they are counted exactly from their rows (METRICS.md, Statistics).
    """

    __tablename__ = "response_sketch"
    __table_args__ = (within("account", "account_id"), {"sqlite_with_rowid": False})

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grade_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[str] = mapped_column(primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
