"""How the colleagues of the story worked: when they saw, claimed and wrote what they answered in Watchroom."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from data.audit import change
from data.database import Database
from data.page import AccountFacts
from models.audit import Actor
from models.conversation import Message, Turn
from models.posts import Direction

WRITING = timedelta(minutes=4)
"""Nobody of the story takes longer to write an answer."""

_SEEN = (
    update(Message)
    .where(
        Message.turn_id == bindparam("of"),
        Message.direction == Direction.IN,
        Message.seen.is_(None),
        Message.stored <= bindparam("until", type_=Message.stored.type),
    )
    .values(seen=func.coalesce(bindparam("at", type_=Message.seen.type), Message.stored), audit_id=bindparam("event"))
)
_TURNS: Any = Turn.__table__
_WORKED = update(_TURNS).where(_TURNS.c.id == bindparam("of"))


def handle(database: Database, account: AccountFacts, since: datetime, actor: Actor, at: datetime) -> int:
    """Put the steps of the turns that colleagues answered since then on the record; returns how many.

    Turns that have their steps are left alone, so that it may run again.
    """
    wanted = select(Turn.id, Turn.started, Turn.replied).where(
        Turn.workspace_id == account.workspace_id,
        Turn.account_id == account.id,
        Turn.started >= since,
        Turn.replied_by.is_not(None),
        Turn.claimed.is_(None),
    )
    with change(database, account.workspace_id, actor, at) as c:
        rows = [_steps(*row) for row in c.db.connection().execute(wanted)]
        if rows:
            steps = ("claimed", "queued")
            worked = _WORKED.values({name: bindparam(name) for name in steps} | {"audit_id": bindparam("event")})
            c.db.connection().execute(worked, [_only(row, c.audit_id, *steps) for row in rows])
            c.db.connection().execute(_SEEN, [_only(row, c.audit_id, "until", "at") for row in rows])
            c.state("handle", "account", account.id, after={"turns": len(rows)})
    return len(rows)


def _steps(turn_id: int, started: datetime, replied: Any) -> dict[str, Any]:
    """Most of a wait goes by before anybody looks; writing takes minutes, whatever the wait was."""
    rng = random.Random(f"handled {started.isoformat()}")  # noqa: S311 - a story, not a secret
    wait = replied - started
    seen = started + wait * rng.uniform(0.35, 0.75)
    queued = replied - min(wait * 0.05, timedelta(seconds=rng.uniform(10, 25)))
    claimed = max(queued - WRITING * rng.uniform(0.2, 1), seen + (queued - seen) * rng.uniform(0.3, 0.7))
    return {"of": turn_id, "at": seen, "until": replied, "claimed": claimed, "queued": queued}


def _only(row: dict[str, Any], event: int, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in ("of", *names)} | {"event": event}
