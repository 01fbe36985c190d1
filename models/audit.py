"""The record of who did what to which, when: one hash chain for each workspace, never edited.

The digest of an event is HMAC-SHA256, under a key kept outside the database, of the digest before it and the canonical
JSON of everything the event states and its number. Personal text stands in an event only as a digest, so that it can be
erased later.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, canonical

INSTALLATION = 0
"""The chain of what belongs to no workspace: users, workspaces, settings."""

FIRST_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user in a session, a named part of Watchroom (``poller``), or a command line (``command``)."""

    name: str
    user_id: int | None = None
    session_id: int | None = None
    address: str = ""


POLLER = Actor("poller")
COMMAND = Actor("command")


class AuditEvent(Base, kw_only=True):
    """One event. ``workspace_id`` is ``INSTALLATION`` (0) for the installation's own chain."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("workspace_id", "sequence"),
        UniqueConstraint("workspace_id", "id"),
        Index(None, "workspace_id", "object", "object_id"),
        Index("ix_audit_event_at", "workspace_id", "at"),
        Index("ix_audit_event_actor", "workspace_id", "actor", "id"),
        Index("ix_audit_event_action", "workspace_id", "action", "id"),
        Index(
            "ix_audit_event_person",
            "workspace_id",
            "user_id",
            "action",
            "at",
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    workspace_id: Mapped[int]
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(default=None)
    session_id: Mapped[int | None] = mapped_column(default=None)
    address: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    object: Mapped[str]
    object_id: Mapped[int | None] = mapped_column(default=None)
    before: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    after: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    reason: Mapped[str] = mapped_column(default="")
    digest: Mapped[str]


class AuditHead(Base, kw_only=True):
    """Where a chain ends: the row that writers of one workspace queue on."""

    __tablename__ = "audit_head"

    workspace_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    digest: Mapped[str]


class Revision(Base, kw_only=True):
    """A number that grows when anything of the workspace changed, raised in the transaction of the change.

    ``presence`` grows when somebody begins or ends to look at a conversation, or to write in it; ``number`` does not.
    """

    __tablename__ = "revision"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True, autoincrement=False)
    number: Mapped[int]
    presence: Mapped[int] = mapped_column(default=0, server_default="0")


STATED = ("workspace_id", "sequence", "at", "actor", "user_id", "session_id", "address", "action")
STATED_ABOUT = ("object", "object_id", "before", "after", "reason")


def chain_digest(key: bytes, previous: str, facts: Mapping[str, Any]) -> str:
    """The digest (64 hexadecimal digits) of the event that states ``facts`` and follows ``previous``.

    ``facts`` holds every name of ``STATED`` and ``STATED_ABOUT``, and ``id``: rows name their event by it, so that two
    events must not change numbers. ``at`` is aware UTC and enters as ISO text.
    """
    stated = {name: facts[name] for name in ("id", *STATED, *STATED_ABOUT)}
    stated["at"] = facts["at"].isoformat()
    return seal(key, f"{previous}\n{canonical(stated)}")


def seal(key: bytes, text: str) -> str:
    """HMAC-SHA256 of a text, 64 hexadecimal digits."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def text_digest(key: bytes, text: str) -> str:
    """How personal text stands in an event: keyed, so that short texts cannot be guessed from it."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
