"""Which instant of a workspace's past somebody means: the last event that it knew, and what was noted of that minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import INSTALLATION, AuditEvent
from models.past import KNOWN_FROM, Minute
from models.problems import NotKnown
from models.workspace import Installation as Fact

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of a workspace's past: the last event it knew, and what was noted of that minute, if anything was."""

    workspace_id: int
    at: datetime
    event_id: int
    outer_id: int
    noted: bool
    figures: dict[str, Any] | None
    seen: dict[str, Any] | None
    known_from: datetime | None


def find_moment(db: Session, workspace_id: int, at: datetime, now: datetime) -> Moment:
    """The moment at ``at``; in a minute that was noted, the very instant of the note. Raises ``NotKnown``."""
    known_from = known_since(db, workspace_id)
    if at > now or known_from is None or at < known_from.replace(second=0, microsecond=0):
        raise NotKnown(known_from)
    noted = db.get(Minute, (workspace_id, minute_of(at)))
    instant = noted.drawn if noted is not None else at
    event_id = noted.event_id if noted is not None else last_event(db, workspace_id, at)
    if not event_id:
        raise NotKnown(known_from)
    return Moment(
        workspace_id=workspace_id,
        at=instant,
        event_id=event_id,
        outer_id=max(event_id, last_event(db, INSTALLATION, instant)),
        noted=noted is not None,
        figures=noted.figures if noted is not None else None,
        seen=noted.seen if noted is not None else None,
        known_from=known_from,
    )


def minute_of(at: datetime) -> datetime:
    """The beginning of an instant's minute."""
    return at.replace(second=0, microsecond=0)


def known_since(db: Session, workspace_id: int) -> datetime | None:
    """From when on a workspace's past can be drawn: its first event, or where rows began to be kept. None: it has none."""
    first = db.scalar(select(func.min(AuditEvent.at)).where(AuditEvent.workspace_id == workspace_id))
    fact = db.get(Fact, KNOWN_FROM)
    kept = datetime.fromisoformat(fact.value) if fact is not None else None
    return max(kept, first) if kept and first else first


def last_event(db: Session, workspace_id: int, at: datetime) -> int:
    """The newest event of a chain by then, 0 where there was none yet."""
    wanted = select(AuditEvent.id).where(AuditEvent.workspace_id == workspace_id, AuditEvent.at <= at)
    return db.scalar(wanted.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(1)) or 0
