"""Saved views: filters of the queue under a name, for oneself or for a role."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.filters import filters_from, to_query
from models.people import Role
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound
from models.views import MOST_VIEWS, SavedView, view_name


def save_view(
    database: Database, scope: Scope, name: str, fields: Mapping[str, str], role_id: int | None, at: datetime
) -> int:
    """Keep filters, as the fields of an address, under a name; returns the view's key.

    Sharing with a role takes the right to move work. Raises ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    user_id, name = person_of(scope, Permission.READ), view_name(name)
    kept = kept_fields(fields)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _check_role(c, scope, role_id)
        _check_name(c.db, scope, user_id, name, None)
        view = SavedView(
            workspace_id=c.workspace_id, audit_id=c.audit_id, name=name, filters=kept, user_id=user_id, role_id=role_id
        )
        c.db.add(view)
        c.db.flush()
        c.state("save", "view", view.id, after=_facts(view))
    return view.id


def change_view(database: Database, scope: Scope, view_id: int, name: str, role_id: int | None, at: datetime) -> None:
    """Another name, or other people who see it. Raises ``BadValue``, ``NotFound`` and ``NotPermitted``."""
    person_of(scope, Permission.READ)
    name = view_name(name)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        view = _changeable(c.db, scope, view_id)
        if role_id != view.role_id:
            _check_role(c, scope, role_id)
        _check_name(c.db, scope, view.user_id, name, view_id)
        before = _facts(view)
        view.name, view.role_id = name, role_id
        c.state("change", "view", view_id, before=before, after=_facts(view))


def delete_view(database: Database, scope: Scope, view_id: int, at: datetime) -> str:
    """Forget it; nothing of what it showed changes. Returns its name. Raises ``NotFound`` and ``NotPermitted``."""
    person_of(scope, Permission.READ)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        view = _changeable(c.db, scope, view_id)
        c.db.delete(view)
        c.state("delete", "view", view_id, before=_facts(view))
    return view.name


def kept_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """What a view keeps of an address: filters as they took effect, no page and no search."""
    kept = to_query(filters_from(fields))
    return {name: value for name, value in kept.items() if name not in ("page", "q")}


def may_change(scope: Scope, view: SavedView) -> bool:
    """One's own, and what is shared where one moves work."""
    return view.user_id == scope.user_id or (view.role_id is not None and scope.may(Permission.MOVE_WORK))


def _changeable(db: Session, scope: Scope, view_id: int) -> SavedView:
    view = db.scalar(select(SavedView).where(SavedView.workspace_id == scope.workspace_id, SavedView.id == view_id))
    if view is None or not may_change(scope, view):
        raise NotFound
    return view


def _check_role(c: Change, scope: Scope, role_id: int | None) -> None:
    if role_id is None:
        return
    scope.require(Permission.MOVE_WORK)
    if c.db.scalar(select(Role.id).where(Role.workspace_id == c.workspace_id, Role.id == role_id)) is None:
        raise NotFound


def _check_name(db: Session, scope: Scope, user_id: int, name: str, but: int | None) -> None:
    theirs = [SavedView.workspace_id == scope.workspace_id, SavedView.user_id == user_id]
    if db.scalar(select(SavedView.id).where(*theirs, SavedView.name == name, SavedView.id != (but or 0))) is not None:
        raise BadValue("name", "choose another name: a view has this one")
    if but is None and (db.scalar(select(func.count()).select_from(SavedView).where(*theirs)) or 0) >= MOST_VIEWS:
        raise BadValue("name", f"delete a view first: {MOST_VIEWS} are kept for each person")


def _facts(view: SavedView) -> dict[str, Any]:
    return {"name": view.name, "filters": view.filters, "role": view.role_id}
