"""Alerts out: stored in the transaction of the alarm, told by a chore, and tried again until they are told.

What is told is the kind of an alarm and a link. Nothing is told of an alarm that somebody acknowledged meanwhile, and in the
quiet hours only the top grade is told; the others wait for their end.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.clock import Clock
from data.credentials import CredentialsBox
from data.database import Database
from data.practice import practice
from models.alarms import LADDER, Alarm, AlarmWays, Person, is_for, is_quiet
from models.alerts import LEASE, AlertOut, AlertState, Destination, check_name, pause_after
from models.audit import Actor
from models.moves import TOP
from models.people import Membership, Role, User
from models.permissions import Permission, rights_of
from models.problems import BadValue, CredentialsLocked, NotFound
from models.workspace import Team, TeamMember, Workspace

EVERY = timedelta(seconds=2)
SPELL = timedelta(seconds=10)
"""How long one run of the chore begins further alerts."""
ADDRESS = "address"

Chore = tuple[str, timedelta, Callable[[], None]]
Teller = Callable[[str, str, str], None]
"""Tells a title and a body at an address; raises ``OSError`` where that failed (``data.telling.tell``)."""


def chores(database: Database, clock: Clock, box: CredentialsBox, site: str, tell: Teller) -> list[Chore]:
    """The chore of alerts out. ``site`` is where the links lead."""
    return [("alerts", EVERY, partial(tell_ready, database, clock, box, site, tell))]


def queue(c: Change, alarm: Alarm, ways: AlarmWays, only: int | None = None) -> None:
    """Store what is to be told of an alarm on the step where it stands, within the change that brought it there.

    Where it calls one person ``only``, their own destinations are told, at once and whatever step they begin at.
    """
    wanted = select(Destination).where(
        Destination.workspace_id == c.workspace_id,
        Destination.removed.is_(None),
        Destination.from_step <= alarm.step if only is None else Destination.user_id == only,
    )
    for one in c.db.scalars(wanted):
        if only is not None or _is_for(c.db, one, alarm, ways):
            place: dict[str, Any] = {"workspace_id": c.workspace_id, "alarm_id": alarm.id, "destination_id": one.id}
            when = _not_before(c.db, alarm, ways, c.at) if only is None else c.at
            c.db.add(AlertOut(**place, step=alarm.step, stored=c.at, next_try=when))


def _is_for(db: Session, one: Destination, alarm: Alarm, ways: AlarmWays) -> bool:
    if one.user_id is not None:
        person = _person(db, one.workspace_id, one.user_id)
        return person is not None and is_for(alarm.step, alarm.team_id, ways.duty_team_id, person)
    if one.team_id is None:
        return True
    on_duty = one.team_id == ways.duty_team_id and alarm.step == len(LADDER) - 1
    return on_duty or alarm.team_id in (None, one.team_id)


def _person(db: Session, workspace_id: int, user_id: int) -> Person | None:
    """Who they are in the ladder; None for somebody who has no role here any more."""
    roles = db.execute(
        select(Role.name, Role.permissions, Role.built_in)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .join(User, User.id == Membership.user_id)
        .where(Membership.workspace_id == workspace_id, Membership.user_id == user_id, User.disabled.is_(False))
    ).all()
    held = {right for role in roles for right in rights_of(*role)}
    teams = db.scalars(
        select(TeamMember.team_id).where(TeamMember.workspace_id == workspace_id, TeamMember.user_id == user_id)
    )
    if not held:
        return None
    return Person(user_id, frozenset(teams), Permission.CLAIM in held, Permission.MOVE_WORK in held)


def _not_before(db: Session, alarm: Alarm, ways: AlarmWays, at: datetime) -> datetime:
    """When it may be told: now, or at the end of the quiet hours, to the minute."""
    if alarm.rank == TOP or ways.quiet_until is None:
        return at
    zone = practice(db, alarm.workspace_id).zone
    return next(minute for minute in _minutes(at) if not is_quiet(ways, minute.astimezone(zone).time()))


def _minutes(at: datetime) -> Iterator[datetime]:
    """This instant and the beginning of every minute after it, for two days."""
    yield at
    whole = at.replace(second=0, microsecond=0)
    yield from (whole + timedelta(minutes=number) for number in range(1, 2 * 24 * 60))


def tell_ready(database: Database, clock: Clock, box: CredentialsBox, site: str, tell: Teller) -> None:
    """Tell what is ready, one after the other, for one spell."""
    began = monotonic()
    while monotonic() - began < SPELL.total_seconds() and tell_next(database, box, site, tell, clock()):
        pass


def tell_next(database: Database, box: CredentialsBox, site: str, tell: Teller, now: datetime) -> bool:
    """One attempt, with no transaction open meanwhile; False where nothing is ready.

    It is taken for two minutes: where this process dies in them, another tries again, so an alert may come twice but is
    never lost.
    """
    with database.write() as db:
        row = db.scalar(
            select(AlertOut).where(AlertOut.next_try <= now).order_by(AlertOut.next_try, AlertOut.id).limit(1)
        )
        if row is None:
            return False
        taken = update(AlertOut).where(AlertOut.id == row.id, AlertOut.next_try == row.next_try)
        if db.execute(taken.values(next_try=now + LEASE).returning(AlertOut.id)).first() is None:
            return True
        key, alarm, to = row.id, db.get_one(Alarm, row.alarm_id), db.get_one(Destination, row.destination_id)
        slug = db.get_one(Workspace, row.workspace_id).slug
        wanted = alarm.open and to.removed is None
        title, body, address = f"Watchroom: {alarm.kind}", _body(alarm, row.step, site, slug), to.address
    problem = ""
    if wanted:
        try:
            tell(box.unlock(address)[ADDRESS], title, body)
        except (OSError, CredentialsLocked) as error:
            problem = type(error).__name__ if isinstance(error, CredentialsLocked) else str(error)
    _note(database, key, wanted, problem, now)
    return True


def _body(alarm: Alarm, step: int, site: str, slug: str) -> str:
    return f"An alarm calls the {LADDER[step]}: {alarm.kind}. See it and acknowledge it: {site}/alarms?workspace={slug}"


def _note(database: Database, key: int, wanted: bool, problem: str, now: datetime) -> None:
    with database.write() as db:
        row = db.get_one(AlertOut, key)
        row.tries += int(wanted)
        row.problem = problem[:200]
        if problem:
            row.next_try = now + pause_after(row.tries)
            return
        row.state, row.next_try = str(AlertState.SENT if wanted else AlertState.OVER), None
        row.told = now if wanted else None


def add_destination(
    database: Database,
    box: CredentialsBox,
    workspace_id: int,
    name: str,
    service: str,
    address: str,
    at: datetime,
    actor: Actor,
    *,
    user_id: int | None = None,
    team_id: int | None = None,
    from_step: int = 0,
) -> int:
    """One more place where alarms are told; returns its key. Raises ``BadValue``, and ``NotFound`` for who is not here."""
    kept = check_name(name)
    if user_id is not None and team_id is not None:
        raise BadValue("destination", "choose a person or a team")
    with change(database, workspace_id, actor, at) as c:
        known = (Destination.workspace_id == workspace_id, Destination.name == kept)
        if c.db.scalar(select(Destination.id).where(*known)) is not None:
            raise BadValue("name", "choose another one: there is a destination called that")
        team = c.db.get(Team, team_id) if team_id is not None else None
        if team_id is not None and (team is None or team.workspace_id != workspace_id):
            raise NotFound
        if user_id is not None and _person(c.db, workspace_id, user_id) is None:
            raise NotFound
        place: dict[str, Any] = {
            "workspace_id": workspace_id,
            "audit_id": c.audit_id,
            "user_id": user_id,
            "team_id": team_id,
        }
        locked = box.lock({ADDRESS: address}) or ""
        row = Destination(**place, name=kept, service=service, address=locked, from_step=from_step)
        c.db.add(row)
        c.db.flush()
        after = {"name": kept, "service": service, "user": user_id, "team": team_id, "from_step": from_step}
        c.state("create", "destination", row.id, after=after)
    return row.id


def remove_destination(database: Database, workspace_id: int, destination_id: int, at: datetime, actor: Actor) -> None:
    """Nothing is told there any more, and its address is gone. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        row = c.db.get(Destination, destination_id)
        if row is None or row.workspace_id != workspace_id or row.removed is not None:
            raise NotFound
        row.removed, row.address = at, ""
        row.name = f"{row.name} (removed {at:%Y-%m-%d %H:%M:%S})"
        c.state("delete", "destination", destination_id, before={"service": row.service})
