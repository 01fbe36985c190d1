"""Listening posts, and what else people said that belongs to no conversation: when its time is over, a person lets it go.

They have no outcome and are nobody's to close, so no rule of retention fits them: the workspace's own figure, the days that
messages are kept, decides alone.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from data.audit import actor_of, change
from data.database import Database
from data.erasing import Erased, Erasure, counts_of, erase_found, held_alone
from data.legal_holds import held_things
from models.conversation import Message
from models.erased import HIDDEN
from models.permissions import Permission, Scope
from models.posts import Direction
from models.problems import BadValue
from models.retention import EVERYTHING_ELSE, MOST_ALONE, ListeningDue, cutoff
from models.workspace import Workspace


def listening_due(db: Session, home: int, at: datetime) -> ListeningDue | None:
    """How much is due and since when; None where nothing is."""
    condition = _due(db, home, at)
    if condition is None:
        return None
    number, oldest = db.execute(select(func.count(), func.min(Message.sent)).where(condition)).one()
    return ListeningDue(number, min(number, MOST_ALONE), oldest) if number else None


def dispose_listening(database: Database, scope: Scope, typed: int, at: datetime) -> Erased:
    """The oldest of it, at most ``MOST_ALONE``, goes under a certificate. ``typed`` is how many that are, against a slip.

    Raises ``BadValue`` where it is another number by now, and ``NotPermitted``.
    """
    scope.require(Permission.ERASE)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        condition = _due(c.db, c.workspace_id, at)
        wanted = select(Message).order_by(Message.sent, Message.id).limit(MOST_ALONE)
        rows: Iterable[Message] = c.db.scalars(wanted.where(condition)) if condition is not None else ()
        erasure: Erasure = held_alone(c, database.audit_key, rows)
        if typed != len(erasure.messages) or not erasure.messages:
            raise BadValue("number", f"{len(erasure.messages)} are due now, so nothing went: look at the page again")
        number = erase_found(erasure, EVERYTHING_ELSE, "")
        done = Erased(len(erasure.contacts), 0, len(erasure.messages), number)
        after = counts_of(erasure) | {"certificate": number, "rules": [EVERYTHING_ELSE]}
        c.state("dispose", "certificate", number, after=after)
    return done


def _due(db: Session, home: int, at: datetime) -> ColumnElement[bool] | None:
    """The condition for what is due; None where messages are kept for ever. What a legal hold keeps is not."""
    days = db.get_one(Workspace, home).retention_days
    if days is None:
        return None
    held = list(held_things(db, home).contacts)
    return and_(
        Message.workspace_id == home,
        Message.conversation_id.is_(None),
        Message.direction == Direction.IN,
        Message.sent <= cutoff(days, "days", at),
        ~Message.network_id.startswith(HIDDEN),
        or_(Message.contact_id.is_(None), Message.contact_id.not_in(held)),
    )
