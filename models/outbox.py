"""A reply on its way out: what may happen to it, and what must never.

draft -> approved -> queued -> sending -> sent | rejected | unknown; unknown -> sent | queued | needs a person. A draft that a
second person sends back is written again as another. Whatever is not written here as a move is refused by name. The network's
ledger must hold each reply at most once: only what certainly was not sent is ever queued again without a person
(docs/decisions/0006-at-most-once.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned, within
from models.likeness import compared
from models.posts import Kind
from models.problems import BadValue, OwnReply, WrongState

UNDO = timedelta(seconds=10)
"""How long a queued reply stays here, so that its author can take it back."""
LEASE = timedelta(minutes=2)
"""How long a sender has before others take it for dead: longer than a call with the usual time-outs (25 s)."""
BEFORE, AFTER = timedelta(minutes=2), timedelta(minutes=10)
"""Around an attempt: when, by the network's clock, a post must have been sent to be that attempt's."""
PATIENCE = timedelta(minutes=30)
"""After that a person is asked, even where our own timeline could not be read."""


class OutgoingState(StrEnum):
    """Where a reply stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    ASKING = "needs a person"
    WITHDRAWN = "withdrawn"
    RETURNED = "sent back"


_HERE = (OutgoingState.DRAFT, OutgoingState.APPROVED, OutgoingState.QUEUED)
IN_DOUBT = (OutgoingState.SENDING, OutgoingState.UNKNOWN, OutgoingState.ASKING)
"""The network may hold it, or may not: nobody here knows."""
UNDER_WAY = (*_HERE, *IN_DOUBT)
"""Neither sent nor given up."""
FOR_A_PERSON = (OutgoingState.ASKING, OutgoingState.REJECTED, OutgoingState.RETURNED)
"""Nothing happens until somebody decides."""
FOR_APPROVAL = OutgoingState.DRAFT
"""A second person's word is missing."""
TOLD = "told-"
"""How the name begins of a reply that a person saw on the network and that we never did."""


class StaleAttempt(Exception):
    """The outcome of an attempt that the reply has left behind: it changes nothing."""


class Outgoing(Owned, Audited, Base, kw_only=True):
    """A reply on its way. Times are ours, but for ``sent``, which is the network's.

    ``written`` is when its author handed it in. ``attempted`` and ``ended`` are when the latest attempt began and when its
    sender said how it went: None where the sender never did. ``reason`` is plain words for the person who reads it.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        *owned(("conversation", "conversation_id"), ("account", "account_id")),
        ForeignKeyConstraint(["author_id"], ["user.id"]),
        ForeignKeyConstraint(["approver_id"], ["user.id"]),
        UniqueConstraint("account_id", "network_id"),
        UniqueConstraint("attempt_id"),
        Index("ix_outgoing_conversation", "conversation_id", "state"),
        Index(
            "ix_outgoing_queued",
            "not_before",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outgoing_doubtful",
            "state",
            "id",
            sqlite_where=text("state IN ('sending', 'unknown', 'needs a person')"),
            postgresql_where=text("state IN ('sending', 'unknown', 'needs a person')"),
        ),
        Index(
            "ix_outgoing_person",
            "workspace_id",
            "conversation_id",
            "state",
            sqlite_where=text("state IN ('draft', 'needs a person', 'rejected', 'sent back')"),
            postgresql_where=text("state IN ('draft', 'needs a person', 'rejected', 'sent back')"),
        ),
    )

    conversation_id: Mapped[int]
    account_id: Mapped[int]
    author_id: Mapped[int]
    approver_id: Mapped[int | None] = mapped_column(default=None)
    text: Mapped[str] = mapped_column(repr=False)
    kind: Mapped[str]
    parent_id: Mapped[str | None] = mapped_column(default=None)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=str(OutgoingState.DRAFT))
    written: Mapped[datetime]
    approved: Mapped[datetime | None] = mapped_column(default=None)
    queued: Mapped[datetime | None] = mapped_column(default=None)
    not_before: Mapped[datetime | None] = mapped_column(default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    attempt_id: Mapped[str | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted: Mapped[datetime | None] = mapped_column(default=None)
    ended: Mapped[datetime | None] = mapped_column(default=None)
    network_id: Mapped[str | None] = mapped_column(default=None)
    sent: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")

    def approve(self, by: int, at: datetime) -> None:
        """A second person lets it go. Raises ``OwnReply`` for its author."""
        self._only("approve", OutgoingState.DRAFT)
        if by == self.author_id:
            raise OwnReply
        self.state, self.approver_id, self.approved = OutgoingState.APPROVED, by, at

    def refuse(self, by: int, reason: str) -> None:
        """A second person sends it back, and says why. Raises ``OwnReply`` for its author and ``BadValue`` without a reason."""
        self._only("send back", OutgoingState.DRAFT)
        if by == self.author_id:
            raise OwnReply
        if not reason.strip():
            raise BadValue("reason", "say what has to change")
        self.state, self.approver_id, self.reason = OutgoingState.RETURNED, by, reason.strip()

    def queue(self, at: datetime, wait: timedelta = timedelta(0)) -> None:
        """It waits to be sent, and can be taken back for ``UNDO`` and ``wait``. A draft that needs approval is refused."""
        ready = OutgoingState.APPROVED if self.needs_approval else OutgoingState.DRAFT
        self._only("queue", ready)
        self.state, self.queued, self.not_before = OutgoingState.QUEUED, at, at + UNDO + wait

    def withdraw(self) -> None:
        """Take it back: possible until sending begins."""
        self._only("withdraw", *_HERE)
        self.state, self.not_before = OutgoingState.WITHDRAWN, None

    def begin(self, attempt_id: str, now: datetime) -> None:
        """One sender has it now, until the lease ends. ``attempt_id`` was never used before."""
        self._only("begin", OutgoingState.QUEUED)
        if self.not_before is None or self.not_before > now:
            raise WrongState(self.state, "begin")
        self.state, self.attempt_id, self.attempts = OutgoingState.SENDING, attempt_id, self.attempts + 1
        self.attempted, self.ended, self.lease_until, self.not_before = now, None, now + LEASE, None
        self.reason = ""

    def accepted(self, attempt_id: str, network_id: str, sent: datetime, at: datetime) -> None:
        """The network took it: the truth in whatever state the reply is by now, but for another attempt in the air.

        Raises ``StaleAttempt`` there, and ``WrongState`` where nothing was ever attempted.
        """
        if not self.attempts:
            raise WrongState(self.state, "accepted")
        if self.state == OutgoingState.SENDING and attempt_id != self.attempt_id:
            raise StaleAttempt(attempt_id)
        self.ended = at
        self._stands(network_id, sent)

    def rejected(self, attempt_id: str, reason: str, at: datetime) -> None:
        """The network said no, and certainly did not take it. Raises ``StaleAttempt``."""
        self._of(attempt_id, *IN_DOUBT)
        self.state, self.reason, self.ended, self.lease_until = OutgoingState.REJECTED, reason, at, None

    def put_back(self, attempt_id: str, reason: str, not_before: datetime, at: datetime) -> None:
        """It certainly was not sent: it waits again until ``not_before``. Raises ``StaleAttempt``."""
        self._of(attempt_id, *IN_DOUBT)
        self.state, self.not_before = OutgoingState.QUEUED, not_before
        self.reason, self.ended, self.lease_until = reason, at, None

    def doubted(self, attempt_id: str, reason: str, at: datetime) -> None:
        """No answer tells whether it was sent. Raises ``StaleAttempt``."""
        self._of(attempt_id, OutgoingState.SENDING, OutgoingState.UNKNOWN)
        self.state, self.reason, self.ended, self.lease_until = OutgoingState.UNKNOWN, reason, at, None

    def silent(self, now: datetime) -> bool:
        """Whether its sender's lease ran out without a word."""
        return self.state == OutgoingState.SENDING and self.lease_until is not None and self.lease_until <= now

    def expire(self, now: datetime) -> None:
        """Its sender never came back: killed, or only held up. ``ended`` stays None: it may be sent even now."""
        if not self.silent(now):
            raise WrongState(self.state, "expire")
        self.state, self.reason = OutgoingState.UNKNOWN, "the sender stopped before it could say whether this was sent"

    def found(self, network_id: str, sent: datetime) -> None:
        """It stands on our own timeline."""
        self._only("found", OutgoingState.UNKNOWN, OutgoingState.ASKING)
        self._stands(network_id, sent)

    def send_again(self, now: datetime) -> None:
        """It was looked for and is not there. Refused where its sender fell silent: it may be sending it even now."""
        self._only("send again", OutgoingState.UNKNOWN)
        if self.ended is None:
            raise WrongState(self.state, "send again")
        self._wait(now)

    def send_anyway(self, at: datetime) -> None:
        """A person looked, and says that it was not sent."""
        self._only("send again", OutgoingState.ASKING)
        self._wait(at + UNDO)

    def ask(self, reason: str) -> None:
        """Only a person can say what to do."""
        self._only("ask", OutgoingState.UNKNOWN)
        self.state, self.reason, self.lease_until = OutgoingState.ASKING, reason, None

    def stood(self, at: datetime) -> None:
        """A person saw it on the network, where we could not look. It counts as sent when its latest attempt began."""
        self._only("was sent", OutgoingState.ASKING)
        self._stands(f"{TOLD}{self.attempt_id}", self.attempted or at)

    def give_up(self) -> None:
        """A person decided that it shall not be sent."""
        self._only("give up", *FOR_A_PERSON)
        self.state = OutgoingState.WITHDRAWN

    def like(self, other: "Outgoing") -> bool:
        """Whether the network's ledger could not tell the two apart: the same words to the same person."""
        return (self.conversation_id, self.kind) == (other.conversation_id, other.kind) and compared(
            self.text
        ) == compared(other.text)

    def _wait(self, until: datetime) -> None:
        self.state, self.not_before = OutgoingState.QUEUED, until
        self.reason, self.lease_until = "", None

    def _stands(self, network_id: str, sent: datetime) -> None:
        self.state, self.network_id, self.sent = OutgoingState.SENT, network_id, sent
        self.reason, self.not_before, self.lease_until = "", None, None

    def _only(self, move: str, *states: OutgoingState) -> None:
        if self.state not in states:
            raise WrongState(self.state, move)

    def _of(self, attempt_id: str, *states: OutgoingState) -> None:
        if self.state not in states or attempt_id != self.attempt_id:
            raise StaleAttempt(attempt_id)


class OwnRead(Base, kw_only=True):
    """When the two latest readings of our own posts of one kind began that came to their end (None: there was one only)."""

    __tablename__ = "own_read"
    __table_args__ = (within("account", "account_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    latest: Mapped[datetime]
    previous: Mapped[datetime | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A post of ours that the pollers brought after an attempt began (by our clock), and that no reply accounts for.

    ``to_contact``: it stands in the reply's conversation; else nobody knows whose it is.
    """

    network_id: str
    sent: datetime
    text: str
    kind: Kind
    parent_id: str | None
    to_contact: bool


class Verdict(StrEnum):
    """What to do with a reply whose fate is unknown."""

    FOUND = "found"
    AGAIN = "send again"
    ASK = "ask a person"
    WAIT = "wait"


def judge(
    reply: Outgoing, sightings: Iterable[Sighting], read_since: datetime | None, now: datetime, may_resend: bool
) -> tuple[Verdict, Sighting | None]:
    """What is known of a reply in doubt (``unknown`` or ``needs a person``).

    ``read_since``: two whole readings of our own timeline began at or after this instant (None: never two).
    ``may_resend`` is the workspace's policy. ``AGAIN`` is said only where the sender itself ended its attempt (one that fell
    silent may be held up, and send even now), both readings began after the whole of ``AFTER``, and nothing of ours that
    could be it was found, whatever its words and its time.
    """
    if reply.state not in (OutgoingState.UNKNOWN, OutgoingState.ASKING):
        return Verdict.WAIT, None
    near = [one for one in sightings if _may_be(reply, one)]
    same = [one for one in near if _is(reply, one)]
    if same:
        return Verdict.FOUND, min(same, key=lambda one: (one.sent, one.network_id))
    if reply.state != OutgoingState.UNKNOWN or reply.attempted is None:
        return Verdict.WAIT, None
    since = reply.ended or reply.lease_until or reply.attempted
    if may_resend and reply.ended is not None and not near:
        if read_since is not None and read_since > since + AFTER:
            return Verdict.AGAIN, None
    elif read_since is not None and read_since > since:
        return Verdict.ASK, None
    return (Verdict.ASK if now - reply.attempted > PATIENCE else Verdict.WAIT), None


def _may_be(reply: Outgoing, one: Sighting) -> bool:
    if one.kind != reply.kind:
        return False
    if one.to_contact:
        return one.parent_id == reply.parent_id or None in (one.parent_id, reply.parent_id)
    return one.parent_id is not None and one.parent_id == reply.parent_id


def _is(reply: Outgoing, one: Sighting) -> bool:
    begun = reply.attempted
    in_time = begun is not None and begun - BEFORE <= one.sent <= begun + AFTER
    return in_time and compared(one.text) == compared(reply.text)
