"""Runs the migrations over one connection, given by ``data.database.migrate`` as ``attributes["url"]``."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from models.entities import Base
from models.past_triggers import keep

LOCK = 7202211


def run() -> None:
    """Upgrade in one transaction; on Postgres under an advisory lock, so that two starts do not collide."""
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            context.run_migrations()
            keep(connection)
    engine.dispose()


run()
