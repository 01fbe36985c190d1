"""The saved views that a person sees beside the queue, with how many conversations each holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from data.queries.heading import Heading
from data.queries.holding import asked_of, parts
from data.queries.narrowing import Names, narrowed
from data.views import may_change
from models.base import EPOCH
from models.conversation import Conversation
from models.filters import filters_from
from models.people import Membership, Role
from models.permissions import Scope
from models.snapshots import QueueFilters, SavedViewMark
from models.views import MOST_VIEWS, SavedView

MOST_COUNTED = 100
"""Conversations of a view that are counted: beyond that "100+" is all that people act on."""

MOST_KEPT = 1_000
MINUTE = timedelta(minutes=1)
_kept: WeakKeyDictionary[Engine, dict[Any, int]] = WeakKeyDictionary()

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
    db: Session, head: Heading, scope: Scope, ours: Sequence[Any], now: datetime
) -> tuple[SavedViewMark, ...]:
    """One's own and those shared with one's roles, by name."""
    asked = asked_of(head.ways, scope, now)
    found = db.execute(_VIEWS, asked).all()
    return tuple(
        SavedViewMark(
            id=view.id,
            name=view.name,
            fields=tuple(sorted(view.filters.items())),
            shared=role,
            may_change=may_change(scope, view),
            count=_count(db, head, scope, filters_from(view.filters), ours, now, asked),
            most=MOST_COUNTED,
        )
        for view, role in found
    )


def _count(
    db: Session,
    head: Heading,
    scope: Scope,
    filters: QueueFilters,
    ours: Sequence[Any],
    now: datetime,
    asked: dict[str, Any],
) -> int:
    """Counted once for all who share the view, until something changes; what moves with time alone is a minute old at most."""
    within = narrowed(head.ways, scope, filters, ours, now)
    names = tuple(sorted(within))
    mine = scope.user_id if "held_by" in within or _is_personal(filters.view, names) else None
    name = (scope.workspace_id, head.revision, (now - EPOCH) // MINUTE, filters, mine, MOST_COUNTED)
    kept = _kept.setdefault(db.get_bind().engine, {})
    if name not in kept:
        statement = _counted(filters.view, names)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[name] = int(db.connection().scalar(statement, asked | within | {"most": MOST_COUNTED}) or 0)
    return kept[name]


@cache
def _counted(view: str, names: Names) -> Select[Any]:
    some = union_all(*parts(view, names, Conversation.id)).subquery()
    first = select(some.c.id).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(first)


@cache
def _is_personal(view: str, names: Names) -> bool:
    """Whether it is another one for each person who looks."""
    return "me" in _counted(view, names).compile().params
