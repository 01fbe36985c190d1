"""Whether the elected poller is alive, by the row it writes every ten seconds."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.workspace import Heartbeat

POLLER = "poller"
BEAT = timedelta(seconds=10)
DEAD_AFTER = 3 * BEAT


def poller_seen(db: Session, now: datetime) -> tuple[datetime | None, bool]:
    """When the poller last gave a sign of life (None: never), and whether it counts as alive at ``now``."""
    at = db.scalar(select(Heartbeat.at).where(Heartbeat.name == POLLER))
    return at, at is not None and now - at <= DEAD_AFTER


def poller_alive(db: Session, now: datetime) -> bool:
    """Whether posts are being collected: dead when the last sign is older than three beats, or there is none."""
    return poller_seen(db, now)[1]
