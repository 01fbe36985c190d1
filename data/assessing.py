"""Assessing a conversation: its grade and the six answers of THRIVE, by a named person. Versioned, never overwritten."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.practice import Practice, practice
from data.states import kept, named_closer, state
from data.unfolding import unfold
from data.webhooks import enqueue
from models.assessing import LONGEST_ANSWER, THRIVE, Assessment
from models.base import canonical
from models.conversation import Conversation, Message
from models.moves import TOP
from models.permissions import Permission, Scope
from models.posts import Direction
from models.problems import BadValue
from models.turns import Said, What
from models.webhooks import Event


def assess(
    database: Database,
    scope: Scope,
    conversation_id: int,
    grade: str,
    answers: Mapping[str, str],
    shown: int | None,
    at: datetime,
) -> tuple[str, int]:
    """Grade it, up or down, with the answers that were given; returns the grade's word and the event, for ``undo``.

    ``grade`` is the key of a grade; ``shown`` the newest message of the contact that was on the screen. Raises ``SpokeAgain``
    where there is a newer one, ``AlreadyClosed``, ``BadValue``, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.ASSESS)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        ways = practice(c.db, scope.workspace_id)
        rank, said = _rank(ways, grade), _answers(answers)
        newest = _newest(c.db, conversation)
        with named_closer(c.db, conversation):
            conversation.assess(newest is None or (shown is not None and shown >= newest))
        counted = max(at, conversation.last_at)
        before = kept(conversation)
        holds = ways.holds.get(rank) if conversation.since else None
        told = unfold(
            c,
            conversation,
            assessments=[Said(counted, What.ASSESSMENT, "assessed now", rank=rank, by=user_id)],
            unassessed=False,
            assessed=counted,
            reassess=at + holds if holds else None,
        )
        _keep(c, conversation_id, user_id, ways.grade_ids[rank], newest, counted, said)
        state(c, "assess", conversation_id, told, before=before, answers=c.digest(canonical(said)))
        if rank == TOP:
            facts: dict[str, int | str | None] = {"conversation": conversation_id, "rank": rank, "by": "person"}
            enqueue(c, Event.TOP, f"event/{c.audit_id}", facts)
        return ways.grade(rank).word, c.audit_id


def _keep(
    c: Change, conversation_id: int, user_id: int, grade_id: int, newest: int | None, at: datetime, said: dict[str, str]
) -> None:
    made = Assessment(
        workspace_id=c.workspace_id,
        audit_id=c.audit_id,
        conversation_id=conversation_id,
        user_id=user_id,
        grade_id=grade_id,
        message_id=newest,
        at=at,
    )
    for name, text in said.items():
        setattr(made, name, text)
    c.db.add(made)


def _rank(ways: Practice, grade: str) -> int:
    found = next((mark.rank for mark in ways.grades if mark.key == grade), None)
    if found is None:
        raise BadValue("grade", "choose how urgent it is")
    return found


def _answers(answers: Mapping[str, str]) -> dict[str, str]:
    said = {name: (answers.get(name) or "").strip() for name in THRIVE}
    for name, text in said.items():
        if len(text) > LONGEST_ANSWER:
            raise BadValue(name, f"write at most {LONGEST_ANSWER} characters")
    return said


def _newest(db: Session, conversation: Conversation) -> int | None:
    """The message of the contact that was stored last."""
    return db.scalar(
        select(func.max(Message.id)).where(
            Message.of(conversation.workspace_id, [conversation.id]),
            Message.direction == Direction.IN,
            Message.spam.is_(False),
        )
    )
