"""What the elected process does for the record.

Every minute the ends of the audit chains are noted outside the database, and what the main boards say beside it; every hour
what is older than the time machine reaches is let go, and SQLite learns how its tables have grown.
"""

from datetime import timedelta
from functools import partial

from data.anchors import Anchors, anchor_path
from data.clock import Clock
from data.database import Database
from data.minutes import forget, note_minutes
from data.polling import Chore
from data.settings import Settings

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def chores(database: Database, clock: Clock, settings: Settings) -> list[Chore]:
    """The chores of the record."""
    anchors = Anchors(database, anchor_path(settings.database_url, settings.var))
    keep = timedelta(days=settings.past_days)
    return [
        ("anchors", MINUTE, partial(_anchor, anchors, clock)),
        ("minutes", MINUTE, partial(_note, database, clock)),
        ("forget", HOUR, partial(_forget, database, clock, keep)),
        ("statistics", HOUR, database.analyse),
    ]


def _anchor(anchors: Anchors, clock: Clock) -> None:
    anchors.drop(clock())


def _note(database: Database, clock: Clock) -> None:
    note_minutes(database, clock)


def _forget(database: Database, clock: Clock, keep: timedelta) -> None:
    forget(database, keep, clock())
