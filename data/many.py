"""Closing many conversations at once: never across grades, and each by itself, as if somebody had closed them one by one."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from data.database import Database
from data.desk import person_of
from data.moving import MOST_AT_ONCE, Moved
from data.practice import practice
from data.states import close
from models.claims import MixedGrades
from models.conversation import Conversation
from models.permissions import Permission, Scope
from models.problems import AlreadyClosed, BadValue, NotFound, Unassessed


def close_all(
    database: Database,
    scope: Scope,
    conversation_ids: Collection[int],
    outcome_id: int | None,
    reason: str,
    at: datetime,
) -> Moved:
    """Close those of one grade with an outcome. What was closed meanwhile, or still waits to be assessed, is left.

    Raises ``MixedGrades``, ``ReasonNeeded``, ``BadValue``, ``NotFound`` (one of them is not here) and ``NotPermitted``.
    """
    person_of(scope, Permission.CLOSE)
    wanted = sorted(set(conversation_ids))
    _of_one_grade(database, scope, wanted)
    done: list[int] = []
    left: list[int] = []
    for key in wanted:
        try:
            close(database, scope, key, outcome_id, at, reason)
        except (AlreadyClosed, Unassessed):
            left.append(key)
        else:
            done.append(key)
    return Moved(tuple(done), tuple(left))


def _of_one_grade(database: Database, scope: Scope, wanted: list[int]) -> None:
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise BadValue("conversations", f"choose at least one and at most {MOST_AT_ONCE}")
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        mine = select(Conversation.rank).where(
            Conversation.workspace_id == scope.workspace_id, Conversation.id.in_(wanted)
        )
        ranks = db.scalars(mine).all()
    if len(ranks) != len(wanted):
        raise NotFound
    if len(set(ranks)) > 1:
        raise MixedGrades(tuple(ways.grade(rank).word for rank in sorted(set(ranks))))
