"""The screens of a workspace, those that show something first."""

from sqlalchemy import select

from data.database import Database
from data.people import workspace_mark
from models.permissions import Permission, Scope
from models.snapshots.admin import KioskRow, KiosksPage
from models.workspace import Kiosk


def kiosks(database: Database, scope: Scope) -> KiosksPage:
    """Every screen, also those that are revoked. Raises ``NotPermitted``."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        rows = db.scalars(
            select(Kiosk)
            .where(Kiosk.workspace_id == scope.workspace_id)
            .order_by(Kiosk.revoked.is_not(None), Kiosk.name)
        )
        found = tuple(KioskRow(row.id, row.name, row.board, row.theme, row.created, row.revoked) for row in rows)
    return KiosksPage(workspace_mark(database, scope.workspace_id), found)
