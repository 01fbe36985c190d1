"""Every change in one place: one function, one transaction, one event in the workspace's chain, one raised revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, update
from sqlalchemy import event as events
from sqlalchemy.orm import Session

from data import security
from data.database import Database
from models.audit import FIRST_DIGEST, INSTALLATION, Actor, AuditEvent, AuditHead, Revision, chain_digest, text_digest
from models.base import Audited
from models.permissions import Scope
from models.problems import NotFound

CHANNEL = "watchroom"
"""The Postgres channel on which a commit is told to other processes."""


class Change:
    """One change under way. Rows written in it carry ``audit_id``; ``state`` says what the one event states.

    The event is written when the block ends. A block that states nothing must have changed nothing audited.
    """

    def __init__(self, db: Session, key: bytes, workspace_id: int, actor: Actor, at: datetime) -> None:
        self.db = db
        self.workspace_id = workspace_id
        self.actor = actor
        self.at = at
        self.key = key
        self._stated: dict[str, Any] | None = None
        self._sequence, self._digest = _lock_head(db.connection(), workspace_id)
        self._audit_id: int | None = None
        self.revision: int | None = None
        self.quiet = False
        """Whether the event changes nothing that a page shows: then the workspace's revision stays as it is."""
        events.listen(db, "before_flush", self._mark)

    def _mark(self, db: Session, _context: Any, _instances: Any) -> None:
        for row in (*db.new, *(row for row in db.dirty if db.is_modified(row))):
            if isinstance(row, Audited):
                row.audit_id = self.audit_id
        if any(isinstance(row, Audited) for row in db.deleted):
            self.audit_id  # noqa: B018 - taken before the rows go: what they were is kept until this event

    @property
    def audit_id(self) -> int:
        """The number of the event, for the rows that it covers.

        On SQLite the event takes its place at once and is filled in at the end: were it to come after its rows, SQLite
        would look through every audited table for them (measured: 55 ms a page at 100,000 messages, and growing).
        """
        if self._audit_id is None:
            connection = self.db.connection()
            if connection.dialect.name == "sqlite":
                self._audit_id = (connection.scalar(_NEWEST) or 0) + 1
                blank = {"action": "", "object": "", "digest": ""}
                connection.execute(_EVENT, {"id": self._audit_id, **self._origin(), **blank})
            else:
                self._audit_id = int(connection.scalars(_NEXT).one())
        return self._audit_id

    def _origin(self) -> dict[str, Any]:
        return {
            "workspace_id": self.workspace_id,
            "sequence": self._sequence + 1,
            "at": self.at,
            "actor": self.actor.name,
            "user_id": self.actor.user_id,
            "session_id": self.actor.session_id,
            "address": self.actor.address,
        }

    def digest(self, personal: str) -> str:
        """Personal text as it may stand in an event."""
        return text_digest(self.key, personal)

    def state(
        self,
        action: str,
        about: str,
        about_id: int | None = None,
        *,
        before: Any = None,
        after: Any = None,
        reason: str = "",
    ) -> None:
        """What this change does: ``about`` is the kind of thing. State, grade, holder and times in clear, no texts."""
        if self._stated is not None:
            raise RuntimeError("one change states one event")
        self._stated = {
            "action": action,
            "object": about,
            "object_id": about_id,
            "before": before,
            "after": after,
            "reason": reason,
        }

    def tell(self) -> None:
        """Tell the security log of it, once it is committed."""
        if self._stated is not None and self._audit_id is not None:
            action, about, number = (self._stated[name] for name in ("action", "object", "object_id"))
            security.done(action, about, number, self.workspace_id, self.actor, self._audit_id)

    def finish(self) -> None:
        """Write the event, move the chain's head and raise the revision.

        Raises ``RuntimeError`` where rows were to be covered by an event that was never stated.
        """
        self.db.flush()
        if self._stated is None:
            if self._audit_id is not None:
                raise RuntimeError("a change that writes rows states its event")
            return
        connection, audit_id = self.db.connection(), self.audit_id
        facts = self._origin() | self._stated
        digest = chain_digest(self.key, self._digest, facts | {"id": audit_id})
        if connection.dialect.name == "sqlite":
            connection.execute(_FILL, {"of": audit_id, "digest": digest, **self._stated})
        else:
            connection.execute(_EVENT, {"id": audit_id, "digest": digest, **facts})
        moved = {"of": self.workspace_id, "sequence": facts["sequence"], "digest": digest}
        connection.execute(_MOVE, moved)
        if self.workspace_id != INSTALLATION and not self.quiet:
            self.revision = raise_revision(self.db, self.workspace_id)


_EVENTS: Any = AuditEvent.__table__
_HEADS: Any = AuditHead.__table__
_REVISIONS: Any = Revision.__table__
_EVENT = insert(_EVENTS)
_STATED = ("action", "object", "object_id", "before", "after", "reason", "digest")
_FILL = update(_EVENTS).where(_EVENTS.c.id == bindparam("of")).values({name: bindparam(name) for name in _STATED})
_HEAD = select(AuditHead.sequence, AuditHead.digest).where(AuditHead.workspace_id == bindparam("of")).with_for_update()
_BEGIN = insert(_HEADS)
_MOVE = (
    update(_HEADS)
    .where(AuditHead.workspace_id == bindparam("of"))
    .values(sequence=bindparam("sequence"), digest=bindparam("digest"))
)
_NEWEST = select(func.max(AuditEvent.id))
_NEXT = text("SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))")
_RAISE = (
    update(_REVISIONS)
    .where(Revision.workspace_id == bindparam("of"))
    .values(number=Revision.number + 1)
    .returning(Revision.number)
)
_TELL = text("SELECT pg_notify(:channel, :what)")


def _lock_head(connection: Connection, workspace_id: int) -> tuple[int, str]:
    """The chain's end, locked: writers of one workspace queue here, so that ids and sequence grow together."""
    head = connection.execute(_HEAD, {"of": workspace_id}).one_or_none()
    if head is None:
        connection.execute(_BEGIN, {"workspace_id": workspace_id, "sequence": 0, "digest": FIRST_DIGEST})
        return 0, FIRST_DIGEST
    return head.sequence, head.digest


def raise_revision(db: Session, workspace_id: int) -> int:
    """Raise the workspace's revision in the caller's transaction and return it; other processes hear at commit."""
    connection = db.connection()
    number = connection.scalar(_RAISE, {"of": workspace_id})
    if number is None:
        raise NotFound
    if connection.dialect.name == "postgresql":
        connection.execute(_TELL, {"channel": CHANNEL, "what": f"{workspace_id}:{number}"})
    return int(number)


@contextmanager
def change(database: Database, workspace_id: int, actor: Actor, at: datetime) -> Iterator[Change]:
    """One transaction with one event. Commits at the end, then tells the listeners; any error rolls all of it back."""
    with database.write() as db:
        under_way = Change(db, database.audit_key, workspace_id, actor, at)
        yield under_way
        under_way.finish()
    under_way.tell()
    if under_way.revision is not None:
        database.announce(workspace_id, under_way.revision)


def actor_of(scope: Scope) -> Actor:
    """The person of a scope as an actor."""
    return Actor(scope.name, scope.user_id, scope.session_id, scope.address)
