"""Alarms are raised, acknowledged, climb and clear. Nobody is told twice of the same cause, and no cause is lost.

Whoever finds that something went wrong raises the alarm within their own change (``raise_alarm``), so that both are stored
or neither is; writers of one workspace queue for its chain, which makes "was this told before" a plain question.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from data import alerts, webhooks
from data.audit import Change, actor_of, change
from data.database import Database
from models.alarms import LONGEST_WORDS, Alarm, AlarmCause, AlarmKind, AlarmWays, Cause, next_climb
from models.audit import Actor
from models.moves import TOP
from models.permissions import Permission, Scope
from models.problems import NotFound
from models.webhooks import Event
from models.workspace import Team

WATCHROOM = Actor("watchroom")
AT_ONCE = 500
"""Alarms that climb in one round; the others climb in the next."""
_ANYBODY = Alarm.kind != str(AlarmKind.EXPERT)


def alarm_ways(db: Session, workspace_id: int) -> AlarmWays:
    """How this workspace raises alarms: its row, or one of the defaults that is not stored."""
    found = db.scalar(select(AlarmWays).where(AlarmWays.workspace_id == workspace_id))
    return found or default_ways(workspace_id)


def default_ways(workspace_id: int) -> AlarmWays:
    """What holds where a workspace has set nothing."""
    return AlarmWays(workspace_id=workspace_id, audit_id=0)


def raise_alarm(c: Change, cause: Cause) -> int | None:
    """Tell of a cause within the change that makes it so; returns the alarm's key, None where it was told of before.

    It joins the open alarm of its kind, account and team where there is one, unless it is of the top grade. The caller's
    event covers it: say of it there what matters (the alarm's key, the kind). ``cause.words`` are cut to ``LONGEST_WORDS``.
    """
    known = select(AlarmCause.id).where(AlarmCause.workspace_id == c.workspace_id, AlarmCause.key == cause.key)
    if c.db.scalar(known) is not None:
        return None
    alarm_id = None if cause.alone else c.db.scalar(_open_group(c.workspace_id, cause))
    if alarm_id is None:
        alarm_id = _begin(c, cause)
    c.db.add(
        AlarmCause(
            workspace_id=c.workspace_id,
            audit_id=c.audit_id,
            alarm_id=alarm_id,
            kind=str(cause.kind),
            key=cause.key,
            account_id=cause.account_id,
            conversation_id=cause.conversation_id,
            turn_id=cause.turn_id,
            fell=cause.fell,
            known=max(cause.known or cause.fell, cause.fell),
            raised=c.at,
        )
    )
    c.db.flush()
    return alarm_id


def _open_group(workspace_id: int, cause: Cause) -> Any:
    return (
        select(Alarm.id)
        .where(
            Alarm.workspace_id == workspace_id,
            Alarm.kind == str(cause.kind),
            Alarm.account_id.is_not_distinct_from(cause.account_id),
            Alarm.team_id.is_not_distinct_from(cause.team_id),
            Alarm.acknowledged.is_(None),
            Alarm.cleared.is_(None),
            Alarm.rank.is_distinct_from(TOP),
        )
        .order_by(Alarm.id.desc())
        .limit(1)
    )


def _begin(c: Change, cause: Cause) -> int:
    ways = alarm_ways(c.db, c.workspace_id)
    alarm = Alarm(
        workspace_id=c.workspace_id,
        audit_id=c.audit_id,
        kind=str(cause.kind),
        rank=cause.rank,
        account_id=cause.account_id,
        team_id=cause.team_id,
        conversation_id=cause.conversation_id,
        words=cause.words[:LONGEST_WORDS],
        raised=c.at,
        climbs=next_climb(0, c.at, ways) if cause.user_id is None else None,
    )
    c.db.add(alarm)
    c.db.flush()
    alerts.queue(c, alarm, ways, cause.user_id)
    about: dict[str, int | str | None] = {"kind": alarm.kind, "rank": alarm.rank, "account": alarm.account_id}
    webhooks.enqueue(
        c, Event.ALARM, f"alarm/{alarm.id}", about | {"alarm": alarm.id, "conversation": alarm.conversation_id}
    )
    return alarm.id


def acknowledge(database: Database, scope: Scope, alarm_ids: Collection[int], at: datetime) -> int:
    """The person has these in hand: nobody else is called for them. Returns how many were still open.

    Another workspace's, those that are over and those that call one person by name change nothing.
    Raises ``NotPermitted`` and ``NotFound``.
    """
    scope.require(Permission.CLAIM)
    if scope.user_id is None:
        raise NotFound
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        wanted = select(Alarm).where(Alarm.workspace_id == scope.workspace_id, Alarm.id.in_(list(alarm_ids)), _ANYBODY)
        done = [one.id for one in c.db.scalars(wanted) if one.acknowledge(scope.user_id, at)]
        if done:
            c.state("alarm.acknowledge", "alarm", done[0] if len(done) == 1 else None, after={"alarms": done})
    return len(done)


def taken(c: Change, conversation_id: int, user_id: int) -> None:
    """Somebody claims the conversation, within that change: alarms that tell of it alone are acknowledged by it."""
    wanted = select(Alarm).where(
        Alarm.workspace_id == c.workspace_id,
        Alarm.conversation_id == conversation_id,
        _ANYBODY,
        _causes(AlarmCause.alarm_id == Alarm.id) == 1,
        Alarm.acknowledged.is_(None),
        Alarm.cleared.is_(None),
    )
    for alarm in c.db.scalars(wanted):
        alarm.acknowledge(user_id, c.at)


def _causes(*which: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(AlarmCause).where(*which).scalar_subquery()


def clear_causes(c: Change, *which: ColumnElement[bool]) -> list[int]:
    """What these conditions on ``AlarmCause`` name is over; alarms without another cause clear with it.

    Returns the alarms that lost a cause. Within the caller's change; where nothing was open, nothing changes.
    """
    here = (AlarmCause.workspace_id == c.workspace_id, AlarmCause.cleared.is_(None))
    causes = list(c.db.scalars(select(AlarmCause).where(*here, *which)))
    if not causes:
        return []
    for cause in causes:
        cause.cleared = c.at
    c.db.flush()
    touched = sorted({cause.alarm_id for cause in causes})
    still = set(
        c.db.scalars(select(AlarmCause.alarm_id).where(AlarmCause.alarm_id.in_(touched), AlarmCause.cleared.is_(None)))
    )
    for key in touched:
        alarm = c.db.get_one(Alarm, key)
        if key not in still and alarm.audit_id != c.audit_id:  # what this change itself wrote, the next climb clears
            alarm.clear(c.at)
    return touched


def turns_over(c: Change, turn_ids: Collection[int], *kinds: AlarmKind) -> list[int]:
    """Causes of these turns are over: answered, ended, gone, or (with ``kinds``) overtaken by something worse.

    Returns the alarms that lost a cause.
    """
    if not turn_ids:
        return []
    some = [AlarmCause.kind.in_([str(kind) for kind in kinds])] if kinds else []
    return clear_causes(c, AlarmCause.turn_id.in_(list(turn_ids)), *some)


def alarms_sign(db: Session, workspace_id: int) -> str:
    """A text that differs when an alarm was raised, climbed or ended, or a cause joined one."""
    newest = select(func.max(AlarmCause.id)).where(AlarmCause.workspace_id == workspace_id).scalar_subquery()
    here = (Alarm.workspace_id == workspace_id, Alarm.acknowledged.is_(None), Alarm.cleared.is_(None))
    return repr(
        tuple(db.execute(select(func.count(), func.max(Alarm.id), func.sum(Alarm.step), newest).where(*here)).one())
    )


def climb_due(database: Database, now: datetime) -> int:
    """Call the next step for every alarm whose time has come unacknowledged; returns how many climbed. May run again."""
    due = select(Alarm.workspace_id, Alarm.id).where(Alarm.climbs <= now).order_by(Alarm.climbs).limit(AT_ONCE)
    with database.read() as db:
        found = db.execute(due).all()
    by_home: dict[int, list[int]] = {}
    for workspace_id, key in found:
        by_home.setdefault(workspace_id, []).append(key)
    return sum(_climb(database, workspace_id, keys, now) for workspace_id, keys in by_home.items())


def _climb(database: Database, workspace_id: int, keys: list[int], now: datetime) -> int:
    with change(database, workspace_id, WATCHROOM, now) as c:
        ways = alarm_ways(c.db, workspace_id)
        climbed = {}
        here = AlarmCause.alarm_id == Alarm.id, AlarmCause.cleared.is_(None)
        for alarm, causes in c.db.execute(
            select(Alarm, _causes(*here)).where(Alarm.id.in_(keys), Alarm.climbs <= now)
        ).all():
            if not causes:
                alarm.clear(now)
                climbed[alarm.id] = "over"
            while alarm.climbs is not None and alarm.climbs <= now:
                climbed[alarm.id] = str(alarm.climb(ways))
                alerts.queue(c, alarm, ways)
        if climbed:
            after = {"alarms": sorted(climbed.items())}
            c.state("alarm.climb", "alarm", min(climbed) if len(climbed) == 1 else None, after=after)
    return len(climbed)


def set_ways(database: Database, workspace_id: int, facts: dict[str, Any], at: datetime, actor: Actor) -> None:
    """Alarms are raised so from now on; instants that were worked out already stand. Raises ``BadValue`` and ``NotFound``.

    ``facts`` are columns of ``AlarmWays``; those that are not named stay.
    """
    with change(database, workspace_id, actor, at) as c:
        row = alarm_ways(c.db, workspace_id)
        before = _facts(row)
        for name, value in facts.items():
            setattr(row, name, value)
        row.check()
        if row.duty_team_id is not None:
            team = c.db.get(Team, row.duty_team_id)
            if team is None or team.workspace_id != workspace_id:
                raise NotFound
        if before != (after := _facts(row)):
            row.audit_id = c.audit_id
            c.db.add(row)
            c.state("change", "alarm ways", before=before, after=after)


def _facts(row: AlarmWays) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name not in ("id", "audit_id", "workspace_id")}
