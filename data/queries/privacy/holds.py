"""Legal holds that stand, and the latest that were lifted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.legal_holds import about
from data.practice import practice
from models.people import User
from models.permissions import Permission, Scope
from models.retention import LegalHold
from models.snapshots.privacy import HoldRow, HoldsPage

LATEST = 50


def holds(database: Database, scope: Scope, now: datetime) -> HoldsPage:
    """The tab. Raises ``NotPermitted``."""
    scope.require(Permission.PRIVACY)
    with database.read() as db:
        return HoldsPage(
            workspace=practice(db, scope.workspace_id).mark,
            as_at=now,
            standing=_rows(db, scope.workspace_id, LegalHold.lifted.is_(None), 1_000),
            over=_rows(db, scope.workspace_id, LegalHold.lifted.is_not(None), LATEST),
        )


def _rows(db: Session, home: int, wanted: object, most: int) -> tuple[HoldRow, ...]:
    begun, lifted = aliased(User), aliased(User)
    rows = db.execute(
        select(LegalHold, begun.name, lifted.name)
        .join(begun, begun.id == LegalHold.begun_by)
        .outerjoin(lifted, lifted.id == LegalHold.lifted_by)
        .where(LegalHold.workspace_id == home, wanted)  # type: ignore[arg-type]
        .order_by(LegalHold.id.desc())
        .limit(most)
    )
    return tuple(
        HoldRow(row.id, *about(row), row.reason, row.begun, by, row.lifted, ended or "", row.lifted_reason)
        for row, by, ended in rows
    )
