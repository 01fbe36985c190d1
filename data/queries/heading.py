"""What every picture of a workspace begins with: its practice, its revision, and whether posts are being collected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from data.heartbeats import DEAD_AFTER, POLLER
from data.practice import Practice, practice
from data.signing import DEMONSTRATION
from models.audit import Revision
from models.problems import NotFound
from models.rollups import Hourly
from models.workspace import Heartbeat, Installation

_BEGAN = (
    select(Hourly.hour)
    .where(Hourly.workspace_id == bindparam("home"), Hourly.count > 0)
    .order_by(Hourly.hour)
    .limit(1)
    .scalar_subquery()
)
_HEADING = select(
    Revision.number,
    exists().where(Installation.key == DEMONSTRATION).label("demonstration"),
    select(Heartbeat.at).where(Heartbeat.name == POLLER).scalar_subquery().label("beat"),
    _BEGAN.label("began"),
).where(Revision.workspace_id == bindparam("home"))


@dataclass(frozen=True, slots=True)
class Heading:
    """``began`` is the hour of the workspace's first stored inbound message, None before there is one."""

    ways: Practice
    revision: int
    demonstration: bool
    poller_alive: bool
    began: datetime | None


def heading(db: Session, workspace_id: int, now: datetime) -> Heading:
    """Read it in the caller's picture. Raises ``NotFound`` where there is no such workspace."""
    row = db.connection().execute(_HEADING, {"home": workspace_id}).one_or_none()
    if row is None:
        raise NotFound
    alive = row.beat is not None and now - row.beat <= DEAD_AFTER
    return Heading(practice(db, workspace_id), row.number, bool(row.demonstration), alive, row.began)


def calendar_version(ways: Practice, now: datetime) -> int | None:
    """The number of the calendar's version in force, None without a calendar."""
    version = ways.calendar.in_force(now)
    return version.number if version is not None else None
