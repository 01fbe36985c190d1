"""Claims that lapse and hand-overs that time out: a chore of the elected process, at instants worked out beforehand."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import holds
from data.audit import Change, change
from data.clock import Clock
from data.database import Database
from data.notes import notify
from data.practice import practice
from data.signing import is_good
from models.audit import Actor
from models.claims import HandOver, Hold, OfferState, Told, idle_words, look_at
from models.conversation import Conversation
from models.people import Membership, Role, SignedIn, User
from models.permissions import Permission, rights_of

WATCHROOM = Actor("watchroom")
EVERY = timedelta(seconds=5)
AT_ONCE = 200
"""Claims looked at in one round; the others come in the next."""


def look(database: Database, clock: Clock) -> None:
    """One round of the chore."""
    lapse_due(database, clock())


def lapse_due(database: Database, now: datetime) -> int:
    """End every claim and every hand-over whose time has come; returns how many ended. May run again."""
    with database.read() as db:
        claims = db.execute(
            select(Hold.workspace_id, Hold.conversation_id).where(Hold.look <= now).order_by(Hold.look).limit(AT_ONCE)
        ).all()
        offers = db.execute(
            select(HandOver.workspace_id, HandOver.conversation_id)
            .where(HandOver.state == OfferState.OFFERED, HandOver.lapses <= now)
            .order_by(HandOver.lapses)
            .limit(AT_ONCE)
        ).all()
    ended = sum(_end_claim(database, *one, now) for one in claims)
    return ended + sum(_end_offer(database, *one, now) for one in offers)


def _end_claim(database: Database, workspace_id: int, conversation_id: int, now: datetime) -> bool:
    with change(database, workspace_id, WATCHROOM, now) as c:
        conversation = _locked(c, conversation_id)
        hold = c.db.get_one(Hold, (workspace_id, conversation_id))
        if hold.look is None or hold.look > now:
            return False
        if conversation.holder_id != hold.user_id:
            holds.forget(c.db, workspace_id, conversation_id)
            return False
        why = _why(c, hold)
        if not why:
            hold.look = look_at(hold.lapses, holds.session_end(c.db, hold.session_id))
            return False
        _lapse(c, conversation, why)
    return True


def _lapse(c: Change, conversation: Conversation, why: str) -> None:
    """Nobody holds it now. What was being handed over becomes an assignment, so that its giver's intention stands."""
    before = {"holder": conversation.holder_id}
    after: dict[str, int | str | None] = {"holder": None, "why": why}
    offer = holds.open_offer(c.db, c.workspace_id, conversation.id)
    if offer is not None:
        conversation.assigned_id, conversation.team_id = offer.taker_id, offer.team_id
        after |= {"to": offer.taker_id, "team": offer.team_id}
    if conversation.since is not None and conversation.holder_id is not None:
        notify(c, Told.LAPSED, [conversation.holder_id], conversation.id)  # what waits for nobody is no news
    holds.end(c, conversation, lapsed=True)
    c.state("lapse", "conversation", conversation.id, before=before, after=after)


def _why(c: Change, hold: Hold) -> str:
    """Why the claim lapses, in the words of the record; empty where it stands."""
    if hold.lapses <= c.at:
        idle = practice(c.db, c.workspace_id).idle[hold.rank]
        return f"nothing was done here for {idle_words(idle)}"
    user = c.db.get_one(User, hold.user_id)
    if user.disabled:
        return "the user was disabled"
    if not _may_claim(c.db, c.workspace_id, hold.user_id):
        return "the right to claim was withdrawn"
    session = c.db.get(SignedIn, hold.session_id) if hold.session_id is not None else None
    if session is None or (session.ended is None and is_good(session.began, session.last_active, c.at)):
        return ""
    return f"the session ended ({session.ended_why or 'it timed out'})"


def _may_claim(db: Session, workspace_id: int, user_id: int) -> bool:
    roles = db.execute(
        select(Role.name, Role.permissions, Role.built_in)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
    )
    return any(Permission.CLAIM in rights_of(*role) for role in roles)


def _end_offer(database: Database, workspace_id: int, conversation_id: int, now: datetime) -> bool:
    """Nobody accepted in time: the giver goes on holding it."""
    with change(database, workspace_id, WATCHROOM, now) as c:
        offer = holds.open_offer(c.db, workspace_id, conversation_id)
        if offer is None or offer.lapses > now:
            return False
        offer.end(OfferState.TIMED_OUT, now)
        notify(c, Told.TIMED_OUT, [offer.giver_id], conversation_id)
        after = {"hand_over": offer.id, "holder": offer.giver_id, "to": offer.taker_id, "team": offer.team_id}
        c.state("hand-over timed out", "conversation", conversation_id, after=after)
    return True


def _locked(c: Change, conversation_id: int) -> Conversation:
    return c.db.scalars(
        select(Conversation)
        .where(Conversation.workspace_id == c.workspace_id, Conversation.id == conversation_id)
        .with_for_update()
    ).one()
