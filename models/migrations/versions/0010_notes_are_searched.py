"""The index of words over notes.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

from models.search_index import NOTES, making

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for statement in making(connection.dialect.name, NOTES):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("restore a backup to go back behind the index of words")
