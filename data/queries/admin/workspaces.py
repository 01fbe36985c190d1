"""The workspaces somebody administers, and what the present one decides for itself."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.practice import practice
from data.queries.admin.users import administered
from data.workspaces import used
from models.people import Membership
from models.permissions import Permission, Scope
from models.snapshots.admin import WorkspaceRow, WorkspacesPage
from models.workspace import Account, Outcome, Topic, Workspace


def workspaces(database: Database, scope: Scope) -> WorkspacesPage:
    """Those of the installation for who administers it, else those where the asker may administer. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        mine = administered(db, scope)
        rows = _rows(db, set(mine))
        here = next(row for row in rows if row.id == scope.workspace_id)
        home = db.get_one(Workspace, scope.workspace_id)
        outcomes = select(Outcome, used("outcome", Outcome.id, scope.workspace_id)).where(
            Outcome.workspace_id == scope.workspace_id
        )
        topics = select(Topic, used("topic", Topic.id, scope.workspace_id)).where(
            Topic.workspace_id == scope.workspace_id
        )
        return WorkspacesPage(
            workspace=practice(db, scope.workspace_id).mark,
            rows=rows,
            installation=scope.installation,
            here=here,
            gap=timedelta(seconds=home.gap_seconds),
            aim=home.aim,
            retention_days=home.retention_days,
            outcomes=tuple(
                (row.id, row.word, row.left_out, was) for row, was in db.execute(outcomes.order_by(Outcome.id))
            ),
            topics=tuple((row.id, row.word, was) for row, was in db.execute(topics.order_by(Topic.word))),
        )


def _rows(db: Session, keys: set[int]) -> tuple[WorkspaceRow, ...]:
    accounts = select(func.count()).select_from(Account).where(Account.workspace_id == Workspace.id).scalar_subquery()
    people = (
        select(func.count(func.distinct(Membership.user_id)))
        .where(Membership.workspace_id == Workspace.id)
        .scalar_subquery()
    )
    found = db.execute(select(Workspace, accounts, people).where(Workspace.id.in_(keys)).order_by(Workspace.name))
    return tuple(
        WorkspaceRow(row.id, row.slug, row.name, row.zone, many, held, row.created) for row, many, held in found
    )
