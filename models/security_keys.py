"""Security keys and passkeys (WebAuthn): they stand in for a code of the authenticator app."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Key
from models.problems import Problem


class WrongKey(Problem):
    """What the browser sent is of no key of this person's, answers another question, or comes from another site."""


class SecurityKey(Audited, Base, kw_only=True):
    """A key of a user. ``credential`` and ``public_key`` are base64url; ``count`` is the key's own count of its uses."""

    __tablename__ = "security_key"
    __table_args__ = (UniqueConstraint("credential"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    credential: Mapped[str]
    public_key: Mapped[str]
    count: Mapped[int]
    created: Mapped[datetime]
    used: Mapped[datetime | None] = mapped_column(default=None)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"))


class KeyChallenge(Base, kw_only=True):
    """The question that a user's browser is to answer next: one at a time for each purpose, good once, until ``expires``."""

    __tablename__ = "key_challenge"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    challenge: Mapped[str] = mapped_column(repr=False)
    expires: Mapped[datetime]
