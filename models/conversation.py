"""Contacts and what is said with them: conversations, messages, turns, episodes."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, UniqueConstraint, and_, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Json, Owned, owned, within
from models.moves import Moves, State
from models.problems import AlreadyClaimed

__all__ = [
    "Contact", "Conversation", "Episode", "Interval", "Message", "MessageVersion", "Position", "Quarantined", "State", "Tally",
    "Tombstone", "Turn",
]  # fmt: skip


class Position(StrEnum):
    """Whether a turn is the first of its episode (METRICS.md: first response) or a later one."""

    FIRST = "first"
    NEXT = "next"


class Contact(Owned, Audited, Base, kw_only=True):
    """The person outside, as one channel knows them. ``named_at``: the post that gave the names shown was sent then."""

    __tablename__ = "contact"
    __table_args__ = (*owned(), UniqueConstraint("workspace_id", "channel", "network_id"))

    channel: Mapped[str]
    network_id: Mapped[str]
    handle: Mapped[str]
    name: Mapped[str]
    followers: Mapped[int | None] = mapped_column(default=None)
    first_seen: Mapped[datetime]
    named_at: Mapped[datetime]


class Conversation(Moves, Owned, Audited, Base, kw_only=True):
    """Everything between one contact and one account, public and private: the unit of work.

    ``since`` and ``due`` belong to the unanswered turn and are None without one: "needs an answer" is an open state with
    ``since`` set. ``rank`` repeats the grade's rank, so that the queue's index can order by it. ``first_line``, ``kind``,
    ``language`` and ``media`` are those of the newest inbound message. ``raised`` are flags of people, ``flags`` of rules.

    ``rank`` is the grade held now, ``assessed_rank`` what a person set last in this episode; the open turn keeps the highest.
    ``unassessed``: the contact said something since a named person last assessed it or replied. ``reassess`` is when it is to
    be assessed again: by the grade's timer, or from the contact's next message on. ``topic_set``: a person set the topic.
    ``state_since`` is when the state began; ``partner`` and ``snoozed_until`` belong to two of the states.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        *owned(
            ("account", "account_id"),
            ("contact", "contact_id"),
            ("grade", "grade_id"),
            ("topic", "topic_id"),
            ("team", "team_id"),
        ),
        ForeignKeyConstraint(["holder_id"], ["user.id"]),
        ForeignKeyConstraint(["assigned_id"], ["user.id"]),
        UniqueConstraint("account_id", "contact_id"),
        Index(
            "ix_conversation_needs",
            "workspace_id",
            "rank",
            "due",
            "id",
            "state",
            "account_id",
            "holder_id",
            "since",
            sqlite_where=text("since IS NOT NULL"),
            postgresql_where=text("since IS NOT NULL"),
        ),
        Index("ix_conversation_latest", "workspace_id", "state", "last_at"),
        Index("ix_conversation_holder", "workspace_id", "holder_id"),
        Index("ix_conversation_contact", "workspace_id", "contact_id"),
        Index(
            "ix_conversation_snoozed",
            "snoozed_until",
            sqlite_where=text("snoozed_until IS NOT NULL"),
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
    )

    account_id: Mapped[int]
    contact_id: Mapped[int]
    state: Mapped[str]
    grade_id: Mapped[int]
    rank: Mapped[int]
    topic_id: Mapped[int | None] = mapped_column(default=None)
    team_id: Mapped[int | None] = mapped_column(default=None)
    assigned_id: Mapped[int | None] = mapped_column(default=None)
    holder_id: Mapped[int | None] = mapped_column(default=None)
    held_since: Mapped[datetime | None] = mapped_column(default=None)
    since: Mapped[datetime | None] = mapped_column(default=None)
    due: Mapped[datetime | None] = mapped_column(default=None)
    last_at: Mapped[datetime]
    last_reply: Mapped[datetime | None] = mapped_column(default=None)
    first_line: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="public")
    language: Mapped[str | None] = mapped_column(default=None)
    media: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    raised: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    unassessed: Mapped[bool] = mapped_column(default=True, server_default=true())
    assessed: Mapped[datetime | None] = mapped_column(default=None)
    assessed_rank: Mapped[int | None] = mapped_column(default=None)
    reassess: Mapped[datetime | None] = mapped_column(default=None)
    state_since: Mapped[datetime | None] = mapped_column(default=None)
    snoozed_until: Mapped[datetime | None] = mapped_column(default=None)
    partner: Mapped[str] = mapped_column(default="", server_default="")
    topic_set: Mapped[datetime | None] = mapped_column(default=None)

    def claim(self, by: int, at: datetime) -> None:
        """``by`` answers now. Raises ``AlreadyClaimed`` where somebody else holds it; holding it already changes nothing."""
        if self.holder_id not in (None, by):
            raise AlreadyClaimed(self.holder_id or 0, self.held_since)
        if self.holder_id is None:
            self.holder_id, self.held_since = by, at


class Episode(Owned, Audited, Base, kw_only=True):
    """Consecutive turns, ended by closing or by the workspace's gap after our last human reply (METRICS.md).

    ``settled`` is when a person closed it at the desk: that ends nothing that was stored later, whenever it was sent.
    """

    __tablename__ = "episode"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("outcome", "outcome_id")),
        Index("ix_episode_conversation", "conversation_id", "opened"),
    )

    conversation_id: Mapped[int]
    opened: Mapped[datetime]
    closed: Mapped[datetime | None] = mapped_column(default=None)
    outcome_id: Mapped[int | None] = mapped_column(default=None)
    settled: Mapped[datetime | None] = mapped_column(default=None)


class Turn(Owned, Audited, Base, kw_only=True):
    """A run of inbound messages with no human reply between; it starts at its oldest one.

    ``grade_id`` is the highest grade held while it was open; ``due`` follows from it. ``ended`` marks one that was closed
    without a human reply. ``staffed`` is the staffed wait in microseconds, known once replied. ``paused`` are the staffed
    seconds with a partner that moved ``due``.
    """

    __tablename__ = "turn"
    __table_args__ = (
        *owned(
            ("conversation", "conversation_id"),
            ("episode", "episode_id"),
            ("account", "account_id"),
            ("grade", "grade_id"),
            ("outcome", "outcome_id"),
        ),
        ForeignKeyConstraint(["replied_by"], ["user.id"]),
        # Wide, so that the wallboard's day is read from the index alone.
        Index(
            "ix_turn_started",
            "workspace_id",
            "started",
            "position",
            "grade_id",
            "replied",
            "due",
            "elsewhere",
            "outcome_id",
            "ended",
        ),
        Index("ix_turn_conversation", "conversation_id", "started"),
        Index(
            "ix_turn_unanswered",
            "workspace_id",
            "grade_id",
            "due",
            "started",
            "replied",
            "ended",
            sqlite_where=text("replied IS NULL AND ended IS NULL"),
            postgresql_where=text("replied IS NULL AND ended IS NULL"),
        ),
    )

    conversation_id: Mapped[int]
    episode_id: Mapped[int]
    account_id: Mapped[int]
    grade_id: Mapped[int]
    position: Mapped[str]
    started: Mapped[datetime]
    due: Mapped[datetime]
    target_seconds: Mapped[int]
    clock: Mapped[str]
    replied: Mapped[datetime | None] = mapped_column(default=None)
    replied_by: Mapped[int | None] = mapped_column(default=None)
    elsewhere: Mapped[bool] = mapped_column(default=False)
    staffed: Mapped[int | None] = mapped_column(default=None)
    assessed: Mapped[datetime | None] = mapped_column(default=None)
    assigned: Mapped[datetime | None] = mapped_column(default=None)
    claimed: Mapped[datetime | None] = mapped_column(default=None)
    queued: Mapped[datetime | None] = mapped_column(default=None)
    approved: Mapped[datetime | None] = mapped_column(default=None)
    ended: Mapped[datetime | None] = mapped_column(default=None)
    outcome_id: Mapped[int | None] = mapped_column(default=None)
    paused: Mapped[int] = mapped_column(default=0, server_default="0")


class Message(Owned, Audited, Base, kw_only=True):
    """One post, mention, comment or direct message, in or out.

    ``conversation_id`` is None for broadcasts and for listening. ``hours`` says whether ``sent`` lay in or out of the
    calendar in force then (``none`` without one). ``topic_set``: a person set its topic, which rules leave alone. ``hits``
    is what the rules matched and why. Deleted messages keep their text: what was said to a control room is evidence; the
    page marks them.
    """

    __tablename__ = "message"
    __table_args__ = (
        *owned(
            ("account", "account_id"),
            ("conversation", "conversation_id"),
            ("contact", "contact_id"),
            ("turn", "turn_id"),
            ("grade", "grade_id"),
            ("topic", "topic_id"),
        ),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        UniqueConstraint("account_id", "network_id"),
        Index("ix_message_conversation", "conversation_id", "sent"),
        Index("ix_message_turn", "turn_id"),
        Index("ix_message_sent", "workspace_id", "sent"),
        Index(
            "ix_message_ours",
            "account_id",
            "sent",
            sqlite_where=text("direction = 'out' AND kind = 'public'"),
            postgresql_where=text("direction = 'out' AND kind = 'public'"),
        ),
        Index(
            "ix_message_orphan",
            "account_id",
            "parent_id",
            sqlite_where=text("conversation_id IS NULL AND parent_id IS NOT NULL"),
            postgresql_where=text("conversation_id IS NULL AND parent_id IS NOT NULL"),
        ),
    )

    account_id: Mapped[int]
    conversation_id: Mapped[int | None] = mapped_column(default=None)
    contact_id: Mapped[int | None] = mapped_column(default=None)
    turn_id: Mapped[int | None] = mapped_column(default=None)
    network_id: Mapped[str]
    version_id: Mapped[str]
    direction: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(repr=False)
    language: Mapped[str | None] = mapped_column(default=None)
    media: Mapped[Any] = mapped_column(Json, default=None, nullable=True)
    parent_id: Mapped[str | None] = mapped_column(default=None)
    sent: Mapped[datetime]
    edited: Mapped[datetime | None] = mapped_column(default=None)
    deleted: Mapped[datetime | None] = mapped_column(default=None)
    fetched: Mapped[datetime]
    stored: Mapped[datetime]
    sorted: Mapped[datetime]
    seen: Mapped[datetime | None] = mapped_column(default=None)
    user_id: Mapped[int | None] = mapped_column(default=None)
    automatic: Mapped[bool] = mapped_column(default=False)
    spam: Mapped[bool] = mapped_column(default=False)
    grade_id: Mapped[int | None] = mapped_column(default=None)
    topic_id: Mapped[int | None] = mapped_column(default=None)
    topic_set: Mapped[bool] = mapped_column(default=False, server_default=false())
    hours: Mapped[str] = mapped_column(default="none")
    hits: Mapped[Any] = mapped_column(Json, default=None, nullable=True)

    @classmethod
    def of(cls, workspace_id: int, conversation_ids: Collection[int]) -> ColumnElement[bool]:
        """The condition for the messages of these conversations of a workspace.

        ``+ 0`` keeps SQLite, which knows nothing of how many rows there are, from the index by workspace and time: asked for
        a conversation's newest message, it walked the workspace's whole history.
        """
        return and_(cls.conversation_id.in_(list(conversation_ids)), cls.workspace_id + 0 == workspace_id)


class MessageVersion(Owned, Audited, Base, kw_only=True):
    """One version of an edited message, the shown one too; ``at`` is when it was made, ``grade_id`` what rules gave it."""

    __tablename__ = "message_version"
    __table_args__ = (
        *owned(("message", "message_id"), ("grade", "grade_id")),
        UniqueConstraint("message_id", "version_id"),
        Index("ix_message_version_version", "workspace_id", "version_id"),
    )

    message_id: Mapped[int]
    version_id: Mapped[str]
    text: Mapped[str] = mapped_column(repr=False)
    at: Mapped[datetime]
    grade_id: Mapped[int | None] = mapped_column(default=None)


class Tombstone(Base, kw_only=True):
    """A deletion that arrived before its post: kept until the post comes."""

    __tablename__ = "tombstone"
    __table_args__ = (within("account", "account_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    network_id: Mapped[str] = mapped_column(primary_key=True)
    deleted: Mapped[datetime]


class Quarantined(Owned, Base, kw_only=True):
    """A post that could not be read: the raw payload and why."""

    __tablename__ = "quarantine"
    __table_args__ = (within("account", "account_id"), UniqueConstraint("account_id", "digest"))

    account_id: Mapped[int]
    digest: Mapped[str]
    raw: Mapped[str] = mapped_column(repr=False)
    reason: Mapped[str]
    at: Mapped[datetime]


class Tally(Base, kw_only=True):
    """Counts of what became of fetched posts, by account and local day: they sum to what was fetched."""

    __tablename__ = "tally"
    __table_args__ = (within("account", "account_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Interval(Owned, Audited, Base, kw_only=True):
    """Something that held from one instant to another: a claim (``value`` is empty), later grades, states, watches."""

    __tablename__ = "interval"
    __table_args__ = (
        *owned(("conversation", "conversation_id")),
        ForeignKeyConstraint(["user_id"], ["user.id"]),
        Index(None, "conversation_id", "kind", "begun"),
    )

    kind: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(default=None)
    user_id: Mapped[int | None] = mapped_column(default=None)
    value: Mapped[str] = mapped_column(default="")
    begun: Mapped[datetime]
    ended: Mapped[datetime | None] = mapped_column(default=None)
