"""What the elected process does for the record, every minute: the ends of the audit chains are noted outside the database."""

from datetime import timedelta
from functools import partial

from data.anchors import Anchors, anchor_path
from data.clock import Clock
from data.database import Database
from data.polling import Chore
from data.settings import Settings

MINUTE = timedelta(minutes=1)


def chores(database: Database, clock: Clock, settings: Settings) -> list[Chore]:
    """The chores of the record."""
    anchors = Anchors(database, anchor_path(settings.database_url, settings.var))
    return [("anchors", MINUTE, partial(_anchor, anchors, clock))]


def _anchor(anchors: Anchors, clock: Clock) -> None:
    anchors.drop(clock())
