"""Alarms as the page, the bar and the supervisor's tiles show them."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from data.alarms import alarm_ways
from data.database import Database
from data.practice import Practice, practice
from data.queries.heading import heading
from models.alarms import BUDGET_PERIOD, LADDER, Alarm, AlarmCause, AlarmKind, Person, given, is_for
from models.asking import ExpertAsk
from models.people import Membership, Role, SignedIn, User
from models.permissions import Permission, Scope, rights_of
from models.snapshots.alarms import AlarmBudget, AlarmRow, AlarmsPage, Calling
from models.workspace import Account, Team, TeamMember

MOST = 200
"""Rows of each list on the page."""
DAY = timedelta(hours=24)

_CAUSES = (
    select(AlarmCause.alarm_id, func.count().label("count"), func.max(AlarmCause.raised).label("latest"))
    .group_by(AlarmCause.alarm_id)
    .subquery()
)
_EXPERT = aliased(User)
_ROWS = (
    select(
        Alarm.__table__,
        Account.handle,
        Account.channel,
        Team.name.label("team"),
        User.name.label("by"),
        ExpertAsk.id.label("ask_id"),
        ExpertAsk.called_id,
        _EXPERT.name.label("expert"),
        _CAUSES.c.count,
        _CAUSES.c.latest,
    )
    .join(_CAUSES, _CAUSES.c.alarm_id == Alarm.id)
    .outerjoin(Account, Account.id == Alarm.account_id)
    .outerjoin(Team, Team.id == Alarm.team_id)
    .outerjoin(User, User.id == Alarm.acknowledged_by)
    .outerjoin(ExpertAsk, ExpertAsk.alarm_id == Alarm.id)
    .outerjoin(_EXPERT, _EXPERT.id == ExpertAsk.called_id)
)
_OPEN = (Alarm.acknowledged.is_(None), Alarm.cleared.is_(None))
_URGENT_FIRST = (func.coalesce(Alarm.rank, 99), Alarm.raised.desc(), Alarm.id.desc())


def alarms(database: Database, scope: Scope, now: datetime) -> AlarmsPage:
    """The page. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.READ)
    home = Alarm.workspace_id == scope.workspace_id
    ended = or_(Alarm.acknowledged.is_not(None), Alarm.cleared.is_not(None))
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        still = db.execute(_ROWS.where(home, *_OPEN).order_by(*_URGENT_FIRST).limit(MOST)).all()
        over = _ROWS.where(home, ended, Alarm.raised >= now - DAY).order_by(Alarm.raised.desc(), Alarm.id.desc())
        calls = _caller(db, scope)
        return AlarmsPage(
            workspace=head.ways.mark,
            as_at=now,
            revision=head.revision,
            open=tuple(_row(one, head.ways, calls(one)) for one in still),
            over=tuple(_row(one, head.ways) for one in db.execute(over.limit(MOST))),
            acknowledges=scope.may(Permission.CLAIM),
            budget=_budget(db, scope.workspace_id, now) if scope.may(Permission.MOVE_WORK) else None,
        )


def calling(database: Database, scope: Scope, now: datetime) -> Calling:
    """What calls this person now, first what calls them by name; nobody is called who may not claim.

    Raises ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.READ)
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        found = db.execute(
            _ROWS.where(Alarm.workspace_id == scope.workspace_id, *_OPEN).order_by(*_URGENT_FIRST).limit(MOST)
        ).all()
        calls = _caller(db, scope)
        mine = sorted((one for one in found if calls(one)), key=lambda one: one.kind != AlarmKind.EXPERT)
        return Calling(
            workspace=ways.mark,
            as_at=now,
            rows=tuple(_row(one, ways, calls=True) for one in mine),
            others=len(found) - len(mine),
            acknowledges=scope.may(Permission.CLAIM),
        )


def called_by_alarms(database: Database, scope: Scope, now: datetime) -> int:
    """How many alarms call this person; 0 for those who may not read here."""
    return len(calling(database, scope, now).rows) if scope.may(Permission.READ) else 0


def _caller(db: Session, scope: Scope) -> Callable[[Any], bool]:
    """Whether a row calls the person of the scope."""
    duty = alarm_ways(db, scope.workspace_id).duty_team_id
    held = [one for one in (Permission.CLAIM, Permission.MOVE_WORK) if scope.may(one)]
    me = _person(db, scope.workspace_id, scope.user_id or 0, held)
    return lambda row: (
        row.called_id == me.user_id if row.kind == AlarmKind.EXPERT else is_for(row.step, row.team_id, duty, me)
    )


def _row(row: Any, ways: Practice, calls: bool = False) -> AlarmRow:
    known = row.rank is not None and row.rank in ways.grade_ids
    return AlarmRow(
        id=row.id,
        kind=row.kind,
        grade=ways.grade(row.rank) if known else None,
        account=row.handle or "",
        channel=row.channel or "",
        team=row.team or "",
        conversation_id=row.conversation_id,
        words=row.words,
        count=row.count,
        raised=row.raised,
        latest=row.latest,
        step=str(LADDER[min(row.step, len(LADDER) - 1)]),
        acknowledged=row.acknowledged,
        by=row.by or "",
        cleared=row.cleared,
        calls=calls,
        ask_id=row.ask_id,
        expert=row.expert or "",
    )


def at_work(db: Session, workspace_id: int, now: datetime) -> list[Person]:
    """Colleagues who may claim here and did something in the last ten minutes."""
    rows = db.execute(
        select(User.id, Role.name, Role.permissions, Role.built_in)
        .join(Membership, Membership.user_id == User.id)
        .join(Role, (Role.id == Membership.role_id) & (Role.workspace_id == Membership.workspace_id))
        .join(SignedIn, SignedIn.user_id == User.id)
        .where(
            Membership.workspace_id == workspace_id,
            User.disabled.is_(False),
            SignedIn.ended.is_(None),
            SignedIn.last_active >= now - BUDGET_PERIOD,
        )
    )
    rights: dict[int, set[Permission]] = {}
    for user_id, *role in rows:
        rights.setdefault(user_id, set()).update(rights_of(*role))
    return [_person(db, workspace_id, key, held) for key, held in rights.items() if Permission.CLAIM in held]


def _person(db: Session, workspace_id: int, user_id: int, held: Collection[Permission]) -> Person:
    teams = db.scalars(
        select(TeamMember.team_id).where(TeamMember.workspace_id == workspace_id, TeamMember.user_id == user_id)
    )
    return Person(user_id, frozenset(teams), Permission.CLAIM in held, moves_work=Permission.MOVE_WORK in held)


def _budget(db: Session, workspace_id: int, now: datetime) -> AlarmBudget:
    ways = alarm_ways(db, workspace_id)
    told = db.execute(
        select(Alarm.step, Alarm.team_id).where(
            Alarm.workspace_id == workspace_id,
            Alarm.kind != str(AlarmKind.EXPERT),
            Alarm.raised > now - BUDGET_PERIOD,
            Alarm.raised <= now,
        )
    ).all()
    people = at_work(db, workspace_id, now)
    numbers = given([(row.step, row.team_id) for row in told], ways.duty_team_id, people).values()
    causes = db.scalars(
        select(AlarmCause).where(AlarmCause.workspace_id == workspace_id, AlarmCause.raised > now - DAY)
    )
    lags = sorted(cause.lag for cause in causes)
    return AlarmBudget(
        raised=len(told),
        operators=len(people),
        most=max(numbers, default=0),
        mean=sum(numbers) / len(people) if people else None,
        budget=ways.budget,
        caused=len(lags),
        median_lag=lags[(len(lags) - 1) // 2] if lags else None,
        worst_lag=lags[-1] if lags else None,
    )
