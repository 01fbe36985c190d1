"""A workspace and what it decides for itself: grades, targets, topics, outcomes, teams, calendars, rules, accounts."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Key, Owned, owned, within

DEFAULT_ZONE = "Europe/London"
DEFAULT_GAP = timedelta(hours=24)


class Installation(Base, kw_only=True):
    """Facts about this database itself, such as the mark of a demonstration."""

    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Workspace(Audited, Base, kw_only=True):
    """One service's own territory; nothing crosses it. An episode ends ``gap_seconds`` after our last reply.

    ``snooze_from`` is the rank of the most urgent grade that may be snoozed.
    """

    __tablename__ = "workspace"

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(default=DEFAULT_ZONE)
    created: Mapped[datetime]
    gap_seconds: Mapped[int] = mapped_column(default=int(DEFAULT_GAP.total_seconds()))
    aim: Mapped[float] = mapped_column(default=0.9)
    retention_days: Mapped[int | None] = mapped_column(default=None)
    snooze_from: Mapped[int] = mapped_column(default=2, server_default="2")
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"))


class Grade(Owned, Audited, Base, kw_only=True):
    """One step of the grade scheme. ``rank`` 1 is the most urgent; ``look`` names its shape and colour.

    Where it ``needs_approval``, no reply leaves before a second person has let it go.
    A claim lapses ``idle_seconds`` after its holder's last act, on ``idle_clock``; None: see ``models.claims.idle_time``.
    """

    __tablename__ = "grade"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "key"), UniqueConstraint("workspace_id", "rank"))

    key: Mapped[str]
    word: Mapped[str]
    rank: Mapped[int]
    look: Mapped[str]
    reassess_seconds: Mapped[int | None] = mapped_column(default=None)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    idle_seconds: Mapped[int | None] = mapped_column(default=None)
    idle_clock: Mapped[str | None] = mapped_column(default=None)


class TargetTime(Owned, Audited, Base, kw_only=True):
    """The promised time for a grade, on one clock; an empty ``channel`` means every channel without its own."""

    __tablename__ = "target"
    __table_args__ = (*owned(("grade", "grade_id")), UniqueConstraint("workspace_id", "grade_id", "channel"))

    grade_id: Mapped[int]
    channel: Mapped[str] = mapped_column(default="")
    seconds: Mapped[int]
    clock: Mapped[str]


class Topic(Owned, Audited, Base, kw_only=True):
    """What a conversation may be about."""

    __tablename__ = "topic"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "word"))

    word: Mapped[str]


class Outcome(Owned, Audited, Base, kw_only=True):
    """How an episode may end. ``left_out`` ones (no reply needed, spam, duplicate) never count in the service level."""

    __tablename__ = "outcome"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "word"))

    word: Mapped[str]
    left_out: Mapped[bool] = mapped_column(default=False)


class CalendarRow(Owned, Audited, Base, kw_only=True):
    """One version of the workspace's calendar; ``facts`` is ``CalendarVersion.to_json()``."""

    __tablename__ = "calendar"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "number"))

    number: Mapped[int]
    facts: Mapped[Any] = mapped_column(Json)


class Team(Owned, Audited, Base, kw_only=True):
    """A group inside a workspace."""

    __tablename__ = "team"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "name"))

    name: Mapped[str]


class TeamMember(Audited, Base, kw_only=True):
    """Who belongs to a team."""

    __tablename__ = "team_member"
    __table_args__ = (within("audit_event", "audit_id"), within("team", "team_id"))

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)


class Rule(Owned, Audited, Base, kw_only=True):
    """A rule of triage; ``conditions`` and ``actions`` are the JSON of ``models.rules``."""

    __tablename__ = "rule"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "name"))

    name: Mapped[str]
    position: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[Any] = mapped_column(Json)
    actions: Mapped[Any] = mapped_column(Json)


class Account(Owned, Audited, Base, kw_only=True):
    """Our handle on a channel. ``credentials`` is ciphertext; ``read_budget`` counts posts a calendar month.

    ``watch_hours`` says in words when it is watched, ``call`` whom to call about it.
    """

    __tablename__ = "account"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "channel", "handle"))

    channel: Mapped[str]
    connector: Mapped[str]
    handle: Mapped[str]
    created: Mapped[datetime]
    interval_seconds: Mapped[int] = mapped_column(default=60)
    paused: Mapped[bool] = mapped_column(default=False)
    read_budget: Mapped[int | None] = mapped_column(default=None)
    settings: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    credentials: Mapped[str | None] = mapped_column(default=None, repr=False)
    owner: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    watch_hours: Mapped[str] = mapped_column(default="", server_default="")
    call: Mapped[str] = mapped_column(default="", server_default="")


class AccountPoll(Base, kw_only=True):
    """Where reading an account stands: its cursor, its last attempts, its read budget. Not a business row: no event."""

    __tablename__ = "account_poll"
    __table_args__ = (within("account", "account_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cursor: Mapped[str | None] = mapped_column(default=None)
    last_attempt: Mapped[datetime | None] = mapped_column(default=None)
    last_success: Mapped[datetime | None] = mapped_column(default=None)
    last_new: Mapped[datetime | None] = mapped_column(default=None)
    next_attempt: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
    refused: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    month: Mapped[str] = mapped_column(default="")
    reads: Mapped[int] = mapped_column(default=0)


class Heartbeat(Base, kw_only=True):
    """The elected poller's sign of life: one row, ``name`` says whose (``poller``)."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    at: Mapped[datetime]


class Kiosk(Owned, Audited, Base, kw_only=True):
    """A kiosk: the screen that shows a board, with its own revocable token (only the token's hash is kept)."""

    __tablename__ = "kiosk"
    __table_args__ = (*owned(), Index(None, "token_hash", unique=True))

    name: Mapped[str]
    board: Mapped[str]
    token_hash: Mapped[str] = mapped_column(repr=False)
    created: Mapped[datetime]
    revoked: Mapped[datetime | None] = mapped_column(default=None)
    theme: Mapped[str] = mapped_column(default="dark", server_default="dark")
