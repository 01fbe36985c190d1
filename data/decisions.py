"""The decision log of conversations and incidents: entries are added, and a later one corrects an earlier one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.base import canonical
from models.conversation import Conversation
from models.decisions import HEADINGS, Decision, check_answers
from models.incidents import Incident
from models.people import User
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.snapshots.cases import DecisionMark

MOST = 200
"""Decisions that are shown of one thread or incident, the newest."""


@dataclass(frozen=True, slots=True)
class About:
    """What a decision is about: exactly one of the two."""

    conversation_id: int | None = None
    incident_id: int | None = None


def decide(
    database: Database,
    scope: Scope,
    about: About,
    answers: Mapping[str, object],
    corrects: int | None,
    at: datetime,
) -> int:
    """Add an entry; returns its key. With ``corrects`` it takes the place of an earlier one, which stays to be read.

    Raises ``BadValue`` (nothing said, or corrected by somebody already), ``NotFound`` and ``NotPermitted``.
    """
    user_id, said = person_of(scope, Permission.ASSESS), check_answers(answers)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _must_be_here(c, about)
        if corrects is not None:
            _must_stand(c, about, corrects)
        row = Decision(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            conversation_id=about.conversation_id,
            incident_id=about.incident_id,
            author_id=user_id,
            at=at,
            answers=said,
            corrects_id=corrects,
        )
        c.db.add(row)
        c.db.flush()
        kind = "conversation" if about.conversation_id is not None else "incident"
        after = {"decision": row.id, "corrects": corrects, "answers": c.digest(canonical(said))}
        c.state("decision", kind, about.conversation_id or about.incident_id, after=after)
    return row.id


def decisions_of(
    db: Session, home: int, conversation_ids: Collection[int] = (), incident_id: int | None = None
) -> tuple[DecisionMark, ...]:
    """The entries on these conversations or on this incident, oldest first."""
    about: ColumnElement[bool] = Decision.conversation_id.in_(list(conversation_ids))
    if incident_id is not None:
        about = or_(about, Decision.incident_id == incident_id)
    rows = db.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.author_id)
        .where(Decision.workspace_id == home, about)
        .order_by(Decision.id.desc())
        .limit(MOST)
    ).all()
    later = {row.corrects_id: row.id for row, _ in rows if row.corrects_id is not None}
    return tuple(
        DecisionMark(row.id, name, row.at, _told(row.answers), row.corrects_id, later.get(row.id))
        for row, name in reversed(rows)
    )


def _told(answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key, str(answers[key])) for key, _, _ in HEADINGS if key in answers)


def _must_be_here(c: Change, about: About) -> None:
    entity: Any = Conversation if about.conversation_id is not None else Incident
    key = about.conversation_id if about.conversation_id is not None else about.incident_id
    here = select(entity.id).where(entity.workspace_id == c.workspace_id, entity.id == key)
    if c.db.scalar(here) is None:
        raise NotFound


def _must_stand(c: Change, about: About, key: int) -> None:
    found = c.db.get(Decision, key)
    if found is None or found.workspace_id != c.workspace_id:
        raise NotFound
    if (found.conversation_id, found.incident_id) != (about.conversation_id, about.incident_id):
        raise NotFound
    if c.db.scalar(select(Decision.id).where(Decision.corrects_id == key)) is not None:
        raise BadValue("decision", "a colleague has corrected it already: correct the newest one")
