"""The instants at which unanswered turns are due soon and breached: worked out when a turn moves, met when they come.

Nothing is scanned for: ``keep`` runs in the transaction that moves a turn, and ``raise_due`` takes the next instants from
their index. A turn that is answered has no instants any more, and its alarms are over in the same transaction.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from data.alarms import WATCHROOM, alarm_ways, raise_alarm, turns_over
from data.audit import Change, change
from data.database import Database
from data.practice import Practice
from data.upserts import upsert
from models.alarms import AlarmKind, AlarmWays, Cause, Deadline
from models.conversation import Conversation, State, Turn
from models.moves import REASON_FROM, TOP
from models.waits import Clock, Target

if TYPE_CHECKING:
    from data.threads import ThreadRows

AGAIN = timedelta(minutes=1)
"""How long until somebody looks again at a turn whose clock stands still."""
AT_ONCE = 500
"""Instants met in one round; the others are met in the next."""

_PLACES = select(Turn.id, Turn.conversation_id, Turn.account_id).where(
    Turn.id.in_(bindparam("turn_ids", expanding=True))
)
_GONE = delete(Deadline).where(
    Deadline.workspace_id == bindparam("home"), Deadline.turn_id.in_(bindparam("turn_ids", expanding=True))
)


def keep(c: Change, ways: Practice, rows: "ThreadRows", quiet: bool = False) -> None:
    """Turns moved so, within the change: their instants follow, those of turns that are over go, and their alarms clear.

    A turn of the top grade that no person made so raises its alarm at once, unless ``quiet``: a history is being loaded.
    """
    ended = [*rows.gone_turns, *(row["key"] for row in rows.turns if not _waits(row))]
    if ended:
        c.db.connection().execute(_GONE, {"home": c.workspace_id, "turn_ids": ended})
        turns_over(c, ended)
    waiting = [(row["id"], row) for row in rows.new_turns if _waits(row)]
    waiting += [(row["key"], row) for row in rows.turns if _waits(row)]
    if not waiting:
        return
    how = alarm_ways(c.db, c.workspace_id)
    places = _places(c.db, [key for key, _ in waiting])
    upsert(c.db.connection(), Deadline, [_deadline(c, ways, how, places[key], row) for key, row in waiting])
    if not quiet and c.actor.user_id is None:
        for key, row in waiting:
            if ways.ranks[row["grade_id"]] == TOP:
                _of_top_grade(c, places[key], row)


def _waits(row: Mapping[str, Any]) -> bool:
    return row["replied"] is None and row["ended"] is None


def _places(db: Session, turn_ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in db.connection().execute(_PLACES, {"turn_ids": turn_ids})}


def _deadline(c: Change, ways: Practice, how: AlarmWays, place: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    rank = ways.ranks[row["grade_id"]]
    used = max(int(row["target_seconds"] * (1 - how.soon_share)), 1)
    soon = min(ways.after(row["started"], Target(used + row["paused"], Clock(row["clock"]))), row["due"])
    return {
        "workspace_id": c.workspace_id,
        "turn_id": place.id,
        "conversation_id": place.conversation_id,
        "account_id": place.account_id,
        "rank": rank,
        "soon": soon,
        "due": row["due"],
        "known": c.at,
        "look": soon,
    }


def _of_top_grade(c: Change, place: Any, row: Mapping[str, Any]) -> None:
    conversation = c.db.execute(select(Conversation.team_id).where(Conversation.id == place.conversation_id)).one()
    raise_alarm(
        c,
        Cause(
            AlarmKind.RISK,
            f"risk/{place.id}",
            row["started"],
            rank=TOP,
            account_id=place.account_id,
            team_id=conversation.team_id,
            conversation_id=place.conversation_id,
            turn_id=place.id,
            known=c.at,
        ),
    )


def next_instant(db: Session) -> datetime | None:
    """When the next turn is due soon or breached, in any workspace."""
    return db.scalar(select(func.min(Deadline.look)))


def raise_due(database: Database, now: datetime) -> int:
    """Meet every instant that has come; returns how many alarms were told of one more cause. May run again."""
    due = select(Deadline.workspace_id, Deadline.turn_id).where(Deadline.look <= now).order_by(Deadline.look)
    with database.read() as db:
        found = db.execute(due.limit(AT_ONCE)).all()
    by_home: dict[int, list[int]] = {}
    for workspace_id, key in found:
        by_home.setdefault(workspace_id, []).append(key)
    return sum(_raise(database, workspace_id, keys, now) for workspace_id, keys in by_home.items())


def _raise(database: Database, workspace_id: int, turn_ids: list[int], now: datetime) -> int:
    """One change for those of a workspace: several fall at the same instant."""
    raised: dict[int, int] = {}
    with change(database, workspace_id, WATCHROOM, now) as c:
        wanted = (
            select(Deadline, Conversation.state, Conversation.rank, Conversation.team_id)
            .join(Conversation, Conversation.id == Deadline.conversation_id)
            .where(Deadline.workspace_id == workspace_id, Deadline.turn_id.in_(turn_ids), Deadline.look <= now)
            .order_by(Deadline.look, Deadline.turn_id)
        )
        breached = []
        for deadline, state, rank, team_id in c.db.execute(wanted).all():
            kind = deadline.told_of(now)
            if kind is None:
                deadline.look = deadline.soon
                continue
            deadline.look = deadline.due if kind is AlarmKind.SOON else None
            if state == State.PARTNER and rank > REASON_FROM:
                deadline.look = now + AGAIN  # its clock stands still: when it goes on, the instants may be others
                continue
            if kind is AlarmKind.BREACHED:
                breached.append(deadline.turn_id)
            alarm_id = raise_alarm(c, _cause(deadline, kind, team_id))
            if alarm_id is not None:
                raised[alarm_id] = raised.get(alarm_id, 0) + 1
        overtaken = turns_over(c, breached, AlarmKind.SOON)
        if raised or overtaken:
            after = {"alarms": sorted(raised.items())}
            c.state("alarm.raise", "alarm", min(raised) if len(raised) == 1 else None, after=after)
    return sum(raised.values())


def _cause(deadline: Deadline, kind: AlarmKind, team_id: int | None) -> Cause:
    fell = deadline.due if kind is AlarmKind.BREACHED else deadline.soon
    return Cause(
        kind,
        f"{kind}/{deadline.turn_id}/{fell.isoformat()}",
        fell,
        rank=deadline.rank,
        account_id=deadline.account_id,
        team_id=team_id,
        conversation_id=deadline.conversation_id,
        turn_id=deadline.turn_id,
        known=deadline.known,
    )
