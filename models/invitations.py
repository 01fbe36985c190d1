"""Invitations to colleagues, and the second factor of those who have one."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Key, Owned, owned

INVITATION_LASTS = timedelta(days=3)
"""A long weekend: whoever is asked on a Friday can still come on Monday."""


class Invitation(Owned, Audited, Base, kw_only=True):
    """A link by which a colleague makes their own sign-in, once, before ``expires``; only the hash of its token is kept.

    ``roles`` are the names of the roles they then hold in this workspace. ``withdrawn`` ends it early.
    """

    __tablename__ = "invitation"
    __table_args__ = (*owned(), Index(None, "token_hash", unique=True))

    sign_in: Mapped[str]
    name: Mapped[str]
    roles: Mapped[Any] = mapped_column(Json)
    token_hash: Mapped[str] = mapped_column(repr=False)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    used: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn: Mapped[datetime | None] = mapped_column(default=None)

    def stands(self, at: datetime) -> bool:
        """Whether the link still works."""
        return self.used is None and self.withdrawn is None and at < self.expires


class SecondFactor(Audited, Base, kw_only=True):
    """What a user must show beside the password. ``secret`` is ciphertext; ``step`` is the newest code's number used.

    A factor counts from ``confirmed`` on: before, nobody has shown that it works.
    """

    __tablename__ = "second_factor"
    __table_args__ = (UniqueConstraint("user_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    secret: Mapped[str] = mapped_column(repr=False)
    created: Mapped[datetime]
    confirmed: Mapped[datetime | None] = mapped_column(default=None)
    step: Mapped[int] = mapped_column(default=0)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"))


class RecoveryCode(Audited, Base, kw_only=True):
    """A code that stands in for the second factor once. Only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    code_hash: Mapped[str] = mapped_column(repr=False)
    used: Mapped[datetime | None] = mapped_column(default=None)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"))
