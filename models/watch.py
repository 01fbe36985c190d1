"""Proof of watch: which account a signed-on, active person had in the filter of their open queue, from when to when.

A watch is good until an instant that is known beforehand: so long after the person's last act, and not longer after the page
last said that it is open. Whatever lies between two watches of an account is unwatched time, exact to the instant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, within
from models.snapshots import QueueFilters, WatchWord

BEAT = timedelta(seconds=15)
"""How often a visible queue says that it is open."""
MOST_MONTHS = 24
"""Earlier months of which unwatched time is offered."""
LIFE = timedelta(seconds=45)
"""How long one saying holds: two more may be lost."""
KEPT = timedelta(minutes=5)
"""How long a window's row outlives its end."""
MOST_IDLE = timedelta(days=1)
OPEN_VIEWS = frozenset({"needs", "nobody", "open"})
"""Views in which whatever is new appears."""


_LOOKS = "look IS NOT NULL"


class Window(Base, kw_only=True):
    """One open queue of one person, until ``until``. ``accounts`` are the keys it shows; ``acted`` is the last act there.

    Of no lasting meaning: what it led to stands in ``Watch``. ``page`` is a word that the page made up when it was opened.
    """

    __tablename__ = "watch_window"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        Index(None, "workspace_id", "until"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    page: Mapped[str] = mapped_column(primary_key=True)
    accounts: Mapped[Any] = mapped_column(Json)
    acted: Mapped[datetime]
    until: Mapped[datetime]


class Watch(Base, kw_only=True):
    """An account was watched from ``begun`` until ``until``, by anybody: the watches of an account never overlap."""

    __tablename__ = "watch"
    __table_args__ = (within("account", "account_id"), Index("ix_watch_until", "workspace_id", "account_id", "until"))

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begun: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class AccountWatch(Base, kw_only=True):
    """How an account's watch stands: that of ``begun`` is good, or was, until ``until``; ``acted`` was the last act in it.

    Where nobody watched it yet ``begun`` is None, and ``until`` is from when on that is known. ``look`` is the next instant at
    which it may be an alarm that nobody watches; None while no message waits for one.
    """

    __tablename__ = "account_watch"
    __table_args__ = (
        within("account", "account_id"),
        Index(
            "ix_account_watch_look",
            "look",
            sqlite_where=text("look IS NOT NULL"),
            postgresql_where=text("look IS NOT NULL"),
        ),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begun: Mapped[datetime | None] = mapped_column(default=None)
    acted: Mapped[datetime | None] = mapped_column(default=None)
    until: Mapped[datetime]
    known: Mapped[datetime]
    look: Mapped[datetime | None] = mapped_column(default=None)

    def state(self, now: datetime, fresh: timedelta) -> WatchWord:
        """How it is watched at an instant."""
        if self.begun is None or self.until <= now:
            return WatchWord.UNWATCHED
        ages = self.acted is not None and self.acted + fresh <= now
        return WatchWord.AGEING if ages else WatchWord.WATCHED


@dataclass(frozen=True, slots=True)
class Gap:
    """An account was unwatched from ``begins`` until ``ends``."""

    begins: datetime
    ends: datetime


def shows_all_new(filters: QueueFilters) -> bool:
    """Whether a queue with these filters shows whatever is new on its accounts: a narrower one is no watch."""
    anything = replace(filters, view="needs", account=None, channel="", page=1)
    return filters.view in OPEN_VIEWS and filters.page == 1 and anything == QueueFilters()


def in_filter(filters: QueueFilters, accounts: Iterable[tuple[int, str]]) -> list[int]:
    """Which of these accounts (key, channel) a queue with these filters watches."""
    if not shows_all_new(filters):
        return []
    return [key for key, channel in accounts if filters.account in (None, key) and filters.channel in ("", channel)]


def good_until(now: datetime, idle: timedelta, valid: timedelta) -> tuple[datetime, datetime]:
    """The last act, and until when the watch is good: ``idle`` is how long ago somebody did something there."""
    acted = now - min(max(idle, timedelta()), MOST_IDLE)
    return acted, max(min(acted + valid, now + LIFE), now)


def gaps(watches: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime) -> list[Gap]:
    """The unwatched time within [begins, ends); ``watches`` are in order and do not overlap."""
    found, at = [], begins
    for begun, until in watches:
        if begun > at and at < ends:
            found.append(Gap(at, min(begun, ends)))
        at = max(at, until)
    if at < ends:
        found.append(Gap(at, ends))
    return found


def months_before(known: date, today: date, most: int = MOST_MONTHS) -> tuple[str, ...]:
    """The calendar months before today's since ``known`` ("2026-10"), the newest first, ``most`` at most."""
    found: list[str] = []
    month = today.replace(day=1)
    while len(found) < most and (month := (month - timedelta(days=1)).replace(day=1)) >= known.replace(day=1):
        found.append(f"{month:%Y-%m}")
    return tuple(found)


def unwatched(found: Iterable[Gap]) -> timedelta:
    """How long these gaps are together."""
    return sum((gap.ends - gap.begins for gap in found), timedelta())
