"""Who has a conversation on the screen now, and who is writing in it."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, within

BEAT = timedelta(seconds=5)
"""How often a visible page says that it still shows a conversation."""
LIFE = timedelta(seconds=13)
"""How long one saying holds: two more may be lost, and who fell silent is gone within it."""
STILL_WRITING = timedelta(seconds=8)
"""How long after the last key somebody counts as writing."""
KEPT = timedelta(minutes=5)
"""How long a row outlives its end: long enough for every process to see that somebody left."""


class Presence(Base, kw_only=True):
    """A page that shows a conversation to a colleague until ``until``, unless it says so again. Of no lasting meaning.

    ``page`` is a word that the page made up when it was opened, so that two windows of one person leave one by one.
    """

    __tablename__ = "presence"
    __table_args__ = (
        within("conversation", "conversation_id"),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        Index(None, "workspace_id", "until"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    page: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[int]
    until: Mapped[datetime]
    writing_until: Mapped[datetime | None] = mapped_column(default=None)
