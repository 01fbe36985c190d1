"""Random histories written straight into the tables, and slow plain-Python answers worked out from those rows.

Nothing here shares code with ``data/queries``: an oracle reads every row and does what METRICS.md says, word by word.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from math import floor
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select

from data.administration import create_workspace
from data.audit import change
from data.practice import practice
from data.rollups import Cell, count_messages
from models.audit import COMMAND
from models.calendars import CalendarVersion, Window
from models.conversation import Contact, Conversation, Episode, Message, Turn
from models.workspace import Account, AccountPoll, CalendarRow, Outcome

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)

OFFICE = tuple(Window(day, time(9), time(17)) for day in range(5))
NIGHTS = tuple(Window(day, time(22), time(6)) for day in range(7))


def office(zone="Europe/London", begins=None):
    return CalendarVersion(1, begins, zone, OFFICE, "England")


def nights(zone="Europe/London", begins=None):
    return CalendarVersion(1, begins, zone, NIGHTS)


@dataclass
class History:
    """A workspace under construction. ``calendar`` None means that it has none at all."""

    database: object
    slug: str = "north"
    seed: int = 1
    zone: str = "Europe/London"
    calendar: CalendarVersion | None = field(default_factory=office)
    id: int = 0
    under_way: object = None

    def __post_init__(self):
        self.random = Random(self.seed)
        self.id = create_workspace(
            self.database, self.slug, self.slug.title(), BEGAN, COMMAND, zone=self.zone, calendar=self.calendar
        )
        if self.calendar is None:
            with self.database.write() as db:
                db.execute(delete(CalendarRow).where(CalendarRow.workspace_id == self.id))
        with self.database.read() as db:
            self.ways = practice(db, self.id)
            found = db.execute(select(Outcome.id, Outcome.left_out).where(Outcome.workspace_id == self.id)).all()
        self.outcomes = [row.id for row in found]
        self.numbers = iter(range(1, 1_000_000))

    def write(self, make):
        """Run ``make(c, home)`` inside one change, the one of ``at_once`` where there is one."""
        if self.under_way is not None:
            return make(self.under_way, {"workspace_id": self.id, "audit_id": self.under_way.audit_id})
        with self.at_once():
            return self.write(make)

    @contextmanager
    def at_once(self):
        """Everything added in the block is one change."""
        with change(self.database, self.id, COMMAND, BEGAN) as c:
            self.under_way = c
            try:
                yield
            finally:
                self.under_way = None
            c.state("fill", "workspace", self.id)

    def add(self, entity, **values):
        """One row, and its key."""
        return self.write(
            lambda c, home: c.db.execute(insert(entity).values(**home, **values).returning(entity.id)).scalar_one()
        )

    def account(self, channel="x", **values):
        values = {"handle": f"@force{next(self.numbers)}", "created": BEGAN, "connector": "replay", **values}
        return self.add(Account, channel=channel, **values)

    def poll(self, account_id, **values):
        row = {"workspace_id": self.id, "account_id": account_id, **values}
        self.write(lambda c, home: c.db.execute(insert(AccountPoll).values(row)))

    def contact(self, channel="x", **values):
        number = str(next(self.numbers))
        values = {"handle": f"@neighbour{number}", "name": f"Neighbour {number}", **values}
        return self.add(Contact, channel=channel, network_id=number, first_seen=BEGAN, named_at=BEGAN, **values)

    def conversation(self, account_id, contact_id=None, rank=3, **values):
        return self.add(
            Conversation,
            account_id=account_id,
            contact_id=contact_id or self.contact(),
            rank=rank,
            grade_id=self.ways.grade_ids[rank],
            **{"state": "open", "last_at": BEGAN, **values},
        )

    def episode(self, conversation_id, opened):
        return self.add(Episode, conversation_id=conversation_id, opened=opened)

    def messages(self, account_ids, times, kinds=("public", "private", "listening"), **values):
        """Inbound messages at these times, in the roll-ups too; a tenth of them spam."""
        cells, rows = Counter(), []
        for sent in times:
            hours, spam = self.ways.calendar.hours_status(sent), self.random.random() < 0.1
            kind, account_id = self.random.choice(kinds), self.random.choice(account_ids)
            rank = self.random.choice([1, 2, 3])
            cells[Cell(sent, account_id, kind, hours, self.ways.grade_ids[rank], 0, int(spam))] += 1
            rows.append(message(next(self.numbers), account_id, sent) | {"kind": kind, "hours": hours, "spam": spam})
        self.write(
            lambda c, home: c.db.execute(insert(Message), [home | row | values for row in rows]) if rows else None
        )
        self.write(lambda c, home: count_messages(c.db, self.id, ZoneInfo(self.zone), cells))

    def turns(self, account_ids, starts, now, unanswered=0.25):
        """Turns of conversations of their own: answered here or elsewhere, still open, or closed without a reply."""
        for start in starts:
            account_id = self.random.choice(account_ids)
            conversation_id = self.conversation(account_id)
            self.turn(conversation_id, account_id, start, **self._course(start, now, unanswered))

    def turn(self, conversation_id, account_id, started, rank=3, **values):
        target = self.ways.target(rank, "x")
        standard = {"position": "first", "due": started + target.amount, "target_seconds": target.seconds}
        return self.add(
            Turn,
            conversation_id=conversation_id,
            episode_id=values.pop("episode_id", None) or self.episode(conversation_id, started),
            account_id=account_id,
            grade_id=self.ways.grade_ids[rank],
            started=started,
            clock=str(target.clock),
            **standard | values,
        )

    def _course(self, start, now, unanswered):
        random = self.random
        rank = random.choice([1, 2, 3, 3])
        course = {"rank": rank, "position": random.choice(["first", "first", "next"])}
        course["due"] = start + random.choice([timedelta(minutes=5), timedelta(minutes=30), 4 * HOUR, 20 * HOUR])
        if random.random() >= unanswered and start < now:
            wait = min(timedelta(seconds=int(random.lognormvariate(7, 2))), now - start)
            course["replied"] = random.choice([start + wait, start + wait, min(course["due"], now)])
            course["elsewhere"] = random.random() < 0.2
        elif random.random() < 0.4:
            course |= {"ended": min(start + HOUR, now), "outcome_id": random.choice(self.outcomes)}
        return course

    def instants(self, number, begins, ends):
        """Random instants in between, to the microsecond."""
        span = (ends - begins) // INSTANT
        return [begins + self.random.randrange(span) * INSTANT for _ in range(number)]


def message(number, account_id, sent):
    """The columns of an inbound message that nothing else follows from."""
    return {
        "account_id": account_id,
        "network_id": str(number),
        "version_id": str(number),
        "direction": "in",
        "kind": "public",
        "text": f"Message {number}",
        "sent": sent,
        "fetched": sent,
        "stored": sent,
        "sorted": sent,
    }


class Oracle:
    """Every row of one workspace in memory, and METRICS.md over them."""

    def __init__(self, database, workspace_id, now):
        self.now = now
        with database.read() as db:
            self.ways = practice(db, workspace_id)
            self.messages = rows(db, Message, workspace_id)
            self.turns = rows(db, Turn, workspace_id)
            self.accounts = {row.id: row for row in rows(db, Account, workspace_id)}
            left_out = [row.id for row in rows(db, Outcome, workspace_id) if row.left_out]
        self.zone = self.ways.zone
        self.counted_turns = [turn for turn in self.turns if turn.outcome_id not in left_out]
        self.inbound = [one for one in self.messages if one.direction == "in" and not one.spam]
        self.rank = {grade_id: rank for rank, grade_id in self.ways.grade_ids.items()}

    def open_turns(self):
        return [turn for turn in self.turns if turn.replied is None and turn.ended is None]

    def most_overdue(self):
        """Over its due time by the most: the greatest ``now - due``, also where all of them are below nought."""
        found = self.open_turns()
        return max((self.now - turn.due for turn in found), default=None)

    def waiting(self):
        by_rank = {mark.rank: [] for mark in self.ways.grades}
        for turn in self.open_turns():
            by_rank[self.rank[turn.grade_id]].append(turn.started)
        return [(rank, len(found), min(found, default=None)) for rank, found in by_rank.items()]

    def started_within(self, begins, ends):
        return [turn for turn in self.counted_turns if begins <= turn.started <= ends]

    def waits(self, turns):
        """Public waits of answered first turns, and the waits so far of the others."""
        first = [turn for turn in turns if turn.position == "first"]
        answered = [turn.replied - turn.started for turn in first if turn.replied is not None]
        return answered, [self.now - turn.started for turn in first if turn.replied is None]

    def service(self, turns):
        """n, unanswered and share: answered within T / (answered + not answered and older than T)."""
        answered = [turn for turn in turns if turn.replied is not None]
        missed = [turn for turn in turns if turn.replied is None and self.now > turn.due]
        n = len(answered) + len(missed)
        good = sum(1 for turn in answered if turn.replied <= turn.due)
        return n, len(missed), (good / n if n else None)

    def out_of_hours(self, begins, ends):
        """n, share and rate ratio of messages sent in [begins, ends), minute by minute for the hours."""
        calendar = self.ways.calendar
        found = [one.hours for one in self.inbound if begins <= one.sent < ends]
        inside, outside = found.count("in"), found.count("out")
        if not inside + outside:
            return len(found), None, None
        seconds = Counter()
        at = begins
        while at < ends:
            step = min(timedelta(minutes=1), ends - at)
            seconds[calendar.hours_status(at)] += step / timedelta(seconds=1)
            at += step
        share = outside / (inside + outside)
        if not (inside and seconds["in"] and seconds["out"]):
            return inside + outside, share, None
        return inside + outside, share, (outside / seconds["out"]) / (inside / seconds["in"])

    def hour_counts(self):
        return Counter(one.sent.replace(minute=0, second=0, microsecond=0) for one in self.inbound)

    def by_channel(self, begins):
        """Inbound messages of the hour that begins then, by channel."""
        found = (one for one in self.inbound if begins <= one.sent < begins + HOUR)
        return Counter(self.accounts[one.account_id].channel for one in found)

    def usual(self, hour):
        """Every hour of the last eight weeks that is the same local hour of the same day of the week."""
        first = min((one.sent for one in self.messages if one.direction == "in"), default=None)
        if first is None:
            return None
        local, counts = hour.astimezone(self.zone), self.hour_counts()
        at, found = hour - 57 * DAY, {}
        while at < hour - 5 * DAY:
            there = at.astimezone(self.zone)
            same = (there.weekday(), there.hour, there.minute) == (local.weekday(), local.hour, local.minute)
            weeks = (local.date() - there.date()) // timedelta(weeks=1)
            if same and 1 <= weeks <= 8 and at >= first.replace(minute=0, second=0, microsecond=0):
                found[at] = weeks
            at += HOUR
        return float(median(counts[at] for at in found)) if len(set(found.values())) >= 4 else None


def rows(db, entity, workspace_id):
    return db.execute(select(entity.__table__).where(entity.__table__.c.workspace_id == workspace_id)).all()


def product_limit(answered, waiting, q):
    """Kaplan-Meier by the book: the smallest t with S(t) <= 1 - q, and whether it is reached. None below 20."""
    if len(answered) + len(waiting) < 20:
        return None
    survival, bound = Fraction(1), 1 - Fraction(str(q))
    for wait in sorted(set(answered)):
        at_risk = sum(1 for one in (*answered, *waiting) if one >= wait)
        survival *= 1 - Fraction(answered.count(wait), at_risk)
        if survival <= bound:
            return wait, True
    return max((*answered, *waiting)), False


def whole_hour(at):
    return BEGAN + floor((at - BEGAN) / HOUR) * HOUR
