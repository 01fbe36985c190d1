"""Webhooks: what Watchroom tells other programs, signed as Standard Webhooks (standardwebhooks.com) say.

A call holds numbers, kinds and a link, never a word of what anybody wrote, nor who. Addresses may hold tokens, and secrets
are secrets: both stand here as ciphertext only.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned
from models.problems import BadValue

SECRET = "whsec_"  # noqa: S105  # nosec B105 - how every secret begins, so that scanners of leaked secrets know one
SECRET_BYTES = 32
LONGEST_ADDRESS = 2_000
LONGEST_NAME = 60
MOST = 20
"""Webhooks of one workspace."""
PAUSES = tuple(timedelta(seconds=one) for one in (5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000))
"""After each attempt that failed; after the last one, about 28 hours on, a person decides."""
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
"""How long a call that ended stays in the log."""
_WORD = re.compile(r"[A-Za-z0-9 _./-]{1,80}")


class Event(StrEnum):
    """What a webhook may be told of."""

    TOP = "message.top"
    ALARM = "alarm.raised"
    CLOSED = "conversation.closed"
    RULE = "rule.matched"


TEST = "test"
FACTS = frozenset(
    {"account", "alarm", "by", "conversation", "grade", "kind", "message", "outcome", "rank", "rule", "step"}
)
"""What a call may hold beside its event and its link: numbers, and words of the workspace's own configuration."""


class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    TOLD = "told"
    OVER = "over"
    GIVEN_UP = "given up"


class Webhook(Owned, Audited, Base, kw_only=True):
    """A program elsewhere that is told of events. ``sealed`` holds its address and its secret; ``host`` stands in clear."""

    __tablename__ = "webhook"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "name"))

    name: Mapped[str]
    host: Mapped[str]
    sealed: Mapped[str] = mapped_column(repr=False)
    events: Mapped[list[str]] = mapped_column(Json)
    created: Mapped[datetime]
    off: Mapped[datetime | None] = mapped_column(default=None)
    removed: Mapped[datetime | None] = mapped_column(default=None)


class WebhookCall(Owned, Base, kw_only=True):
    """One event for one webhook, stored with what happened. ``about`` tells it from others: the same is told once.

    ``next_try`` is when it is tried (again), None once it ended. Not a business row: what happened has its event.
    """

    __tablename__ = "webhook_call"
    __table_args__: Any = (
        UniqueConstraint("webhook_id", "event", "about"),
        ForeignKeyConstraint(["workspace_id", "webhook_id"], ["webhook.workspace_id", "webhook.id"]),
        Index("ix_webhook_call_workspace_id_id", "workspace_id", "id"),
        Index(
            "ix_webhook_call_next_try",
            "next_try",
            sqlite_where=text("next_try IS NOT NULL"),
            postgresql_where=text("next_try IS NOT NULL"),
        ),
    )

    webhook_id: Mapped[int]
    event: Mapped[str]
    about: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    stored: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=str(CallState.WAITING))
    tries: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime | None] = mapped_column(default=None)
    told: Mapped[datetime | None] = mapped_column(default=None)
    problem: Mapped[str] = mapped_column(default="")


def check_webhook(name: str, address: str, events: Collection[str]) -> tuple[str, str, str, list[str]]:
    """The name and the address without outer blanks, the address's host, the events in order. Raises ``BadValue``."""
    kept, where = " ".join(name.split()), address.strip()
    if not kept or len(kept) > LONGEST_NAME or not kept.isprintable():
        raise BadValue("name", f"say what is told, in at most {LONGEST_NAME} characters")
    if not events or not set(events) <= set(Event):
        raise BadValue("events", "choose at least one")
    return kept, where, https_host(where), [str(one) for one in Event if one in events]


def https_host(address: str) -> str:
    """The host of an address that begins with https://, with its port. Raises ``BadValue`` for any other."""
    wrong = BadValue("address", "give one that begins with https:// and holds no name, no password and no #")
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable() or " " in address:
        raise wrong
    try:
        parts = urlsplit(address)
        bare = not (parts.username or parts.password or parts.fragment) and parts.port != 0
    except ValueError:
        raise wrong from None
    if parts.scheme != "https" or not parts.hostname or not bare:
        raise wrong
    return parts.netloc


def check_facts(facts: Mapping[str, int | str | None]) -> dict[str, int | str]:
    """The facts of a call without those that are not known. Raises ``ValueError`` for what could be somebody's words."""
    kept = {name: value for name, value in facts.items() if value is not None}
    for name, value in kept.items():
        if name not in FACTS or not (isinstance(value, int) or _WORD.fullmatch(value)):
            raise ValueError(f"a webhook is not told {name}")
    return kept


def secret_of(raw: bytes) -> str:
    """A secret as it is shown to whoever checks signatures with it."""
    return SECRET + b64encode(raw).decode()


def signature(secret: str, number: str, at: datetime, body: bytes) -> str:
    """The header ``webhook-signature`` of a body: HMAC-SHA256 of ``number.seconds.body``, as version 1."""
    key = b64decode(secret.removeprefix(SECRET))
    signed = f"{number}.{int(at.timestamp())}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None where nobody tries again."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None
