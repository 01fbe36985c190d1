"""What each view of the queue holds, as conditions of a statement."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, text

from data.practice import Practice
from data.queries.narrowing import Names, conditions
from data.rollups import day_bounds, local_day
from models.claims import HandOver
from models.conversation import Conversation, State
from models.outbox import Outgoing
from models.permissions import Scope
from models.workspace import TeamMember

SOON = timedelta(minutes=15)
DUE = frozenset({"needs", "nobody", "soon"})
"""Views in which every conversation has a due time."""

HOME = Conversation.workspace_id == bindparam("home")
NEEDS = and_(Conversation.since.is_not(None), Conversation.state == State.OPEN)
IS_SOON = Conversation.due <= bindparam("soon")
WAITING = and_(
    Conversation.state == State.WAITING,
    Conversation.last_at >= bindparam("edge"),
    Conversation.last_reply >= bindparam("edge"),
)
PARTNER = Conversation.state == State.PARTNER
SNOOZED = Conversation.state == State.SNOOZED
MINE = and_(Conversation.holder_id == bindparam("me"), Conversation.state != State.CLOSED)
_OPEN = Conversation.state != State.CLOSED
_MY_TEAMS = select(TeamMember.team_id).where(
    TeamMember.workspace_id == bindparam("home"), TeamMember.user_id == bindparam("me")
)
TO_ME = and_(Conversation.assigned_id == bindparam("me"), _OPEN)
TO_MY_TEAM = and_(Conversation.team_id.in_(_MY_TEAMS), Conversation.assigned_id.is_(None), _OPEN)
_OFFERED = select(HandOver.conversation_id).where(
    HandOver.workspace_id == bindparam("home"),
    text("hand_over.state = 'offered'"),
    HandOver.giver_id != bindparam("me"),
    or_(HandOver.taker_id == bindparam("me"), HandOver.team_id.in_(_MY_TEAMS)),
)
OFFERED = and_(
    Conversation.id.in_(_OFFERED),
    or_(Conversation.assigned_id.is_(None), Conversation.assigned_id != bindparam("me")),
    or_(Conversation.team_id.is_(None), Conversation.team_id.not_in(_MY_TEAMS), Conversation.assigned_id.is_not(None)),
    _OPEN,
)
CLOSED = and_(Conversation.state == State.CLOSED, Conversation.last_at >= bindparam("today"))
# The states stand in the statement, so that SQLite finds the index of just those.
_FOR_A_PERSON = text("outgoing.state IN ('draft', 'needs a person', 'rejected', 'sent back')")
REPLIES = Conversation.id.in_(
    select(Outgoing.conversation_id).where(Outgoing.workspace_id == bindparam("home"), _FOR_A_PERSON)
)

HOLDS: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    "needs": (NEEDS,),
    "mine": (MINE,),
    "assigned": (TO_ME, TO_MY_TEAM, OFFERED),
    "nobody": (and_(NEEDS, Conversation.holder_id.is_(None)),),
    "soon": (and_(NEEDS, IS_SOON),),
    "waiting": (WAITING,),
    "partner": (PARTNER,),
    "snoozed": (SNOOZED,),
    "open": (NEEDS, PARTNER, SNOOZED, WAITING),
    "closed": (CLOSED,),
    "replies": (REPLIES,),
}
"""What each view holds: conditions of which at most one is true, so that each finds its own index."""


def asked_of(ways: Practice, scope: Scope, now: datetime) -> dict[str, Any]:
    """What the conditions of the views compare with."""
    return {
        "home": scope.workspace_id,
        "me": scope.user_id or 0,
        "soon": now + SOON,
        "edge": now - ways.gap,
        "today": day_bounds(local_day(now, ways.zone), ways.zone)[0],
    }


def parts(view: str, names: Names, *columns: Any) -> list[Select[Any]]:
    """A select for each condition of a view, with the filters."""
    return [select(*columns).where(HOME, holds, *conditions(names)) for holds in HOLDS[view]]
