"""Colleagues: users, their roles in each workspace, and the sessions of their signed-in browsers."""

from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import Date, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Key, Owned, owned, within
from models.problems import WeakPassword

SHORTEST_PASSWORD = 12
"""Characters. Source: NIST SP 800-63B-4, 3.1.1.2 asks for 15 with one factor, 8 with two; NCSC: three random words."""


class User(Audited, Base, kw_only=True):
    """A colleague. Stands outside every workspace; what they may do is in their memberships.

    ``installation_administrator`` manages workspaces, users and settings and reads no messages by it.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    sign_in: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(repr=False)
    created: Mapped[datetime]
    installation_administrator: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    theme: Mapped[str] = mapped_column(default="dark")
    single_keys: Mapped[bool] = mapped_column(default=True)
    trained_until: Mapped[date | None] = mapped_column(Date, default=None)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"))


def fold_sign_in(name: str) -> str:
    """Sign-in names differ by more than case, outer blanks and ways to write the same letters."""
    return normalize("NFKC", normalize("NFKC", name).casefold()).strip()


def check_password(password: str) -> None:
    """Raise ``WeakPassword`` for one under ``SHORTEST_PASSWORD`` characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"at least {SHORTEST_PASSWORD} characters")


class Role(Owned, Audited, Base, kw_only=True):
    """A named set of permissions of one workspace. Ask ``models.permissions.rights_of`` what it may do."""

    __tablename__ = "role"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "name"))

    name: Mapped[str]
    permissions: Mapped[Any] = mapped_column(Json)
    built_in: Mapped[bool] = mapped_column(default=False)


class Membership(Audited, Base, kw_only=True):
    """A user holds a role in a workspace."""

    __tablename__ = "membership"
    __table_args__ = (
        within("audit_event", "audit_id"),
        within("role", "role_id"),
        ForeignKeyConstraint(["workspace_id"], ["workspace.id"]),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False, index=True)
    role_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SignedIn(Base, kw_only=True):
    """A session: a signed-in browser. Only the hash of its token is kept; ended ones stay for the record.

    ``proved`` is when its user last gave the password in it, where that was later than ``began``.
    """

    __tablename__ = "session"
    __table_args__ = (Index(None, "token_hash", unique=True), Index(None, "user_id", "ended"))

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    token_hash: Mapped[str] = mapped_column(repr=False)
    began: Mapped[datetime]
    last_active: Mapped[datetime]
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ended_why: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    workspace_id: Mapped[int | None] = mapped_column(default=None)
    proved: Mapped[datetime | None] = mapped_column(default=None)
