"""Who should answer, and taking a conversation from whoever answers it: what supervisors do, and anybody with an idle one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from data import holds
from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.notes import notify
from data.practice import Practice, practice
from data.takers import NOBODY, To, check_to
from models.claims import Hold, HolderAtWork, MixedGrades, Told, check_words
from models.conversation import Conversation, State
from models.people import User
from models.permissions import Permission, Scope
from models.problems import BadValue, NotFound

MOST_AT_ONCE = 200
"""Conversations of one bulk act: more than any page shows."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of moving many: those moved, and those left where they were because they had changed meanwhile."""

    done: tuple[int, ...]
    left: tuple[int, ...]


def assign(database: Database, scope: Scope, conversation_id: int, to: To, reason: str, at: datetime) -> None:
    """Say who should answer: a colleague, a team, or nobody in particular. Whoever holds it and is not meant holds it no more.

    Raises ``BadValue`` (nobody who could), ``NotFound`` and ``NotPermitted``.
    """
    person_of(scope, Permission.MOVE_WORK)
    said = check_words("reason", reason, needed=False)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        _move(c, locked(c.db, scope, conversation_id), to, said)


def move_all(
    database: Database, scope: Scope, conversation_ids: Collection[int], to: To, reason: str, at: datetime
) -> Moved:
    """``assign`` for many of one grade, each a change of its own. What was regraded or closed meanwhile is left.

    Raises ``MixedGrades``, ``BadValue``, ``NotFound`` (one of them is not here) and ``NotPermitted``.
    """
    person_of(scope, Permission.MOVE_WORK)
    said = check_words("reason", reason, needed=False)
    wanted = sorted(set(conversation_ids))
    rank = _one_rank(database, scope, wanted, to)
    done: list[int] = []
    left: list[int] = []
    for key in wanted:
        with change(database, scope.workspace_id, actor_of(scope), at) as c:
            conversation = locked(c.db, scope, key)
            fits = conversation.rank == rank and conversation.state != State.CLOSED
            if fits:
                _move(c, conversation, to, said)
        (done if fits else left).append(key)
    return Moved(tuple(done), tuple(left))


def take_over(database: Database, scope: Scope, conversation_id: int, reason: str, at: datetime) -> str:
    """Hold what somebody else holds, for a reason; returns the former holder's name, empty where nobody held it.

    Who moves work may always; anybody else once the holder is idle (``Practice.idle_from``). Raises ``HolderAtWork``,
    ``BadValue`` (no reason), ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.CLAIM)
    said = check_words("reason", reason)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        if conversation.holder_id == user_id:
            holds.acted(c, conversation)
            return ""
        before = {"holder": conversation.holder_id}
        former = c.db.scalar(select(User.name).where(User.id == conversation.holder_id)) or ""
        if not scope.may(Permission.MOVE_WORK) and not _is_idle(c, conversation):
            raise HolderAtWork(former)
        if conversation.holder_id is not None:
            notify(c, Told.TAKEN, [conversation.holder_id], conversation_id)
        holds.end(c, conversation)
        holds.begin(c, conversation, user_id)
        action = "take over" if former else "claim"
        c.state(action, "conversation", conversation_id, before=before, after={"holder": user_id}, reason=said)
    return former


def idle_from(ways: Practice, hold: Hold | None) -> datetime | None:
    """From when on anybody may take over a claim; None where nothing is known of it."""
    return ways.idle_from(hold.acted, hold.rank) if hold is not None else None


def _is_idle(c: Change, conversation: Conversation) -> bool:
    if conversation.holder_id is None:
        return True
    since = idle_from(practice(c.db, c.workspace_id), c.db.get(Hold, (c.workspace_id, conversation.id)))
    return since is None or since <= c.at


def _one_rank(database: Database, scope: Scope, wanted: list[int], to: To) -> int:
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise BadValue("conversations", f"choose at least one and at most {MOST_AT_ONCE}")
    with database.read() as db:
        ways = practice(db, scope.workspace_id)
        if to != NOBODY:
            check_to(db, scope.workspace_id, to)
        rows = db.execute(
            select(Conversation.id, Conversation.rank).where(
                Conversation.workspace_id == scope.workspace_id, Conversation.id.in_(wanted)
            )
        ).all()
    ranks = sorted({row.rank for row in rows})
    if len(rows) != len(wanted):
        raise NotFound
    if len(ranks) > 1:
        raise MixedGrades(tuple(ways.grade(rank).word for rank in ranks))
    return int(ranks[0])


def _move(c: Change, conversation: Conversation, to: To, reason: str) -> None:
    may = check_to(c.db, c.workspace_id, to) if to != NOBODY else frozenset()
    before = {"holder": conversation.holder_id, "to": conversation.assigned_id, "team": conversation.team_id}
    conversation.assigned_id, conversation.team_id = to.user_id, to.team_id
    ends = to != NOBODY and conversation.holder_id is not None and conversation.holder_id not in may
    if ends:
        notify(c, Told.MOVED, [before["holder"] or 0], conversation.id)
        holds.end(c, conversation)
    if to != NOBODY:
        holds.note_step(c, conversation.id, "assigned")
    if to.user_id is not None:
        notify(c, Told.ASSIGNED, [to.user_id], conversation.id)
    after = {"holder": conversation.holder_id, **to.facts()}
    action = "move" if ends else "assign" if to != NOBODY else "unassign"
    c.state(action, "conversation", conversation.id, before=before, after=after, reason=reason)
