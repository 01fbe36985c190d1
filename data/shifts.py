"""Handing a shift over: what stood at an instant is stored as it was, and the next supervisor accepts it by name."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import person_of
from models.people import Membership, Role, User
from models.permissions import Permission, Scope, rights_of
from models.problems import BadValue, NotFound
from models.shifts import ShiftHandOver, check_shift_note
from models.snapshots.shifts import ShiftPicture


def give_shift(
    database: Database, scope: Scope, picture: ShiftPicture, note: str, taker_id: int | None, at: datetime
) -> int:
    """Hand the shift over with this picture, to one colleague or (None) to whoever accepts first; returns its key.

    Raises ``BadValue`` (one waits already, nobody who could take it, the note), ``NotFound`` and ``NotPermitted``.
    """
    user_id, said = person_of(scope, Permission.MOVE_WORK), check_shift_note(note)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        if waiting_shift(c.db, scope.workspace_id) is not None:
            raise BadValue("shift", "one hand-over waits already: accept it or take it back first")
        if taker_id is not None and taker_id not in shift_takers(c.db, scope.workspace_id, user_id):
            raise BadValue("next supervisor", "choose a colleague who may move work here, or whoever accepts first")
        row = ShiftHandOver(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            at=picture.at,
            given=at,
            given_by=user_id,
            taker_id=taker_id,
            note=said,
            facts=picture.to_json(),
        )
        c.db.add(row)
        c.db.flush()
        counts = {"risk": len(picture.risk) + picture.more_risk, "due": len(picture.due) + picture.more_due}
        after = {"of": picture.at.isoformat(), "to": taker_id, "note": c.digest(said), **counts}
        c.state("shift.give", "shift_handover", row.id, after=after)
    return row.id


def accept_shift(database: Database, scope: Scope, key: int, at: datetime) -> None:
    """The person of the scope has the shift. Raises ``ShiftOver``, ``NotYourShift``, ``NotFound`` and ``NotPermitted``."""
    user_id = person_of(scope, Permission.MOVE_WORK)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _row(c, key)
        row.accept(user_id, at)
        c.state("shift.accept", "shift_handover", key, before={"holder": row.given_by}, after={"holder": user_id})


def take_shift_back(database: Database, scope: Scope, key: int, at: datetime) -> None:
    """It was not meant yet; whoever may move work says so. Raises ``ShiftOver``, ``NotFound`` and ``NotPermitted``."""
    person_of(scope, Permission.MOVE_WORK)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _row(c, key).take_back(at)
        c.state("shift.take back", "shift_handover", key)


def waiting_shift(db: Session, home: int) -> ShiftHandOver | None:
    """The hand-over that nobody has answered."""
    return db.scalar(
        select(ShiftHandOver).where(
            ShiftHandOver.workspace_id == home, ShiftHandOver.accepted.is_(None), ShiftHandOver.taken_back.is_(None)
        )
    )


def shift_takers(db: Session, home: int, but: int | None) -> dict[int, str]:
    """Who could take a shift over: colleagues who may move work, by name, without ``but``."""
    rows = db.execute(
        select(User.id, User.name, Role.name.label("role"), Role.permissions, Role.built_in)
        .join(Membership, Membership.user_id == User.id)
        .join(Role, (Role.id == Membership.role_id) & (Role.workspace_id == Membership.workspace_id))
        .where(Membership.workspace_id == home, User.disabled.is_(False), User.id != but)
        .order_by(User.name, User.id)
    )
    return {
        row.id: row.name for row in rows if Permission.MOVE_WORK in rights_of(row.role, row.permissions, row.built_in)
    }


def _row(c: Change, key: int) -> ShiftHandOver:
    found = c.db.scalar(
        select(ShiftHandOver)
        .where(ShiftHandOver.workspace_id == c.workspace_id, ShiftHandOver.id == key)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found
