"""Everything on the record of one conversation: its messages as they came, and every event that speaks of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import practice
from data.queries.audit import COLUMNS, named, row_of
from models.audit import AuditEvent
from models.conversation import Contact, Conversation, Message
from models.outbox import Outgoing
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Direction
from models.problems import NotFound
from models.snapshots import Arrived, AuditRow, Trail
from models.workspace import Account

PAGE = 200


def trail(database: Database, scope: Scope, conversation_id: int, after: int, now: datetime) -> Trail:
    """A page of the trail, oldest first, behind the event ``after``. Raises ``NotPermitted``, and ``NotFound`` also where
    the conversation is another workspace's.
    """
    scope.require(Permission.READ_TRAIL)
    with database.read() as db:
        head = _head(db, scope.workspace_id, conversation_id)
        events = _events(db, scope.workspace_id, conversation_id, after)
        rows, more = events[:PAGE], len(events) > PAGE
        arrived = _arrived(db, scope, conversation_id, after, rows[-1].id if more else None)
        told: list[AuditRow | Arrived] = [*arrived, *rows]
        return Trail(
            workspace=practice(db, scope.workspace_id).mark,
            as_at=now,
            id=conversation_id,
            contact=head.name or head.handle,
            account=head.account,
            channel=head.channel,
            rows=tuple(sorted(told, key=_place)),
            later=rows[-1].id if more else None,
            named=named(db, scope.workspace_id),
        )


def _place(one: AuditRow | Arrived) -> tuple[datetime, bool]:
    """By time; what came before what was done with it."""
    return (one.stored, False) if isinstance(one, Arrived) else (one.at, True)


def _head(db: Session, workspace_id: int, conversation_id: int) -> Any:
    row = db.execute(
        select(Contact.name, Contact.handle, Account.handle.label("account"), Account.channel)
        .select_from(Conversation)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Account, Account.id == Conversation.account_id)
        .where(Conversation.workspace_id == workspace_id, Conversation.id == conversation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _events(db: Session, workspace_id: int, conversation_id: int, after: int) -> list[AuditRow]:
    """What speaks of the conversation or of a reply in it."""
    replies = list(
        db.scalars(
            select(Outgoing.id).where(
                Outgoing.workspace_id == workspace_id, Outgoing.conversation_id == conversation_id
            )
        )
    )
    about = or_(
        and_(AuditEvent.object == "conversation", AuditEvent.object_id == conversation_id),
        and_(AuditEvent.object == "outgoing", AuditEvent.object_id.in_(replies)),
    )
    wanted = select(*COLUMNS).where(AuditEvent.workspace_id == workspace_id, AuditEvent.id > after, about)
    return [row_of(one) for one in db.execute(wanted.order_by(AuditEvent.id).limit(PAGE + 1))]


def _arrived(db: Session, scope: Scope, conversation_id: int, after: int, until: int | None) -> Sequence[Arrived]:
    """Messages that came between two events; from the first page on those before the first event too."""
    wanted = (
        select(Message.id, Message.sent, Message.stored, Message.direction, User.name)
        .outerjoin(User, User.id == Message.user_id)
        .where(Message.of(scope.workspace_id, [conversation_id]))
    )
    for number, later in ((after, True), (until, False)):
        at = db.scalar(select(AuditEvent.at).where(AuditEvent.id == number)) if number else None
        if number and at is None:
            return []
        if at is not None:
            wanted = wanted.where(Message.stored > at if later else Message.stored <= at)
    rows = db.execute(wanted.order_by(Message.stored.desc(), Message.id.desc()).limit(PAGE * 5))
    return [Arrived(key, sent, stored, way == Direction.OUT, name or "") for key, sent, stored, way, name in rows]
