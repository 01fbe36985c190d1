"""Alerts out: where alarms are told beside the screen, by e-mail, webhook or chat, and what is still to be told.

An alert holds the kind of alarm and a link, never a word of what anybody wrote, nor who. Addresses may hold passwords and
tokens: they stand here as ciphertext only.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import BadValue

LONGEST_ADDRESS = 2_000
LONGEST_NAME = 60
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
LEASE = timedelta(minutes=2)
"""How long one attempt may take; then another process may try."""


class AlertState(StrEnum):
    """Where an alert out stands."""

    WAITING = "waiting"
    SENT = "sent"
    OVER = "over"


class Destination(Owned, Audited, Base, kw_only=True):
    """Where alarms are told: for one person or one team, or with neither for the whole workspace.

    ``address`` is ciphertext (``CredentialsBox``); ``service`` is its form in clear, such as ``mailtos``. Only alarms on the
    step ``from_step`` of the ladder or later are told there.
    """

    __tablename__ = "destination"
    __table_args__ = (
        *owned(("team", "team_id")),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        UniqueConstraint("workspace_id", "name"),
    )

    name: Mapped[str]
    service: Mapped[str]
    address: Mapped[str] = mapped_column(repr=False)
    user_id: Mapped[int | None] = mapped_column(default=None)
    team_id: Mapped[int | None] = mapped_column(default=None)
    from_step: Mapped[int] = mapped_column(default=0)
    removed: Mapped[datetime | None] = mapped_column(default=None)


class AlertOut(Owned, Base, kw_only=True):
    """One alarm to be told at one destination, on one step of its ladder; stored with the alarm, kept until it is told.

    ``next_try`` is when it is tried (again), None once it is told or over. Not a business row: the alarm has its events.
    """

    __tablename__ = "alert_out"
    __table_args__: Any = (
        UniqueConstraint("alarm_id", "destination_id", "step"),
        *(
            ForeignKeyConstraint(["workspace_id", f"{one}_id"], [f"{one}.workspace_id", f"{one}.id"])
            for one in ("alarm", "destination")
        ),
        Index(
            "ix_alert_out_next_try",
            "next_try",
            sqlite_where=text("next_try IS NOT NULL"),
            postgresql_where=text("next_try IS NOT NULL"),
        ),
    )

    alarm_id: Mapped[int]
    destination_id: Mapped[int]
    step: Mapped[int]
    stored: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=str(AlertState.WAITING))
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime | None] = mapped_column(default=None)
    told: Mapped[datetime | None] = mapped_column(default=None)
    problem: Mapped[str] = mapped_column(default="")


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many attempts that failed: twice as long each time, up to ten minutes, and for ever."""
    doubled: int = 2 ** min(tries - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def check_name(name: str) -> str:
    """A destination's name without outer blanks. Raises ``BadValue``."""
    kept = name.replace("\0", "").strip()
    if not kept or len(kept) > LONGEST_NAME:
        raise BadValue("name", f"give one of at most {LONGEST_NAME} characters")
    return kept
