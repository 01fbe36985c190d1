"""Certificates: that personal data went, numbered by workspace, each with its place in the audit chain."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change
from models.conversation import Conversation
from models.retention import Certificate, Disposal, DisposalState


def certify(c: Change, rule: str, reason: str, facts: dict[str, Any]) -> Certificate:
    """The certificate of what the change takes. Changes of one workspace queue, so that no number is given twice."""
    newest = select(func.max(Certificate.number)).where(Certificate.workspace_id == c.workspace_id)
    row = Certificate(
        workspace_id=c.workspace_id,
        audit_id=c.audit_id,
        number=(c.db.scalar(newest) or 0) + 1,
        made=c.at,
        by_id=c.actor.user_id,
        rule=rule,
        reason=reason,
        facts=facts,
    )
    c.db.add(row)
    c.db.flush()
    return row


def settle(c: Change, conversation_ids: Collection[int], made: Certificate) -> None:
    """What waited for disposal among these conversations is gone, under that certificate."""
    waiting = select(Disposal).where(
        Disposal.workspace_id == c.workspace_id,
        Disposal.conversation_id.in_(list(conversation_ids)),
        Disposal.state == DisposalState.WAITING,
    )
    for row in c.db.scalars(waiting):
        row.state, row.certificate_id = DisposalState.GONE, made.id
        row.decided, row.decided_by = c.at, c.actor.user_id


def is_gone(db: Session, conversation: Conversation) -> bool:
    """Whether everything said in it was disposed of: nothing came since."""
    wanted = select(Disposal.id).where(
        Disposal.workspace_id == conversation.workspace_id,
        Disposal.conversation_id == conversation.id,
        Disposal.state == DisposalState.GONE,
        Disposal.last_at >= conversation.last_at,
    )
    return db.scalar(wanted.limit(1)) is not None
