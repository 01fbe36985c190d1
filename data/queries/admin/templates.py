"""Templates on offer and retired, and the words that no reply may hold."""

from data import reply_rules
from data.database import Database
from data.practice import practice
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.snapshots.admin import TemplateRow, TemplatesPage
from models.templates import Template


def templates(database: Database, scope: Scope, chosen: int | None = None) -> TemplatesPage:
    """All of them, those on offer first. Raises ``NotPermitted``, and ``NotFound`` where ``chosen`` is not one of them."""
    scope.require(Permission.ADMINISTER)
    with database.read() as db:
        held = [
            *reply_rules.templates(db, scope.workspace_id),
            *reply_rules.templates(db, scope.workspace_id, retired=True),
        ]
        rows = {row.id: _row(row) for row in held}
        if chosen is not None and chosen not in rows:
            raise NotFound
        return TemplatesPage(
            workspace=practice(db, scope.workspace_id).mark,
            rows=tuple(rows.values()),
            chosen=rows[chosen] if chosen is not None else None,
            words=tuple(reply_rules.blocked_words(db, scope.workspace_id)),
        )


def _row(row: Template) -> TemplateRow:
    return TemplateRow(row.id, row.name, row.text, row.language, row.retired is not None)
