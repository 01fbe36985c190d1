"""Handing a claim over: offered with a note, accepted or declined, taken back. Until it is accepted its giver holds it."""

from datetime import datetime

from data import holds
from data.audit import Change, actor_of, change
from data.database import Database
from data.desk import locked, person_of
from data.notes import notify
from data.practice import practice
from data.takers import To, check_to, teams_of
from models.claims import HandOver, OfferedAlready, OfferOver, OfferState, Told, check_words
from models.permissions import Permission, Scope
from models.problems import NotHolder


def offer(database: Database, scope: Scope, conversation_id: int, to: To, note: str, at: datetime) -> int:
    """Offer the claim to a colleague or a team, with a note; returns the hand-over's key. It times out like a claim.

    Raises ``NotHolder``, ``OfferedAlready``, ``BadValue`` (no note, or nobody who could take it), ``NotFound`` and
    ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.CLAIM)
    said = check_words("note", note)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        if conversation.holder_id != user_id:
            raise NotHolder
        if holds.open_offer(c.db, scope.workspace_id, conversation_id) is not None:
            raise OfferedAlready
        takers = check_to(c.db, scope.workspace_id, to, but=user_id)
        made = HandOver(
            workspace_id=scope.workspace_id,
            audit_id=c.audit_id,
            conversation_id=conversation_id,
            giver_id=user_id,
            taker_id=to.user_id,
            team_id=to.team_id,
            note=said,
            offered=at,
            lapses=practice(c.db, scope.workspace_id).lapses(at, conversation.rank),
        )
        c.db.add(made)
        c.db.flush()
        holds.acted(c, conversation)
        notify(c, Told.OFFERED, takers, conversation_id)
        after = {"hand_over": made.id, "holder": user_id, **to.facts(), "note": c.digest(said)}
        c.state("hand over", "conversation", conversation_id, after=after)
        return made.id


def accept(database: Database, scope: Scope, conversation_id: int, at: datetime) -> None:
    """Take what is being handed over: the person of the scope holds it now.

    Raises ``OfferOver``, ``NotForYou``, ``NotFound`` and ``NotPermitted``.
    """
    user_id = person_of(scope, Permission.CLAIM)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        given = _standing(c, conversation_id)
        given.answer(OfferState.ACCEPTED, user_id, teams_of(c.db, scope.workspace_id, user_id), at)
        before = {"holder": conversation.holder_id}
        holds.end(c, conversation)
        holds.begin(c, conversation, user_id)
        notify(c, Told.ACCEPTED, [given.giver_id], conversation_id)
        after = {"hand_over": given.id, "holder": user_id}
        c.state("accept hand-over", "conversation", conversation_id, before=before, after=after)


def decline(database: Database, scope: Scope, conversation_id: int, reason: str, at: datetime) -> None:
    """Say no to what is being handed over; its giver goes on holding it. Raises like ``accept``, and ``BadValue``."""
    user_id = person_of(scope, Permission.CLAIM)
    said = check_words("reason", reason, needed=False)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        locked(c.db, scope, conversation_id)
        given = _standing(c, conversation_id)
        given.answer(OfferState.DECLINED, user_id, teams_of(c.db, scope.workspace_id, user_id), at)
        notify(c, Told.DECLINED, [given.giver_id], conversation_id)
        after = {"hand_over": given.id, "holder": given.giver_id}
        c.state("decline hand-over", "conversation", conversation_id, after=after, reason=said)


def take_back(database: Database, scope: Scope, conversation_id: int, at: datetime) -> None:
    """End a hand-over that nobody has answered: its giver, or who moves work. Raises like ``accept``."""
    user_id = person_of(scope, Permission.CLAIM)
    with change(database, scope.workspace_id, actor_of(scope), at) as c:
        conversation = locked(c.db, scope, conversation_id)
        given = _standing(c, conversation_id)
        given.withdraw(user_id, scope.may(Permission.MOVE_WORK), at)
        holds.acted(c, conversation)
        after = {"hand_over": given.id, "holder": given.giver_id}
        c.state("withdraw hand-over", "conversation", conversation_id, after=after)


def _standing(c: Change, conversation_id: int) -> HandOver:
    found = holds.open_offer(c.db, c.workspace_id, conversation_id)
    if found is None:
        raise OfferOver("answered or taken back")
    return found
