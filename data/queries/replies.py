"""Replies of one conversation: those on their way, how one may be written, and what stands in one so far."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from data.checks import doubts_of, is_erased, window
from data.database import Database
from data.drafts import draft_of
from data.lockdowns import held_accounts
from data.practice import practice
from data.reply_rules import templates
from models.conversation import Contact, Conversation
from models.lengths import measure
from models.networks import kinds_of
from models.opening import opening_words
from models.outbox import FOR_A_PERSON, UNDER_WAY, Outgoing, OutgoingState
from models.people import User
from models.permissions import Permission, Scope
from models.posts import Kind
from models.problems import BadValue, NotFound
from models.snapshots.replies import Around, Composer, Looked, OutgoingReply, TemplateOffer, Way
from models.templates import fill
from models.workspace import Account, Grade

LATELY = timedelta(hours=24)
"""How long a reply that was taken back, or that stands with another account, is still shown."""
MOST = 100

_AUTHOR, _APPROVER = aliased(User), aliased(User)


def outgoing_of(db: Session, scope: Scope, places: Collection[int], now: datetime) -> tuple[OutgoingReply, ...]:
    """The replies of these conversations that are not among their messages, oldest first."""
    rows = db.execute(
        select(Outgoing, Account.handle, Conversation.account_id, _AUTHOR.name, _APPROVER.name)
        .join(Conversation, Conversation.id == Outgoing.conversation_id)
        .join(Account, Account.id == Outgoing.account_id)
        .join(_AUTHOR, _AUTHOR.id == Outgoing.author_id)
        .outerjoin(_APPROVER, _APPROVER.id == Outgoing.approver_id)
        .where(
            Outgoing.workspace_id == scope.workspace_id,
            Outgoing.conversation_id.in_(places),
            _to_show(now),
        )
        .order_by(Outgoing.written.desc(), Outgoing.id.desc())
        .limit(MOST)
    ).all()
    return tuple(_shown(scope, *row) for row in reversed(rows))


def _to_show(now: datetime) -> ColumnElement[bool]:
    lately = Outgoing.written >= now - LATELY
    elsewhere = and_(Outgoing.state == OutgoingState.SENT, Outgoing.account_id != Conversation.account_id)
    gone = and_(Outgoing.state == OutgoingState.WITHDRAWN, lately)
    return or_(Outgoing.state.in_([*UNDER_WAY, *FOR_A_PERSON]), and_(elsewhere, lately), gone)


def _shown(scope: Scope, row: Outgoing, account: str, theirs: int, author: str, approver: str | None) -> OutgoingReply:
    return OutgoingReply(
        id=row.id,
        text=row.text,
        kind=Kind(row.kind),
        state=row.state,
        author=author,
        mine=row.author_id == scope.user_id,
        elsewhere=account if row.account_id != theirs else "",
        approver=approver,
        written=row.written,
        not_before=row.not_before,
        attempted=row.attempted,
        sent=row.sent,
        attempts=row.attempts,
        reason=row.reason,
    )


def composer_of(db: Session, scope: Scope, conversation_id: int, now: datetime) -> Composer | None:
    """How the person may reply here; None for who may not reply at all, and where the contact was erased."""
    if not scope.may(Permission.REPLY) or scope.user_id is None:
        return None
    conversation = _conversation(db, scope, conversation_id)
    if is_erased(db, conversation):
        return None
    account = db.get_one(Account, conversation.account_id)
    others = db.execute(
        select(Account.id, Account.handle)
        .where(
            Account.workspace_id == scope.workspace_id,
            Account.channel == account.channel,
            Account.id != account.id,
            Account.paused.is_(False),
        )
        .order_by(Account.handle)
    )
    kept = draft_of(db, scope, conversation_id)
    listed = ((account.id, account.handle), *((row.id, row.handle) for row in others))
    return Composer(
        user_id=scope.user_id,
        account_id=account.id,
        accounts=listed,
        ways=tuple(_ways(db, conversation, account.channel, now)),
        approval=db.get_one(Grade, conversation.grade_id).needs_approval,
        draft=kept.text if kept else "",
        draft_kind=Kind(kept.kind) if kept else None,
        kept=kept.at if kept else None,
        held=_held(held_accounts(db, scope.workspace_id, now), [key for key, _ in listed]),
    )


def _held(holds: Mapping[int | None, datetime], accounts: Collection[int]) -> tuple[tuple[int, datetime], ...]:
    found = {key: [holds[one] for one in (None, key) if one in holds] for key in accounts}
    return tuple((key, max(times)) for key, times in found.items() if times)


def around(database: Database, scope: Scope, conversation_id: int, now: datetime) -> Around:
    """What the composer of a conversation depends on, and nothing of its thread. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.READ)
    with database.read() as db:
        conversation = _conversation(db, scope, conversation_id)
        holder = db.scalar(select(User.name).where(User.id == conversation.holder_id))
        return Around(
            workspace=practice(db, scope.workspace_id).mark,
            as_at=now,
            channel=db.get_one(Account, conversation.account_id).channel,
            holder=holder,
            mine=conversation.holder_id is not None and conversation.holder_id == scope.user_id,
            composer=composer_of(db, scope, conversation_id, now),
        )


def _ways(db: Session, conversation: Conversation, channel: str, now: datetime) -> Iterator[Way]:
    for kind in kinds_of(channel):
        try:
            until = window(db, conversation, channel, kind)
        except BadValue:
            yield Way(kind, f"they have written nothing {kind} here to answer")
            continue
        if until is None:
            yield Way(kind)
        else:
            why = "the network takes no such reply any more" if until.closed(now) else ""
            yield Way(kind, why, until.usual, until.last)


def look(database: Database, scope: Scope, conversation_id: int, text: str, kind: Kind) -> Looked:
    """How long a text is as the network counts, and what stands in it. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.REPLY)
    with database.read() as db:
        conversation = _conversation(db, scope, conversation_id)
        channel = db.get_one(Account, conversation.account_id).channel
        doubts = doubts_of(db, conversation, text, kind)
        length = measure(channel, kind, text) if kind in kinds_of(channel) else None
        zone = practice(db, scope.workspace_id).mark.zone
        return Looked(length, doubts.words, doubts.found, conversation.account_id, zone)


def offers(database: Database, scope: Scope, conversation_id: int, now: datetime) -> tuple[TemplateOffer, ...]:
    """The workspace's templates, filled in for this conversation. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.REPLY)
    with database.read() as db:
        facts = _facts(db, scope, _conversation(db, scope, conversation_id), now)
        return tuple(_offer(one, facts) for one in templates(db, scope.workspace_id))


def _facts(db: Session, scope: Scope, conversation: Conversation, now: datetime) -> dict[str, str]:
    """What variables stand for; one that nothing is known for is left out."""
    ways = practice(db, scope.workspace_id)
    contact = db.get_one(Contact, conversation.contact_id)
    colleague = db.scalar(select(User.name).where(User.id == scope.user_id))
    known = {
        "contact": contact.name or contact.handle,
        "handle": contact.handle,
        "account": db.get_one(Account, conversation.account_id).handle,
        "service": ways.mark.name,
        "reference": str(conversation.id),
        "opening hours": opening_words(ways.calendar.in_force(now)),
        "colleague": colleague or "",
    }
    return {name: value for name, value in known.items() if value}


def _offer(row: Any, facts: dict[str, str]) -> TemplateOffer:
    try:
        return TemplateOffer(row.id, row.name, row.language, fill(row.text, facts))
    except BadValue as problem:
        return TemplateOffer(row.id, row.name, row.language, row.text, problem.advice)


def _conversation(db: Session, scope: Scope, conversation_id: int) -> Conversation:
    wanted = select(Conversation).where(
        Conversation.workspace_id == scope.workspace_id, Conversation.id == conversation_id
    )
    found = db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def written(database: Database, scope: Scope, reply_id: int) -> Outgoing:
    """A reply as it was handed in. Raises ``NotPermitted`` and ``NotFound``."""
    scope.require(Permission.REPLY)
    with database.read() as db:
        wanted = select(Outgoing).where(Outgoing.workspace_id == scope.workspace_id, Outgoing.id == reply_id)
        found = db.scalar(wanted)
    if found is None:
        raise NotFound
    return found
