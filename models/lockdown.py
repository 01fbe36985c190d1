"""Lockdown: sending held back on some or all accounts of a workspace, for a time that is set when it begins."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Owned, owned
from models.problems import Problem

LONGEST_LOCKDOWN = timedelta(hours=72)
"""It ends by itself, so that nobody finds on a Monday that no reply has left since Friday."""


class OwnLockdown(Problem):
    """Who began a lockdown cannot be the one who ends it."""


class Frozen(Problem):
    """Sending is held back by a lockdown."""


class Lockdown(Owned, Audited, Base, kw_only=True):
    """Sending is held back on one account, or on all of the workspace where ``account_id`` is empty, until ``until``."""

    __tablename__ = "lockdown"
    __table_args__ = (
        *owned(("account", "account_id")),
        Index(
            "ix_lockdown_standing",
            "workspace_id",
            "until",
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
    )

    account_id: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str]
    begun: Mapped[datetime]
    begun_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    until: Mapped[datetime]
    ended: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), default=None)

    def holds(self, at: datetime) -> bool:
        """Whether sending is held back at this instant."""
        return self.ended is None and at < self.until

    def end(self, by: int, at: datetime) -> None:
        """Let sending go on. Raises ``OwnLockdown`` for whoever began it: it takes a second person."""
        if by == self.begun_by:
            raise OwnLockdown
        self.ended, self.ended_by = at, by
