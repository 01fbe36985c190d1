"""The grades with their promised times."""

from sqlalchemy import select

from data.database import Database
from data.practice import practice
from models.permissions import Permission, Scope
from models.snapshots.admin import GradeRow, TargetsPage
from models.workspace import Account, Grade, TargetTime


def targets(database: Database, scope: Scope) -> TargetsPage:
    """Every grade, most urgent first, and the channels of the workspace's accounts. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        promised: dict[int, list[tuple[str, int, str]]] = {}
        rows = db.scalars(
            select(TargetTime).where(TargetTime.workspace_id == scope.workspace_id).order_by(TargetTime.channel)
        )
        for row in rows:
            promised.setdefault(row.grade_id, []).append((row.channel, row.seconds, row.clock))
        grades = db.scalars(select(Grade).where(Grade.workspace_id == scope.workspace_id).order_by(Grade.rank))
        channels = db.scalars(
            select(Account.channel)
            .where(Account.workspace_id == scope.workspace_id)
            .distinct()
            .order_by(Account.channel)
        )
        return TargetsPage(
            workspace=practice(db, scope.workspace_id).mark,
            grades=tuple(
                GradeRow(
                    one.id, one.key, one.word, one.rank, one.look, one.needs_approval, tuple(promised.get(one.id, ()))
                )
                for one in grades
            ),
            channels=tuple(channels),
        )
