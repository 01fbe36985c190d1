"""The chore of the elected process that tells of surges: one alarm when one begins, over when it is over."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.administration import workspace_keys
from data.alarms import WATCHROOM, clear_causes, raise_alarm
from data.audit import change
from data.clock import Clock
from data.database import Database
from data.polling import Chore
from data.queries.heading import heading
from data.queries.surge import surge_now
from models.alarms import AlarmCause, AlarmKind, Cause
from models.snapshots import Surge

EVERY = timedelta(seconds=30)
"""How often every workspace is looked at: a surge is told of within five minutes of its beginning."""


def chores(database: Database, clock: Clock) -> list[Chore]:
    """The chore of surges."""
    return [("surges", EVERY, partial(look, database, clock))]


def look(database: Database, clock: Clock) -> timedelta:
    """One round over every workspace. Returns how long until the next."""
    now = clock()
    with database.read() as db:
        homes = workspace_keys(db)
    for home in homes:
        tell(database, home, now)
    return EVERY


def tell(database: Database, workspace_id: int, now: datetime) -> bool:
    """Raise the alarm of a surge that began, or end that of one that is over; whether either was done. May run again."""
    with database.read() as db:
        head = heading(db, workspace_id, now)
        found = surge_now(db, head.ways, head.began, now)
        if (found is not None) == _told(db, workspace_id):
            return False
    with change(database, workspace_id, WATCHROOM, now) as c:
        if (found is not None) == _told(c.db, workspace_id):
            return False
        if found is None:
            ended = clear_causes(c, AlarmCause.kind == AlarmKind.SURGE)
            c.state("alarm.over", "alarm", ended[0] if len(ended) == 1 else None, after={"kind": str(AlarmKind.SURGE)})
        else:
            cause = Cause(AlarmKind.SURGE, f"surge/{now.isoformat()}", found.since, words=words(found), known=now)
            after = {"kind": str(AlarmKind.SURGE), "messages": found.count, "since": found.since.isoformat()}
            c.state("alarm.raise", "alarm", raise_alarm(c, cause), after=after)
    return True


def words(found: Surge) -> str:
    """What the alarm says, without a word of what anybody wrote."""
    minutes = int(found.window / timedelta(minutes=1))
    usual = f"{found.expected:.0f}" if found.expected >= 1 else "under 1"
    return f"{found.count} in {minutes} minutes, {usual} expected"


def _told(db: Session, workspace_id: int) -> bool:
    """Whether a surge has been told of that is not over yet."""
    wanted = select(AlarmCause.id).where(
        AlarmCause.workspace_id == workspace_id, AlarmCause.kind == AlarmKind.SURGE, AlarmCause.cleared.is_(None)
    )
    return db.scalar(wanted.limit(1)) is not None
