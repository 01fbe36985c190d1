"""What was: rows as they stood before each change, how the volumes moved, and what the main board said minute by minute.

The first two are written by triggers, so that no writer can leave them out (see ``models/past_triggers.py``). What they
hold may be erased with the rows that it was taken from: it is no part of the audit.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key

KEPT = (
    *("account", "calendar", "contact", "contact_merge", "conversation", "conversation_merge", "episode", "grade"),
    *("incident", "incident_conversation", "outcome", "outgoing", "rule", "target", "turn", "workspace"),
)
"""Tables whose rows are kept as they were: what the main board and the queue are drawn from, and the versions of rules."""

LASTING = ("rule",)
"""Those of them that are kept however long ago it was: somebody may want a version of a rule back."""

SPAM = "spam"
"""What stands in place of in or out of hours where spam was counted: it is in no figure, but it was the first to come."""

KNOWN_FROM = "past known from"
"""The fact of this database that says from which instant on it is kept (``models.workspace.Installation``)."""


class Former(Base, kw_only=True):
    """A row as it stood from the event ``begun_id`` until the event ``ended_id``, which changed or removed it.

    ``facts`` are its columns as the database writes them: instants are whole microseconds on SQLite and ISO text on Postgres.
    """

    __tablename__ = "former"
    __table_args__ = (Index("ix_former_ended", "workspace_id", "entity", "ended_id", "begun_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    workspace_id: Mapped[int]
    entity: Mapped[str]
    row_id: Mapped[int]
    begun_id: Mapped[int]
    ended_id: Mapped[int]
    facts: Mapped[str]


class VolumeMove(Base, kw_only=True):
    """By how much one cell of ``hourly_total`` moved with an event: their sum up to an event is the cell as it was then."""

    __tablename__ = "volume_move"
    __table_args__ = (
        Index("ix_volume_move_hour", "workspace_id", "hour", "event_id", "account_id", "hours", "count"),
        Index("ix_volume_move_event", "workspace_id", "event_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    workspace_id: Mapped[int]
    hour: Mapped[datetime]
    account_id: Mapped[int]
    hours: Mapped[str]
    count: Mapped[int]
    event_id: Mapped[int]


class Minute(Base, kw_only=True):
    """What the main board said in one minute: ``drawn`` is the instant, ``event_id`` the last event that it knew.

    ``figures`` are what can be drawn again from the record, to compare with; ``seen`` is what cannot: what the connectors did.
    """

    __tablename__ = "minute"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    drawn: Mapped[datetime]
    event_id: Mapped[int]
    figures: Mapped[Any] = mapped_column(Json)
    seen: Mapped[Any] = mapped_column(Json)
