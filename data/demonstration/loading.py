"""Loading the demonstration: its people and places once, then every missing day up to now."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.administration import create_workspace
from data.audit import change
from data.clock import Clock
from data.closing import Closing, close_all
from data.database import Database
from data.demonstration.county import county
from data.demonstration.handling import handle
from data.demonstration.story import LONGEST, ZONE, Event, between
from data.demonstration.views import share_views
from data.intake import take
from data.minutes import note_minutes
from data.page import AccountFacts
from data.passwords import hash_password
from data.people import add_membership, add_user
from data.signing import DEMONSTRATION
from models.audit import INSTALLATION, Actor
from models.calendars import CalendarVersion
from models.people import User
from models.posts import Batch
from models.problems import DemonstrationOnly
from models.workspace import Account, Installation, Team, TeamMember, Topic, Workspace

HISTORY = timedelta(days=58)
"""A little over eight weeks: "usual" needs eight of the same hour of the week (METRICS.md)."""
OVERLAP = timedelta(minutes=10)
"""Filled in again, for what the pollers had not fetched when the server stopped; what is there already stays as it is."""
LATELY = timedelta(hours=8)
STEP = timedelta(minutes=20)
LAG = timedelta(seconds=24)
PASSWORD = "northshire-demo"  # noqa: S105 - printed on purpose, refused by any database without the mark
FILLED = "demonstration filled until"
INCIDENTS = "demonstration incidents"
STORY = Actor("demonstration")
POLL_SECONDS = 5
BOSS = "jokafor"
"""The supervisor who shares views with everybody."""

Report = Callable[[str, float], None]
"""Told what is being done and how far it is, from 0 to 1."""


def load(database: Database, clock: Clock, report: Report, history: timedelta = HISTORY) -> None:
    """Make the demonstration in an empty database, or fill in what is missing since it last ran.

    ``history`` is how far back a new one goes. Marks the database as a demonstration. Raises ``DemonstrationOnly`` where it
    holds real workspaces.
    """
    now = clock()
    if not is_demonstration(database):
        if _workspace_ids(database) or user_ids(database):
            raise DemonstrationOnly
        report("Making workspaces and people", 0.0)
        _found(database, now - history)
    filled = read(database, FILLED)
    begin = datetime.fromisoformat(filled) - OVERLAP if filled else now - history
    fill(database, begin, now, report)


def is_demonstration(database: Database) -> bool:
    """Whether the database carries the mark."""
    return read(database, DEMONSTRATION) is not None


def read(database: Database, key: str) -> str | None:
    """A fact about this database."""
    with database.read() as db:
        row = db.get(Installation, key)
        return row.value if row is not None else None


def note(db: Session, key: str, value: str) -> None:
    """Keep a fact about this database."""
    row = db.get(Installation, key)
    if row is None:
        db.add(Installation(key=key, value=value))
    else:
        row.value = value


def incidents(database: Database) -> list[datetime]:
    """When incidents began: one each time the demonstration was served."""
    return [datetime.fromisoformat(text) for text in json.loads(read(database, INCIDENTS) or "[]")]


def _found(database: Database, at: datetime) -> None:
    """Workspaces, accounts, people and the mark, all dated before the history begins."""
    at = datetime.combine(at.date(), time(), UTC) - timedelta(hours=6)
    for place in county().places["workspaces"]:
        hours = CalendarVersion.from_json(place["calendar"][0])
        workspace_id = create_workspace(database, place["slug"], place["name"], at, STORY, calendar=hours)
        _furnish(database, workspace_id, place, at)
    _settle(database, at)
    with database.write() as db:
        note(db, DEMONSTRATION, "every message in this database is invented")


def _furnish(database: Database, workspace_id: int, place: dict[str, Any], at: datetime) -> None:
    with change(database, workspace_id, STORY, at) as c:
        known = set(c.db.scalars(select(Topic.word).where(Topic.workspace_id == workspace_id)))
        words = {topic["key"]: topic["word"] for topic in county().places["topics"]}
        wanted = [words[key] for key in place["topics"] if words[key] not in known]
        c.db.add_all(Topic(workspace_id=workspace_id, audit_id=c.audit_id, word=word) for word in wanted)
        for account in county().accounts:
            if account["workspace"] == place["slug"]:
                c.db.add(_account(workspace_id, c.audit_id, account, at))
        c.state("furnish", "workspace", workspace_id, after={"accounts": len(county().accounts_of(place["slug"]))})


def _account(workspace_id: int, audit_id: int, account: dict[str, Any], at: datetime) -> Account:
    return Account(
        workspace_id=workspace_id,
        audit_id=audit_id,
        channel=account["channel"],
        connector="replay",
        handle=account["handle"],
        created=at,
        interval_seconds=POLL_SECONDS,
        purpose=account["purpose"],
        owner=account["name"],
    )


def _settle(database: Database, at: datetime) -> None:
    """Colleagues with their roles and teams. One password for all: its hash is made once."""
    hashed = hash_password(PASSWORD)
    for person in county().places["colleagues"]:
        boss = bool(person.get("installation_administrator"))
        with change(database, INSTALLATION, STORY, at) as c:
            add_user(c, person["sign_in"], person["name"], hashed, boss, demonstration=True)
    users = user_ids(database)
    for place in county().places["workspaces"]:
        workspace_id = _workspace_ids(database)[place["slug"]]
        with change(database, workspace_id, STORY, at) as c:
            for person in county().places["colleagues"]:
                for role in person["roles"].get(place["slug"], ()):
                    add_membership(c, users[person["sign_in"]], role)
            c.state("grant", "workspace", workspace_id)
        with change(database, workspace_id, STORY, at) as c:
            for team in place["teams"]:
                row = Team(workspace_id=workspace_id, audit_id=c.audit_id, name=team["name"])
                c.db.add(row)
                c.db.flush()
                for name in team["members"]:
                    c.db.add(
                        TeamMember(workspace_id=workspace_id, team_id=row.id, user_id=users[name], audit_id=c.audit_id)
                    )
            c.state("furnish", "workspace", workspace_id)
        share_views(database, workspace_id, users[BOSS], at, STORY)


def user_ids(database: Database) -> dict[str, int]:
    """Every colleague's key by sign-in name."""
    with database.read() as db:
        return {user.sign_in: user.id for user in db.scalars(select(User))}


def _workspace_ids(database: Database) -> dict[str, int]:
    with database.read() as db:
        return {workspace.slug: workspace.id for workspace in db.scalars(select(Workspace))}


def accounts(database: Database) -> list[Account]:
    """The demonstration's accounts in the county's order."""
    slugs = {key: slug for slug, key in _workspace_ids(database).items()}
    with database.read() as db:
        rows = {(slugs[row.workspace_id], row.channel, row.handle): row for row in db.scalars(select(Account))}
    return [rows[(one["workspace"], one["channel"], one["handle"])] for one in county().accounts]


def fill(database: Database, begin: datetime, end: datetime, report: Report) -> None:
    """Everything the story says happened in [begin, end). May run again: the same day brings the same posts."""
    began = incidents(database)
    places = accounts(database)
    users = user_ids(database)
    at, whole = begin, max((end - begin).total_seconds(), 1.0)
    while at < end:
        until = min(_next_step(at, end), end)
        report(f"Filling in {at.astimezone(ZONE):%A %d %B}", (at - begin).total_seconds() / whole)
        tell(database, between(at, until, began), places, users, until)
        at = until
        if at >= end - LATELY:
            note_minutes(database, partial(_same, until))
        with database.write() as db:
            note(db, FILLED, until.isoformat())
    report("Ready", 1.0)


def _same(at: datetime) -> datetime:
    return at


def _next_step(at: datetime, end: datetime) -> datetime:
    """A day at a time, and shorter towards the end, so that the wallboard and the queue of the last hours can be drawn."""
    lately = end - LATELY
    return min(_next_midnight(at), lately) if at < lately else min(_next_midnight(at), at + STEP)


def _next_midnight(at: datetime) -> datetime:
    day = at.astimezone(ZONE).date() + timedelta(days=1)
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def tell(
    database: Database,
    events: Iterable[Event],
    places: list[Account],
    users: dict[str, int],
    at: datetime,
    lag: timedelta | None = LAG,
) -> None:
    """Put events of the story into the database through intake and closing, account by account."""
    by_account: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_account[event.account].append(event)
    for number, all_events in sorted(by_account.items()):
        place = places[number]
        facts = AccountFacts(place.workspace_id, place.id, place.channel)
        posts = tuple(event.post for event in all_events if event.post is not None)
        sent_by = {event.post.network_id: users[event.by] for event in all_events if event.post and event.by}
        if posts:
            take(database, facts, Batch(posts, ""), at, lambda: at, sent_by=sent_by, lag=lag, polled=False, actor=STORY)
        closings = [
            Closing(event.contact.network_id, event.at, event.closing)
            for event in all_events
            if event.closing is not None and event.contact is not None
        ]
        if closings:
            close_all(database, facts, closings, STORY, at)
        handle(database, facts, min(event.at for event in all_events) - LONGEST, STORY, at)
