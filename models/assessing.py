"""What a person made of a conversation's urgency: its grade, and six short answers. Versioned, never overwritten."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned

THRIVE = ("threat", "harm", "risk", "investigation", "vulnerability", "engagement")
"""The six questions of THRIVE, in its order."""
LONGEST_ANSWER = 300
"""Characters of one answer: a line, not a report."""


class Assessment(Owned, Audited, Base, kw_only=True):
    """One assessment of a conversation by a named person. A later one stands in its place and leaves it as it is.

    ``at`` is not before the last message it looked at, whose key is ``message_id``. ``withdrawn`` is when it was undone.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("grade", "grade_id"), ("message", "message_id")),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        Index(None, "conversation_id", "at"),
    )

    conversation_id: Mapped[int]
    user_id: Mapped[int]
    grade_id: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[datetime]
    withdrawn: Mapped[datetime | None] = mapped_column(default=None)
    threat: Mapped[str] = mapped_column(default="", repr=False)
    harm: Mapped[str] = mapped_column(default="", repr=False)
    risk: Mapped[str] = mapped_column(default="", repr=False)
    investigation: Mapped[str] = mapped_column(default="", repr=False)
    vulnerability: Mapped[str] = mapped_column(default="", repr=False)
    engagement: Mapped[str] = mapped_column(default="", repr=False)
