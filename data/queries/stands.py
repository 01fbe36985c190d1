"""How a conversation was assessed last, and what it waits for."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from data.practice import Practice
from models.assessing import THRIVE, Assessment
from models.conversation import Conversation
from models.people import User
from models.snapshots.stands import Stands

_STANDS = select(
    Conversation.assessed,
    Conversation.assessed_rank,
    Conversation.unassessed,
    Conversation.reassess,
    Conversation.partner,
    Conversation.snoozed_until,
    Conversation.topic_id,
).where(Conversation.workspace_id == bindparam("home"), Conversation.id == bindparam("of"))
_LAST = (
    select(Assessment.__table__, User.name)
    .join(User, User.id == Assessment.user_id)
    .where(
        Assessment.workspace_id == bindparam("home"),
        Assessment.conversation_id == bindparam("of"),
        Assessment.withdrawn.is_(None),
    )
    .order_by(Assessment.at.desc(), Assessment.id.desc())
    .limit(1)
)


def stands(db: Session, ways: Practice, conversation_id: int) -> Stands:
    """It must be in the workspace of ``ways``. An assessment of an episode that is over is history, and not told."""
    asked: dict[str, Any] = {"home": ways.workspace_id, "of": conversation_id}
    row = db.connection().execute(_STANDS, asked).one()
    last = db.connection().execute(_LAST, asked).one_or_none() if row.assessed_rank is not None else None
    return Stands(
        assessed=last.at if last else None,
        by=last.name if last else "",
        answers=tuple((name, getattr(last, name)) for name in THRIVE if getattr(last, name)) if last else (),
        unassessed=row.unassessed,
        again=row.reassess,
        partner=row.partner,
        snoozed_until=row.snoozed_until,
        topic=row.topic_id,
        from_rank=ways.snooze_from,
    )
