"""What tells people at work that something changed, without saying what: cheap enough to ask at every commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from data.alarms import alarms_sign
from data.database import Database
from data.presence import marks
from models.audit import Revision
from models.notes import Notification
from models.problems import NotFound
from models.watch import AccountWatch
from models.workspace import Account, AccountPoll


@dataclass(frozen=True, slots=True)
class Pulse:
    """The revision of a workspace, a text that differs when the register of its accounts shows something else, and one that
    differs when anybody was told of something or read it; ``alarms`` differs when one was raised, joined, climbed or ended.

    Some states of an account are reached by waiting (quiet, not asked), so the text differs every minute too.
    ``watchers`` has a text for each conversation that somebody looks at, which differs when who does so changes.
    """

    revision: int
    accounts: str
    presence: int = 0
    watchers: Mapping[int, str] = field(default_factory=dict)
    notifications: str = ""
    alarms: str = ""


def pulse(database: Database, workspace_id: int, now: datetime) -> Pulse:
    """The workspace's pulse at ``now``. Raises ``NotFound``."""
    with database.read() as db:
        revision = db.execute(
            select(Revision.number, Revision.presence).where(Revision.workspace_id == workspace_id)
        ).one_or_none()
        watchers = marks(db, workspace_id, now)
        rows = db.execute(
            select(
                Account.id,
                Account.audit_id,
                AccountPoll.last_success,
                AccountPoll.last_new,
                AccountPoll.failures,
                AccountPoll.refused,
                AccountPoll.reason,
                AccountWatch.begun,
            )
            .outerjoin(
                AccountWatch,
                (AccountWatch.account_id == Account.id) & (AccountWatch.workspace_id == Account.workspace_id),
            )
            .outerjoin(
                AccountPoll,
                (AccountPoll.account_id == Account.id) & (AccountPoll.workspace_id == Account.workspace_id),
            )
            .where(Account.workspace_id == workspace_id)
            .order_by(Account.id)
        ).all()
        told = db.execute(
            select(func.count(), func.max(Notification.id)).where(
                Notification.workspace_id == workspace_id, Notification.read.is_(None)
            )
        ).one()
        alarms = alarms_sign(db, workspace_id)
    if revision is None:
        raise NotFound
    accounts = f"{now:%H:%M} {[tuple(row) for row in rows]!r}"
    return Pulse(revision.number, accounts, revision.presence, watchers, repr(tuple(told)), alarms)
