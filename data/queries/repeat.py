"""How often a contact was in touch, and about what: over every account, and every identity that is the same person."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from data.database import Database
from data.merging import CONTACTS, together
from data.queries.heading import heading
from data.queries.members import MEMBER, incident_mark
from models.audit import AuditEvent
from models.conversation import Contact, Conversation, Episode
from models.incidents import Incident, IncidentConversation
from models.merging import ContactMerge
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.snapshots.cases import Earlier, History
from models.workspace import Account, Outcome

LATELY = timedelta(days=30)
MOST = 30
"""Episodes of a history that are shown, the newest."""
CLOSED_BY = ("close", "conversation.closed")
"""Actions of the audit trail that name who closed a conversation."""

_EPISODES = (
    select(Conversation.contact_id, func.count())
    .join(Episode, Episode.conversation_id == Conversation.id)
    .where(
        Conversation.workspace_id == bindparam("home"),
        Conversation.contact_id.in_(bindparam("contacts", expanding=True)),
        Episode.opened > bindparam("since"),
    )
    .group_by(Conversation.contact_id)
)
_MERGED = select(ContactMerge.lead_id, ContactMerge.part_id).where(
    ContactMerge.workspace_id == bindparam("home"),
    ContactMerge.ended.is_(None),
    or_(
        ContactMerge.lead_id.in_(bindparam("contacts", expanding=True)),
        ContactMerge.part_id.in_(bindparam("contacts", expanding=True)),
    ),
)


def times_in_touch(
    db: Session, workspace_id: int, contact_ids: Iterable[int], now: datetime, merged: Collection[int] | None = None
) -> dict[int, int]:
    """Episodes of each person that began in the last 30 days, whichever identity they wrote as; none: no key.

    ``merged`` are those of the contacts that have other identities, None where the caller does not know.
    """
    asked = sorted(set(contact_ids))
    if not asked:
        return {}
    if merged is None:
        met = db.connection().execute(_MERGED, {"home": workspace_id, "contacts": asked})
        merged = {key for link in met for key in link} & set(asked)
    people = {key: together(db, CONTACTS, workspace_id, key) for key in sorted(set(merged))}
    wanted = sorted({*asked, *(one for person in people.values() for one in person)})
    values = {"home": workspace_id, "contacts": wanted, "since": now - LATELY}
    counts = {row[0]: row[1] for row in db.connection().execute(_EPISODES, values)}
    totals = {key: sum(counts.get(one, 0) for one in people.get(key, (key,))) for key in asked}
    return {key: count for key, count in totals.items() if count}


def history(database: Database, scope: Scope, conversation_id: int, now: datetime) -> History:
    """Everything that the conversation's person was in touch about, newest first, the present episode too.

    Raises ``NotFound`` and ``NotPermitted``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        row = db.execute(
            select(Conversation.contact_id, Contact.name, Contact.handle)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        person = together(db, CONTACTS, scope.workspace_id, row.contact_id)
        found = _episodes(db, scope.workspace_id, person)
        names = _closers(db, scope.workspace_id, found[:MOST])
        return History(
            conversation_id=conversation_id,
            workspace=head.ways.mark,
            as_at=now,
            contact=row.name or row.handle,
            rows=tuple(_earlier(one, names) for one in found[:MOST]),
            more=max(_number(db, scope.workspace_id, person) - MOST, 0),
        )


def _episodes(db: Session, workspace_id: int, person: Collection[int]) -> list[Any]:
    rows = db.execute(
        select(
            Episode.conversation_id,
            Episode.opened,
            Episode.closed,
            Outcome.word.label("outcome"),
            Contact.handle,
            Account.channel,
            Account.handle.label("account"),
            Incident,
        )
        .join(Conversation, Conversation.id == Episode.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Account, Account.id == Conversation.account_id)
        .outerjoin(Outcome, Outcome.id == Episode.outcome_id)
        .outerjoin(IncidentConversation, MEMBER)
        .outerjoin(Incident, Incident.id == IncidentConversation.incident_id)
        .where(Conversation.workspace_id == workspace_id, Conversation.contact_id.in_(person))
        .order_by(Episode.opened.desc(), Episode.id.desc())
        .limit(MOST)
    )
    return list(rows)


def _number(db: Session, workspace_id: int, person: Collection[int]) -> int:
    counted = (
        select(func.count())
        .select_from(Episode)
        .join(Conversation, Conversation.id == Episode.conversation_id)
        .where(Conversation.workspace_id == workspace_id, Conversation.contact_id.in_(person))
    )
    return int(db.scalar(counted) or 0)


def _closers(db: Session, workspace_id: int, rows: Iterable[Any]) -> dict[tuple[int, datetime], str]:
    """Who closed each conversation when, as far as the audit trail names one conversation at a time."""
    keys = sorted({row.conversation_id for row in rows if row.closed is not None})
    if not keys:
        return {}
    found = db.execute(
        select(AuditEvent.object_id, AuditEvent.at, AuditEvent.actor).where(
            AuditEvent.workspace_id == workspace_id,
            AuditEvent.object == "conversation",
            AuditEvent.object_id.in_(keys),
            AuditEvent.action.in_(CLOSED_BY),
        )
    )
    return {(row.object_id, row.at): row.actor for row in found}


def _earlier(row: Any, names: dict[tuple[int, datetime], str]) -> Earlier:
    return Earlier(
        conversation_id=row.conversation_id,
        channel=row.channel,
        account=row.account,
        handle=row.handle,
        opened=row.opened,
        closed=row.closed,
        outcome=row.outcome,
        closed_by=names.get((row.conversation_id, row.closed)) if row.closed is not None else None,
        incident=incident_mark(row.Incident) if row.Incident is not None else None,
    )
