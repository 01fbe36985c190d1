"""Who should answer a conversation, whose claim lapsed, and what is being handed over, for the one who looks."""

from typing import Any

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.orm import Session, aliased

from data.takers import teams_of
from models.claims import HandOver, Hold, OfferState
from models.conversation import Conversation
from models.people import User
from models.permissions import Scope
from models.snapshots.claims import Claiming, Offer
from models.workspace import Team

LAPSED = (
    (Hold.workspace_id == Conversation.workspace_id)
    & (Hold.conversation_id == Conversation.id)
    & Hold.lapsed.is_not(None)
)
"""The hold of a conversation whose claim lapsed and was not taken up."""
# The state stands in the statement, so that SQLite finds the index of just those.
OFFER = exists().where(HandOver.conversation_id == Conversation.id, text("hand_over.state = 'offered'"))
"""Whether it is being handed over."""
_ASSIGNED, _FORMER = aliased(User), aliased(User)
_STANDING = (
    select(
        Conversation.assigned_id,
        Conversation.team_id,
        _ASSIGNED.name.label("assigned"),
        Team.name.label("team"),
        _FORMER.name.label("lapsed"),
        Hold.lapsed.label("lapsed_at"),
    )
    .outerjoin(_ASSIGNED, _ASSIGNED.id == Conversation.assigned_id)
    .outerjoin(Team, Team.id == Conversation.team_id)
    .outerjoin(Hold, LAPSED)
    .outerjoin(_FORMER, _FORMER.id == Hold.user_id)
    .where(Conversation.workspace_id == bindparam("home"), Conversation.id == bindparam("of"))
)
_GIVER, _TAKER, _TO_TEAM = aliased(User), aliased(User), aliased(Team)
_OFFER = (
    select(
        HandOver.giver_id,
        HandOver.taker_id,
        HandOver.team_id,
        HandOver.note,
        HandOver.offered,
        HandOver.lapses,
        _GIVER.name.label("giver"),
        _TAKER.name.label("taker"),
        _TO_TEAM.name.label("team"),
    )
    .join(_GIVER, _GIVER.id == HandOver.giver_id)
    .outerjoin(_TAKER, _TAKER.id == HandOver.taker_id)
    .outerjoin(_TO_TEAM, _TO_TEAM.id == HandOver.team_id)
    .where(
        HandOver.workspace_id == bindparam("home"),
        HandOver.conversation_id == bindparam("of"),
        HandOver.state == OfferState.OFFERED,
    )
)


def claiming(db: Session, scope: Scope, conversation_id: int) -> Claiming:
    """How it stands with the claims of a conversation that is there."""
    asked = {"home": scope.workspace_id, "of": conversation_id}
    row = db.connection().execute(_STANDING, asked).one()
    offer = db.connection().execute(_OFFER, asked).one_or_none()
    teams: frozenset[int] = frozenset()
    if scope.user_id is not None and (row.team_id is not None or (offer is not None and offer.team_id is not None)):
        teams = teams_of(db, scope.workspace_id, scope.user_id)
    mine = scope.user_id is not None and row.assigned_id == scope.user_id
    return Claiming(
        assigned=row.assigned or row.team,
        to_me=mine or (row.assigned_id is None and row.team_id in teams),
        lapsed=row.lapsed,
        lapsed_at=row.lapsed_at,
        offer=_offer(offer, scope, teams) if offer is not None else None,
    )


def _offer(row: Any, scope: Scope, teams: frozenset[int]) -> Offer:
    given = row.giver_id == scope.user_id
    wanted = row.taker_id == scope.user_id if row.taker_id is not None else row.team_id in teams and not given
    return Offer(
        giver=row.giver,
        to=row.taker or row.team or "",
        note=row.note,
        offered=row.offered,
        lapses=row.lapses,
        mine=given,
        for_me=wanted and scope.user_id is not None,
    )
