"""Where all the experts are: colleagues of the workspace with their skills, and who of them is on duty."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from data.database import Database
from data.queries.heading import heading
from data.rollups import local_day
from models.asking import ExpertAsk
from models.experts import Duty, Skill, is_accredited
from models.people import Membership, User
from models.permissions import Permission, Scope
from models.snapshots.experts import AskMark, Expert, ExpertsPage, SkillMark, offered

DAY = timedelta(hours=24)
MOST_ASKS = 50


def experts(database: Database, scope: Scope, skill: str, on_duty: bool, now: datetime) -> ExpertsPage:
    """The directory, searched for a skill and for who is on duty. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.READ)
    with database.read() as db:
        head = heading(db, scope.workspace_id, now)
        asks = _asks(db, scope, now)
        people = _people(db, scope, date.fromisoformat(local_day(now, head.ways.zone)))
    words = sorted({each.word for one in people for each in one.skills})
    return ExpertsPage(
        workspace=head.ways.mark,
        as_at=now,
        revision=head.revision,
        rows=offered(people, skill, on_duty),
        people=tuple((one.id, one.name) for one in people),
        words=tuple((word, len(offered(people, word, False)), len(offered(people, word, True))) for word in words),
        skill=skill,
        on_duty=on_duty,
        mine=next((one for one in people if one.mine), None),
        may_keep=scope.may(Permission.MOVE_WORK),
        asks=asks,
    )


def _asks(db: Session, scope: Scope, now: datetime) -> tuple[AskMark, ...]:
    by, who = aliased(User), aliased(User)
    rows = db.execute(
        select(ExpertAsk, by.name.label("by"), who.name.label("who"))
        .outerjoin(by, by.id == ExpertAsk.asked_by)
        .outerjoin(who, who.id == ExpertAsk.called_id)
        .where(
            ExpertAsk.workspace_id == scope.workspace_id, or_(ExpertAsk.ended.is_(None), ExpertAsk.asked >= now - DAY)
        )
        .order_by(ExpertAsk.asked.desc(), ExpertAsk.id.desc())
        .limit(MOST_ASKS)
    )
    return tuple(
        AskMark(
            one.id,
            one.conversation_id,
            one.word,
            one.asked,
            by or "",
            who or "",
            one.until,
            one.ended,
            one.ending,
            may_end=one.ended is None and (one.asked_by == scope.user_id or scope.may(Permission.MOVE_WORK)),
        )
        for one, by, who in rows
    )


def _people(db: Session, scope: Scope, today: date) -> list[Expert]:
    home = scope.workspace_id
    duties = db.scalars(select(Duty).where(Duty.workspace_id == home, Duty.ended.is_(None)))
    on = {row.user_id: row.began for row in duties}
    skills: dict[int, list[SkillMark]] = {}
    for row in db.scalars(select(Skill).where(Skill.workspace_id == home).order_by(Skill.word)):
        mark = SkillMark(row.id, row.word, row.until, is_accredited(row.until, today))
        skills.setdefault(row.user_id, []).append(mark)
    rows = db.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.workspace_id == home, User.disabled.is_(False))
        .group_by(User.id, User.name)
        .order_by(User.name, User.id)
    )
    return [
        Expert(row.id, row.name, row.id == scope.user_id, on.get(row.id), tuple(skills.get(row.id, ()))) for row in rows
    ]
