"""How a claim begins, goes on and ends: the holder, the interval, the turn and the hold move together, in one change."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from data.alarms import taken
from data.audit import Change
from data.database import Database
from data.practice import Practice, practice
from data.signing import over_at
from models.claims import HandOver, Hold, OfferState, look_at
from models.conversation import Conversation, Interval, Turn
from models.people import SignedIn
from models.permissions import Scope

CLAIM = "claim"
"""The kind of ``Interval`` that says who held a conversation, from when to when."""


def begin(c: Change, conversation: Conversation, user_id: int) -> None:
    """``user_id`` answers now, in the session of the change's actor where it is theirs. Nobody may hold it before."""
    conversation.claim(user_id, c.at)
    c.db.add(
        Interval(
            workspace_id=c.workspace_id,
            audit_id=c.audit_id,
            kind=CLAIM,
            conversation_id=conversation.id,
            user_id=user_id,
            begun=c.at,
        )
    )
    note_step(c, conversation.id, "claimed")
    taken(c, conversation.id, user_id)
    session_id = c.actor.session_id if c.actor.user_id == user_id else None
    _write(c.db, practice(c.db, c.workspace_id), conversation, user_id, session_id, c.at)


def end(c: Change, conversation: Conversation, lapsed: bool = False) -> None:
    """Nobody answers now; whatever was being handed over is no longer. Where nobody did, nothing happens."""
    if conversation.holder_id is not None:
        conversation.holder_id, conversation.held_since = None, None
        end_of(c, conversation.id, lapsed)


def end_of(c: Change, conversation_id: int, lapsed: bool = False) -> None:
    """What ``end`` does beside the conversation's own row, for whoever writes that row himself."""
    for interval in c.db.scalars(
        select(Interval).where(
            Interval.workspace_id == c.workspace_id,
            Interval.conversation_id == conversation_id,
            Interval.kind == CLAIM,
            Interval.ended.is_(None),
        )
    ):
        interval.ended = c.at
    hold = c.db.get(Hold, (c.workspace_id, conversation_id))
    if hold is not None and lapsed:
        hold.look, hold.lapsed = None, c.at
    elif hold is not None:
        forget(c.db, c.workspace_id, conversation_id)
    offer = open_offer(c.db, c.workspace_id, conversation_id)
    if offer is not None and offer.state == OfferState.OFFERED:  # it may just have been accepted in this change
        offer.end(OfferState.OVERTAKEN, c.at)


def acted(c: Change, conversation: Conversation) -> None:
    """Within another change: the holder did something here, which puts off the lapse. Others' acts do not."""
    user_id = c.actor.user_id
    if user_id is not None and conversation.holder_id == user_id:
        _write(c.db, practice(c.db, c.workspace_id), conversation, user_id, c.actor.session_id, c.at)


def act(database: Database, scope: Scope, conversation_id: int, at: datetime) -> bool:
    """The person of the scope did something here (opened it, typed): True where it is theirs, and the lapse is put off."""
    with database.read() as db:
        if scope.user_id is None or _held_by(db, scope, conversation_id) is None:
            return False
    with database.write() as db:
        conversation = _held_by(db, scope, conversation_id)
        if conversation is None:
            return False
        _write(db, practice(db, scope.workspace_id), conversation, scope.user_id, scope.session_id, at)
    return True


def retime(db: Session, ways: Practice, conversation_ids: Collection[int]) -> None:
    """After grades changed: claims of these conversations lapse by the grade that they have now."""
    rows = db.execute(
        select(Hold, Conversation.rank)
        .join(Conversation, Conversation.id == Hold.conversation_id)
        .where(
            Hold.workspace_id == ways.workspace_id,
            Hold.conversation_id.in_(conversation_ids),
            Hold.look.is_not(None),
            Hold.rank != Conversation.rank,
        )
    )
    for hold, rank in rows:
        hold.rank, hold.lapses = rank, ways.lapses(hold.acted, rank)
        hold.look = look_at(hold.lapses, session_end(db, hold.session_id))


def look_soon(db: Session, at: datetime, *whose: Any) -> None:
    """Claims with these conditions on ``Hold`` are looked at by the next chore: something they rest on has ended."""
    db.execute(update(Hold).where(Hold.look > at, *whose).values(look=at))


def forget(db: Session, workspace_id: int, conversation_id: int) -> None:
    """Nothing is known of a claim here any more."""
    db.execute(delete(Hold).where(Hold.workspace_id == workspace_id, Hold.conversation_id == conversation_id))


def open_offer(db: Session, workspace_id: int, conversation_id: int) -> HandOver | None:
    """The hand-over under way, as it is now and until the change is done."""
    return db.scalar(
        select(HandOver)
        .where(
            HandOver.workspace_id == workspace_id,
            HandOver.conversation_id == conversation_id,
            HandOver.state == OfferState.OFFERED,
        )
        .with_for_update()
    )


def _held_by(db: Session, scope: Scope, conversation_id: int) -> Conversation | None:
    return db.scalar(
        select(Conversation).where(
            Conversation.workspace_id == scope.workspace_id,
            Conversation.id == conversation_id,
            Conversation.holder_id == scope.user_id,
        )
    )


def _write(
    db: Session, ways: Practice, conversation: Conversation, user_id: int, session_id: int | None, at: datetime
) -> None:
    lapses = ways.lapses(at, conversation.rank)
    db.merge(
        Hold(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            user_id=user_id,
            session_id=session_id,
            rank=conversation.rank,
            acted=at,
            lapses=lapses,
            look=look_at(lapses, session_end(db, session_id)),
            lapsed=None,
        )
    )


def session_end(db: Session, session_id: int | None) -> datetime | None:
    """When this session is over where nothing more is done in it; None where a claim rests on no session."""
    found = db.get(SignedIn, session_id) if session_id is not None else None
    return over_at(found.began, found.last_active) if found is not None else None


def note_step(c: Change, conversation_id: int, step: str) -> None:
    """The unanswered turn was ``claimed`` or ``assigned`` now, if it never was before (METRICS.md: what is stored)."""
    turn = c.db.scalar(
        select(Turn).where(
            Turn.workspace_id == c.workspace_id,
            Turn.conversation_id == conversation_id,
            Turn.replied.is_(None),
            Turn.ended.is_(None),
            getattr(Turn, step).is_(None),
        )
    )
    if turn is not None:
        setattr(turn, step, c.at)
