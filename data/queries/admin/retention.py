"""The rules of retention, and the outcomes and topics that they may name."""

from sqlalchemy import select

from data.database import Database
from data.practice import practice
from data.retention import read_rules, rules_of
from models.permissions import Permission, Scope
from models.snapshots.privacy import RetentionPage, RetentionRow
from models.workspace import Outcome, Topic, Workspace


def retention(database: Database, scope: Scope) -> RetentionPage:
    """The tab. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    home = scope.workspace_id
    with database.read() as db:
        lines = zip(rules_of(db, home), read_rules(db, home), strict=True)
        words = [
            tuple(db.scalars(select(entity.word).where(entity.workspace_id == home).order_by(entity.word)))
            for entity in (Outcome, Topic)
        ]
        return RetentionPage(
            workspace=practice(db, home).mark,
            rows=tuple(
                RetentionRow(
                    row.id,
                    row.name,
                    line["outcome"] or "",
                    line["topic"] or "",
                    row.kind or "",
                    row.length,
                    row.unit,
                )
                for row, line in lines
            ),
            days=db.get_one(Workspace, home).retention_days,
            outcomes=words[0],
            topics=words[1],
        )
