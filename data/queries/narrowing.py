"""The queue's filters as conditions of a statement: what the address may narrow, in every view and in a search."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from data.practice import Practice
from data.queries.repeat import LATELY
from data.rollups import day_bounds, local_day
from models.base import canonical
from models.conversation import Conversation, Episode
from models.filters import ME, MEDIA, NOBODY, REPEAT
from models.incidents import IncidentConversation
from models.permissions import Scope
from models.snapshots import QueueFilters

ESCAPE = "\\"
WHEN = {"24h": timedelta(hours=24), "7d": timedelta(days=7)}

_SAME = aliased(Conversation)
_TIMES_IN_TOUCH = (
    select(func.count())
    .select_from(_SAME)
    .join(Episode, Episode.conversation_id == _SAME.id)
    .where(
        _SAME.workspace_id == Conversation.workspace_id,
        _SAME.contact_id == Conversation.contact_id,
        Episode.opened > bindparam("lately"),
    )
    .correlate(Conversation)
    .scalar_subquery()
)

CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "accounts": Conversation.account_id.in_(bindparam("accounts", expanding=True)),
    "rank": Conversation.rank == bindparam("rank"),
    "newer": Conversation.last_at >= bindparam("newer"),
    "held_by": Conversation.holder_id == bindparam("held_by"),
    "free": Conversation.holder_id.is_(None),
    "team": Conversation.team_id == bindparam("team"),
    "topic": Conversation.topic_id == bindparam("topic"),
    "media": Conversation.media.is_(True),
    "lately": _TIMES_IN_TOUCH > 1,
    "flag": or_(
        type_coerce(Conversation.flags, Text).like(bindparam("flag"), escape=ESCAPE),
        type_coerce(Conversation.raised, Text).like(bindparam("flag"), escape=ESCAPE),
    ),
    "incident": exists().where(
        IncidentConversation.conversation_id == Conversation.id,
        IncidentConversation.incident_id == bindparam("incident"),
        IncidentConversation.removed.is_(None),
    ),
}
"""Each condition under the name of the value that it compares with."""

Names = tuple[str, ...]


def conditions(names: Iterable[str]) -> list[ColumnElement[bool]]:
    """The conditions of these names."""
    return [CONDITIONS[name] for name in names]


def narrowed(ways: Practice, scope: Scope, filters: QueueFilters, ours: Sequence[Any], now: datetime) -> dict[str, Any]:
    """The filters that are set as values, by the names of their conditions. What is not here matches nothing.

    ``ours`` are the workspace's accounts.
    """
    values: dict[str, Any] = {}
    if filters.channel or filters.account is not None:
        values["accounts"] = [
            one.id for one in ours if filters.channel in ("", one.channel) and filters.account in (None, one.id)
        ]
    if filters.grade:
        values["rank"] = next((mark.rank for mark in ways.grades if mark.key == filters.grade), 0)
    if filters.when:
        today = day_bounds(local_day(now, ways.zone), ways.zone)[0]
        values["newer"] = now - WHEN[filters.when] if filters.when in WHEN else today
    if filters.holder == NOBODY:
        values["free"] = True
    elif filters.holder:
        values["held_by"] = (scope.user_id or 0) if filters.holder == ME else int(filters.holder)
    values |= {
        name: getattr(filters, name) for name in ("team", "topic", "incident") if getattr(filters, name) is not None
    }
    return values | _flagged(filters.flag, now)


def _flagged(flag: str, now: datetime) -> dict[str, Any]:
    if flag == MEDIA:
        return {"media": True}
    if flag == REPEAT:
        return {"lately": now - LATELY}
    if not flag:
        return {}
    written = canonical(flag)
    for special in (ESCAPE, "%", "_"):
        written = written.replace(special, ESCAPE + special)
    return {"flag": f"%{written}%"}
