"""The short links of a workspace with their clicks."""

from datetime import datetime

from sqlalchemy import func, select

from data.database import Database
from data.people import workspace_mark
from models.permissions import Permission, Scope
from models.snapshots.tracking import LinkRow, LinksPage
from models.tracking import LinkClick, TrackedLink


def tracking(database: Database, scope: Scope, now: datetime) -> LinksPage:
    """Every link, the newest first. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    home = scope.workspace_id
    counted = select(LinkClick.link_id, func.sum(LinkClick.count)).where(LinkClick.workspace_id == home)
    with database.read() as db:
        clicks = {key: int(number) for key, number in db.execute(counted.group_by(LinkClick.link_id))}
        wanted = select(TrackedLink).where(TrackedLink.workspace_id == home).order_by(TrackedLink.id.desc())
        rows = tuple(
            LinkRow(row.id, row.code, row.name, row.target, row.created, row.off, clicks.get(row.id, 0))
            for row in db.scalars(wanted)
        )
    return LinksPage(workspace_mark(database, home), now, rows)
