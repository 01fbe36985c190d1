"""The workspace's policy on social media: a text by version, and who has acknowledged which."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import BadValue

LONGEST_POLICY = 20_000
"""Characters: some eight printed pages."""


class Policy(Owned, Audited, Base, kw_only=True):
    """One version, never changed: the newest ``number`` is in force. ``published_by`` is empty where a file brought it."""

    __tablename__ = "policy"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "number"))

    number: Mapped[int]
    text: Mapped[str]
    published: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)


class Acknowledgement(Owned, Audited, Base, kw_only=True):
    """A user has read a version and says so, once."""

    __tablename__ = "acknowledgement"
    __table_args__ = (*owned(("policy", "policy_id")), UniqueConstraint("policy_id", "user_id"))

    policy_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


def checked_policy(text: str) -> str:
    """The text without outer blanks and with one kind of line end. Raises ``BadValue``."""
    found = text.replace("\r\n", "\n").strip()
    if not found or len(found) > LONGEST_POLICY:
        raise BadValue("policy", f"write a text of at most {LONGEST_POLICY:,} characters")
    return found
