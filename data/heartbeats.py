"""Whether the elected poller is alive, by the row it writes every three seconds."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.workspace import Heartbeat

POLLER = "poller"
BEAT = timedelta(seconds=3)
DEAD_AFTER = 3 * BEAT
"""With the hub's look every five seconds, a page says so within fifteen. A writer waits five seconds for a busy database at
most, so that a living poller is never called dead for it."""


def poller_seen(db: Session, now: datetime) -> tuple[datetime | None, bool]:
    """When the poller last gave a sign of life (None: never), and whether it counts as alive at ``now``."""
    at = db.scalar(select(Heartbeat.at).where(Heartbeat.name == POLLER))
    return at, at is not None and now - at <= DEAD_AFTER


def poller_alive(db: Session, now: datetime) -> bool:
    """Whether posts are being collected: dead when the last sign is older than three beats, or there is none."""
    return poller_seen(db, now)[1]
