"""What a person was told: how much of it is unread, and all of it with the way to each conversation."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.queries.heading import heading
from models.conversation import Contact, Conversation
from models.notes import Note, Notification
from models.people import User
from models.permissions import Permission, Scope
from models.snapshots.cases import Notifications, Notified
from models.workspace import Account

MOST = 100
"""Notifications on the page, the newest."""

_BY = aliased(User)
_ROWS = (
    select(
        Notification.id,
        Notification.kind,
        Notification.conversation_id,
        Notification.at,
        Notification.read,
        Contact.name,
        Contact.handle,
        Account.channel,
        Account.handle.label("account"),
        _BY.name.label("by"),
        Note.text,
        Note.struck,
    )
    .join(Conversation, Conversation.id == Notification.conversation_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .join(Account, Account.id == Conversation.account_id)
    .outerjoin(_BY, _BY.id == Notification.by_id)
    .outerjoin(Note, Note.id == Notification.note_id)
)


def notifications(database: Database, scope: Scope, now: datetime) -> Notifications:
    """The newest ``MOST`` of the person's notifications in this workspace. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        rows = db.execute(
            _ROWS.where(Notification.workspace_id == scope.workspace_id, Notification.user_id == (scope.user_id or 0))
            .order_by(Notification.at.desc(), Notification.id.desc())
            .limit(MOST)
        )
        return Notifications(
            workspace=head.ways.mark,
            as_at=now,
            revision=head.revision,
            rows=tuple(
                Notified(
                    id=row.id,
                    kind=row.kind,
                    conversation_id=row.conversation_id,
                    contact=row.name or row.handle,
                    channel=row.channel,
                    account=row.account,
                    by=row.by,
                    note=None if row.struck is not None else row.text,
                    at=row.at,
                    read=row.read,
                )
                for row in rows
            ),
            unread=_unread(db, scope),
        )


def unread(database: Database, scope: Scope) -> int:
    """How many notifications of theirs in this workspace the person has not read; 0 for those who may not read here."""
    if scope.user_id is None or not scope.may(Permission.READ):
        return 0
    with database.read() as db:
        return _unread(db, scope)


def _unread(db: Session, scope: Scope) -> int:
    counted = select(func.count()).where(
        Notification.workspace_id == scope.workspace_id,
        Notification.user_id == (scope.user_id or 0),
        Notification.read.is_(None),
    )
    return int(db.scalar(counted) or 0)
