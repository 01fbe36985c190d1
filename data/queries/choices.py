"""What a workspace lets people choose from in a form."""

from sqlalchemy import select

from data.database import Database
from models.permissions import Permission, Scope
from models.workspace import Outcome


def outcomes(database: Database, scope: Scope) -> tuple[tuple[int, str], ...]:
    """How a conversation may end here: key and word, in the order in which they were made. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    with database.read() as db:
        found = select(Outcome.id, Outcome.word).where(Outcome.workspace_id == scope.workspace_id).order_by(Outcome.id)
        return tuple((row.id, row.word) for row in db.execute(found))
