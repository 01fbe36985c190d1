"""Every change in one place: one function, one transaction, one event in the workspace's chain, one raised revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event as events
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

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
        self._key = key
        self._stated: dict[str, Any] | None = None
        self._head = _lock_head(db, workspace_id)
        self.audit_id = _reserve(db)
        self.revision: int | None = None
        events.listen(db, "before_flush", self._mark)

    def _mark(self, db: Session, _context: Any, _instances: Any) -> None:
        for row in (*db.new, *(row for row in db.dirty if db.is_modified(row))):
            if isinstance(row, Audited):
                row.audit_id = self.audit_id

    def digest(self, personal: str) -> str:
        """Personal text as it may stand in an event."""
        return text_digest(self._key, personal)

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

    def finish(self) -> None:
        """Write the event, move the chain's head and raise the revision."""
        self.db.flush()
        if self._stated is None:
            return
        sequence = self._head.sequence + 1
        facts = self._stated | {
            "workspace_id": self.workspace_id,
            "sequence": sequence,
            "at": self.at,
            "actor": self.actor.name,
            "user_id": self.actor.user_id,
            "session_id": self.actor.session_id,
            "address": self.actor.address,
        }
        digest = chain_digest(self._key, self._head.digest, facts)
        self.db.execute(insert(AuditEvent).values(id=self.audit_id, digest=digest, **facts))
        self.db.execute(
            update(AuditHead)
            .where(AuditHead.workspace_id == self.workspace_id)
            .values(sequence=sequence, digest=digest)
        )
        if self.workspace_id != INSTALLATION:
            self.revision = raise_revision(self.db, self.workspace_id)


def _lock_head(db: Session, workspace_id: int) -> AuditHead:
    """The chain's head, locked: writers of one workspace queue here, so that ids and sequence grow together."""
    head = db.get(AuditHead, workspace_id, with_for_update=True)
    if head is None:
        db.execute(insert(AuditHead).values(workspace_id=workspace_id, sequence=0, digest=FIRST_DIGEST))
        head = db.get_one(AuditHead, workspace_id, with_for_update=True)
    return head


def _reserve(db: Session) -> int:
    """The id that the event will have: on SQLite we are the only writer, on Postgres the sequence gives it."""
    if db.get_bind().dialect.name == "sqlite":
        return int(db.scalar(select(func.coalesce(func.max(AuditEvent.id), 0) + 1)) or 1)
    return int(db.execute(text("SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))")).scalar_one())


def raise_revision(db: Session, workspace_id: int) -> int:
    """Raise the workspace's revision in the caller's transaction and return it; other processes hear at commit."""
    number = db.scalar(
        update(Revision)
        .where(Revision.workspace_id == workspace_id)
        .values(number=Revision.number + 1)
        .returning(Revision.number)
    )
    if number is None:
        raise NotFound
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_notify(:channel, :what)"), {"channel": CHANNEL, "what": f"{workspace_id}:{number}"})
    return int(number)


@contextmanager
def change(database: Database, workspace_id: int, actor: Actor, at: datetime) -> Iterator[Change]:
    """One transaction with one event. Commits at the end, then tells the listeners; any error rolls all of it back."""
    with database.write() as db:
        under_way = Change(db, database.audit_key, workspace_id, actor, at)
        yield under_way
        under_way.finish()
    if under_way.revision is not None:
        database.announce(workspace_id, under_way.revision)


def actor_of(scope: Scope) -> Actor:
    """The person of a scope as an actor."""
    return Actor(scope.name, scope.user_id, scope.session_id, scope.address)
