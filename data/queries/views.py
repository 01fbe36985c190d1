"""The saved views that a person sees beside the queue, with how many conversations each holds."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from data.practice import Practice
from data.queries.holding import asked_of, parts
from data.queries.narrowing import Names, narrowed
from data.views import may_change
from models.conversation import Conversation
from models.filters import filters_from
from models.people import Membership, Role
from models.permissions import Scope
from models.snapshots import SavedViewMark
from models.views import MOST_VIEWS, SavedView

MOST_COUNTED = 100
"""Conversations of a view that are counted: beyond that "100+" is all that people act on."""

_MY_ROLES = select(Membership.role_id).where(
    Membership.workspace_id == bindparam("home"), Membership.user_id == bindparam("me")
)
_VIEWS = (
    select(SavedView, Role.name)
    .outerjoin(Role, Role.id == SavedView.role_id)
    .where(
        SavedView.workspace_id == bindparam("home"),
        or_(SavedView.user_id == bindparam("me"), SavedView.role_id.in_(_MY_ROLES)),
    )
    .order_by(SavedView.name, SavedView.id)
    .limit(2 * MOST_VIEWS)
)


def saved_views(
    db: Session, ways: Practice, scope: Scope, ours: Sequence[Any], now: datetime
) -> tuple[SavedViewMark, ...]:
    """One's own and those shared with one's roles, by name."""
    asked = asked_of(ways, scope, now)
    found = db.execute(_VIEWS, asked).all()
    return tuple(
        SavedViewMark(
            id=view.id,
            name=view.name,
            fields=tuple(sorted(view.filters.items())),
            shared=role,
            may_change=may_change(scope, view),
            count=_count(db, ways, scope, view, ours, now, asked),
            most=MOST_COUNTED,
        )
        for view, role in found
    )


def _count(
    db: Session,
    ways: Practice,
    scope: Scope,
    view: SavedView,
    ours: Sequence[Any],
    now: datetime,
    asked: dict[str, Any],
) -> int:
    filters = filters_from(view.filters)
    within = narrowed(ways, scope, filters, ours, now)
    statement = _counted(filters.view, tuple(sorted(within)))
    return int(db.connection().scalar(statement, asked | within | {"most": MOST_COUNTED}) or 0)


@cache
def _counted(view: str, names: Names) -> Select[Any]:
    some = union_all(*parts(view, names, Conversation.id)).subquery()
    first = select(some.c.id).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(first)
