"""Asking for an expert on duty: one is called, then the next, until somebody takes it or none is left.

The instant at which the next one is called is kept with the call; the chore of alarms wakes at it. Nobody is called twice
for the same question, and nobody whose accreditation ran out meanwhile. What happens is an event of the conversation.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.alarms import WATCHROOM, clear_causes, raise_alarm
from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.practice import practice
from data.rollups import local_day
from data.takers import claimants
from models.alarms import Alarm, AlarmCause, AlarmKind, Cause
from models.asking import AskEnd, AskOver, Candidate, ExpertAsk, calls_until, first_fitting
from models.conversation import Conversation
from models.experts import Duty, Skill, check_skill, is_accredited
from models.moves import State
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound

AT_ONCE = 200
"""Calls that are passed on in one round."""
DECLINED, SILENT, EXPIRED = "declined", "no answer in time", "the accreditation ran out"


def ask(database: Database, scope: Scope, conversation_id: int, skill: str, at: datetime) -> ExpertAsk:
    """Ask for somebody on duty who can do this; ``called_id`` of the answer is None where nobody was left to call.

    Raises ``BadValue`` (also where somebody is being called for it already), ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.ASSESS)
    word = check_skill(skill)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        locked(c.db, scope, conversation_id)
        if _open(c.db, scope.workspace_id, conversation_id, word) is not None:
            raise BadValue("skill", "somebody is being called for it already")
        row = ask_for_skill(c, conversation_id, word)
        c.state("expert.ask", "conversation", conversation_id, after=_facts(row))
    return row


def ask_for_skill(c: Change, conversation_id: int, skill: str) -> ExpertAsk:
    """The same within the caller's change, as a rule does: the caller's event covers it, and says so.

    Where somebody is being called for it already, that is the answer and nothing changes. With nobody on duty who fits, the
    alarm that tells supervisors is raised in the same change. Raises ``BadValue`` and ``NotFound``.
    """
    word = check_skill(skill)
    conversation = c.db.scalar(
        select(Conversation).where(Conversation.workspace_id == c.workspace_id, Conversation.id == conversation_id)
    )
    if conversation is None:
        raise NotFound
    row = _open(c.db, c.workspace_id, conversation_id, word)
    if row is None:
        row = ExpertAsk(
            workspace_id=c.workspace_id,
            audit_id=c.audit_id,
            conversation_id=conversation_id,
            word=word,
            asked=c.at,
            asked_by=c.actor.user_id,
        )
        _call_next(c, row, conversation)
        c.db.add(row)
        c.db.flush()
    return row


def acknowledge_ask(database: Database, scope: Scope, ask_id: int, at: datetime) -> bool:
    """The person who is called takes it on. False where their accreditation ran out meanwhile: then the next is called.

    Raises ``AskOver`` where it calls them no more, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.CLAIM)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _called(c, ask_id, user_id)
        if not _still_accredited(c, row, user_id):
            _pass_on(c, row, EXPIRED)
            return False
        c.db.get_one(Alarm, row.alarm_id).acknowledge(user_id, at)
        row.end(AskEnd.TAKEN, at)
        c.state("expert.take", "conversation", row.conversation_id, after=_facts(row))
    return True


def decline_ask(database: Database, scope: Scope, ask_id: int, at: datetime) -> None:
    """The person who is called cannot: the next is called at once. Raises like ``acknowledge_ask``."""
    user_id = person_of(scope, Permission.CLAIM)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _pass_on(c, _called(c, ask_id, user_id), DECLINED)


def call_off(database: Database, scope: Scope, ask_id: int, at: datetime) -> None:
    """Nobody is needed any more: whoever asked says so, or who moves work. Raises ``AskOver`` and like ``acknowledge_ask``."""
    user_id = person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        row = _ask(c, ask_id)
        if row.asked_by != user_id:
            scope.require(Permission.MOVE_WORK)
        if row.ended is not None:
            raise AskOver
        before = _facts(row)
        clear_causes(c, AlarmCause.alarm_id == row.alarm_id)
        row.end(AskEnd.CALLED_OFF, at)
        c.state("expert.call off", "conversation", row.conversation_id, before=before, after=_facts(row))


def pass_on_due(database: Database, now: datetime) -> int:
    """Call the next one wherever nobody answered in time; returns how many calls that were. May run again."""
    due = select(ExpertAsk.workspace_id, ExpertAsk.id).where(ExpertAsk.until <= now)
    with database.read() as db:
        found = db.execute(due.order_by(ExpertAsk.until).limit(AT_ONCE)).all()
    return sum(_pass_on_one(database, row.workspace_id, row.id, now) for row in found)


def next_call(db: Session) -> datetime | None:
    """When the next call is passed on; None where nobody is called."""
    return db.scalar(select(func.min(ExpertAsk.until)))


def _pass_on_one(database: Database, workspace_id: int, ask_id: int, now: datetime) -> int:
    with change(database, workspace_id, WATCHROOM, now) as c:
        row = c.db.get_one(ExpertAsk, ask_id, with_for_update=True)
        if row.until is None or row.until > now:
            return 0
        _pass_on(c, row, SILENT)
    return 1


def _pass_on(c: Change, row: ExpertAsk, why: str) -> None:
    """Whoever is called is called no more; the change's event is stated here."""
    before = _facts(row)
    clear_causes(c, AlarmCause.alarm_id == row.alarm_id)
    _call_next(c, row, c.db.get_one(Conversation, row.conversation_id))
    c.state("expert.pass", "conversation", row.conversation_id, before=before, after=_facts(row), reason=why)


def _call_next(c: Change, row: ExpertAsk, conversation: Conversation) -> None:
    if conversation.state == State.CLOSED:
        row.end(AskEnd.OVER, c.at)
        return
    zone = practice(c.db, c.workspace_id).zone
    found = first_fitting(
        _candidates(c.db, c.workspace_id, row.word),
        {*row.tried, row.asked_by or 0},
        date.fromisoformat(local_day(c.at, zone)),
    )
    facts: dict[str, Any] = {
        "fell": c.at,
        "rank": conversation.rank,
        "account_id": conversation.account_id,
        "conversation_id": conversation.id,
        "words": row.word,
    }
    name = f"expert/{c.audit_id}/{conversation.id}/{row.word}"
    if found is None:
        row.end(AskEnd.NOBODY, c.at)
        raise_alarm(c, Cause(AlarmKind.NO_EXPERT, name, **facts))
        return
    called = raise_alarm(c, Cause(AlarmKind.EXPERT, f"{name}/{found.user_id}", user_id=found.user_id, **facts))
    if called is None:
        raise RuntimeError("nobody is called twice for one question")
    row.call(found.user_id, called, calls_until(c.at, found.until, zone))


def _candidates(db: Session, workspace_id: int, word: str) -> list[Candidate]:
    """Colleagues on duty who may claim and have the skill, accredited or not any more."""
    may = claimants(db, workspace_id)
    held = (
        select(func.count())
        .where(Conversation.workspace_id == workspace_id, Conversation.holder_id == Duty.user_id)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Duty.user_id, Duty.began, Skill.until, held.label("held"))
        .join(Skill, (Skill.workspace_id == Duty.workspace_id) & (Skill.user_id == Duty.user_id))
        .where(Duty.workspace_id == workspace_id, Duty.ended.is_(None), Skill.word == word)
    )
    return [Candidate(row.user_id, row.began, row.until, row.held) for row in rows if row.user_id in may]


def _still_accredited(c: Change, row: ExpertAsk, user_id: int) -> bool:
    today = date.fromisoformat(local_day(c.at, practice(c.db, c.workspace_id).zone))
    skill = c.db.scalar(
        select(Skill).where(Skill.workspace_id == c.workspace_id, Skill.user_id == user_id, Skill.word == row.word)
    )
    return skill is not None and is_accredited(skill.until, today)


def _open(db: Session, workspace_id: int, conversation_id: int, word: str) -> ExpertAsk | None:
    return db.scalar(
        select(ExpertAsk).where(
            ExpertAsk.workspace_id == workspace_id,
            ExpertAsk.conversation_id == conversation_id,
            ExpertAsk.word == word,
            ExpertAsk.ended.is_(None),
        )
    )


def _called(c: Change, ask_id: int, user_id: int) -> ExpertAsk:
    """The open question that calls this person. Raises ``AskOver``, and ``NotFound`` for another workspace's."""
    row = _ask(c, ask_id)
    if user_id not in row.tried:
        raise NotFound
    if row.ended is not None or row.called_id != user_id:
        raise AskOver
    return row


def _ask(c: Change, ask_id: int) -> ExpertAsk:
    row = c.db.scalar(
        select(ExpertAsk).where(ExpertAsk.workspace_id == c.workspace_id, ExpertAsk.id == ask_id).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _facts(row: ExpertAsk) -> dict[str, Any]:
    return {"ask": row.id, "skill": row.word, "to": row.called_id, "ended": row.ending or None}
