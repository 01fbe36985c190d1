"""The chore of the elected process that meets the instants of alarms: it comes round at the next one and scans for none."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from data.alarms import climb_due
from data.asking import next_call, pass_on_due
from data.clock import Clock
from data.database import Database
from data.deadlines import next_instant, raise_due
from data.failing import next_failing, tell_failing
from data.polling import Chore
from data.watch import next_look, raise_unwatched
from models.alarms import Alarm

EVERY = timedelta(seconds=5)
"""The longest time between two rounds: what is stored meanwhile falls later than that, but for targets of seconds."""
LEAST = timedelta(milliseconds=50)


def chores(database: Database, clock: Clock) -> list[Chore]:
    """The chores of alarms."""
    return [("alarms", EVERY, partial(look, database, clock))]


def look(database: Database, clock: Clock) -> timedelta:
    """One round: everything whose instant has come. Returns how long until the next round is due."""
    now = clock()
    meet(database, now)
    return until_next(database, clock())


def meet(database: Database, now: datetime) -> int:
    """Raise and climb what is due by now; returns how many causes and steps that were."""
    found = raise_due(database, now) + raise_unwatched(database, now) + tell_failing(database, now)
    return found + pass_on_due(database, now) + climb_due(database, now)


def until_next(database: Database, now: datetime) -> timedelta:
    """How long until the next instant, at most ``EVERY``."""
    with database.read() as db:
        climbs = db.scalar(select(func.min(Alarm.climbs)))
        instants = [next_instant(db), next_look(db), next_failing(db), next_call(db), climbs]
    nearest = min((at for at in instants if at is not None), default=now + EVERY)
    return min(max(nearest - now, LEAST), EVERY)
