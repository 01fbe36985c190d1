"""What a shift hands over, as it stands now or stood at a chosen minute, and the hand-overs there were."""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.minutes import strip_from
from data.moments import find_moment
from data.past import queue_as_at
from data.practice import practice
from data.queries.heading import heading
from data.queries.strip import BAD, watched
from data.queries.watch import gaps_of
from data.shifts import shift_takers
from models.audit import AuditEvent
from models.conversation import Contact, Conversation, State
from models.major import MajorIncident
from models.people import User
from models.permissions import Permission, Scope
from models.problems import NotFound, NotKnown
from models.shifts import ShiftHandOver
from models.snapshots import AccountCell
from models.snapshots.shifts import (
    HandAccount,
    HandDeed,
    HandedOver,
    HandGap,
    HandRow,
    ShiftPage,
    ShiftPicture,
    picture_from,
)
from models.workspace import Account

SOON = timedelta(hours=2)
SHIFT = timedelta(hours=12)
"""How far back decisions are looked for where no shift was handed over before."""
MOST = 60
MOST_DEEDS = 100
MOST_PAST = 30
SHORTEST_GAP = timedelta(minutes=1)
"""A shorter time without a watch is no gap that a shift hands over: a page was loaded anew."""
URGENT = 2
"""How many of the most urgent grades are open risk."""
DECISIONS = (
    *("decision", "incident.open", "incident.close", "incident.reopen", "methane", "take over"),
    *("lockdown.begin", "lockdown.end", "major.declare", "major.word", "major.clear"),
)
"""Actions of the audit that a shift hands over as decisions."""

_BY, _TO, _TOOK = aliased(User), aliased(User), aliased(User)


def shift(database: Database, scope: Scope, key: int | None, chosen: datetime | None, now: datetime) -> ShiftPage:
    """The page: what would be handed over of ``chosen`` (None: of now), or with ``key`` what one hand-over did.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        rows = _handed(db, scope, key)
        if key is not None and not rows:
            raise NotFound
        shown = rows[0] if key is not None else None
        facts = db.get_one(ShiftHandOver, key).facts if key is not None else None
        takers = shift_takers(db, scope.workspace_id, scope.user_id)
    picture = picture_from(facts) if facts is not None else picture_at(database, scope, chosen, now)
    with database.read() as db:
        contacts = _contacts(db, scope, picture)
    return ShiftPage(
        workspace=head.ways.mark,
        as_at=now,
        revision=head.revision,
        user=scope.name,
        picture=picture,
        contacts=contacts,
        chosen=chosen,
        shown=shown,
        waiting=next((one for one in rows if one.accepted is None and one.taken_back is None), None),
        past=tuple(one for one in rows if one.accepted is not None or one.taken_back is not None),
        takers=tuple(takers.items()),
        may_hand=scope.may(Permission.MOVE_WORK),
    )


def picture_at(database: Database, scope: Scope, chosen: datetime | None, now: datetime) -> ShiftPicture | None:
    """What stood at ``chosen``, or (None) stands now; None where what stood then is not known. Raises ``NotPermitted``."""
    scope.require(Permission.READ)
    home = scope.workspace_id
    if chosen is None:
        with database.read() as db:
            cells: Iterable[AccountCell] | None = [one.cell for one in watched(db, home, now)]
        return _picture(database, database, home, cells, now)
    try:
        with database.read() as db:
            moment = find_moment(db, home, chosen, now)
    except NotKnown:
        return None
    cells = strip_from(moment.seen).worst if moment.seen is not None else None
    with queue_as_at(database, moment) as past:
        return _picture(database, past, home, cells, moment.at)


def _picture(
    database: Database, then: Database, home: int, cells: Iterable[AccountCell] | None, at: datetime
) -> ShiftPicture:
    with database.read() if then is not database else nullcontext() as record, then.read() as db:
        risk, more_risk = _rows(db, home, or_(Conversation.rank <= URGENT, Conversation.raised.is_not(None)))
        due, more_due = _rows(db, home, Conversation.due <= at + SOON)
        kept = record or db
        since = _since(kept, home, at)
        major = _major(kept, home, at)
        gaps, more_gaps = _gaps(kept, home, since, at)
        return ShiftPicture(
            at=at,
            since=since,
            waiting=_waiting(db, home),
            held=_held(db, home),
            risk=risk,
            more_risk=more_risk,
            due=due,
            more_due=more_due,
            accounts=None if cells is None else _accounts(cells),
            deeds=_deeds(kept, home, since, at),
            major=major.name if major else "",
            major_since=major.begun if major else None,
            gaps=gaps,
            more_gaps=more_gaps,
        )


def _here(home: int) -> tuple[Any, ...]:
    return (Conversation.workspace_id == home, Conversation.state == State.OPEN, Conversation.since.is_not(None))


def _rows(db: Session, home: int, wanted: Any) -> tuple[tuple[HandRow, ...], int]:
    ways = practice(db, home)
    count = db.scalar(select(func.count()).select_from(Conversation).where(*_here(home), wanted)) or 0
    rows = db.execute(
        select(Conversation, Account.channel, Account.handle, User.name)
        .join(Account, Account.id == Conversation.account_id)
        .outerjoin(User, User.id == Conversation.holder_id)
        .where(*_here(home), wanted)
        .order_by(Conversation.rank, Conversation.due, Conversation.id)
        .limit(MOST)
    ).all()
    found = tuple(
        HandRow(one.id, ways.grade(one.rank), channel, handle, one.since or one.last_at, one.due, holder)
        for one, channel, handle, holder in rows
    )
    return found, count - len(found)


def _waiting(db: Session, home: int) -> tuple[tuple[str, int], ...]:
    rows = db.execute(select(Conversation.rank, func.count()).where(*_here(home)).group_by(Conversation.rank))
    counts = dict(rows.all())
    return tuple((one.word, counts.get(one.rank, 0)) for one in practice(db, home).grades)


def _held(db: Session, home: int) -> tuple[tuple[str, int], ...]:
    rows = db.execute(
        select(User.name, func.count())
        .join(Conversation, Conversation.holder_id == User.id)
        .where(Conversation.workspace_id == home, Conversation.state != State.CLOSED)
        .group_by(User.id, User.name)
        .order_by(User.name)
    )
    return tuple((name, count) for name, count in rows)


def _accounts(cells: Iterable[AccountCell]) -> tuple[HandAccount, ...]:
    return tuple(HandAccount(one.handle, one.channel, str(one.state), one.since) for one in cells if one.state in BAD)


def _gaps(db: Session, home: int, since: datetime, at: datetime) -> tuple[tuple[HandGap, ...], int]:
    """The longest unwatched times of the shift, oldest first, and how many more there were."""
    accounts = {
        row.id: row
        for row in db.execute(select(Account.id, Account.handle, Account.channel).where(Account.workspace_id == home))
    }
    found = [
        (gap.ends - gap.begins, accounts[key], gap)
        for key, theirs in gaps_of(db, home, since, at).items()
        for gap in theirs
        if gap.ends - gap.begins >= SHORTEST_GAP
    ]
    longest = sorted(found, key=lambda one: (-one[0], one[1].id))[:MOST]
    kept = sorted(longest, key=lambda one: (one[2].begins, one[1].channel, one[1].handle, one[1].id))
    shown = (
        HandGap(row.handle, row.channel, gap.begins, gap.ends if gap.ends < at else None) for _length, row, gap in kept
    )
    return tuple(shown), len(found) - len(kept)


def _since(db: Session, home: int, at: datetime) -> datetime:
    """When the shift began: of the last one that was accepted."""
    last = select(func.max(ShiftHandOver.at)).where(
        ShiftHandOver.workspace_id == home, ShiftHandOver.accepted.is_not(None), ShiftHandOver.at < at
    )
    return db.scalar(last) or at - SHIFT


def _deeds(db: Session, home: int, since: datetime, at: datetime) -> tuple[HandDeed, ...]:
    rows = db.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.workspace_id == home,
            AuditEvent.at > since,
            AuditEvent.at <= at,
            AuditEvent.action.in_(DECISIONS),
        )
        .order_by(AuditEvent.id.desc())
        .limit(MOST_DEEDS)
    )
    return tuple(HandDeed(one.at, one.actor, one.action, one.object, one.object_id) for one in rows)


def _major(db: Session, home: int, at: datetime) -> MajorIncident | None:
    stood = or_(MajorIncident.ended.is_(None), MajorIncident.ended > at)
    return db.scalar(select(MajorIncident).where(MajorIncident.workspace_id == home, MajorIncident.worded <= at, stood))


def _handed(db: Session, scope: Scope, key: int | None) -> tuple[HandedOver, ...]:
    wanted = (
        select(ShiftHandOver, _BY.name, _TO.name, _TOOK.name)
        .join(_BY, _BY.id == ShiftHandOver.given_by)
        .outerjoin(_TO, _TO.id == ShiftHandOver.taker_id)
        .outerjoin(_TOOK, _TOOK.id == ShiftHandOver.accepted_by)
        .where(ShiftHandOver.workspace_id == scope.workspace_id)
        .order_by(ShiftHandOver.given.desc(), ShiftHandOver.id.desc())
        .limit(MOST_PAST)
    )
    if key is not None:
        wanted = wanted.where(ShiftHandOver.id == key)
    return tuple(
        HandedOver(
            id=row.id,
            at=row.at,
            given=row.given,
            by=by,
            mine=row.given_by == scope.user_id,
            to=to,
            for_me=row.given_by != scope.user_id and row.taker_id in (None, scope.user_id),
            note=row.note,
            accepted=row.accepted,
            accepted_by=took,
            taken_back=row.taken_back,
        )
        for row, by, to, took in db.execute(wanted)
    )


def _contacts(db: Session, scope: Scope, picture: ShiftPicture | None) -> dict[int, str]:
    """Whose these conversations are, by what they are called today."""
    keys = {one.id for one in (*picture.risk, *picture.due)} if picture is not None else set()
    if not keys:
        return {}
    rows = db.execute(
        select(Conversation.id, Contact.name, Contact.handle)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.workspace_id == scope.workspace_id, Conversation.id.in_(sorted(keys)))
    )
    return {row.id: row.name or row.handle for row in rows}
