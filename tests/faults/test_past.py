"""The time machine: the main board drawn again for a minute of the past equals what it said in that minute.

Histories with everything that moves a figure later: late posts, edits, deletions, claims, closings, grades by rules that
changed, targets, the calendar, outcomes, new accounts, the workspace's own gap and aim.
"""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import closing, desk, past
from data.audit import change
from data.minutes import figures_of, note_minute, seen_of
from data.moments import find_moment, minute_of
from data.queries.past import drawn
from data.queries.queue import queue
from models.audit import COMMAND, INSTALLATION
from models.calendars import CalendarVersion, Window
from models.conversation import Contact, Conversation
from models.past import Former, Minute
from models.problems import Problem
from models.snapshots import QueueFilters
from models.workspace import CalendarRow, Outcome, Rule, TargetTime, Workspace
from tests.arrivals import MONDAY, Town, add_account, add_colleague, deliver, found, history
from tests.rows import add_member, open_database, scope_of

FULL = 1_000
PEOPLE, THREADS, STEPS = 8, 120, 260
MINUTE = timedelta(minutes=1)


class Days:
    """Some days of a control room: what came, what people did, and what was noted."""

    def __init__(self, database, chance):
        self.database, self.chance = database, chance
        add_colleague(database)
        self.town = found(database)
        self.home = self.town.account.workspace_id
        self.user = add_member(database, self.home, "olu", "Operator", at=MONDAY - timedelta(days=30))
        self.scope = scope_of(self.home, self.user)
        self.now = MONDAY
        self.number = 1
        self.queues = {}
        posts = history(chance, PEOPLE, THREADS)
        self.coming = sorted(
            (
                (post.sent + chance.choice((1, 3, 20, 60 * 20)) * MINUTE, number, post)
                for number, post in enumerate(posts)
            )
        )
        self.acts = (
            *(self.claim, self.release, self.close, self.close, self.regrade, self.retarget),
            *(self.new_hours, self.leave_out, self.new_account, self.new_gap),
        )

    def run(self, steps):
        for _ in range(steps):
            self.now += self.chance.choice((1, 2, 7, 40)) * MINUTE + timedelta(
                microseconds=self.chance.randrange(10**6)
            )
            self.arrive()
            if self.chance.random() < 0.4:
                self.try_one(self.chance.choice(self.acts))
            self.note()

    def try_one(self, act):
        with suppress(Problem):
            act()

    def arrive(self):
        due = [post for at, _, post in self.coming if at <= self.now]
        self.coming = [one for one in self.coming if one[0] > self.now]
        if due:
            deliver(At(self), self.chance, due)

    def note(self):
        assert note_minute(self.database, self.home, self.now) or self.noted_already()
        if self.chance.random() < 0.3:
            self.queues[minute_of(self.now)] = self.queue_now()

    def noted_already(self):
        with self.database.read() as db:
            return db.get(Minute, (self.home, minute_of(self.now))) is not None

    def queue_now(self, database=None, at=None):
        found = queue(database or self.database, self.scope, QueueFilters(), at or self.now)
        return (found.rows, found.total, found.views, [one.count for one in found.accounts])

    def some(self, entity):
        rows = self.town.rows(entity)
        return self.chance.choice(rows) if rows else None

    def claim(self):
        desk.claim(self.database, self.scope, self.some(Conversation).id, self.now)

    def release(self):
        desk.release(self.database, self.scope, self.some(Conversation).id, self.now)

    def close(self):
        contact, outcome = self.some(Contact), self.some(Outcome)
        one = closing.Closing(contact.network_id, self.now, outcome.word)
        closing.close_all(self.database, self.town.account, [one], COMMAND, self.now)

    def changed(self, entity, **values):
        with change(self.database, self.home, COMMAND, self.now) as c:
            row = self.chance.choice(list(c.db.scalars(select(entity).where(entity.workspace_id == self.home))))
            for name, value in values.items():
                setattr(row, name, value)
            c.state("change", entity.__tablename__, row.id)

    def regrade(self):
        self.changed(Rule, actions={"grade": self.chance.choice(("Emergency", "Priority", "Standard"))})

    def retarget(self):
        self.changed(TargetTime, seconds=self.chance.choice((60, 600, 7200)))

    def leave_out(self):
        self.changed(Outcome, left_out=self.chance.random() < 0.5)

    def new_hours(self):
        self.number += 1
        begins = self.now - self.chance.choice((0, 60, 60 * 24 * 3)) * MINUTE
        opens, closes = sorted(self.chance.sample(range(1, 24), 2))
        windows = tuple(
            Window(day, MONDAY.replace(hour=opens).time(), MONDAY.replace(hour=closes).time()) for day in range(6)
        )
        version = CalendarVersion(self.number, begins, "Europe/London", windows)
        with change(self.database, self.home, COMMAND, self.now) as c:
            c.db.add(CalendarRow(workspace_id=self.home, number=self.number, facts=version.to_json(), audit_id=0))
            c.state("change", "calendar")

    def new_account(self):
        if self.chance.random() < 0.2:
            add_account(self.database, self.home, f"@more{self.now:%d%H%M%S}", "mastodon", self.now)

    def new_gap(self):
        with change(self.database, INSTALLATION, COMMAND, self.now) as c:
            row = c.db.get_one(Workspace, self.home)
            row.gap_seconds, row.aim = self.chance.choice((3600, 86400)), self.chance.choice((0.8, 0.9))
            c.state("change", "workspace", self.home)


class At(Town):
    """The town, which takes its pages at the present of those days."""

    def __init__(self, days):
        super().__init__(days.database, days.town.account)
        object.__setattr__(self, "now", days.now)

    def take(self, *posts, **more):
        return super().take(*posts, at=self.now, **more)


@pytest.fixture
def days(database_url):
    database = open_database(database_url)
    lived = Days(database, random.Random(7))
    yield lived
    database.close()


def moments(days):
    with days.database.read() as db:
        noted = list(db.scalars(select(Minute).where(Minute.workspace_id == days.home)))
        return {one.at: (find_moment(db, days.home, one.at, days.now + MINUTE), one) for one in noted}


def differing(days, wanted):
    wrong = []
    for at, (moment, noted) in wanted.items():
        board = drawn(days.database, moment)
        if (figures_of(board), seen_of(board)) != (noted.figures, noted.seen):
            told = figures_of(board)
            wrong.append(
                (at, {name: (told[name], noted.figures[name]) for name in told if told[name] != noted.figures[name]})
            )
    return wrong


def test_every_minute_of_the_past_is_drawn_as_it_was(days, rounds):
    """Looked at in stretches, so that what happens later is later for most of them, and never changes what was."""
    wanted, chance = rounds(FULL), random.Random(11)
    checked = queues = 0
    while checked < wanted:
        days.run(min(STEPS, wanted))
        known = moments(days)
        chosen = dict(chance.sample(sorted(known.items()), min(wanted - checked, len(known))))
        assert differing(days, chosen) == []
        checked += len(chosen)
        queues += check_queues(days)
    assert queues
    with days.database.read() as db:
        assert db.scalar(select(func.count()).select_from(Former)) > wanted // 2


def check_queues(lived):
    """The queue, row by row, wherever it was looked at in a noted minute."""
    known = moments(lived)
    for at, said in lived.queues.items():
        moment = known[at][0]
        with past.queue_as_at(lived.database, moment) as then:
            assert lived.queue_now(then, moment.at) == said, at
    return len(lived.queues)


def test_rows_of_today_or_one_event_too_many_would_be_found_out(days, monkeypatch):
    """The planted faults: a board of the past drawn from what rows say now, or from what came a moment later."""
    days.run(40)
    with days.database.read() as db:
        last = max(db.scalars(select(Former.ended_id)))
    known = moments(days)
    later = {at: (replace(moment, event_id=last), noted) for at, (moment, noted) in known.items()}
    assert differing(days, later)
    honest = past._former
    monkeypatch.setattr(
        past, "_former", lambda db, home, name, *more: [] if name == "turn" else honest(db, home, name, *more)
    )
    assert differing(days, known)
