"""What is due for disposal, and the certificates of what went."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.database import Database
from data.disposing import held_among
from data.listening import listening_due
from data.practice import practice
from data.retention import rules_of
from models.audit import AuditEvent
from models.conversation import Contact, Conversation, Message
from models.people import User
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.retention import Certificate, Disposal, DisposalState
from models.snapshots.privacy import CertificateRow, DisposalPage, DueRow
from models.workspace import Workspace

LATEST = 50
"""Certificates shown."""
SHOWN = 100
"""Conversations shown of those that are due: they are looked at one by one."""


def disposal(database: Database, scope: Scope, now: datetime) -> DisposalPage:
    """The tab. Raises ``NotPermitted``."""
    scope.require(Permission.PRIVACY)
    home = scope.workspace_id
    with database.read() as db:
        rows = [*_rows(db, home, now, later=False), *_rows(db, home, now, later=True)]
        held = held_among(db, home, rows)
        shown = [_row(one, held) for one in rows]
        due = [one for one in shown if not one.kept and (one.deferred is None or one.deferred <= now)]
        days = db.get_one(Workspace, home).retention_days
        return DisposalPage(
            workspace=practice(db, home).mark,
            as_at=now,
            due=tuple(due),
            total=_number(db, home, now),
            waiting=tuple(one for one in shown if one not in due),
            certificates=tuple(_certificates(db, home, None)),
            rules=days is not None or bool(rules_of(db, home)),
            may_erase=scope.may(Permission.ERASE),
            listening=listening_due(db, home, now),
        )


def certificate(database: Database, scope: Scope, number: int) -> CertificateRow:
    """One certificate. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.PRIVACY)
    with database.read() as db:
        found = _certificates(db, scope.workspace_id, number)
    if not found:
        raise NotFound
    return found[0]


def _is_due(now: datetime, later: bool) -> Any:
    due = or_(Disposal.deferred.is_(None), Disposal.deferred <= now)
    return ~due if later else due


def _number(db: Session, home: int, now: datetime) -> int:
    wanted = select(func.count()).where(
        Disposal.workspace_id == home, Disposal.state == DisposalState.WAITING, _is_due(now, False)
    )
    return db.scalar(wanted) or 0


def _rows(db: Session, home: int, now: datetime, *, later: bool) -> list[Any]:
    counted = (
        select(func.count())
        .where(Message.conversation_id == Disposal.conversation_id)
        .correlate(Disposal)
        .scalar_subquery()
    )
    wanted = (
        select(
            Disposal.id,
            Disposal.conversation_id,
            Conversation.contact_id,
            Contact.handle,
            Contact.name,
            Contact.channel,
            Disposal.last_at,
            Disposal.rule,
            Disposal.deferred,
            Disposal.reason,
            counted.label("messages"),
        )
        .join(Conversation, Conversation.id == Disposal.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Disposal.workspace_id == home, Disposal.state == DisposalState.WAITING, _is_due(now, later))
        .order_by(Disposal.last_at, Disposal.id)
        .limit(SHOWN)
    )
    return list(db.execute(wanted))


def _row(row: Any, held: dict[int, str]) -> DueRow:
    return DueRow(
        id=row.id,
        conversation=row.conversation_id,
        contact=row.handle or row.name or f"contact {row.contact_id}",
        channel=row.channel,
        messages=row.messages,
        last=row.last_at,
        rule=row.rule,
        kept=held.get(row.conversation_id, ""),
        deferred=row.deferred,
        reason=row.reason,
    )


def _certificates(db: Session, home: int, number: int | None) -> list[CertificateRow]:
    wanted = [Certificate.workspace_id == home]
    if number is not None:
        wanted.append(Certificate.number == number)
    rows = db.execute(
        select(Certificate, User.name, AuditEvent.sequence, AuditEvent.digest)
        .join(AuditEvent, AuditEvent.id == Certificate.audit_id)
        .outerjoin(User, User.id == Certificate.by_id)
        .where(*wanted)
        .order_by(Certificate.number.desc())
        .limit(LATEST)
    )
    return [
        CertificateRow(
            number=row.number,
            made=row.made,
            by=name or "the command line",
            rule=row.rule,
            reason=row.reason,
            contacts=row.facts["contacts"],
            messages=row.facts["messages"],
            conversations=tuple(row.facts["of"]),
            event=row.audit_id,
            sequence=sequence,
            digest=digest,
        )
        for row, name, sequence, digest in rows
    ]
